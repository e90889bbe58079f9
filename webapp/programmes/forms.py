"""Joining a wave: the family card, and each declaration by its own tick."""

import hashlib

from wtforms import BooleanField, StringField

from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.programmes.family_card import parse_family_card

TICK = "Beri tanda centang jika ini benar."


class JoinForm(AppForm):
    """What is declared: one tick for each sentence; made for a wave by ``join_form``."""

    def __init__(self, formdata=None, *, nik, **data):
        super().__init__(formdata, **data)
        self.nik = nik

    @property
    def declared(self):
        """The ticks, a list of fields."""
        return [field for field in self if isinstance(field, BooleanField)]


class _CardForm(JoinForm):
    family_card = StringField("Nomor kartu keluarga (KK)",
                       [Required("Ketik nomor kartu keluarga."), MaxCharacters(40)])

    def validate_family_card(self, field):
        """The 16 digits."""
        parse_with(field, lambda text: parse_family_card(text, self.nik))


def join_form(declarations, *, asks_card):
    """The form class for these sentences. A tick is named after its sentence: what somebody agreed
    to on another page's text is no agreement to this.

    :param asks_card: whether the family card is not known yet.
    """
    ticks = {f"setuju_{hashlib.sha256(text.encode()).hexdigest()[:8]}": BooleanField(
        text, [Required(TICK)]) for text in declarations}
    return type("WaveForm", (_CardForm if asks_card else JoinForm,), ticks)
