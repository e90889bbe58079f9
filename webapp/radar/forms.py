"""Which of the workers without contributions go into a list, and why they left."""

from uuid import UUID

from wtforms import BooleanField, RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.reasons import FOR_EMPLOYERS
from webapp.forms import AppForm, Required


class ListForm(AppForm):
    """Ticks beside the workers of one page, and one for those on the others.

    ``shown`` are the workers that the page had: those of them without a tick are left out.
    """

    workers = SelectMultipleField("Pekerja yang sudah berhenti", validate_choice=False)
    shown = SelectMultipleField(validate_choice=False)
    others = BooleanField("Ikutkan juga pekerja di halaman lain", default=True)
    reason = RadioField("Sebab nonaktif", [Required("Pilih sebab nonaktif.")],
                        choices=[SelectChoice(reason.code, reason.label)
                                 for reason in FOR_EMPLOYERS if reason.in_bulk])

    def validate_workers(self, field):
        """Somebody must be meant."""
        if not field.data and not self.others.data:
            raise ValidationError("Centang paling sedikit satu pekerja.")

    def is_ticked(self, membership):
        """Whether a worker's box has its tick: all have one until somebody takes it away."""
        number = str(membership.public_id)
        return number not in (self.shown.data or ()) or number in self.workers.data

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
