"""What a worker fills in: the request, and later the form (Formulir nonaktif)."""

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import FOR_WORKERS
from webapp.forms import AppForm, DayField, MaxCharacters, Required

HINTS = {
    "RSG": "Anda sendiri yang memilih berhenti.",
    "PKW": "Kontrak Anda selesai dan tidak diperpanjang.",
    "PHK": "Perusahaan yang memberhentikan Anda.",
    "PSN": "Anda berhenti karena usia pensiun.",
    "LNG": "Anda pindah dan tidak kembali bekerja di sini. Nanti perlu paspor dan surat "
           "pernyataan.",
}
TYPED = {"reason": "Sebab", "last_day": "Hari kerja terakhir", "note": "Catatan",
         "address": "Alamat"}     # what is kept until it is sent, and what it is called


class RequestForm(AppForm):
    """Why and when the worker leaves.

    :param started_on: when the membership began.
    :param today: the date in Jakarta.
    :param rules: the parameters in force.
    """

    reason = RadioField("Sebab", [Required("Pilih sebab Anda berhenti.")], validate_choice=False,
                        choices=[SelectChoice(reason.code, reason.label)
                                 for reason in FOR_WORKERS])
    last_day = DayField("Hari kerja terakhir", [Required("Isi tanggal hari kerja terakhir.")])
    note = TextAreaField("Catatan", [MaxCharacters(500)])

    def __init__(self, formdata=None, *, started_on, today, rules, **data):
        super().__init__(formdata, **data)
        self.started_on, self.today, self.rules = started_on, today, rules

    def validate_reason(self, field):
        """Only a reason a worker may give."""
        if field.data not in (reason.code for reason in FOR_WORKERS):
            raise ValidationError("Pilih salah satu sebab di bawah ini.")

    def validate_last_day(self, field):
        """Not before the membership began, not too far ahead."""
        fault = last_day_fault(field.data, started_on=self.started_on, name="Anda",
                               today=self.today, rules=self.rules)
        if fault:
            raise ValidationError(fault)


class FilledForm(AppForm):
    """The form after the company has agreed: where the worker lives, the papers, the declaration.

    :param missing: the papers that the reason asks for and that are not there, in words.
    """

    address = TextAreaField("Alamat", [Required("Isi alamat Anda sekarang."), MaxCharacters(300)])
    papers = HiddenField("Dokumen")     # they stand in a box of their own; here is what is missing
    is_checked = BooleanField("Data di atas benar, dan saya memang berhenti bekerja",
                              [Required("Beri tanda centang jika datanya benar.")])

    def __init__(self, formdata=None, *, missing, **data):
        super().__init__(formdata, **data)
        self.missing = missing

    def validate_papers(self, _field):
        """All that is missing is named at once."""
        if self.missing:
            raise ValidationError(missing_words(self.missing))


def missing_words(missing):
    """A sentence about the papers that are still to be handed in."""
    return f"Unggah dulu: {', '.join(missing)}."
