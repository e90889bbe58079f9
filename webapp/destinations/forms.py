"""Which account or e-wallet, and whose."""

from wtforms import HiddenField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.destinations.numbers import parse_account
from webapp.destinations.words import PROVIDERS
from webapp.formats import one_line
from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.models.claims import WALLETS
from webapp.phones import parse_mobile

CHOOSE = "Pilih bank atau e-wallet Anda."


class DestinationForm(AppForm):
    """Bank or e-wallet, number, and the holder's name; ``lanjut`` is where one came from."""

    provider = RadioField("Bank atau e-wallet", [Required(CHOOSE)], validate_choice=False, choices=[
        SelectChoice(code, name) for code, name in PROVIDERS.items()])
    number = StringField("Nomor rekening atau nomor ponsel e-wallet", [
        Required("Tulis nomor rekening, atau nomor ponsel e-wallet."), MaxCharacters(40)])
    holder = StringField("Nama pemilik", [
        Required("Tulis nama pemiliknya."), MaxCharacters(100)])
    lanjut = HiddenField(validators=[MaxCharacters(300)])

    def say_already_linked(self):
        """This very account is linked."""
        self.number.errors = [f"{PROVIDERS[self.provider.data]} ini sudah tersambung ke akun Anda."]

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
        field.data = one_line(field.data)
        if not any(letter.isalpha() for letter in field.data):
            raise ValidationError("Tulis nama pemiliknya dengan huruf.")
