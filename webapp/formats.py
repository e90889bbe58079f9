"""The field's formats: read what people type or a spreadsheet cell holds, and show it again.

Every `parse_` function takes text or a spreadsheet cell (text, number, date, bool or None) and
returns the one stored form, or raises Malformed with a sentence for the person. Dates and amounts
come out exact: no float leaves this module.
"""

import datetime
import re
import unicodedata
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum import numdb

NIK_DIGITS = 16
# Cards carry 11; older and merged memberships are known with 8 to 16.
KPJ_DIGITS, KPJ_MIN_DIGITS, KPJ_MAX_DIGITS = 11, 8, 16
# Beyond 15 digits spreadsheet programs replace what follows by zeros.
EXACT_DIGITS = 15
MAX_TYPED_LENGTH = 200

MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
# Short forms as people write them, and those of an English Excel.
_MONTH_WORDS = (
    ("jan", "january"),
    ("feb", "peb", "pebruari", "february"),
    ("mar", "mrt", "march"),
    ("apr",),
    ("may",),
    ("jun", "june"),
    ("jul", "july"),
    ("agu", "agt", "ags", "agust", "aug", "august"),
    ("sep", "sept"),
    ("okt", "oct", "october"),
    ("nov", "nop", "nopember"),
    ("des", "dec", "december"),
)
_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words
}
FIRST_YEAR, LAST_YEAR = 1900, 2199

# Provinces that are missing from python-stdnum 2.2: North Kalimantan (2012) and those Papua was
# divided into since 2022. A NIK keeps the code of its first issue, so old and new both occur.
NEWER_PROVINCES = frozenset({"65", "92", "93", "95", "96", "97"})

BULLET = "•"
NO_BREAK = "\N{NO-BREAK SPACE}"

_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH_NAMED = re.compile(r"([0-9]{1,2})[-/. ]*([a-z]+)[-/., ]*([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ]+([0-9]{1,2}|[a-z]+)[-/., ]+[0-9]{2}")
_MIDNIGHT = re.compile(r"[ T]00[:.]00([:.]00(\.0+)?)?$")
_PLAIN_AMOUNT = re.compile(r"[0-9]+(,0{1,2}|,-)?")
_MACHINE_AMOUNT = re.compile(r"[0-9]{4,}\.0{1,2}")  # as programs write a float
_DOTTED_AMOUNT = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,0{1,2}|,-)?")
# One group with a comma could be a decimal, two cannot.
_COMMA_AMOUNT = re.compile(r"[0-9]{1,3}(,[0-9]{3}){2,}(\.0{1,2})?")
_TOO_FINE_AMOUNT = re.compile(r"[0-9.]+,[0-9]{1,2}")
_RUPIAH_MARK = re.compile(r"(rp\.?|idr)", re.IGNORECASE)


class Malformed(ValueError):
    """The value cannot be what it should be; `sentence` tells the person in Bahasa Indonesia."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# Numbers of persons, cards and companies


def parse_nik(value: object) -> str:
    """The 16 digits of a NIK. What is inside them is judged by `nik_warnings` only."""
    if _is_number(value) and len(str(_whole(value, "NIK"))) > EXACT_DIGITS:
        raise Malformed(_lost_digits("16 angka NIK"))
    digits = _digits(value, "NIK", "16 angka NIK", separators=" -.")
    if len(digits) != NIK_DIGITS:
        raise Malformed(
            f"NIK ini {len(digits)} angka, seharusnya {NIK_DIGITS} angka. Periksa lagi pada KTP.")
    return digits


def parse_kpj(value: object) -> str:
    """The 8 to 16 digits of a KPJ, its leading zeros kept."""
    if _is_number(value):
        _refuse_damaged_kpj(len(str(_whole(value, "KPJ"))))
    digits = _digits(value, "KPJ", "nomor KPJ", separators=" -")
    if not KPJ_MIN_DIGITS <= len(digits) <= KPJ_MAX_DIGITS:
        raise Malformed(
            f"KPJ ini {len(digits)} angka, biasanya {KPJ_DIGITS} angka. "
            "Periksa lagi pada kartunya.")
    return digits


def kpj_warnings(kpj: str) -> list[str]:
    """Sentences about a valid KPJ whose zeros a CSV may have lost: its cells have no type."""
    if len(kpj) >= KPJ_DIGITS:
        return []
    return [f"KPJ ini {len(kpj)} angka, biasanya {KPJ_DIGITS} angka. "
            "Periksa apakah angka 0 di depannya hilang."]


def parse_npp(value: object) -> str:
    """A company's NPP: 6 to 20 letters and digits, upper case."""
    return _code(value, "NPP", 6, 20)


def parse_division(value: object) -> str:
    """The division of an NPP: 1 to 5 letters and digits, upper case."""
    return _code(value, "Kode divisi", 1, 5)


def nik_warnings(nik: str, birth_date: datetime.date) -> list[str]:
    """Sentences about a NIK that is well formed and looks odd. Never a reason to refuse it.

    A NIK holds region, birth date (a woman's day plus 40) and a serial number. Offices have issued
    NIK with other dates, so a difference is worth a look and no more. Years have two digits in it:
    they are compared as such, with no guess about the century.
    """
    warnings = []
    day = int(nik[6:8])
    inside = (day - 40 if day > 40 else day, int(nik[8:10]), int(nik[10:12]))
    if inside != (birth_date.day, birth_date.month, birth_date.year % 100):
        warnings.append("Tanggal lahir di dalam NIK berbeda dari tanggal lahir ini. Periksa lagi.")
    if not _region_is_known(nik[:4]):
        warnings.append(f"Kode wilayah {nik[:4]} pada NIK ini tidak dikenal. Periksa lagi.")
    return warnings


@lru_cache(maxsize=2048)
def _region_is_known(code: str) -> bool:
    if code[:2] in NEWER_PROVINCES:
        return True
    return bool(numdb.get("id/loc").info(code)[0][1])


def _refuse_damaged_kpj(count: int) -> None:
    if count > EXACT_DIGITS:
        raise Malformed(_lost_digits("nomor KPJ"))
    if count < KPJ_DIGITS:
        raise Malformed(
            f"KPJ ini {count} angka, biasanya {KPJ_DIGITS} angka. "
            "Excel membuang angka 0 di depan. "
            'Ketik lagi nomor KPJ lengkap, atau ubah kolom menjadi "Teks" lalu simpan ulang.'
        )


def _digits(value: object, name: str, wanted: str, separators: str) -> str:
    text = _text(value, name, f"Ketik {wanted}.")
    bare = text.strip("'=\"").translate({ord(sign): None for sign in separators})
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise Malformed(
            f"Nomor ini diubah oleh Excel menjadi {text}. "
            f'Ketik lagi {wanted}, atau ubah kolom menjadi "Teks" lalu simpan ulang.'
        )
    if not (bare.isascii() and bare.isdigit()):
        what = "huruf" if any(sign.isalpha() for sign in bare) else "tanda"
        raise Malformed(f"Ada {what} yang bukan angka. {name} hanya berisi angka.")
    return bare


def _lost_digits(wanted: str) -> str:
    return (
        f"Excel hanya menyimpan {EXACT_DIGITS} angka pertama nomor ini, sisanya diganti 0. "
        f'Ketik lagi {wanted}, atau ubah kolom menjadi "Teks" lalu simpan ulang.'
    )


def _code(value: object, name: str, shortest: int, longest: int) -> str:
    code = re.sub(r"[\s-]", "", _text(value, name, f"Ketik {name} perusahaan Anda.")).upper()
    if not (code.isascii() and code.isalnum()):
        raise Malformed(f"{name} hanya berisi huruf dan angka.")
    if not shortest <= len(code) <= longest:
        raise Malformed(f"{name} terdiri dari {shortest} sampai {longest} huruf dan angka.")
    return code


# Contacts


def parse_phone(value: object) -> str:
    """An Indonesian number as E.164, `+62…`. A number cell may have lost its leading 0."""
    text = _text(value, "Nomor ponsel", "Ketik seperti 0812 3456 7890.")
    bare = re.sub(r"[\s().-]", "", text.lstrip("'"))
    # Letters are refused here: the library would dial them as on a keypad.
    if not re.fullmatch(r"\+?[0-9]{8,17}", bare):
        raise Malformed("Nomor ponsel ini tidak dikenali. Ketik satu nomor: 0812 3456 7890.")
    if bare.startswith(("62", "0062")):
        bare = "+" + bare.lstrip("0")
    try:
        number = phonenumbers.parse(bare, "ID")
    except phonenumbers.NumberParseException as problem:
        raise Malformed("Nomor ponsel ini tidak dikenali. Periksa lagi angkanya.") from problem
    if number.country_code != 62:
        raise Malformed("Nomor ini bukan nomor Indonesia. Ketik nomor yang berawalan 08 atau +62.")
    if not phonenumbers.is_valid_number(number):
        raise Malformed("Nomor ponsel ini kurang atau lebih angkanya. Periksa lagi.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_email(value: object) -> str:
    """An e-mail address in its normal form, all lower case. No network is asked.

    Mail servers may tell `Ani.W@` from `ani.w@`, but none does; addresses are found by their exact
    text, and people type them either way.
    """
    text = _text(value, "Alamat email", "Ketik seperti nama@contoh.co.id.")
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as problem:
        raise Malformed(
            "Alamat email ini tidak lengkap atau salah tulis. Ketik seperti nama@contoh.co.id."
        ) from problem
    return address.normalized.lower()


def show_phone(phone: str) -> str:
    """`0813 0000 0360`, as people write it, of E.164."""
    number = phonenumbers.parse(phone)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace("-", " ")


# Dates


def parse_date(value: object) -> datetime.date:
    """A date, day first or ISO, with the month as number or Indonesian word."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return _date(value.day, value.month, value.year)
    if _is_number(value):
        raise Malformed("Tanggal ini tersimpan sebagai angka. Tulis seperti 17/08/2025.")
    text = _text(value, "Tanggal", "Tulis seperti 17/08/2025.")
    text = _MIDNIGHT.sub("", text).lower()
    if found := _DAY_FIRST.fullmatch(text):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(int(found[4]), int(found[3]), int(found[1]))
    if found := _MONTH_NAMED.fullmatch(text):
        return _date(int(found[1]), _month_number(found[2]), int(found[3]))
    if _SHORT_YEAR.fullmatch(text):
        raise Malformed("Tulis tahun dengan 4 angka, misalnya 17/08/2025.")
    raise Malformed("Tanggal ini tidak dikenali. Tulis hari, bulan, tahun: 17/08/2025.")


def show_date(date: datetime.date) -> str:
    """`17 Agustus 2025`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def _month_number(word: str) -> int:
    if word not in _MONTH_NUMBERS:
        raise Malformed(f"Tidak ada bulan {word}. Tulis seperti 17 Agustus 2025.")
    return _MONTH_NUMBERS[word]


def _date(day: int, month: int, year: int) -> datetime.date:
    if not 1 <= month <= 12:
        raise Malformed(f"Tidak ada bulan {month}. Tulis hari, bulan, tahun: 17/08/2025.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Malformed(f"Tahun {year} tidak mungkin benar. Periksa lagi tahunnya.")
    try:
        return datetime.date(year, month, day)
    except ValueError as problem:
        raise Malformed(
            f"Tidak ada tanggal {day} {MONTHS[month - 1]} {year}. Periksa lagi harinya."
        ) from problem


# Amounts


def parse_rupiah(value: object) -> int:
    """Whole rupiah, zero or more, written with or without `Rp`, dots and `,00`."""
    if _is_number(value):
        return _amount_of_number(value)
    text = _text(value, "Jumlah uang", "Ketik seperti 5.000.000.")
    bare = _RUPIAH_MARK.sub("", "".join(text.split()), count=1) if _is_marked(text) else text
    return _within_reach(_amount_of_text("".join(bare.split())))


def show_rupiah(amount: int) -> str:
    """`Rp1.250.000`; a negative amount, as in a correction, as `-Rp1.250.000`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{show_count(abs(amount))}"


def show_count(number: int) -> str:
    """A whole number with dots: `1.250`."""
    return f"{number:,}".replace(",", ".")


def _is_marked(text: str) -> bool:
    return _RUPIAH_MARK.match(text) is not None


def _amount_of_number(value: int | float) -> int:
    if value != value or value < 0:
        raise Malformed("Jumlah uang tidak boleh kurang dari nol.")
    if isinstance(value, float) and not value.is_integer():
        raise Malformed("Tulis rupiah bulat tanpa sen, misalnya 5.000.000.")
    return _within_reach(int(value))


def _amount_of_text(text: str) -> int:
    for pattern in (_PLAIN_AMOUNT, _DOTTED_AMOUNT):
        if pattern.fullmatch(text):
            return int(text.partition(",")[0].replace(".", ""))
    for pattern in (_MACHINE_AMOUNT, _COMMA_AMOUNT):
        if pattern.fullmatch(text):
            return int(text.partition(".")[0].replace(",", ""))
    if _SCIENTIFIC.fullmatch(text):
        raise Malformed(f"Jumlah ini diubah oleh Excel menjadi {text}. Ketik lagi jumlahnya.")
    if _TOO_FINE_AMOUNT.fullmatch(text):
        raise Malformed("Tulis rupiah bulat tanpa sen, misalnya 5.000.000.")
    raise Malformed("Jumlah uang ini tidak dikenali. Ketik seperti 5.000.000.")


def _within_reach(amount: int) -> int:
    # Also the last whole number a spreadsheet keeps exactly.
    if amount >= 10**EXACT_DIGITS:
        raise Malformed("Jumlah uang ini terlalu besar. Periksa lagi angkanya.")
    return amount


# Masks: how numbers, addresses and names stand on a screen that is not their owner's


def mask_nik(nik: str) -> str:
    """`••••••••••••4512`."""
    return BULLET * 12 + _last_four(nik)


def mask_kpj(kpj: str) -> str:
    """`3••••••4512`, the same width whatever the number's."""
    return kpj[:1] + BULLET * 6 + _last_four(kpj)


def mask_phone(phone: str) -> str:
    """`•••• •••• 4512`, which no line breaks."""
    return NO_BREAK.join((BULLET * 4, BULLET * 4, _last_four(phone)))


def mask_email(email: str) -> str:
    """`s•••@pekerja.example`."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}{BULLET * 3}@{domain}"


def mask_name(name: str) -> str:
    """`S••• R•••`: three bullets a word, so that lengths do not tell."""
    return " ".join(word[0] + BULLET * 3 for word in name.split())


def _last_four(number: str) -> str:
    # Of a number so short that four digits were most of it, nothing is shown.
    return number[-4:] if len(number) >= 8 else BULLET * 4


# What all of them share


def is_blank(value: object) -> bool:
    """Whether a form field or a cell holds nothing."""
    return value is None or (isinstance(value, str) and not clean_text(value))


def clean_text(text: str) -> str:
    """Text without invisible marks, and every run of white space made one space."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _text(value: object, name: str, advice: str) -> str:
    if is_blank(value):
        raise Malformed(f"{name} belum diisi. {advice}")
    if _is_number(value):
        return str(_whole(value, name))
    if not isinstance(value, str):
        raise Malformed(f"Isi ini bukan {name}. {advice}")
    text = clean_text(value)
    if len(text) > MAX_TYPED_LENGTH:
        raise Malformed(f"Isi ini terlalu panjang untuk {name}. {advice}")
    return text


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: int | float, name: str) -> int:
    """The whole number of a cell. Raises Malformed for a fraction, a minus, or no number at all."""
    if value != value or value in (float("inf"), float("-inf")) or value < 0 or value % 1:
        raise Malformed(f"Isi ini bukan {name}. Periksa lagi angkanya.")
    return int(value)


def printable(text: str) -> str:
    """Text without NUL, control and direction-turning characters; lone surrogates replaced."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter for letter in text
                   if letter in "\r\n\t" or (letter.isprintable() and letter not in _TURNING))


_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def one_line(text: str) -> str:
    """Printable text on one line: it may stand in a heading of a letter or an e-mail."""
    return " ".join(printable(text).split())
