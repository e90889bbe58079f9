"""Taking in the bank's answer to a payment file: all of it or nothing, and once.

Rows are taken in everybody's order: claims, cases, payouts, messages, audit last. The file's row
comes before them: nobody else ever takes it.
"""

from dataclasses import dataclass

from webapp import audit
from webapp.audit import Act, Event
from webapp.cases import service as cases
from webapp.claims.states import move
from webapp.clock import day_of
from webapp.db import is_sqlite, write_transaction
from webapp.formats import show_date, show_rupiah
from webapp.heirs.telling import tell_claimant
from webapp.models.cases import AT_WORKER
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    DELIVERED,
    FAILED,
    PAID,
    Claim,
    Payout,
    PayoutFile,
)
from webapp.payouts import messages
from webapp.payouts.queries import payouts_in
from webapp.payouts.result_file import Unusable, parse
from webapp.receipts.signing import show_number

AT_ONCE = 100     # payouts in one statement


class TakenBefore(Exception):
    """The very same answer was taken in before; nothing was changed."""


@dataclass(frozen=True)
class Taken:
    """What an answer said: how many were paid and not, and their sums in rupiah."""

    number: str
    paid: int
    paid_total: int
    bounced: int
    bounced_total: int


def take_result(body, now):
    """Take in a result file: one transaction.

    :param body: its bytes.
    :returns: ``Taken``.
    :raises Unusable: it is refused whole, and nothing was changed.
    :raises TakenBefore: it was taken before.
    """
    result = parse(body)
    with write_transaction():
        file = _locked_file(result.number)
        _refuse_second(file, result)
        pairs = _pairs(result, file, now)
        paid = [pair for pair in pairs if pair[1].is_paid]
        bounced = [pair for pair in pairs if not pair[1].is_paid]
        _change_rows(file, result, paid, bounced, now)
        _tell(paid, bounced, now)
        taken = Taken(file.number, len(paid), _sum(paid), len(bounced), _sum(bounced))
        _record(file, taken, paid, bounced, now)
    return taken


def _locked_file(number):
    rows = PayoutFile.select().where(PayoutFile.number == number)
    file = (rows if is_sqlite() else rows.for_update()).first()
    if file is None:
        raise Unusable(f"Berkas pembayaran {show_number(number)} tidak pernah dibuat di sini.")
    return file


def _refuse_second(file, result):
    if file.result_digest is None:
        return
    if file.result_digest == result.digest:
        raise TakenBefore
    raise Unusable(f"Hasil berkas {show_number(file.number)} sudah diambil pada "
                   f"{show_date(day_of(file.result_at))}, dan isinya lain.")


def _pairs(result, file, now):
    """Each payout of the file with the bank's answer; every one of them, once.

    :raises Unusable: they do not fit one another.
    """
    if not is_sqlite():
        in_file = Payout.select(Payout.claim).where(Payout.file == file)
        list(Claim.select(Claim.id).where(Claim.id << in_file).order_by(Claim.id)
             .for_update("FOR NO KEY UPDATE").tuples())
    payouts = {payout.public_id.hex: payout for payout in payouts_in(file)}
    answers = {}
    for place, answer in enumerate(result.answers, 3):
        if answer.id not in payouts:
            raise Unusable(f"Baris {place}: pembayaran ini bukan dari berkas "
                           f"{show_number(file.number)}.")
        if answer.id in answers:
            raise Unusable(f"Baris {place}: pembayaran ini sudah ada di baris lain.")
        _refuse_unfit(place, answer, payouts[answer.id], file, now)
        answers[answer.id] = answer
    missing = len(payouts) - len(answers)
    if missing:
        raise Unusable(f"Ada {missing} pembayaran yang tidak disebut di hasil ini.")
    return [(payout, answers[name]) for name, payout in payouts.items()]


def _refuse_unfit(place, answer, payout, file, now):
    if answer.amount != payout.amount:
        raise Unusable(f"Baris {place}: jumlahnya {show_rupiah(answer.amount)}, seharusnya "
                       f"{show_rupiah(payout.amount)}.")
    if not day_of(file.made_at) <= answer.day <= day_of(now):
        raise Unusable(f"Baris {place}: tanggalnya {show_date(answer.day)}, sebelum berkas dibuat "
                       "atau sesudah hari ini.")
    if payout.claim.state != APPROVED:
        raise Unusable(f"Baris {place}: pencairan {show_number(payout.claim.case.number)} tidak "
                       "menunggu pembayaran.")


def _change_rows(file, result, paid, bounced, now):
    for payout, answer in paid:
        move(payout.claim, payout.claim.version, PAID, paid_on=answer.day)
    for payout, _ in bounced:
        move(payout.claim, payout.claim.version, FAILED)
    cases.close([payout.claim.case_id for payout, _ in paid], now)
    for payout, _ in bounced:
        cases.hand_on(payout.claim.case_id, AT_WORKER, None, now)
    for payout, answer in (*paid, *bounced):
        payout.state, payout.reported_at = DELIVERED if answer.is_paid else BOUNCED, now
        payout.reference, payout.problem = answer.reference, answer.problem
    Payout.bulk_update([payout for payout, _ in (*paid, *bounced)], batch_size=AT_ONCE,
                       fields=("state", "reported_at", "reference", "problem"))
    (PayoutFile.update(result_digest=result.digest, result_at=now)
     .where(PayoutFile.id == file.id).execute())


def _tell(paid, bounced, now):
    for payout, answer in paid:
        _tell_one(payout, "claim paid", now, messages.paid(payout, answer.day))
    for payout, answer in bounced:
        _tell_one(payout, "claim bounced", now, messages.bounced(payout, answer.problem))


def _tell_one(payout, kind, now, words):
    claim = payout.claim
    claim.case.worker = claim.worker     # which was read along
    tell_claimant(claim, kind, now, **words)


def _record(file, taken, paid, bounced, now):
    acts = [_act(Event.CLAIM_PAID, payout, on=answer.day.isoformat()) for payout, answer in paid]
    acts += [_act(Event.PAYOUT_BOUNCED, payout) for payout, _ in bounced]
    acts.append(Act(Event.PAYOUTS_IMPORTED, None, None, {
        "number": show_number(file.number), "paid": taken.paid, "paid_total": taken.paid_total,
        "bounced": taken.bounced, "bounced_total": taken.bounced_total}))
    # All at once: everybody who signs in waits for this chain.
    audit.record_all(acts, chain=audit.ACCOUNTS, now=now)


def _act(event, payout, **details):
    """As ``claims.service.record`` has it, for many."""
    claim = payout.claim
    return Act(event, None, claim.worker.public_id, {
        "number": show_number(claim.case.number), "kind": claim.kind, "amount": payout.amount,
        **details})


def _sum(pairs):
    return sum(payout.amount for payout, _ in pairs)
