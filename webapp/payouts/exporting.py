"""Telling the bank what to pay: rows first, in one transaction, and the file made of them.

A crash between the two loses nothing: a file without a result that is not in the folder is written
again, byte by byte the same.
"""

import os
from contextlib import suppress

from webapp import audit
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import is_sqlite, write_transaction
from webapp.durable import settle
from webapp.models.claims import Claim, Destination, Payout, PayoutFile
from webapp.models.people import User
from webapp.payouts.payment_file import (
    NotANumber,
    Payment,
    account_digits,
    build,
    digest_of,
    name_of,
)
from webapp.payouts.queries import payable, payouts_in, waiting_files
from webapp.prepared import add_all
from webapp.receipts.signing import new_number, show_number

MOST_PAYOUTS = 1_000     # of one file: a quarter of a second of everybody's time, half to take in
OWNER_ALONE = 0o600      # it holds names and account numbers


class Altered(Exception):
    """The rows of a payment file are not what they were when it was made: its number."""


def export(now):
    """Make payment files of all that can be paid now; what somebody is at work on is left for the
    next time. Doing it again makes nothing more.

    :returns: the ``PayoutFile`` rows made, a list.
    """
    made = []
    while file := _make_file(now):
        made.append(file)
    return made


def write_waiting(folder):
    """Write every payment file that waits for its result and is not in the folder as it should be.
    Yields the ``PayoutFile`` rows whose file was written.

    :param folder: a ``Path``.
    :raises Altered: of the first that could not be written, when all others were.
    """
    altered = None
    for file in list(waiting_files()):
        if _is_there(file, folder):
            continue
        try:
            write(file, folder)
        except Altered as problem:
            altered = altered or problem
        else:
            yield file
    if altered:
        raise altered


def left_out(now):
    """The numbers of the cases whose claims would be paid if an account had a number of digits."""
    return [claim.case.number for claim in payable(now) if not _has_digits(claim.destination)]


def write(file, folder):
    """Write a payment file, whole or not at all, readable by its owner alone. Returns its path.

    :raises Altered: its rows were changed since it was made.
    """
    payments = [_payment(payout) for payout in payouts_in(file)]
    body = build(file.number, day_of(file.made_at), payments)
    if digest_of(body) != file.digest:
        raise Altered(file.number)
    path = folder / name_of(file.number)
    _write_whole(path, body)
    return path


def _make_file(now):
    """One payment file, or None when there is nothing to pay. One transaction."""
    with write_transaction():
        claims = _held(payable(now).limit(MOST_PAYOUTS), now)
        payouts = [_payout(claim) for claim in claims if _has_digits(claim.destination)]
        if not payouts:
            return None
        number = new_number()
        body = build(number, day_of(now), [_payment(payout) for payout in payouts])
        file = PayoutFile.create(number=number, made_at=now, count=len(payouts),
                                 total=sum(payout.amount for payout in payouts),
                                 digest=digest_of(body))
        add_all(Payout, [payout.__data__ | {"file": file.id} for payout in payouts])
        audit.record(Event.PAYOUTS_EXPORTED, chain=audit.ACCOUNTS, actor=None, subject=None,
                     now=now, number=show_number(number), count=file.count, total=file.total)
    return file


def _held(found, now):
    """These claims with all they rest on held until the transaction ends, and judged once more:
    whoever stops payouts, or changes the destination, has done so or waits."""
    if is_sqlite():     # nobody else writes
        return list(found)
    rows = list(found)
    users = _locked(User, {row.destination.user_id for row in rows} - {None})
    claims = _locked(Claim, {row.id for row in rows})
    destinations = _locked(Destination, {row.destination_id for row in rows})
    return [row for row in payable(now).where(Claim.id << claims)
            if row.destination_id in destinations
            and row.destination.user_id in (*users, None)] if claims else []


def _locked(table, numbers):
    """Take rows in the order of their numbers, without those that somebody is at work on. Returns
    the numbers of the rows taken, a set."""
    rows = (table.select(table.id).where(table.id << list(numbers)).order_by(table.id)
            .for_update("FOR NO KEY UPDATE SKIP LOCKED"))
    return {number for (number,) in rows.tuples()}


def _has_digits(destination):
    try:
        account_digits(destination.number)
    except NotANumber:
        return False
    return True


def _payout(claim):
    payout = Payout(claim=claim, amount=claim.approved, provider=claim.destination.provider)
    payout.number, payout.holder = claim.destination.number, claim.destination.holder
    return payout


def _payment(payout):
    return Payment(payout.public_id.hex, payout.amount, payout.provider, payout.number,
                   payout.holder, payout.claim.case.number)


def _is_there(file, folder):
    path = folder / name_of(file.number)
    return path.exists() and digest_of(path.read_bytes()) == file.digest


def _write_whole(path, body):
    """Under another name first: whoever fetches files never finds half of one."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        unfinished.unlink()
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE)
    try:
        with open(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    settle(path.parent)
