"""What a password must be: long enough, not easily guessed, not made of its owner's own data.

Pure. There are no rules about kinds of characters. How easily a password is guessed is estimated
by zxcvbn, which knows common passwords, names, English words, keyboard runs, dates and repeats;
our own list adds what people here choose.
"""

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn import matching, zxcvbn

from webapp.formats import MONTHS

SHORTEST, LONGEST = 12, 128
# zxcvbn's highest mark. Of twelve random small letters one in a thousand stays below it.
ENOUGH_GUESSES = 10**10

# The commonest first: the place in the list counts as the number of guesses.
FAVOURITES = """
    bismillah indonesia sayang rahasia katasandi cinta merdeka garuda jakarta pancasila
    bpjs jamsostek jmo bpjstk bpjstku purna pekerja ketenagakerjaan kerja karyawan
    perusahaan gaji klaim saldo pensiun jaminan pengguna sandi masuk aku
    kamu sayangku cintaku rindu kangen bahagia selamanya alhamdulillah assalamualaikum insyaallah
    subhanallah allahuakbar astagfirullah nusantara bandung surabaya medan semarang yogyakarta jogja
    makassar palembang denpasar bekasi tangerang depok bogor persib persija arema
    persebaya timnas dangdut keluarga mama papa ibuku ayahku bunda ayah
    anakku istriku suamiku ganteng cantik mawar melati matahari pelangi kucing
    akucintakamu akusayangkamu akucintapadamu terimakasih selamatdatang selamatpagi semangat sukses
""".split()
THIS_CENTURY = [str(year) for year in range(2020, 2040)]     # zxcvbn knows years up to 2019
# Also the empty place for words of one person, which each call of zxcvbn sets anew: a dictionary
# that grew while another thread walks over it would end in an error.
matching.add_frequency_lists({
    "indonesian": FAVOURITES + [month.lower() for month in MONTHS] + THIS_CENTURY,
    "user_inputs": [],
})

# Time grows faster than the square of the length, and with every way to read signs such as 4 and @
# as letters: 128 characters made for it take seconds, this much stays below a tenth of one.
LOOKED_AT, AFFORDABLE = 48, 24_000

ADVICE = "Pakai empat kata yang tidak berhubungan."
TOO_SHORT = f"Kata sandi ini terlalu pendek. Pakai {SHORTEST} huruf, angka, atau tanda, atau lebih."
TOO_LONG = f"Kata sandi ini terlalu panjang. Pakai {LONGEST} huruf, angka, atau tanda, atau kurang."
PERSONAL = f"Kata sandi ini memuat nama, nomor, atau email Anda. {ADVICE}"
EASY = f"Kata sandi ini mudah ditebak. {ADVICE}"

SHORTEST_WORD = 4       # a shorter name stands in many a good password by chance
SHORTEST_NUMBER = 8
_JOINED = str.maketrans("", "", " -")
_COUNTRY_OR_ZERO = re.compile(r"^((00)?62|0)")


def weakness(password: str, personal: Iterable[str | None] = ()) -> str | None:
    """The sentence that says why a password is refused; None when it is good.

    :param personal: what is known of its owner, in any order: names, NIK, KPJ, phone, e-mail,
        employer. What is not known may be None.
    """
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if _holds_any(password, personal):
        return PERSONAL
    # Also without spaces and dashes: words between them are as guessable.
    spellings = {password, password.translate(_JOINED)}
    if min(_guesses(text) for text in spellings) < ENOUGH_GUESSES:
        return EASY
    return None


def _guesses(text):
    """About how many guesses it takes. A beginning that is strong is enough."""
    text = text[:LOOKED_AT]
    while _cost(text) > AFFORDABLE:
        text = text[:-4]
    return zxcvbn(text)["guesses"]


def _cost(text):
    ways = 1
    for signs in matching.relevant_l33t_subtable(text, matching.L33T_TABLE).values():
        ways *= len(signs)
    return len(text) ** 2 * ways


def _holds_any(password, personal):
    letters, digits = _bare(password), _digits(password)
    for item in filter(None, personal):
        if any(word in letters for word in _words(item)):
            return True
        number = _COUNTRY_OR_ZERO.sub("", _digits(item), count=1)
        if len(number) >= SHORTEST_NUMBER and number in digits:
            return True
    return False


def _words(item):
    """The words of a name, or an e-mail address and what stands before its @."""
    words = [item, item.partition("@")[0]] if "@" in item else re.split(r"[^\w']+", item)
    return [word for word in map(_bare, words)
            if len(word) >= SHORTEST_WORD and not word.isdecimal()]


def _bare(text):
    """Letters and digits only, capitals and accents aside."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def _digits(text):
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())
