"""Approving a work letter."""

from wtforms import StringField

from webapp.forms import AppForm, MaxCharacters, Required


class WorkLetterForm(AppForm):
    """What only the company knows: the position, the letter's number, who signs."""

    position = StringField("Jabatan terakhir", [Required("Tulis jabatan terakhir."),
                                                MaxCharacters(100)])
    number = StringField("Nomor surat", [MaxCharacters(60)])
    signatory = StringField("Nama penanda tangan", [Required("Tulis nama penanda tangan."),
                                                    MaxCharacters(200)])
    signatory_title = StringField("Jabatan penanda tangan",
                                  [Required("Tulis jabatan penanda tangan."),
                                   MaxCharacters(100)])
