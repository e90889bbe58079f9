"""What is judged alike wherever somebody says why and when a membership ends."""

from wtforms import ValidationError

from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import REASONS


class LeavingChecks:
    """For a form with ``reason``, ``last_day`` and ``note``, and with ``membership`` (with its
    worker), ``today`` (in Jakarta), ``rules`` (those in force) and ``allowed`` reasons."""

    def validate_reason(self, field):
        """Only a reason of the list for whoever fills this in."""
        if field.data not in (reason.code for reason in self.allowed):
            raise ValidationError("Pilih salah satu sebab di bawah ini.")

    def validate_last_day(self, field):
        """Not before the membership began, not too far ahead; nobody dies tomorrow."""
        if self.reason.data == "MGL" and field.data > self.today:
            raise ValidationError("Tanggal meninggal tidak bisa sesudah hari ini.")
        fault = last_day_fault(field.data, started_on=self.membership.started_on,
                               name=self.membership.worker.name, today=self.today,
                               rules=self.rules)
        if fault:
            raise ValidationError(fault)

    def validate_note(self, field):
        """Some reasons ask for an explanation."""
        reason = REASONS.get(self.reason.data)
        if reason and reason.note_required and not field.data:
            raise ValidationError("Jelaskan apa yang salah, misalnya nomor KPJ yang benar.")
