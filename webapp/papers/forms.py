"""Handing in a paper."""

from wtforms import FileField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm
from webapp.papers.kinds import ALL, KINDS, known

MEBIBYTE = 1024 * 1024


class PaperForm(AppForm):
    """One file and what it is; ``body`` and ``name`` are the file's once the form is valid.

    :param most: how many bytes a file may have.
    """

    kind = SelectField("Jenis dokumen", validate_choice=False,
                       choices=[SelectChoice(kind.code, kind.label) for kind in KINDS.values()])
    file = FileField("Berkas")
    offered = StringField()      # which kinds the page lets choose: its box comes back as it was
    body, name = b"", ""

    def __init__(self, formdata=None, *, most, **data):
        super().__init__(formdata, **data)
        self.most = most

    @property
    def kinds(self):
        """The codes that can be chosen."""
        return known((self.offered.data or "").split()) or ALL

    @property
    def can_add(self):
        """Whether the box had this form."""
        return not self.offered.raw_data or bool(self.offered.data)

    def validate_kind(self, field):
        """One of the list."""
        if field.data not in KINDS:
            raise ValidationError("Pilih jenis dokumennya.")

    def validate_file(self, field):
        """There is one, with something in it, and not too large."""
        if not field.data or not field.data.filename:
            raise ValidationError("Pilih foto atau berkas yang akan diunggah.")
        self.name, self.body = field.data.filename, field.data.stream.read(self.most + 1)
        if not self.body:
            raise ValidationError("Berkas ini kosong. Pilih berkas yang lain.")
        if len(self.body) > self.most:
            raise ValidationError(f"Berkas ini lebih dari {self.most // MEBIBYTE} MB. "
                                  "Perkecil, lalu unggah lagi.")
