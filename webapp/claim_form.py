"""What somebody fills in about a claim, alike on the pages of its draft and when it is put right:
of all fields a page has those it asks for, and whatever else is sent is nothing to it."""

from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from webapp.claims.faults import LABELS
from webapp.forms import AppForm, DayField, MaxCharacters, Required, RupiahField

# Beside which field stands what the rules say: by the code of the condition.
BESIDE = {"insured": "treated_on", "receipt": "receipt_total", "amount": "amount"}
JUDGED = tuple(BESIDE.values())


class ClaimForm(AppForm):
    """Some of what a claim says.

    :param wanted: names of the fields the page asks for.
    :param judge: a function of treated_on, receipt_total and amount, those that are asked for;
        gives the ``Verdict``.
    :param least: how many characters the reason has at least; 0 where it may be left out.
    :param missing: sentences about what is not there yet and has no field here.
    """

    treated_on = DayField(LABELS["treated_on"], [Required("Isi tanggal Anda berobat.")])
    receipt_total = RupiahField(LABELS["receipt_total"], [
        Required("Ketik jumlah seperti di kuitansi.")])
    amount = RupiahField(LABELS["amount"], [Required("Ketik jumlah yang Anda minta.")])
    purpose = StringField(LABELS["purpose"], [Required("Tulis untuk apa uangnya."),
                                               MaxCharacters(200)])
    reason = TextAreaField(LABELS["reason"], [MaxCharacters(1000)])
    address = TextAreaField(LABELS["address"], [Required("Isi alamat Anda sekarang."),
                                                 MaxCharacters(300)])
    papers = HiddenField("Dokumen")     # they stand in a box of their own; here is what is missing

    def __init__(self, formdata=None, *, wanted=(), judge=None, least=0, missing=(), **data):
        super().__init__(formdata, **data)
        self.judge, self.least, self.missing = judge, least, missing
        for name in [field.name for field in self]:
            if name not in (*wanted, "papers"):
                del self[name]

    @property
    def answers(self):
        """What was filled in, a dict by name."""
        return {field.name: field.data for field in self if field.name != "papers"}

    def validate_reason(self, field):
        """Long enough to be understood, where it must be given."""
        if len(field.data) < self.least:
            raise ValidationError(f"Jelaskan dengan paling sedikit {self.least} huruf. "
                                  f"Sekarang {len(field.data)} huruf.")

    def validate_papers(self, _field):
        """All that is missing is named at once."""
        if self.missing:
            raise ValidationError(" ".join(self.missing))

    def validate(self, extra_validators=None):
        """Each field, and then what the rules say to them together."""
        is_valid = super().validate(extra_validators)
        said = {name: self[name].data for name in JUDGED if name in self}
        if said and is_valid:
            self.say(self.judge(**said))
        return is_valid and not self.errors

    def say(self, verdict):
        """Put what the rules say against the claim beside the fields it is about; what is about
        none of them stands in the summary alone."""
        for condition in verdict.unmet:
            sentence = f"{condition.words} {condition.advice}".strip()
            name = BESIDE.get(condition.code)
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
