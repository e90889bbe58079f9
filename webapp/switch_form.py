"""What somebody fills in to go on alone, alike on the pages of a switch's draft and when it is put
right: of all fields a page has those it asks for."""

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import REASONS
from webapp.forms import AppForm, DayField, MaxCharacters, Required, RupiahField
from webapp.switch.checklist import BY_CODE, ITEMS
from webapp.switch.faults import LABELS
from webapp.switch.words import REASONS as LEAVING
from webapp.switch.words import SECTORS

YES, NO = "ya", "tidak"
# What is kept until it is sent, and what it is called.
TYPED = {"reason": "Sebab berhenti", "last_day": "Hari kerja terakhir", "address": "Alamat",
         **LABELS, "originals": "Dokumen asli"}
SECTOR_CHOICES = [SelectChoice(code, words) for code, words in SECTORS.items()]


class QuoteForm(AppForm):
    """What is needed to say what going on alone costs."""

    income = RupiahField(LABELS["income"], [Required("Tulis penghasilan Anda, boleh perkiraan.")])
    sector = RadioField(LABELS["sector"], [Required("Pilih bidang pekerjaan Anda.")],
                        validate_choice=False, choices=SECTOR_CHOICES)

    def validate_sector(self, field):
        """One of the list."""
        _one_of(field, SECTORS)


class SwitchForm(QuoteForm):
    """Some of what a switch says.

    :param wanted: names of the fields the page asks for.
    :param started_on: when the membership at the company began.
    :param today: the date in Jakarta.
    :param rules: the parameters in force.
    :param start_fault: says of a day why nothing can begin on it, or None.
    :param missing: what must still be handed in, words for each.
    """

    reason = RadioField("Sebab Anda berhenti", [Required("Pilih sebab Anda berhenti.")],
                        validate_choice=False,
                        choices=[SelectChoice(code, REASONS[code].label) for code in LEAVING])
    last_day = DayField("Hari kerja terakhir", [Required("Isi tanggal hari kerja terakhir.")])
    address = TextAreaField("Alamat", [Required("Isi alamat Anda sekarang."), MaxCharacters(300)])
    has_savings = RadioField(LABELS["has_savings"], [Required("Pilih dengan atau tanpa JHT.")],
                             validate_choice=False, choices=[
                                 SelectChoice(NO, "Tanpa tabungan hari tua"),
                                 SelectChoice(YES, "Dengan tabungan hari tua (JHT)")])
    starts_on = DayField(LABELS["starts_on"], [Required("Isi tanggal mulai.")])
    originals = SelectMultipleField("Asli saya bawa ke cabang", validate_choice=False, choices=[
        SelectChoice(item.code, item.label) for item in ITEMS])
    papers = HiddenField("Dokumen")     # they stand in a box of their own; here is what is missing

    def __init__(self, formdata=None, *, wanted, started_on, today, rules, start_fault,
                 missing=None, **data):
        super().__init__(formdata, **data)
        self.started_on, self.today, self.rules = started_on, today, rules
        self.start_fault, self.missing = start_fault, missing
        for name in [field.name for field in self]:
            if name not in (*wanted, "papers"):
                del self[name]

    @property
    def answers(self):
        """What was filled in, columns of a switch; papers and address have other places."""
        said = {field.name: field.data for field in self
                if field.name not in ("papers", "originals", "address")}
        if "has_savings" in said:
            said["has_savings"] = said["has_savings"] == YES
        return said

    @property
    def brought(self):
        """The codes of the papers whose original the person brings, a list."""
        chosen = (self.originals.data or ()) if "originals" in self else ()
        return [code for code in BY_CODE if code in chosen]

    def validate_reason(self, field):
        """Only a reason after which one goes on here."""
        _one_of(field, LEAVING)

    def validate_has_savings(self, field):
        """One of the two."""
        _one_of(field, (YES, NO))

    def validate_last_day(self, field):
        """Not before the membership began, not too far ahead."""
        fault = last_day_fault(field.data, started_on=self.started_on, name="Anda",
                               today=self.today, rules=self.rules)
        if fault:
            raise ValidationError(fault)

    def validate_starts_on(self, field):
        """Not before the end, and not too far ahead."""
        fault = self.start_fault(field.data)
        if fault:
            raise ValidationError(fault)

    def validate_papers(self, _field):
        """All that is missing is named at once."""
        lacking = self.missing(self.brought) if self.missing else []
        if lacking:
            raise ValidationError(f"Belum diperbaiki: {', '.join(lacking)}. Unggah, atau centang "
                                  "bahwa aslinya Anda bawa.")


def _one_of(field, codes):
    if field.data not in codes:
        raise ValidationError("Pilih salah satu di bawah ini.")
