"""What somebody chooses to pay."""

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm


class MonthsForm(AppForm):
    """How many months are paid at once.

    :param least: :param most: how few, how many.
    """

    months = SelectField("Bayar untuk", validate_choice=False)

    def __init__(self, formdata=None, *, least, most, **data):
        super().__init__(formdata, **data)
        self.numbers = range(least, most + 1)
        self.months.choices = [SelectChoice(str(number), f"{number} bulan")
                               for number in self.numbers]

    @property
    def count(self):
        """How many were chosen."""
        return int(self.months.data)

    def validate_months(self, field):
        """One of the list."""
        if field.data not in map(str, self.numbers):
            raise ValidationError(f"Pilih {self.numbers[0]} sampai {self.numbers[-1]} bulan.")
