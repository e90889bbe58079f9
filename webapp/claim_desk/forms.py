"""Deciding a claim: what is wrong, what is granted, why not."""

from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, Required, RupiahField
from webapp.papers.kinds import KINDS as PAPERS
from webapp.reveal_form import REVEAL_REASONS


class ApprovalForm(AppForm):
    """What is granted, once every paper was looked at.

    :param papers: codes of those that must be there.
    :param asked: rupiah.
    :param is_entered: whether less can be granted; else it is the whole balance.
    :param must_accept: whether somebody must agree to the account: its holder is called otherwise.
    """

    seen = SelectMultipleField("Dokumen yang sudah Anda periksa", validate_choice=False)
    holder = BooleanField("Rekening ini memang milik ahli waris")
    amount = RupiahField("Jumlah yang disetujui")
    less = TextAreaField("Alasan jumlahnya lebih kecil", [MaxCharacters(500)])

    def __init__(self, formdata=None, *, papers, asked, is_entered, must_accept, **data):
        super().__init__(formdata, **data)
        self.papers, self.asked, self.is_entered = papers, asked, is_entered
        self.must_accept = must_accept
        self.seen.choices = [SelectChoice(code, PAPERS[code].label) for code in papers]

    @property
    def granted(self):
        """The amount, in rupiah."""
        return self.amount.data if self.is_entered else self.asked

    @property
    def why_less(self):
        """Why it is less than was asked for; empty where it is not."""
        return self.less.data if self.granted < self.asked else ""

    def validate_seen(self, field):
        """All of them."""
        field.data = [code for code in self.papers if code in (field.data or ())]
        if len(field.data) < len(self.papers):
            raise ValidationError("Periksa semua dokumen wajib, lalu centang satu per satu.")

    def validate_holder(self, field):
        """Only where it is asked."""
        if self.must_accept and not field.data:
            raise ValidationError("Cocokkan buku rekeningnya, lalu beri tanda centang.")

    def validate_amount(self, field):
        """More than nothing, at most what was asked for."""
        if not self.is_entered:
            return
        if not field.data:
            raise ValidationError("Ketik jumlah yang disetujui.")
        if field.data > self.asked:
            raise ValidationError("Jumlah ini lebih besar dari yang diminta.")

    def validate_less(self, field):
        """The person reads why."""
        if self.is_entered and self.amount.data and self.amount.data < self.asked and (
                not field.data):
            raise ValidationError("Tulis alasannya. Pekerja membacanya.")


class RefusalForm(AppForm):
    """Why a claim is not granted."""

    verdict = TextAreaField("Alasan penolakan", [Required("Tulis alasan penolakan."),
                                                 MaxCharacters(1000)])


class MetForm(AppForm):
    """What was found when the person was met."""

    note = TextAreaField("Catatan wawancara", [MaxCharacters(1000)])


class SecondForm(AppForm):
    """What the second person vouches for."""

    is_checked = BooleanField("Saya sudah memeriksa isian dan dokumennya sendiri",
                              [Required("Periksa sendiri dulu, lalu beri tanda centang.")])


class SendBackForm(AppForm):
    """What the first should look at again."""

    reason = TextAreaField("Yang perlu diperiksa lagi", [
        Required("Tulis apa yang perlu diperiksa."), MaxCharacters(500)])


class AccountForm(AppForm):
    """Why the whole payout data are needed."""

    purpose = RadioField("Untuk apa?", id="account-for", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in REVEAL_REASONS.items()])

    def validate_purpose(self, field):
        """One of the list."""
        if field.data not in REVEAL_REASONS:
            raise ValidationError("Pilih untuk apa data lengkap diperlukan.")
