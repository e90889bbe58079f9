"""How blocks are called on screen and in messages. Pure."""

from dataclasses import dataclass

from webapp.clock import show_moment
from webapp.formats import show_date
from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, PROPOSED


@dataclass(frozen=True)
class Reason:
    """Why an account is blocked: rules §4.

    :param label: as managers choose it.
    :param told: to the person, after "karena": short enough for an SMS.
    """

    label: str
    told: str


REASONS = {
    "DATA_PALSU": Reason("Data yang diisi palsu", "data yang diisi palsu"),
    "IDENTITAS_ORANG_LAIN": Reason("Memakai identitas orang lain",
                                   "memakai identitas orang lain"),
    "OTOMATISASI": Reason("Memakai program otomatis", "memakai program otomatis"),
    "DIWAKILKAN": Reason("Akun dijalankan orang lain, misalnya calo",
                         "akun dijalankan orang lain"),
    "LANGGAR_SK": Reason("Melanggar Syarat dan Ketentuan yang lain",
                         "melanggar Syarat dan Ketentuan"),
    "PERMINTAAN_SENDIRI": Reason("Pemiliknya sendiri yang meminta", "Anda memintanya"),
    "KEAMANAN": Reason("Demi keamanan pemiliknya, misalnya akun dipakai orang lain",
                       "demi keamanan akun Anda"),
}
STATES = {
    PROPOSED: ("Menunggu manajemen kedua", "warning"), IN_FORCE: ("Berlaku", "danger"),
    ENDED: ("Berakhir", "quiet"), DROPPED: ("Tidak jadi", "quiet"),
}


def steps_of(block):
    """How a block went, the oldest first: items of the ``timeline`` macro.

    :param block: with everybody who had to do with it.
    """
    steps = [(block.proposed_at, f"{block.proposed_by.name} mengusulkan", block.note),
             (block.confirmed_at, f"{_name(block.confirmed_by)} mengesahkan",
              "Akunnya diblokir sejak saat itu."),
             (block.reviewed_at, f"{_name(block.reviewed_by)} meninjau", None)]
    if block.longer_until:
        steps.append((block.longer_at, f"{_name(block.longer_by)} mengusulkan perpanjangan "
                      f"sampai {show_date(block.longer_until)}", block.longer))
    went = sorted((step for step in steps if step[0]), key=lambda step: step[0])
    if block.ended_at:
        went.append((block.ended_at, _ended(block), block.ending))
    return [{"when": show_moment(moment), "title": title, "text": text}
            for moment, title, text in went]


def _ended(block):
    if block.state == DROPPED:
        return f"{_name(block.ended_by)} membatalkan usulan"
    return (f"{_name(block.ended_by)} mengakhiri blokir" if block.ended_by
            else "Berakhir sendiri pada waktunya")


def _name(user):
    return user.name if user else ""
