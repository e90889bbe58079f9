"""Saying which card one has."""

from wtforms import StringField, ValidationError

from webapp.formats import Malformed, parse_kpj
from webapp.forms import AppForm, Required


class CardForm(AppForm):
    """The number of a membership card."""

    kpj = StringField("Nomor KPJ", [Required("Ketik nomor KPJ dari kartu peserta Anda.")])

    def validate_kpj(self, field):
        """Bring the digits into their one form."""
        try:
            field.data = parse_kpj(field.data)
        except Malformed as problem:
            raise ValidationError(problem.sentence) from problem
