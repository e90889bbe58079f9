"""Formulir pengaduan, an answer in it, and what opens it without an account."""

from uuid import UUID, uuid4

from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.complaints.words import IN_OWN_WORDS, SUBJECTS
from webapp.formats import parse_email, parse_phone
from webapp.forms import AppForm, MaxCharacters, Required, parse_with

LEAST = 20      # characters: less says nothing that can be looked into
MOST_FILES = 3
MEBIBYTE = 1024 * 1024


class _WithFiles(AppForm):
    """Up to three files; ``bodies`` are pairs of bytes and name once the form is valid.

    :param most: how many bytes a file may have.
    """

    files = MultipleFileField("Lampiran")
    bodies = ()

    def __init__(self, formdata=None, *, most, **data):
        super().__init__(formdata, **data)
        self.most = most

    def validate_files(self, field):
        """Not too many, none empty, none too large."""
        given = [file for file in field.data or () if getattr(file, "filename", "")]
        if len(given) > MOST_FILES:
            raise ValidationError(f"Paling banyak {MOST_FILES} berkas. Pilih lagi.")
        self.bodies = [(file.stream.read(self.most + 1), file.filename) for file in given]
        for body, _ in self.bodies:
            if not body:
                raise ValidationError("Ada berkas yang kosong. Pilih lagi berkasnya.")
            if len(body) > self.most:
                raise ValidationError(f"Ada berkas yang lebih dari {self.most // MEBIBYTE} MB. "
                                      "Perkecil, lalu pilih lagi.")


class ComplaintForm(_WithFiles):
    """What happened.

    :param branches: ``Branch`` rows; empty where the office is known.
    """

    subject = RadioField("Tentang apa?", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in SUBJECTS.items()])
    other = StringField("Dengan kata Anda sendiri", [MaxCharacters(100)])
    story = TextAreaField("Apa yang terjadi", [Required("Tulis apa yang terjadi."),
                                               MaxCharacters(4000)])
    branch = SelectField("Kantor cabang yang ditanya", validate_choice=False)
    key = HiddenField()

    def __init__(self, formdata=None, *, branches, **needs):
        super().__init__(formdata, **needs)
        self.branches = {row.public_id.hex: row for row in branches}
        self.branch.choices = [SelectChoice("", "Pilih kantor cabang"), *(
            SelectChoice(code, row.name) for code, row in self.branches.items())]
        self.key.data = str(_uuid(self.key.data))

    def renew(self, why):
        """Make this a form that was not sent yet, with a sentence that says why."""
        self.key.data = str(uuid4())
        self.form_errors.append(why)

    @property
    def words(self):
        """What it is about, in words."""
        own = self.other.data if self.subject.data == IN_OWN_WORDS else ""
        return own or SUBJECTS[self.subject.data]

    def validate_subject(self, field):
        """One of the list."""
        if field.data not in SUBJECTS:
            raise ValidationError("Pilih tentang apa pengaduan ini.")

    def validate_other(self, field):
        """Said, where nothing of the list fits."""
        if self.subject.data == IN_OWN_WORDS and not field.data:
            raise ValidationError("Tulis tentang apa pengaduan ini.")

    def validate_story(self, field):
        """Enough to be looked into."""
        if len(field.data) < LEAST:
            raise ValidationError(f"Jelaskan sedikit lagi, paling sedikit {LEAST} huruf.")

    def validate_branch(self, field):
        """One of the list."""
        if self.branches and field.data not in self.branches:
            raise ValidationError("Pilih kantor cabang yang ditanya.")


class VisitorForm(ComplaintForm):
    """The same of somebody without an account: who it is, and where the answer goes."""

    name = StringField("Nama Anda", [Required("Tulis nama Anda."), MaxCharacters(200)])
    phone = StringField("Nomor ponsel", [MaxCharacters(40)])
    email = StringField("Email", [MaxCharacters(200)])

    def validate_phone(self, field):
        """A phone, unless the answer goes to an e-mail."""
        if field.data:
            parse_with(field, parse_phone)
        elif not self.email.data:
            raise ValidationError("Isi nomor ponsel atau email, supaya kami bisa menjawab.")

    def validate_email(self, field):
        """An e-mail, if there is one."""
        if field.data:
            parse_with(field, parse_email)


class AnswerForm(_WithFiles):
    """What the person says to the office."""

    text = TextAreaField("Jawaban Anda", [Required("Tulis jawaban Anda."), MaxCharacters(2000)])


class TrackForm(AppForm):
    """Number and letters as the message has them, typed as people type."""

    number = StringField("Nomor pengaduan", [Required("Ketik nomor pengaduan."),
                                             MaxCharacters(40)])
    secret = StringField("Huruf rahasia", [Required("Ketik huruf rahasia."), MaxCharacters(40)])


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
