"""How a case ended, and how it went until then, in words. Pure."""

from dataclasses import dataclass
from datetime import datetime

from webapp.cases import words
from webapp.clock import show_moment
from webapp.models.cases import (
    CORRECTION,
    DONE,
    GRANTED,
    OBJECTION,
    OPEN_REQUEST,
    REFUSED,
    REQUEST,
    SWITCH,
    UPHELD,
    WITHDRAWN,
)
from webapp.models.deactivations import CORRECTED, KEPT, REQUESTED, UNDONE

CORRECTION_STATES = {
    REQUESTED: ("Diperiksa kantor cabang", "warning"), CORRECTED: ("Disetujui", "good"),
    KEPT: ("Tidak disetujui", "quiet"), UNDONE: ("Tidak perlu lagi", "quiet"),
}
STATES = {REQUEST: words.REQUEST_STATES, SWITCH: words.REQUEST_STATES,
          OBJECTION: words.OBJECTION_STATES, CORRECTION: CORRECTION_STATES}


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    :param state: of its request, objection or correction.
    :param words: what was done, after the name of who did it.
    :param by: the ``User`` who did it.
    :param text: why, in their own words; or empty.
    """

    state: str
    words: str
    by: object
    at: datetime
    text: str = ""


def outcome(case, matter):
    """The ``Outcome`` of a case; None while it is open.

    :param matter: its request, objection or correction.
    """
    # A switch goes on in the same case, once the company is done with.
    is_over = case.closed_at or (case.kind == SWITCH and matter.state not in OPEN_REQUEST)
    return _OUTCOMES[case.kind](case, matter) if is_over else None


def _of_request(case, request):
    if request.state == DONE:
        done = request.deactivation
        return Outcome(DONE, "menonaktifkan kepesertaannya", done.filed_by, done.filed_at)
    if request.state == REFUSED:
        return Outcome(REFUSED, "menolak permohonannya", request.answered_by, request.answered_at,
                       request.answer)
    return Outcome(WITHDRAWN, "menarik permohonannya", case.opened_by, case.closed_at)


def _of_objection(case, objection):
    if objection.state == GRANTED and not objection.decided_by.is_staff:
        return Outcome(GRANTED, "membatalkan laporannya sendiri", objection.decided_by,
                       objection.decided_at)
    if objection.state in (GRANTED, UPHELD):
        granted = objection.state == GRANTED
        return Outcome(objection.state, "mengabulkan sanggahannya" if granted
                       else "tidak mengabulkan sanggahannya", objection.decided_by,
                       objection.decided_at, objection.verdict)
    return Outcome(WITHDRAWN, "menarik sanggahannya", case.opened_by, case.closed_at)


def _of_correction(case, correction):
    if correction.decided_by:
        made = correction.state == CORRECTED
        return Outcome(correction.state, "membatalkan laporannya" if made
                       else "tidak mengubah laporannya", correction.decided_by,
                       correction.decided_at, correction.verdict)
    ended = correction.deactivation
    undone = ended.undone_by and (
        "membatalkan laporannya" if ended.undone_by.is_staff else "membatalkan laporannya sendiri")
    return Outcome(correction.state, undone or "mengakhiri laporannya dengan putusan sanggahan",
                   ended.undone_by, ended.undone_at or case.closed_at)


_OUTCOMES = {REQUEST: _of_request, SWITCH: _of_request, OBJECTION: _of_objection,
             CORRECTION: _of_correction}


def steps(case, matter):
    """How a case went, the oldest first: items of the ``timeline`` macro."""
    went = [_step(*step) for step in _STEPS[case.kind](matter) if step[0]]
    ended = outcome(case, matter)
    if ended:
        # A closed account has no name any more.
        who = ended.by.name or "Pekerja" if ended.by else "Kantor cabang"
        went.append(_step(ended.at, f"{who} {ended.words}", ended.text))
    elif went:
        went.append({"title": f"Menunggu {words.SIDES[case.holder].lower()}", "current": True,
                     "when": f"Sejak {show_moment(case.held_since)}"})
    return went


def _step(moment, title, text=""):
    return {"when": show_moment(moment), "title": title, "text": text}


def _of_asking(request):
    answered = None if request.state == REFUSED else request.answered_at
    return [(request.asked_at, "Pekerja mengajukan"),
            (answered, "Perusahaan menyetujui"),
            (request.filled_at, "Pekerja mengisi formulir",
             "" if answered else "Sesudah perusahaan menyetujui."),
            (request.escalated_at, "Perusahaan tidak menjawab tepat waktu, "
             "kantor cabang mengambil alih")]


def _of_objecting(objection):
    report = objection.deactivation
    return [(report.filed_at, f"{report.filed_by.name} mengirim laporan nonaktif"),
            (objection.asked_at, "Pekerja menyanggah")]


def _of_correcting(correction):
    report = correction.deactivation
    return [(report.filed_at, f"{report.filed_by.name} mengirim laporan nonaktif"),
            (correction.requested_at, f"{correction.requested_by.name} meminta koreksi")]


_STEPS = {REQUEST: _of_asking, SWITCH: _of_asking, OBJECTION: _of_objecting,
          CORRECTION: _of_correcting}
