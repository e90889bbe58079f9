"""How complaints are called, and how they are told to whoever made them. Pure."""

from webapp.clock import show_moment
from webapp.formats import show_date
from webapp.models.blocks import AWAITING_REPORTER, GRANTED, RECEIVED, REFUSED, REVIEWED
from webapp.models.cases import AT_BRANCH, AT_WORKER
from webapp.requests.words import clock_of

ABOUT_BLOCK, IN_OWN_WORDS = "BLOKIR", "LAIN"
SUBJECTS = {
    ABOUT_BLOCK: "Akun saya diblokir",
    "DISALAHGUNAKAN": "Akun saya dipakai orang lain",
    "PENIPUAN": "Penipuan atau calo",
    "PERUSAHAAN": "Perusahaan tempat saya bekerja",
    "UANG": "Pencairan, iuran, atau bantuan",
    "PELAYANAN": "Pelayanan kantor cabang",
    IN_OWN_WORDS: "Lainnya",
}
STATES = {
    RECEIVED: ("Diterima", "info"), REVIEWED: ("Diperiksa kantor cabang", "info"),
    AWAITING_REPORTER: ("Menunggu jawaban Anda", "warning"), GRANTED: ("Dikabulkan", "good"),
    REFUSED: ("Ditolak", "quiet"),
}
# The same for staff.
DESK_STATES = STATES | {RECEIVED: ("Belum diperiksa", "warning"), REVIEWED: ("Diperiksa", "info"),
                        AWAITING_REPORTER: ("Menunggu pelapor", "info")}
REPORTER = "Pelapor"
SIDES = {AT_WORKER: REPORTER, AT_BRANCH: "Kantor cabang"}


def names_of(case):
    """How the sides of the thread are called."""
    return {AT_WORKER: REPORTER, AT_BRANCH: case.branch.name}


def steps_of(complaint, today):
    """What happened, the oldest first, and what is next: items of the ``timeline`` macro."""
    case, steps = complaint.case, [{"when": show_moment(complaint.sent_at),
                                    "title": "Pengaduan dikirim"}]
    if complaint.state == AWAITING_REPORTER:
        steps.append({"when": f"Paling lambat {show_date(case.due_on)}", "current": True,
                      "title": "Anda menjawab pertanyaan kantor cabang"})
    elif complaint.decided_at:
        word = STATES[complaint.state][0].lower()
        steps.append({"when": show_moment(complaint.decided_at), "title": f"Pengaduan {word}",
                      "text": complaint.verdict})
    else:
        steps.append({"when": f"P{clock_of(case, today)[1:]}", "current": True,
                      "title": f"{case.branch.name} memeriksa"})
    return steps


def holder_of(complaint):
    """Who has it now; empty when it is over."""
    if complaint.decided_at:
        return ""
    return "Anda" if complaint.state == AWAITING_REPORTER else complaint.case.branch.name
