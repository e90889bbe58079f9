"""Saying which card one has."""

from wtforms import StringField

from webapp.formats import parse_kpj
from webapp.forms import AppForm, Required, parse_with


class CardForm(AppForm):
    """The number of a membership card."""

    kpj = StringField("Nomor KPJ", [Required("Ketik nomor KPJ dari kartu peserta Anda.")])

    def validate_kpj(self, field):
        """Bring the digits into their one form."""
        parse_with(field, parse_kpj)
