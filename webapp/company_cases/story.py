"""How a request stands, and how it came there, as its company reads it. Pure."""

from webapp.cases.words import OBJECTION_STATES, REQUEST_STATES
from webapp.clock import show_moment
from webapp.models.cases import (
    APPROVED,
    ASKED,
    AT_COMPANY,
    ESCALATED,
    FILLED,
    GRANTED,
    HOLD_REQUESTS,
    REFUSED,
    WITHDRAWN,
)
from webapp.requests.words import clock_of
from webapp.working_days import working_days_until

SOON = 2     # working days


def state_of(case):
    """(word, tone) of a case of a company, with its request or objection, as the company reads it.
    """
    if case.holder == AT_COMPANY:
        return "Menunggu Anda", "warning"
    if case.kind in HOLD_REQUESTS:
        return REQUEST_STATES[case.request.state]
    return OBJECTION_STATES[case.objection.state]


def time_left(due_on, today):
    """(how much time is left until a day, tone), as status tags take them."""
    if today > due_on:
        return "Batas waktu lewat", "danger"
    if today == due_on:
        return "Hari ini terakhir", "warning"
    left = working_days_until(today, due_on)
    return f"{left} hari kerja lagi", "warning" if left <= SOON else "info"


def steps_of(request, today):
    """The steps of a request so far and the one that is due, as ``timeline`` takes them.

    :param request: with its case, the case's worker, and who answered.
    """
    name, case = request.case.worker.name, request.case
    steps = [_step(request.asked_at, f"Diajukan {name}")]
    is_approved = request.answered_at and not request.answer_sealed
    if is_approved:
        steps.append(_step(request.answered_at, f"{request.answered_by.name} menyetujui"))
    if request.filled_at:
        steps.append(_step(request.filled_at, f"Formulir diisi {name}",
                           None if is_approved else "Sesudah disetujui."))
    if request.escalated_at:
        steps.append(_step(request.escalated_at, "Diambil alih kantor cabang",
                           "Batas waktu perusahaan sudah lewat."))
    return [*steps, _last(request, case, today)]


def standing_of(request):
    """How a request stands now, and who brought it there, as a sentence."""
    if request.answered_at and request.state in (APPROVED, REFUSED):
        act = "menyetujuinya" if request.state == APPROVED else "menolaknya"
        return f"{_who_answered(request)} {act} pada {show_moment(request.answered_at)}."
    if request.state == WITHDRAWN:
        return f"{request.case.worker.name} sudah menarik permohonannya."
    return f"Statusnya sekarang: {REQUEST_STATES[request.state][0]}."


def verdict_of(objection):
    """How an objection stands now, and who decided it, as a sentence."""
    if objection.state == WITHDRAWN:
        return f"{objection.case.worker.name} sudah menarik sanggahannya."
    if objection.state == ASKED:
        return "Kantor cabang sedang memeriksanya."
    when = show_moment(objection.decided_at)
    if objection.decided_by.is_employer:
        return f"{objection.decided_by.name} membatalkan laporannya pada {when}."
    act = "mengabulkannya" if objection.state == GRANTED else "tidak mengabulkannya"
    return f"Kantor cabang {act} pada {when}."


def _who_answered(request):
    return "Kantor cabang" if request.answered_by.is_staff else request.answered_by.name


def _last(request, case, today):
    """What is due now, or how it ended."""
    name = case.worker.name
    if request.state in (ASKED, FILLED):
        what = "persetujuan" if request.state == ASKED else "konfirmasi"
        return _now(f"Menunggu {what} Anda", _sentence(clock_of(case, today)))
    if request.state == APPROVED:
        return _now(f"Menunggu formulir dari {name}", "Tidak ada batas waktu")
    if request.state == ESCALATED:
        return _now("Menunggu putusan kantor cabang", _sentence(clock_of(case, today)))
    if request.state == REFUSED:
        return _step(request.answered_at, f"{_who_answered(request)} menolak", request.answer)
    if request.state == WITHDRAWN:
        return _step(case.closed_at, f"Ditarik {name}")
    return _step(case.closed_at, "Kepesertaan dilaporkan berakhir")


def _sentence(words):
    return f"{words[0].upper()}{words[1:]}"


def _step(moment, title, text=None):
    return {"when": show_moment(moment), "title": title, "text": text}


def _now(title, when):
    return {"when": when, "title": title, "current": True}
