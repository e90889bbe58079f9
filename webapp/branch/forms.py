"""Finding somebody at the desk."""

import re

from wtforms import StringField, ValidationError

from webapp.forms import AppForm, DayField, MaxCharacters
from webapp.workers.name_search import LEAST_LETTERS, name_words

NOT_A_NUMBER = ("NIK terdiri dari 16 angka, KPJ biasanya 11 angka. "
                "Periksa lagi pada kartunya.")


class SearchForm(AppForm):
    """A number as the identity card or the membership card has it; without one, name and birth
    date together, so that nobody browses."""

    number = StringField("NIK atau nomor KPJ", [MaxCharacters(40)])
    name = StringField("Nama", [MaxCharacters(200)])
    birth_date = DayField("Tanggal lahir")

    @property
    def asks_by_name(self):
        """Whether there is no number, but something of the two that do instead."""
        born = "".join(self.birth_date.raw_data or ()).strip()
        return not self.number.data and bool(self.name.data or born)

    def validate_number(self, field):
        """8 to 16 digits, unless name and birth date stand in their place."""
        if self.asks_by_name:
            return
        if not field.data:
            raise ValidationError("Ketik NIK atau nomor KPJ, atau isi nama dan tanggal lahir.")
        digits = re.sub(r"[\s.-]", "", field.data)
        if not re.fullmatch(r"[0-9]{8,16}", digits):
            raise ValidationError(NOT_A_NUMBER)
        field.data = digits

    def validate_name(self, field):
        """A whole word at least."""
        words = name_words(field.data or "")
        if self.asks_by_name and not any(len(word) >= LEAST_LETTERS for word in words):
            raise ValidationError("Ketik namanya, paling sedikit satu kata.")

    def validate_birth_date(self, field):
        """Both, not the name alone."""
        if self.asks_by_name and not field.data:
            raise ValidationError("Isi tanggal lahirnya juga. Nama saja tidak dicari.")
