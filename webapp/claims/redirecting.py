"""What a change of the destination means for claims that were sent and are not over.

Parts of those acts: inside their transaction, the account being locked. All claims are taken before
anything is told or recorded; what the bank was told to pay already stays as it is.
"""

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.telling import tell_worker
from webapp.claims.queries import at_bank_among, running_of
from webapp.claims.service import record
from webapp.claims.states import change, move
from webapp.destinations.words import gsm_label, label
from webapp.formats import show_rupiah
from webapp.models.cases import AT_WORKER, Case
from webapp.models.claims import APPROVED, BY_HEIRS, FAILED, OPEN_CLAIM, Claim
from webapp.models.workers import Worker
from webapp.receipts.signing import show_number


def redirect(user, destination, now, by=None):
    """Let the open claims of a person go to another destination; one that could not be paid is
    approved again. Returns them, a list.

    :param by: who decided that it is linked, where that was not the person.
    """
    claims = [claim for claim in _taken(user, OPEN_CLAIM)
              if claim.destination_id != destination.id]
    for claim in claims:
        if claim.state == FAILED:
            move(claim, claim.version, APPROVED, destination=destination)
        else:
            change(claim, claim.version, destination=destination)
    # Also the case: whoever decides on a page that shows the old one is told.
    (Case.update(version=Case.version + 1).where(Case.id << [one.case_id for one in claims])
     .execute())
    cases.close([claim.case_id for claim in claims if claim.state == FAILED], now)
    for claim in claims:
        tell_worker(claim.case, "claim redirected", now, **_redirected(claim, destination))
    for claim in claims:
        record(Event.CLAIM_REDIRECTED, claim, by or user, now, to=label(destination))
    return claims


def hold_back(user, now):
    """Let nothing that is approved be paid: the person links a destination first. Returns the
    claims, a list; the caller records them last."""
    claims = _taken(user, (APPROVED,))
    for claim in claims:
        move(claim, claim.version, FAILED)
    for claim in claims:
        cases.hand_on(claim.case_id, AT_WORKER, None, now)
    for claim in claims:
        tell_worker(claim.case, "claim held back", now, **_held_back(claim))
    return claims


def has_some_at_bank(user):
    """Whether the bank was told to pay something to this person, and has not answered yet."""
    approved = (Claim.select(Claim.id).join(Worker)
                .where(Worker.user == user, Claim.state == APPROVED))
    return bool(at_bank_among(approved))


def _taken(user, states):
    """The person's own claims in these states that the bank was not told to pay, locked, as they
    are now; a list."""
    worker = Worker.get_or_none(Worker.user == user)
    if worker is None:
        return []
    (Claim.update(version=Claim.version)
     .where(Claim.worker == worker, Claim.kind != BY_HEIRS, Claim.state << states).execute())
    claims = list(running_of(worker).where(Claim.state << states))
    at_bank = at_bank_among(claims)
    return [claim for claim in claims if claim.id not in at_bank]


def _redirected(claim, destination):
    return _told(claim, "Tujuan pencairan Anda diganti",
                 f"sekarang ditujukan ke {gsm_label(destination)}.",
                 f"sekarang ditujukan ke {label(destination)}.\n\n"
                 "Lihat kapan dibayar: buka Purna > Pencairan.")


def _held_back(claim):
    return _told(claim, "Pencairan Anda tidak jadi dibayar",
                 "belum dibayar karena dihentikan. Datang ke kantor cabang dengan KTP.",
                 "belum dibayar karena pencairan di akun Anda dihentikan.\n\n"
                 "Datang ke kantor cabang dengan KTP untuk membukanya lagi. Sesudah itu, "
                 "sambungkan rekening atau e-wallet Anda. Persetujuannya tetap berlaku.")


def _told(claim, subject, sms, body):
    much, number = show_rupiah(claim.approved or claim.amount), show_number(claim.case.number)
    return {"sms": f"Purna: pencairan {much} {sms} Ref {number}.",
            "email": (subject, f"Pencairan Anda sebesar {much} {body}\n\n"
                               f"Nomor pencairan: {number}")}
