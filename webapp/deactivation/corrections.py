"""Deciding at the branch what a company can no longer undo itself (Minta koreksi)."""

from webapp import audit
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_company
from webapp.db import write_transaction
from webapp.deactivation.claimed import has_no_granted_claim, hold_unclaimed
from webapp.deactivation.service import YIELDING, follow_undo
from webapp.models.deactivations import (
    CORRECTED,
    KEPT,
    REQUESTED,
    UNDONE,
    Correction,
    Deactivation,
)
from webapp.receipts.signing import show_number


class OwnReport(Exception):
    """Whoever filed the deactivation does not decide whether it was right."""


def correct(correction, case, officer, *, case_version, verdict, now):
    """The company is right: the report is taken back, and everything with it.

    :param correction: with its deactivation, membership, worker and company.
    :param case_version: of the case, as the page showed it.
    :raises CaseChanged: it was decided or undone first.
    :raises cases.TakenByColleague: another officer has taken it.
    :raises webapp.deactivation.claimed.Claimed: a claim that rests on it is approved.
    """
    deactivation, company = correction.deactivation, case.company
    with write_transaction():
        hold_unclaimed(deactivation.id, YIELDING)
        undone = (Deactivation.update(state=UNDONE, undone_by=officer, undone_at=now,
                                      undo_reason=correction.reason,
                                      version=Deactivation.version + 1)
                  .where(Deactivation.id == deactivation.id, Deactivation.state << YIELDING,
                         has_no_granted_claim()).execute())
        if not undone:
            raise CaseChanged
        _decide(correction, case, officer, CORRECTED, case_version, verdict, now)
        tell_company(case, "correction made", now, (
            "Koreksi disetujui",
            f"Kantor cabang membatalkan laporan nonaktif {case.worker.name}. Kepesertaannya aktif "
            f"lagi.\n\nCatatan: {verdict}\n\n{_about(case)}"))
        follow_undo([deactivation], officer, company, now)
        audit.record(Event.CORRECTION_MADE, chain=audit.company_chain(company), actor=officer,
                     subject=deactivation.public_id, now=now, number=show_number(case.number))


def keep(correction, case, officer, *, case_version, verdict, now):
    """The report stands as it is. Raises as ``correct`` does."""
    with write_transaction():
        _decide(correction, case, officer, KEPT, case_version, verdict, now)
        tell_company(case, "correction refused", now, (
            "Koreksi tidak disetujui",
            f"Kantor cabang tidak mengubah laporan nonaktif {case.worker.name}.\n\n"
            f"Alasan: {verdict}\n\n{_about(case)}"))
        audit.record(Event.CORRECTION_REFUSED, chain=audit.company_chain(case.company),
                     actor=officer, subject=correction.deactivation.public_id, now=now,
                     number=show_number(case.number))


def _decide(correction, case, officer, state, case_version, verdict, now):
    if correction.deactivation.filed_by_id == officer.id:
        raise OwnReport
    decided = (Correction.update(state=state, decided_by=officer, decided_at=now, verdict=verdict,
                                 version=Correction.version + 1)
               .where(Correction.id == correction.id, Correction.state == REQUESTED).execute())
    if not decided:
        raise CaseChanged
    cases.claim(case, officer, case_version, now)
    cases.close([case.id], now)


def _about(case):
    return f"Nomor koreksi: {show_number(case.number)}"
