"""How a destination is called: on screen, in an SMS, in a form. Pure."""

from webapp.formats import BULLET, show_phone
from webapp.models.claims import (
    BANKS,
    CUT,
    IN_REVIEW,
    LINKED,
    NOT_LINKED,
    WAITING_FOR_CODE,
    WALLETS,
)

PROVIDERS = {"BNI": "BNI", "BCA": "BCA", "BRI": "BRI", "MANDIRI": "Mandiri", "BTN": "BTN",
             "BSI": "BSI", "OVO": "OVO", "GOPAY": "GoPay", "LINKAJA": "LinkAja", "DANA": "DANA"}
GROUPS = (("Bank", BANKS), ("E-wallet", WALLETS))
STATES = {WAITING_FOR_CODE: ("Menunggu kode", "warning"),
          IN_REVIEW: ("Diperiksa kantor cabang", "info"), LINKED: ("Tersambung", "good"),
          NOT_LINKED: ("Tidak disambungkan", "quiet"), CUT: ("Diputus", "quiet")}
# How many digits their numbers usually have; another length is only worth a second look.
USUAL_DIGITS = {"BNI": 10, "BCA": 10, "BRI": 15, "MANDIRI": 13, "BTN": 16, "BSI": 10}


def label(destination):
    """`BCA ••••8123`; the name alone once the number is erased."""
    return _label(destination, BULLET)


def gsm_label(destination):
    """`BCA ****8123`, in letters that every phone shows."""
    return _label(destination, "*")


def shown_number(destination):
    """The whole number, for its owner."""
    number = destination.number
    return show_phone(number) if destination.provider in WALLETS else number


def kind_of(destination):
    """What it is, as it stands in a sentence."""
    return "e-wallet" if destination.provider in WALLETS else "rekening"


def length_warning(provider, number):
    """A sentence about a number of unusual length, or empty."""
    usual = USUAL_DIGITS.get(provider)
    if usual in (None, len(number)):
        return ""
    return (f"Nomor rekening {PROVIDERS[provider]} biasanya {usual} angka. "
            f"Nomor ini {len(number)} angka. Periksa lagi.")


def _label(destination, mark):
    name, number = PROVIDERS[destination.provider], destination.number
    return f"{name} {mark * 4}{number[-4:]}" if number else name
