"""Who the heir is, and where the money goes."""

from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.destinations.numbers import parse_account
from webapp.destinations.words import PROVIDERS
from webapp.formats import one_line, parse_nik
from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.heirs.words import RELATIONS
from webapp.models.claims import WALLETS
from webapp.phones import parse_mobile

CHOOSE = "Pilih bank atau e-wallet ahli waris."


class GoalForm(AppForm):
    """Where the money goes; alone, once it was granted and the bank refused the account."""

    provider = SelectField("Bank atau e-wallet", validate_choice=False, choices=[
        SelectChoice("", "Pilih bank atau e-wallet"),
        *(SelectChoice(code, name) for code, name in PROVIDERS.items())])
    number = StringField("Nomor rekening atau nomor ponsel e-wallet", [
        Required("Tulis nomor rekening, atau nomor ponsel e-wallet."), MaxCharacters(40)])
    holder = StringField("Nama pemilik rekening", [Required("Tulis nama pemiliknya."),
                                                   MaxCharacters(100)])

    @property
    def answers(self):
        """All of it, a dict."""
        return {name: field.data for name, field in self._fields.items()}

    def validate_provider(self, field):
        """One of the list."""
        if field.data not in PROVIDERS:
            raise ValidationError(CHOOSE)

    def validate_number(self, field):
        """An e-wallet is known by a phone, an account by its digits."""
        if self.provider.data in PROVIDERS:
            parse_with(field, parse_mobile if self.provider.data in WALLETS else parse_account)

    def validate_holder(self, field):
        """A name has letters."""
        field.data = _with_letters(field.data)


class HeirForm(GoalForm):
    """The same, and who the heir is as the papers have it.

    :param deceased_nik: of who died: nobody is their own heir.
    """

    name = StringField("Nama ahli waris", [Required("Tulis nama seperti pada KTP."),
                                           MaxCharacters(200)])
    nik = StringField("NIK ahli waris", [Required("Ketik 16 angka NIK ahli waris.")])
    relation = RadioField("Hubungan dengan almarhum", validate_choice=False, choices=[
        SelectChoice(code, words.capitalize()) for code, words in RELATIONS.items()])
    phone = StringField("Nomor ponsel ahli waris", [Required("Ketik nomor ponsel ahli waris.")])

    def __init__(self, formdata=None, *, deceased_nik, **data):
        super().__init__(formdata, **data)
        self.deceased_nik = deceased_nik

    def validate_name(self, field):
        """A name has letters."""
        field.data = _with_letters(field.data)

    def validate_nik(self, field):
        """Sixteen digits, and not those of who died."""
        parse_with(field, parse_nik)
        if field.data == self.deceased_nik:
            raise ValidationError("Ini NIK orang yang meninggal. Ketik NIK ahli warisnya.")

    def validate_relation(self, field):
        """One of the list."""
        if field.data not in RELATIONS:
            raise ValidationError("Pilih hubungannya dengan almarhum.")

    def validate_phone(self, field):
        """One that a code can be sent to."""
        parse_with(field, parse_mobile)


def _with_letters(text):
    name = one_line(text)
    if not any(letter.isalpha() for letter in name):
        raise ValidationError("Tulis namanya dengan huruf.")
    return name
