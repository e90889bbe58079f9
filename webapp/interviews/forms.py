"""Choosing the slot of an interview."""

from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.clock import WIB
from webapp.forms import AppForm
from webapp.interviews.slots import code_of

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


class SlotForm(AppForm):
    """One of the slots with a place left.

    :param days: (day, slots) pairs.
    """

    slot = RadioField("Waktu wawancara", validate_choice=False)

    def __init__(self, formdata=None, *, days, **data):
        super().__init__(formdata, **data)
        self.slots = {code_of(slot): slot for _, slots in days for slot in slots}
        self.slot.choices = [SelectChoice(code, f"{slot.astimezone(WIB):%H.%M} WIB")
                             for code, slot in self.slots.items()]

    @property
    def chosen(self):
        """The moment that was chosen."""
        return self.slots[self.slot.data]

    def days(self, days):
        """(day, its name, its options) of each.

        :param days: (day, slots) pairs.
        """
        options = {option.data: option for option in self.slot}
        return [(day, DAYS[day.weekday()], [options[code_of(slot)] for slot in slots])
                for day, slots in days]

    def validate_slot(self, field):
        """One of the list."""
        if not field.data:
            raise ValidationError("Pilih hari dan jamnya.")
        if field.data not in self.slots:
            raise ValidationError("Waktu ini baru saja penuh. Pilih waktu lain.")
