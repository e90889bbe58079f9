"""Programmes and waves as managers type them, and why somebody is revoked."""

from wtforms import StringField, TextAreaField, ValidationError

from webapp.forms import AppForm, DayField, MaxCharacters, Required, RupiahField
from webapp.receipts.signing import parse_number

MOST_DECLARATIONS, LONGEST_DECLARATION = 8, 200
MOST_PLACES = 10_000_000


class ProgrammeForm(AppForm):
    """What a programme is called and gives."""

    name = StringField("Nama program", [Required("Tulis nama programnya."), MaxCharacters(80)])
    lead = StringField("Penjelasan", [Required("Tulis satu kalimat tentang program ini."),
                                      MaxCharacters(200)])
    grant = RupiahField("Bantuan untuk setiap orang yang lolos",
                        [Required("Ketik jumlah bantuannya.")])

    def validate_grant(self, field):
        """More than nothing."""
        if not field.data:
            raise ValidationError("Jumlah bantuan harus lebih dari nol.")


class ClosingForm(AppForm):
    """Until when one can join.

    :param earliest: the first day that can be its last.
    """

    closes_on = DayField("Hari terakhir pendaftaran", [Required("Isi hari terakhirnya.")])

    def __init__(self, formdata=None, *, earliest, **data):
        super().__init__(formdata, **data)
        self.earliest = earliest

    def validate_closes_on(self, field):
        """Not over before it begins."""
        if field.data < self.earliest:
            raise ValidationError("Hari ini terlalu awal. Pilih hari yang lebih akhir.")


class WaveForm(ClosingForm):
    """When, how many, and what one agrees to."""

    opens_on = DayField("Hari pertama pendaftaran", [Required("Isi hari pertamanya.")])
    closes_on = ClosingForm.closes_on
    quota = StringField("Kuota", [Required("Ketik berapa orang yang bisa lolos.")])
    declarations = TextAreaField("Pernyataan lain")

    def validate_opens_on(self, field):
        """Not in the past."""
        if field.data < self.earliest:
            raise ValidationError("Hari ini sudah lewat. Pilih hari ini atau sesudahnya.")

    def validate_closes_on(self, field):
        """Not before the first day."""
        if self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("Hari terakhir ini sebelum hari pertama. Periksa lagi.")

    def validate_quota(self, field):
        """A number of people, typed with or without dots."""
        digits = field.data.replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:9]) <= MOST_PLACES
                and len(digits) < 9):
            raise ValidationError("Kuota adalah angka, paling sedikit 1.")

    def validate_declarations(self, field):
        """One sentence a line."""
        if len(self.sentences) > MOST_DECLARATIONS:
            raise ValidationError(f"Paling banyak {MOST_DECLARATIONS} pernyataan.")
        if any(len(line) > LONGEST_DECLARATION for line in self.sentences):
            raise ValidationError(f"Satu pernyataan paling banyak {LONGEST_DECLARATION} huruf.")

    @property
    def places(self):
        """The quota, an integer."""
        return int(self.quota.data.replace(".", "").replace(" ", ""))

    @property
    def sentences(self):
        """The declarations, each once, a list."""
        lines = (" ".join(line.split()) for line in (self.declarations.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class NumberForm(AppForm):
    """An applicant's number."""

    number = StringField("Nomor pendaftar", [Required("Ketik nomor pendaftar."),
                                             MaxCharacters(40)])

    def validate_number(self, field):
        """Twelve letters and digits, as the person has them."""
        plain = parse_number(field.data)
        if not plain:
            raise ValidationError("Nomor ini tidak lengkap atau salah ketik.")
        field.data = plain


class RevocationForm(AppForm):
    """Why somebody is taken off a wave."""

    reason = TextAreaField("Alasan", [Required("Tulis alasannya. Pendaftar membacanya."),
                                      MaxCharacters(500)])
