"""The counter's form: papers, reason, last day; the pairing code; the reversal's reason."""

from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.reasons import FOR_BRANCHES, REASONS
from webapp.forms import AppForm, DayField, MaxCharacters, Required, parse_with
from webapp.leaving_checks import LeavingChecks
from webapp.otp import parse_code
from webapp.walk_in.checklist import BASIC, MISSING, OF_REASONS, WAYS

_PROOFS = ", ".join(REASONS[code].phrase for code in OF_REASONS)


def _way(label):
    return SelectField(label, validate_choice=False, default=MISSING, choices=[
        SelectChoice(code, words) for code, words in WAYS.items()])


class WalkInForm(LeavingChecks, AppForm):
    """What was brought, and why and when the membership ends.

    :param membership: with its worker.
    :param today: the date in Jakarta.
    :param rules: the parameters in force.
    """

    allowed = FOR_BRANCHES
    reason = RadioField("Sebab nonaktif", [Required("Pilih sebab nonaktif.")],
                        choices=[SelectChoice(reason.code, reason.label)
                                 for reason in FOR_BRANCHES], validate_choice=False)
    last_day = DayField("Hari kerja terakhir", [Required("Isi tanggal hari kerja terakhir.")])
    note = TextAreaField("Catatan", [MaxCharacters(500)])
    KTP, KK, KARTU, PAKLARING = (_way(item.label) for item in BASIC)
    BUKTI = _way("Bukti untuk sebab itu")
    version = HiddenField()

    def __init__(self, formdata=None, *, membership, today, rules, **data):
        super().__init__(formdata, **data)
        self.membership, self.today, self.rules = membership, today, rules

    @property
    def papers(self):
        """The checklist's fields with what else would do: (field, hint)."""
        return [*((self[item.code], f"Atau: {item.instead}.") for item in BASIC),
                (self.BUKTI, f"Hanya untuk {_PROOFS}.")]

    @property
    def answers(self):
        """The checklist: dict of an item's code and a code of ``checklist.WAYS``."""
        return {field.name: field.data for field, _ in self.papers if field.data in WAYS}


class PairingForm(AppForm):
    """The code on the worker's phone."""

    code = StringField("Kode loket", [Required("Ketik enam angka di ponsel pekerja.")])

    def validate_code(self, field):
        """Six digits, however they are typed."""
        parse_with(field, parse_code)


class ReversalForm(AppForm):
    """Why a walk-in is reversed on its own day."""

    reason = TextAreaField("Alasan pembatalan", [Required("Tulis alasan pembatalan."),
                                                 MaxCharacters(500)])
