"""Taking in a bank's list of what was paid: all of it or nothing, and once.

Rows are taken in everybody's order: the file first, which nobody else takes; then switches and
memberships, cases, bills, messages, audit last.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Act, Event
from webapp.bank_file import Unusable
from webapp.bills.codes import show_code
from webapp.bills.paying import apply
from webapp.bills.queries import bills_coded
from webapp.bills.result_file import parse
from webapp.bills.service import end_waiting
from webapp.clock import day_of
from webapp.db import is_sqlite, write_transaction
from webapp.deactivation.queries import is_dead
from webapp.formats import show_date, show_rupiah
from webapp.models.switches import PAID, Bill, ContributionFile, OwnMembership, Switch
from webapp.parts import parts_of

AT_ONCE = 500     # codes in one statement
DIED, TAKEN_BACK = "died", "taken back"     # why money is sent back


class TakenBefore(Exception):
    """The very same list was taken in before; nothing was changed."""


@dataclass(frozen=True)
class Taken:
    """What a list brought: how many payments, their sum in rupiah, and those that count for nobody
    any more, to be sent back: pairs of code and why."""

    count: int
    total: int
    stray: tuple


def take_result(body, now):
    """Take in a list: one transaction.

    :param body: its bytes.
    :returns: ``Taken``.
    :raises Unusable: it is refused whole, and nothing was changed.
    :raises TakenBefore: it was taken before.
    """
    received = parse(body)
    try:
        with write_transaction():
            file = ContributionFile.create(digest=received.digest, taken_at=now,
                                           count=len(received.payments), total=received.total)
            return _take(received, file, now)
    except IntegrityError as clash:
        if ContributionFile.select().where(ContributionFile.digest == received.digest).exists():
            raise TakenBefore from clash
        raise


def _take(received, file, now):
    _hold([one.code for one in received.payments])
    bills = _bills([one.code for one in received.payments])
    seen, acts, stray = set(), [], []
    for payment in received.payments:
        bill = bills.get(payment.code)
        _refuse_unfit(payment, bill, seen, now)
        seen.add(payment.code)
        made = apply(bill, payment.day, now)
        _mark_paid(bill, payment, file)
        acts += made
        if made:
            end_waiting(bill.worker_id)     # what else waits is for months that may be paid by now
        else:
            why = DIED if is_dead(bill.worker_id) else TAKEN_BACK
            stray.append((show_code(payment.code), why))
    taken = Taken(len(received.payments), received.total, tuple(stray))
    # All at once: everybody who signs in waits for this chain.
    audit.record_all([*acts, Act(Event.BILLS_IMPORTED, None, None, {
        "count": taken.count, "total": taken.total, "stray": len(stray),
        "digest": received.digest})], chain=audit.ACCOUNTS, now=now)
    return taken


def _hold(codes):
    """Lock what the payments are for, in everybody's order; on SQLite nobody else writes."""
    if is_sqlite():
        return
    for some in parts_of(codes, AT_ONCE):
        theirs = Bill.select(Bill.worker).where(Bill.code << some)
        for table in (Switch, OwnMembership):
            list(table.select(table.id).where(table.worker << theirs).order_by(table.id)
                 .for_update("FOR NO KEY UPDATE").tuples())


def _bills(codes):
    found = {}
    for some in parts_of(codes, AT_ONCE):
        found |= bills_coded(some)
    return found


def _refuse_unfit(payment, bill, seen, now):
    where = f"Baris {payment.place}, kode {show_code(payment.code)}"
    if bill is None:
        raise Unusable(f"{where}: kode ini tidak pernah dibuat di sini.")
    if payment.code in seen:
        raise Unusable(f"{where}: kode ini sudah ada di baris lain.")
    if bill.state == PAID:
        raise Unusable(f"{where}: sudah dibayar pada {show_date(bill.paid_on)}, dengan referensi "
                       f"{bill.reference}.")
    if payment.amount != bill.amount:
        raise Unusable(f"{where}: jumlahnya {show_rupiah(payment.amount)}, seharusnya "
                       f"{show_rupiah(bill.amount)}.")
    if not day_of(bill.made_at) <= payment.day <= day_of(now):
        raise Unusable(f"{where}: tanggalnya {show_date(payment.day)}, sebelum kode dibuat atau "
                       "sesudah hari ini.")


def _mark_paid(bill, payment, file):
    (Bill.update(state=PAID, paid_on=payment.day, file=file, reference=payment.reference)
     .where(Bill.id == bill.id).execute())
