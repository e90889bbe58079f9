"""Which of the workers without contributions go into a list, and why they left."""

from uuid import UUID

from wtforms import BooleanField, RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.reasons import FOR_EMPLOYERS
from webapp.forms import AppForm, Required

IN_LISTS = [reason for reason in FOR_EMPLOYERS if reason.in_bulk]


class ListForm(AppForm):
    """Ticks beside the workers of one page, and one for those on the others.

    ``shown`` are the workers that the page had: those of them without a tick are left out.
    """

    workers = SelectMultipleField("Pilih yang memang sudah berhenti", validate_choice=False)
    shown = SelectMultipleField(validate_choice=False)
    others = BooleanField("Ikutkan juga semua pekerja di halaman lain")
    reason = RadioField("Sebab nonaktif", [Required("Pilih sebab nonaktif.")],
                        validate_choice=False, choices=[
                            SelectChoice(reason.code, reason.label) for reason in IN_LISTS])

    def validate_workers(self, field):
        """Somebody must be meant."""
        if not field.data and not self.others.data:
            raise ValidationError("Centang paling sedikit satu pekerja.")

    def validate_reason(self, field):
        """Only a reason that lists may have."""
        if field.data not in (reason.code for reason in IN_LISTS):
            raise ValidationError("Pilih salah satu sebab di bawah ini.")

    def is_ticked(self, membership):
        """Whether a worker's box has its tick."""
        return str(membership.public_id) in (self.workers.data or ())

    @property
    def choice(self):
        """The ticked workers and those left out, as ``queries.chosen_of`` takes them."""
        ticked, shown = _ids(self.workers.data), _ids(self.shown.data)
        return {"ticked": None if self.others.data else ticked, "left_out": shown - ticked}


def _ids(texts):
    found = set()
    for text in texts or ():
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
