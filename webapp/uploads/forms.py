"""Handing in a list of leavers, and putting one of its rows right."""

from wtforms import FileField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.reasons import FOR_EMPLOYERS
from webapp.forms import AppForm, MaxCharacters, Required
from webapp.uploads.leaver_list import LABELS, LONGEST_NOTE

MOST_MEBIBYTES = 20      # 10.000 rows with a hundred columns; below what the server takes
LONGEST_CELL = 200


class UploadForm(AppForm):
    """A list of leavers; ``body`` are its bytes once the form is valid."""

    file = FileField("Berkas daftar")
    body = b""

    def validate_file(self, field):
        """There is one, with something in it, and of a size that can be read."""
        if not field.data or not field.data.filename:
            raise ValidationError("Pilih berkas daftar pekerja yang berhenti.")
        most = MOST_MEBIBYTES * 1024 * 1024
        self.body = field.data.stream.read(most + 1)
        if not self.body:
            raise ValidationError("Berkas ini kosong. Pilih berkas yang lain.")
        if len(self.body) > most:
            raise ValidationError(f"Berkas ini lebih dari {MOST_MEBIBYTES} MB. Bagi menjadi "
                                  "beberapa berkas, lalu unggah satu per satu.")


class MaxTyped(MaxCharacters):
    """At most so many characters, of what was typed: what a file holds is judged, not limited."""

    def __call__(self, form, field):
        """Raise ``ValidationError`` with how many there are too many."""
        if field.data != field.object_data:
            super().__call__(form, field)


class RowForm(AppForm):
    """The cells of one row, each as text: they are judged like those of a file.

    :param columns: the fields that the file has.
    """

    kpj = StringField(LABELS["kpj"], [MaxTyped(LONGEST_CELL)])
    nik = StringField(LABELS["nik"], [MaxTyped(LONGEST_CELL)])
    name = StringField(LABELS["name"], [MaxTyped(LONGEST_CELL)])
    birth_date = StringField(LABELS["birth_date"], [MaxTyped(LONGEST_CELL)])
    reason = SelectField(LABELS["reason"], [MaxTyped(LONGEST_CELL)], validate_choice=False,
                         choices=[SelectChoice(reason.code, reason.label)
                                  for reason in FOR_EMPLOYERS if reason.in_bulk])
    last_day = StringField(LABELS["last_day"], [MaxTyped(LONGEST_CELL)])
    note = TextAreaField(LABELS["note"], [MaxTyped(LONGEST_NOTE)])

    def __init__(self, formdata=None, *, columns, **data):
        super().__init__(formdata, **data)
        for name in LABELS:
            if name not in columns:
                del self[name]

    @property
    def is_typed(self):
        """Whether its fields were sent: the buttons of a row in the table send none."""
        return any(field.raw_data for field in self)

    def explain(self, notes):
        """Put what is said of each field beside it."""
        for name, note in notes.items():
            if name in self:
                self[name].errors = [note]


class UndoForm(AppForm):
    """Why all that a list did is taken back."""

    reason = TextAreaField("Alasan pembatalan", [Required("Tulis alasan pembatalan."),
                                                 MaxCharacters(500)])
