"""How a claim went, for staff: who did what and when; and its latest decision. Pure."""

from webapp.claims.faults import faults_of, label_of
from webapp.claims.words import awaits_second
from webapp.clock import show_moment
from webapp.desk.outcomes import Outcome
from webapp.formats import show_date, show_rupiah
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    CHECKING,
    GRANTED,
    INTERVIEW,
    PAID,
    REFUSED,
    RETURNED,
    SUBMITTED,
    WITHDRAWN,
)

WAITS = {SUBMITTED: "Menunggu petugas mengambilnya", CHECKING: "Petugas memeriksa",
         RETURNED: "Menunggu perbaikan", INTERVIEW: "Menunggu wawancara",
         APPROVED: "Menunggu bank membayar"}


def decision_on(claim):
    """The latest ``desk.outcomes.Outcome`` of a claim, while it holds; or None."""
    if claim.state == REFUSED:
        return Outcome(REFUSED, "menolaknya", claim.refused_by, claim.refused_at, claim.verdict)
    if claim.state == RETURNED:
        return Outcome(RETURNED, "mengembalikannya untuk diperbaiki", claim.returned_by,
                       claim.returned_at, _wrong(claim))
    if claim.state in GRANTED and claim.confirmed_by:
        return Outcome(APPROVED, f"menyetujui {show_rupiah(claim.approved)} sebagai orang kedua",
                       claim.confirmed_by, claim.confirmed_at)
    if claim.approved_by:
        return Outcome(claim.state, f"menyetujui {show_rupiah(claim.approved)}",
                       claim.approved_by, claim.approved_at)
    if claim.state == WITHDRAWN:
        return Outcome(WITHDRAWN, "dibatalkan pekerja", None, claim.case.closed_at)
    return None


def steps(claim, interview, payouts):
    """How a claim went, the oldest first: items of the ``timeline`` macro.

    :param claim: with everybody who had a part in it.
    :param interview: its slot, or None.
    :param payouts: what was sent to the bank, with its file.
    """
    went = sorted((step for step in _happened(claim, interview, payouts) if step[0]),
                  key=lambda step: step[0])
    items = [{"when": show_moment(when), "title": title, "text": text}
             for when, title, text in went]
    if claim.state == PAID:
        items.append({"when": show_date(claim.paid_on), "title": "Uang dikirim"})
    if claim.state in WAITS:
        title = "Menunggu orang kedua" if awaits_second(claim) and claim.state == CHECKING else (
            WAITS[claim.state])
        items.append({"when": f"Sejak {show_moment(claim.case.held_since)}", "title": title,
                      "current": True})
    return items


def _happened(claim, interview, payouts):
    def name(user):
        return user.name if user and user.is_staff else "Pekerja"

    yield claim.submitted_at, f"{name(claim.submitted_by)} mendaftarkan pencairan", None
    yield claim.returned_at, f"{name(claim.returned_by)} mengembalikannya", _wrong(claim)
    if interview:
        yield (interview.booked_at, "Waktu wawancara dipilih",
               f"Untuk {show_moment(interview.starts_at)}.")
    yield claim.interviewed_at, f"{name(claim.interviewed_by)} mewawancarai", None
    if claim.approved_by:
        yield (claim.approved_at, f"{name(claim.approved_by)} menyetujui",
               show_rupiah(claim.approved))
    yield claim.confirmed_at, f"{name(claim.confirmed_by)} menyetujui sebagai orang kedua", None
    yield claim.refused_at, f"{name(claim.refused_by)} menolak", claim.verdict
    for payout in payouts:
        yield payout.file.made_at, "Bank diminta membayar", show_rupiah(payout.amount)
        if payout.state == BOUNCED:
            yield payout.reported_at, "Bank menolak pembayaran", payout.problem or None
    if claim.state == WITHDRAWN:
        yield claim.case.closed_at, "Pekerja membatalkannya", None


def _wrong(claim):
    return " ".join(f"{label_of(code)}: {sentence}"
                    for code, sentence in faults_of(claim).items()) or None
