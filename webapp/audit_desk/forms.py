"""Looking up what was recorded about a matter."""

from wtforms import StringField, ValidationError

from webapp.forms import AppForm, MaxCharacters, Required
from webapp.receipts.signing import parse_number


class SearchForm(AppForm):
    """The number of a case or of a receipt, typed as people type."""

    number = StringField("Nomor kasus atau tanda terima", [
        Required("Ketik nomor kasus atau tanda terima."), MaxCharacters(40)])

    def validate_number(self, field):
        """Twelve characters with a right last one."""
        field.data = parse_number(field.data or "") or field.data
        if not parse_number(field.data):
            raise ValidationError("Nomor ini keliru. Nomornya 12 huruf dan angka, misalnya "
                                  "N7K4-22QD-8XPA.")
