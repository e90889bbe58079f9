"""Asking for a recovery at the desk, and deciding it."""

from wtforms import (
    BooleanField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp import formats
from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.models.messages import EMAIL, SMS
from webapp.phones import parse_mobile
from webapp.recovery_desk import papers


class RecoveryForm(AppForm):
    """Which papers were shown, and where the person can be reached from now on.

    :param owner_of: called with (channel, address); the other account that has it, or None.
    """

    papers = SelectMultipleField("Dokumen yang ditunjukkan", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in papers.LABELS.items()])
    phone = StringField("Nomor ponsel baru", [MaxCharacters(40)])
    email = StringField("Email baru", [MaxCharacters(254)])
    note = TextAreaField("Catatan untuk penyelia", [MaxCharacters(500)])

    def __init__(self, formdata=None, *, owner_of, **data):
        super().__init__(formdata, **data)
        self.owner_of = owner_of

    @property
    def contacts(self):
        """What was given: dict of channel and address."""
        return {channel: address for channel, address in
                ((SMS, self.phone.data), (EMAIL, self.email.data)) if address}

    def validate_papers(self, field):
        """All that is missing is named at once."""
        field.data = [code for code in papers.LABELS if code in (field.data or ())]
        lacking = papers.missing(field.data)
        if lacking:
            raise ValidationError(f"Masih kurang: {'; '.join(lacking)}.")

    def validate_phone(self, field):
        """A phone, an e-mail, or both; nobody else's."""
        if not field.data and not self.email.data:
            raise ValidationError("Isi nomor ponsel baru, email baru, atau keduanya.")
        self._check(field, SMS, parse_mobile, "Nomor ini")

    def validate_email(self, field):
        """The same."""
        self._check(field, EMAIL, formats.parse_email, "Email ini")

    def _check(self, field, channel, parse, what):
        if not field.data:
            return
        parse_with(field, parse)
        if self.owner_of(channel, field.data):
            raise ValidationError(f"{what} milik akun lain. Pakai yang lain.")


class ApprovalForm(AppForm):
    """What whoever approves vouches for."""

    is_checked = BooleanField("Saya sudah memeriksa dokumennya, dan orangnya benar",
                              [Required("Periksa dulu, lalu beri tanda centang.")])


class RefusalForm(AppForm):
    """Why a recovery is refused."""

    reason = TextAreaField("Alasan penolakan", [Required("Tulis alasan penolakan."),
                                                MaxCharacters(500)])
