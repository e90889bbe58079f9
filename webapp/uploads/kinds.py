"""What states of files and rows are called on screen. Pure."""

from dataclasses import dataclass

from webapp.models.deactivations import UNDONE
from webapp.models.uploads import (
    APPLIED,
    BAD,
    CANCELLED,
    CHECKING,
    DONE,
    READY,
    REFUSED,
    RUNNING,
    SKIPPED,
    UNUSABLE,
    UPLOADED,
    VALID,
    WARNED,
)

# state: (word, tone)
FILE_STATES = {
    UPLOADED: ("Menunggu diperiksa", "info"), CHECKING: ("Sedang diperiksa", "info"),
    UNUSABLE: ("Tidak bisa dipakai", "danger"), READY: ("Menunggu Anda", "warning"),
    RUNNING: ("Sedang dijalankan", "info"), DONE: ("Selesai", "good"),
    CANCELLED: ("Dibatalkan", "quiet"),
}
_HEADINGS = {
    UPLOADED: "Memeriksa daftar", CHECKING: "Memeriksa daftar",
    UNUSABLE: "Daftar ini belum bisa dipakai", READY: "Periksa daftar ini",
    RUNNING: "Menonaktifkan pekerja", DONE: "Selesai", CANCELLED: "Unggahan ini dibatalkan",
}
_CLOSED = {
    CHECKING: "Daftar ini sedang diperiksa. Tunggu sampai selesai, lalu buka lagi barisnya.",
    RUNNING: "Daftar ini sedang dijalankan. Tunggu sampai selesai, lalu buka lagi barisnya.",
    CANCELLED: "Daftar ini sudah dibatalkan. Kalau masih perlu, unggah lagi berkasnya.",
}
NOTHING_TO_DO = "Tidak ada yang perlu dilakukan"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows, as they are counted and shown together.

    :param has_left: rows that are skipped because the worker has left already know whom they mean;
        rows that a clerk skipped mean nobody. None where it makes no difference.
    :param is_undone: whether what was applied was taken back. None where it makes no difference.
    """

    key: str                         # in addresses
    state: str
    word: str                        # after its number: "8 keliru"
    tone: str
    has_left: bool | None = None
    is_undone: bool | None = None

    @property
    def label(self) -> str:
        """As a tab has it."""
        return self.word[0].upper() + self.word[1:]


# In the order in which a clerk wants them: what needs an act first.
WRONG = Kind("keliru", BAD, "keliru", "danger")
TURNED_AWAY = Kind("ditolak", REFUSED, "ditolak", "danger")
ODD = Kind("dilihat", WARNED, "perlu dilihat", "warning")
LEFT = Kind("nonaktif", SKIPPED, "sudah dilaporkan", "quiet", has_left=True)
LEFT_OUT = Kind("dilewati", SKIPPED, "dilewati", "quiet", has_left=False)
FIT = Kind("siap", VALID, "siap", "good")
CARRIED_OUT = Kind("diterapkan", APPLIED, "diterapkan", "good", is_undone=False)
TAKEN_BACK = Kind("dibatalkan", APPLIED, "dibatalkan", "quiet", is_undone=True)
KINDS = (WRONG, TURNED_AWAY, ODD, LEFT, LEFT_OUT, FIT, CARRIED_OUT, TAKEN_BACK)
BY_KEY = {kind.key: kind for kind in KINDS}
_WITH_AN_ACT = (WRONG, TURNED_AWAY, ODD, FIT)
_SPOKEN = (CARRIED_OUT, TAKEN_BACK, FIT, ODD, WRONG, TURNED_AWAY, LEFT, LEFT_OUT)
_NOT_ALL = "Belum semua selesai"


def is_at_work(upload) -> bool:
    """Whether something goes on with a file in the background."""
    return (upload.state in (UPLOADED, CHECKING, RUNNING)
            or (upload.state == CANCELLED and upload.finished_at is None))


def kind_of(state: str, *, has_membership: bool, end: str = "") -> Kind:
    """The kind of a row.

    :param end: the state of its deactivation, where it has one.
    """
    return next(kind for kind in KINDS if kind.state == state
                and kind.has_left in (None, has_membership)
                and kind.is_undone in (None, end == UNDONE))


def count_waiting(counts: dict) -> int:
    """How many rows are neither applied nor left out.

    :param counts: {kind: how many}.
    """
    return sum(counts.get(kind, 0) for kind in _WITH_AN_ACT)


def file_state(upload, counts: dict) -> tuple[str, str]:
    """(word, tone) of a file.

    :param counts: {kind: how many} of its rows.
    """
    if upload.state == READY and not count_waiting(counts):
        return NOTHING_TO_DO, "quiet"
    word, tone = FILE_STATES[upload.state]
    if upload.state == DONE and count_waiting(counts):
        return _NOT_ALL, "warning"
    if upload.state == DONE and not counts.get(CARRIED_OUT):
        return FILE_STATES[CANCELLED] if counts.get(TAKEN_BACK) else (word, "quiet")
    return word, tone


def heading_of(upload, counts: dict) -> str:
    """What the page of a list is called.

    :param counts: {kind: how many} of its rows.
    """
    if upload.state == READY and file_state(upload, counts)[0] == NOTHING_TO_DO:
        return NOTHING_TO_DO
    if upload.state == DONE and not counts.get(CARRIED_OUT):
        if not counts.get(TAKEN_BACK):
            return "Tidak ada yang dinonaktifkan"
        return _NOT_ALL if count_waiting(counts) else "Semuanya sudah dibatalkan"
    return (_NOT_ALL if upload.state == DONE and count_waiting(counts)
            else _HEADINGS[upload.state])


def why_closed(upload, row) -> str:
    """Why a row cannot be changed now, a sentence; empty where it can."""
    if upload.state in _CLOSED:
        return _CLOSED[upload.state]
    if upload.headers_sealed is None:
        return "Isi daftar ini sudah lama, dan sudah kami hapus. Hasil setiap baris tetap ada."
    return ("Baris ini sudah diterapkan. Untuk membatalkan atau mengoreksinya, "
            "buka tanda terimanya.") if row.state == APPLIED else ""


def in_words(counts: dict, undone: int | None = None) -> list:
    """(how many, word) of each kind that occurs, the good ones first.

    :param counts: {kind: how many}.
    :param undone: of a list that was taken back, how many of its workers are active again.
    """
    applied = sum(counts.get(kind, 0) for kind in (CARRIED_OUT, TAKEN_BACK))
    if undone is None or not applied:
        return [(counts[kind], kind.word) for kind in _SPOKEN if counts.get(kind)]
    stay = applied - undone
    return [(undone, "aktif lagi"), *([(stay, "tetap nonaktif")] if stay else []),
            *((counts[kind], kind.word) for kind in _SPOKEN
              if counts.get(kind) and kind.state != APPLIED)]


def shown_first(counts: dict) -> Kind:
    """The kind that is shown unless another is asked for: what has most to say."""
    return next((kind for kind in KINDS if counts.get(kind)), WRONG)
