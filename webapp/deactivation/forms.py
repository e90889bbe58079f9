"""Filling in a deactivation, undoing it, asking for a correction."""

from wtforms import FileField, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.reasons import FOR_EMPLOYERS, REASONS
from webapp.forms import AppForm, DayField, MaxCharacters, Required
from webapp.leaving_checks import LeavingChecks

MEBIBYTE = 1024 * 1024


class DeactivationForm(LeavingChecks, AppForm):
    """Why and when a worker left.

    :param membership: whose end this is.
    :param today: the date in Jakarta.
    :param rules: the parameters in force.
    :param store_file: called with (bytes, name) of a sent file; returns the stored document or
        raises ``ValueError`` with the sentence for the person.
    :param stored: the document that is kept already, or None.
    """

    allowed = FOR_EMPLOYERS
    reason = RadioField("Sebab nonaktif", [Required("Pilih sebab nonaktif.")],
                        choices=[SelectChoice(reason.code, reason.label)
                                 for reason in FOR_EMPLOYERS],
                        validate_choice=False)
    last_day = DayField("Hari kerja terakhir", [Required("Isi tanggal hari kerja terakhir.")])
    note = TextAreaField("Catatan", [MaxCharacters(500)])
    file = FileField("Dokumen pendukung")
    document_id = HiddenField()

    def __init__(self, formdata=None, *, membership, today, rules, store_file, stored=None, **data):
        super().__init__(formdata, **data)
        self.membership, self.today, self.rules = membership, today, rules
        self.store_file, self.document = store_file, stored

    @property
    def reason_hints(self):
        """What each reason asks for, by code."""
        return {reason.code: f"Wajib melampirkan {reason.proof}." for reason in FOR_EMPLOYERS
                if reason.proof_required} | {
            reason.code: f"Dokumen, jika ada: {reason.proof}." for reason in FOR_EMPLOYERS
            if reason.proof and not reason.proof_required}

    def validate_file(self, field):
        """A sent file must be sound; some reasons ask for one."""
        if field.data and field.data.filename:
            self._take_in(field.data)
        reason = REASONS.get(self.reason.data)
        if reason and reason.proof_required and not self.document:
            raise ValidationError(f"Lampirkan {reason.proof}.")

    def _take_in(self, upload):
        most = self.rules["document.max_bytes"]
        body = upload.stream.read(most + 1)
        if len(body) > most:
            raise ValidationError(f"Berkas ini lebih dari {most // MEBIBYTE} MB. "
                                  "Perkecil, lalu unggah lagi.")
        try:
            self.document = self.store_file(body, upload.filename)
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem


class UndoForm(AppForm):
    """Why a deactivation is taken back."""

    reason = TextAreaField("Alasan pembatalan", [Required("Tulis alasan pembatalan."),
                                             MaxCharacters(500)])


class CorrectionForm(AppForm):
    """What the branch should put right."""

    reason = TextAreaField("Apa yang perlu dikoreksi",
                       [Required("Tulis apa yang perlu dikoreksi."), MaxCharacters(1000)])
