"""What an officer can decide about each kind of case, as a table."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.deactivation import corrections
from webapp.models.cases import (
    CORRECTION,
    DONE,
    GRANTED,
    OBJECTION,
    REFUSED,
    REQUEST,
    SWITCH,
    UPHELD,
)
from webapp.models.deactivations import CORRECTED, KEPT
from webapp.objections import service as objections
from webapp.requests import service as requests


@dataclass(frozen=True)
class Decision:
    """One way to decide.

    :param code: as the button sends it.
    :param label: the button.
    :param style: of the button.
    :param state: in which the request, objection or correction is then.
    :param follows: what will happen, said before.
    :param act: called with matter, case, officer, and version, reason, rules, now by name.
    """

    code: str
    label: str
    style: str
    state: str
    follows: str
    act: Callable


def _end(request, case, officer, *, version, reason, rules, now):
    requests.end_at_branch(request, officer, version=request.version, case_version=version,
                           rules=rules, now=now)


def _refuse(request, case, officer, *, version, reason, rules, now):
    requests.refuse_at_branch(request, officer, version=request.version, case_version=version,
                              reason=reason, now=now)


def _grant(objection, case, officer, *, version, reason, rules, now):
    objections.grant(objection, officer, case_version=version, verdict=reason, now=now)


def _uphold(objection, case, officer, *, version, reason, rules, now):
    objections.uphold(objection, officer, case_version=version, verdict=reason, now=now)


def _correct(correction, case, officer, *, version, reason, rules, now):
    corrections.correct(correction, case, officer, case_version=version, verdict=reason, now=now)


def _keep(correction, case, officer, *, version, reason, rules, now):
    corrections.keep(correction, case, officer, case_version=version, verdict=reason, now=now)


END = Decision("nonaktifkan", "Nonaktifkan", "danger", DONE, "", _end)
DECISIONS = {
    REQUEST: (
        Decision("tolak", "Tolak permohonan", "danger-outline", REFUSED,
                 "Kepesertaannya tetap aktif. Pekerja dan perusahaan diberi tahu, pekerja juga "
                 "membaca alasan Anda.", _refuse),),
    OBJECTION: (
        Decision("kabulkan", "Kabulkan, pulihkan kepesertaan", "action", GRANTED,
                 "Kepesertaannya aktif lagi seperti semula. Tanda terima dan paklaring dari "
                 "laporan itu tidak berlaku.", _grant),
        Decision("tolak", "Tidak kabulkan", "danger-outline", UPHELD,
                 "Laporan perusahaan tetap berlaku, dan pencairan yang menunggu bisa jalan lagi.",
                 _uphold)),
    CORRECTION: (
        Decision("kabulkan", "Batalkan laporan itu", "action", CORRECTED,
                 "Kepesertaannya aktif lagi seperti semula. Pekerja diberi tahu.", _correct),
        Decision("tolak", "Tidak ubah laporan", "danger-outline", KEPT,
                 "Laporan tetap berlaku seperti sekarang.", _keep)),
}

DECISIONS[SWITCH] = DECISIONS[REQUEST]     # what it asks the company, which did not answer


def decision_coded(kind, code):
    """The decision about a kind of case that a form named, or None."""
    return next((one for one in DECISIONS[kind] if one.code == code), None)
