"""The form base and the fields that several subjects share. Sentences are what people read."""

import inspect

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FileField, Form, PasswordField, StringField, ValidationError
from wtforms.fields.core import Field, UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextInput

from webapp import formats, password_rules


def clean(text):
    """Text as it is kept: no white space around, no characters that cannot be shown or stored."""
    return formats.printable(text or "").strip().replace("\r\n", "\n")


class AppForm(Form):
    """A form that cleans what is typed. The CSRF token is checked before any view runs."""

    class Meta(DefaultMeta):
        def bind_field(self, form, unbound_field, options):
            """Clean every text field but passwords, which may hold any character."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [clean, *options.get("filters", ())]
            return unbound_field.bind(form=form, **options)

    @classmethod
    def of_request(cls, kept=None, **needs):
        """The form as posted (files included), as kept over a sign-in, or empty.

        :param kept: what ``kept_input.recall`` gave.
        """
        if request.method == "POST":
            return cls(_sent(cls), **needs)
        return cls(MultiDict(kept) if kept else None, **needs)

    def is_sent_and_valid(self):
        """Whether this request sends the form and all of it is right."""
        return request.method == "POST" and self.validate()


def version_shown():
    """The version of what the page showed, as its form carries it; 0, which nothing has, where it
    carries none, or a number that no column could hold."""
    return request.form.get("version", 0, _small_number)


def _small_number(text):
    return int(text) if len(text) < 10 else 0


def parse_with(field, parse):
    """Replace what was typed by its one stored form, or say what is wrong with it.

    :param parse: raises ``formats.Malformed``.
    """
    try:
        field.data = parse(field.data)
    except formats.Malformed as problem:
        raise ValidationError(problem.sentence) from problem


def _sent(form_class):
    """What was posted: text for text fields, files for file fields, whatever was sent as which."""
    values = MultiDict(request.form)
    for name, field in inspect.getmembers(form_class):
        if isinstance(field, UnboundField) and issubclass(field.field_class, FileField):
            values.setlist(name, request.files.getlist(name))
    return values


class Required(InputRequired):
    """Something must be typed or chosen; the sentence says what."""

    field_flags = {}

    def __call__(self, form, field):
        """Raise ``StopValidation`` when there is only white space."""
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []
            raise StopValidation(self.message)


class MaxCharacters:
    """At most so many characters."""

    def __init__(self, most):
        self.most = most

    def __call__(self, form, field):
        """Raise ``ValidationError`` with how many there are too many."""
        over = len(field.data or "") - self.most
        if over > 0:
            raise ValidationError(
                f"Terlalu panjang {over} huruf. Paling banyak {self.most} huruf.")


class NewPasswordField(PasswordField):
    """A password to be: long enough and hard to guess, also for somebody who knows the person.

    Its form has ``personal``: what is known of the person, as ``password_rules`` takes it.

    :param missing: the sentence for an empty one.
    """

    def __init__(self, label="Kata sandi baru", missing="Tulis kata sandi baru.", **options):
        super().__init__(label, [Required(missing), _hard_to_guess], **options)


def _hard_to_guess(form, field):
    weakness = password_rules.weakness(field.data, form.personal)
    if weakness:
        raise StopValidation(weakness)


class DayField(DateField):
    """A date: typed 17-08-2025, 17/08/2025, or given by a date input (ISO)."""

    def process_formdata(self, valuelist):
        """Parse; the sentence says what is wrong with the date."""
        self.data = None
        text = " ".join(valuelist).strip()
        if not text:
            return
        try:
            self.data = formats.parse_date(text)
        except formats.Malformed as problem:
            raise ValueError(str(problem)) from problem

    def pre_validate(self, form):
        """What is not a date needs no further checks."""
        if self.process_errors:
            raise StopValidation

    def _value(self):
        if self.raw_data:
            text = str(self.raw_data[0])
            return self.data.isoformat() if self.data else text
        return self.data.isoformat() if self.data else ""


class RupiahField(Field):
    """Whole rupiah, typed with or without dots; shown again with them."""

    widget = TextInput()

    def process_formdata(self, valuelist):
        """Parse; the sentence says what is wrong with the amount."""
        self.data = None
        if not clean(" ".join(valuelist)):
            return
        try:
            self.data = formats.parse_rupiah(" ".join(valuelist))
        except formats.Malformed as problem:
            raise ValueError(str(problem)) from problem

    def pre_validate(self, form):
        """What is not an amount needs no further checks."""
        if self.process_errors:
            raise StopValidation

    def _value(self):
        if self.data is None:
            return clean(str(self.raw_data[0])) if self.raw_data else ""
        return formats.show_rupiah(self.data).removeprefix("Rp")
