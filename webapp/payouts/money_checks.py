"""What must hold of the money: pairs of a query of what is wrong and what is to be said of it.

A query's rows begin with the number of a claim's case or of a payment file, or with a person's
public id; the rest is for the words.
"""

from peewee import JOIN, Case, Value, fn

from webapp.formats import show_rupiah
from webapp.models import cases
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    BY_HEIRS,
    DELIVERED,
    EXPORTED,
    GRANTED,
    PAID,
    REFUSED,
    WITHDRAWN,
    Claim,
    Hold,
    Payout,
    PayoutFile,
    Savings,
)
from webapp.models.workers import Worker

OVER = (APPROVED, PAID, REFUSED, WITHDRAWN)     # nobody but the bank has anything to do
SAVINGS_KINDS = "JHT-%"


def _paid_wrongly():
    """Paid, but not by one delivered payout of what was approved."""
    delivered = _sums(Payout.state == DELIVERED).alias("delivered")
    return (_of_claims(delivered.c.times, delivered.c.total)
            .join(delivered, JOIN.LEFT_OUTER, on=(delivered.c.claim_id == Claim.id))
            .where(Claim.state == PAID, delivered.c.times.is_null() | (delivered.c.times != 1)
                   | (delivered.c.total != Claim.approved)))


def _say_paid_wrongly(times, total):
    if times is None:
        return ["dibayar, tetapi tidak ada pembayaran yang berhasil"]
    return [f"dibayar {times} kali, seluruhnya {show_rupiah(total)}, tidak seperti yang disetujui"]


def _too_much():
    """More went to the bank than was approved, or it went twice."""
    standing = _sums(Payout.state != BOUNCED).alias("standing")
    return (_of_claims(standing.c.times, standing.c.total)
            .join(standing, on=(standing.c.claim_id == Claim.id))
            .where((standing.c.times > 1) | Claim.approved.is_null()
                   | (standing.c.total > Claim.approved)))


def _say_too_much(times, total):
    return [f"{times} pembayaran, seluruhnya {show_rupiah(total)}, lebih dari yang disetujui"]


def _other_amount():
    return (_of_payouts(Payout.amount)
            .where(Claim.approved.is_null() | (Payout.amount != Claim.approved)))


def _say_other_amount(amount):
    return [f"pembayaran {show_rupiah(amount)} tidak sebesar yang disetujui"]


def _other_state():
    """Where a payout stands is not where its claim does."""
    return (_of_payouts(Payout.state, Claim.state)
            .where(((Payout.state == DELIVERED) & (Claim.state != PAID))
                   | ((Payout.state == EXPORTED) & (Claim.state != APPROVED))))


def _say_other_state(payout, claim):
    return [f"pembayarannya {payout}, pencairannya {claim}"]


def _above_entitlement():
    return _of_claims().where((Claim.approved > Claim.entitlement)
                              | (Claim.approved > Claim.amount)
                              | (Claim.approved <= 0))


def _not_agreed():
    """Granted without those who had to agree, or by whom it is about."""
    first, second, sender = Claim.approved_by, Claim.confirmed_by, Claim.submitted_by
    return (_of_claims().join(Worker)
            .where((Claim.state << GRANTED) & (Claim.approved.is_null() | first.is_null())
                   | (first == sender) | (second == sender) | (first == second)
                   | (first == Worker.user) | (second == Worker.user)
                   | ((Claim.state << GRANTED) & Claim.needs_second & second.is_null())
                   | ((Claim.state << GRANTED) & Claim.needs_interview
                      & Claim.interviewed_at.is_null())))


def _taken():
    """What was granted of each person's savings."""
    return (Claim.select(Claim.worker, fn.SUM(Claim.approved).alias("total"))
            .where(Claim.state << GRANTED, Claim.kind ** SAVINGS_KINDS)
            .group_by(Claim.worker).alias("granted"))


def _other_balance():
    granted = _taken()
    total = fn.COALESCE(granted.c.total, 0)
    return (Savings.select(Worker.public_id, Savings.taken, total)
            .join(Worker).switch(Savings)
            .join(granted, JOIN.LEFT_OUTER, on=(granted.c.worker_id == Savings.worker))
            .where((Savings.taken != total) | (Savings.taken > Savings.credited)))


def _say_other_balance(taken, total):
    return [f"saldo mencatat {show_rupiah(taken)} diambil, yang disetujui {show_rupiah(total)}"]


def _no_balance():
    granted = _taken()
    return (Worker.select(Worker.public_id)
            .join(granted, on=(granted.c.worker_id == Worker.id)).switch(Worker)
            .join(Savings, JOIN.LEFT_OUTER).where(Savings.id.is_null()))


def _other_file():
    """A payment file's count, total and answer are not those of its payouts."""
    waiting = fn.SUM(Case(None, [(Payout.state == EXPORTED, 1)], 0))
    rows = (Payout.select(Payout.file, fn.COUNT(Payout.id).alias("times"),
                          fn.SUM(Payout.amount).alias("total"), waiting.alias("waiting"))
            .group_by(Payout.file).alias("rows_of_file"))
    expected = Case(None, [(PayoutFile.result_digest.is_null(), rows.c.times)], 0)
    return (PayoutFile.select(PayoutFile.number, rows.c.times, rows.c.total, rows.c.waiting)
            .join(rows, JOIN.LEFT_OUTER, on=(rows.c.file_id == PayoutFile.id))
            .where(rows.c.times.is_null() | (rows.c.times != PayoutFile.count)
                   | (rows.c.total != PayoutFile.total) | (rows.c.waiting != expected)))


def _say_other_file(times, total, waiting):
    return [f"berkas ini berisi {times or 0} pembayaran, seluruhnya {show_rupiah(total or 0)}, "
            f"{waiting or 0} belum dijawab; jumlah atau hasil yang tercatat lain"]


def _other_case():
    """The case is open although the claim is over, or closed although somebody must act."""
    holder = cases.Case.holder
    return (_of_claims(Claim.state, fn.COALESCE(holder, Value("-")))
            .where((holder.is_null() & Claim.state.not_in(OVER))
                   | (holder.is_null(False) & (Claim.state << OVER))))


def _say_other_case(state, holder):
    return [f"pencairannya {state}, tetapi yang harus bertindak: {holder}"]


def _to_held():
    """Told the bank while nothing was to be paid to this person."""
    at = PayoutFile.made_at
    goes_on = Hold.lifted_at.is_null() | (Hold.lifted_at > at)
    return (_of_payouts().join(PayoutFile).switch(Claim)
            .join(Worker).join(Hold, on=(Hold.user == Worker.user))
            .where(Claim.kind != BY_HEIRS, Hold.begun_at < at, goes_on,
                   (Hold.until > at) | (Hold.stopped_at <= at)))


def _of_claims(*selected):
    return Claim.select(cases.Case.number, *selected).join(cases.Case).switch(Claim)


def _of_payouts(*selected):
    return (Payout.select(cases.Case.number, *selected).join(Claim).join(cases.Case)
            .switch(Payout))


def _sums(condition):
    """How many payouts of each claim, and their sum."""
    return (Payout.select(Payout.claim, fn.COUNT(Payout.id).alias("times"),
                          fn.SUM(Payout.amount).alias("total"))
            .where(condition).group_by(Payout.claim))


def _said(words):
    return lambda *_: [words]


CHECKS = (
    (_paid_wrongly, _say_paid_wrongly), (_too_much, _say_too_much),
    (_other_amount, _say_other_amount), (_other_state, _say_other_state),
    (_above_entitlement, _said("disetujui lebih dari yang diminta atau yang ada")),
    (_not_agreed, _said("disetujui tanpa dua orang, tanpa wawancara, atau oleh orangnya sendiri")),
    (_other_balance, _say_other_balance),
    (_no_balance, _said("ada pencairan JHT yang disetujui, tetapi tidak ada saldo")),
    (_other_file, _say_other_file), (_other_case, _say_other_case),
    (_to_held, _said("dikirim ke bank saat pembayaran ditahan")),
)
