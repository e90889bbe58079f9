"""How a request is told to its worker: what happened, who holds it, until when. Pure."""

from webapp.cases.words import REQUEST_STATES
from webapp.clock import show_moment
from webapp.deactivation.reasons import REASONS
from webapp.formats import show_date
from webapp.models.cases import (
    APPROVED,
    AT_BRANCH,
    AT_COMPANY,
    DONE,
    REFUSED,
    WITHDRAWN,
)
from webapp.working_days import working_days_until

# As the worker reads them: code → (word, tone).
STATES = REQUEST_STATES | {APPROVED: ("Menunggu formulir Anda", "warning")}
# As ``Reason.phrase`` says it of somebody else.
OWN = {"PKW": "masa kontrak Anda berakhir", "PHK": "hubungan kerja Anda diputus"}

READER = "Anda"     # of whom it tells reads it
FORM_SENT, TAKEN_BACK = "Formulir nonaktif dikirim", "Permohonan ditarik"     # steps


def state_of(request):
    """Its state as it stands within a sentence."""
    word = STATES[request.state][0]
    return f"{word[0].lower()}{word[1:]}"


def standing_of(request):
    """What stands now, a sentence."""
    if request.state == DONE:
        return "Kepesertaan Anda sudah dilaporkan berakhir."
    return f"Statusnya sekarang: {state_of(request)}."


def phrase_of(code):
    """A reason as it stands in a sentence about oneself: "karena …"."""
    return OWN.get(code) or REASONS[code].phrase


def clock_of(case, today):
    """Until when the holder has time, in words: "paling lambat 1 Desember 2026, 6 hari kerja
    lagi"."""
    left = working_days_until(today, case.due_on)
    if today > case.due_on:
        words = "waktunya sudah lewat"
    else:
        words = f"{left} hari kerja lagi" if left else "hari ini terakhir"
    return f"paling lambat {show_date(case.due_on)}, {words}"


def steps_of(request, today, who=READER):
    """What happened to a request that was sent, the oldest first, and what is next: items of the
    ``timeline`` macro.

    :param request: with its case, company and deactivation.
    :param who: how whoever reads it calls the worker.
    """
    company = request.case.company.name
    steps = [(request.asked_at, "Permohonan dikirim", None)]
    is_approved = request.answered_at and not request.answer_sealed
    if is_approved:
        steps.append((request.answered_at, f"{company} menyetujui", None))
    # A refusal later on takes the place of the approval: what is known is that it came before.
    steps.append((request.filled_at, FORM_SENT,
                  None if is_approved else f"Sesudah {company} menyetujui."))
    steps.append((request.escalated_at, "Kantor cabang mengambil alih",
                  f"{company} tidak menjawab tepat waktu."))
    if request.state == REFUSED:
        by = "Kantor cabang" if request.answered_by.is_staff else company
        steps.append((request.answered_at, f"{by} menolak", None))
    if request.state == WITHDRAWN:
        steps.append((request.case.closed_at, TAKEN_BACK, None))
    if request.state == DONE:
        by = "Kantor cabang" if request.deactivation.branch_id else company
        steps.append((request.deactivation.filed_at, f"{by} menonaktifkan kepesertaan {who}", None))
    items = [{"when": show_moment(when), "title": title, "text": text}
             for when, title, text in steps if when]
    return [*items, *_next(request, today, who)]


def _next(request, today, who):
    case = request.case
    if case.holder == AT_COMPANY:
        what = "mengonfirmasi" if request.filled_at else "menjawab"
        yield {"title": f"{case.company.name} {what}", "current": True,
               "when": f"P{clock_of(case, today)[1:]}"}
    if case.holder == AT_BRANCH:
        yield {"title": "Kantor cabang memutuskan", "current": True,
               "when": f"P{clock_of(case, today)[1:]}"}
    if request.state == APPROVED:
        yield {"title": f"{who} mengisi formulir nonaktif", "current": True, "when": "Sekarang"}
