"""Choosing what to claim."""

from uuid import UUID

from wtforms import HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.eligibility.kinds import KINDS
from webapp.forms import AppForm, Required

OWN_KINDS = tuple(kind for kind in KINDS.values() if not kind.by_heirs)


class KindForm(AppForm):
    """One of the kinds that a person claims alone; heirs claim at the counter."""

    kind = RadioField("Jenis pencairan", [Required("Pilih jenis pencairan.")],
                      validate_choice=False,
                      choices=[SelectChoice(kind.code, kind.label) for kind in OWN_KINDS])
    instead_of = HiddenField()      # the draft that is given up for it

    def validate_kind(self, field):
        """One of the list."""
        if field.data not in (kind.code for kind in OWN_KINDS):
            raise ValidationError("Pilih salah satu jenis di bawah ini.")

    @property
    def draft(self):
        """The id of the draft that is given up, or None."""
        try:
            return UUID(self.instead_of.data)
        except (TypeError, ValueError):
            return None
