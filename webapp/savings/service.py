"""Balances taken in as the fund reports them."""

from itertools import islice

from webapp import audit, vault
from webapp.audit import Event
from webapp.db import is_sqlite, write_transaction
from webapp.formats import show_date, show_rupiah
from webapp.list_header import RefusedRow
from webapp.models.claims import Savings
from webapp.models.workers import Membership, Worker
from webapp.prepared import add_all
from webapp.savings.savings_list import LABELS, BalanceRow

CHUNK = 500      # rows in one transaction: others wait some tens of milliseconds at most
NOT_THERE = "Peserta ini tidak ada di Purna. Periksa lagi nomornya."
TWO_PEOPLE = "NIK dan KPJ ini milik dua orang yang berbeda. Periksa lagi keduanya."


class Outcome:
    """What became of a list of balances, by rows."""

    def __init__(self):
        self.changed, self.unchanged, self.refused = 0, 0, 0


def take_in_savings(rows, *, now, outcome):
    """Note the balances of a list. Fills ``outcome``; yields the rows that are refused.

    What is there already is left as it is, so the same list twice changes nothing.

    :param rows: ``BalanceRow`` and ``RefusedRow`` of ``savings_list``.
    """
    rows, seen = iter(rows), {}
    while chunk := list(islice(rows, CHUNK)):
        good = [row for row in chunk if isinstance(row, BalanceRow)]
        refused = [row for row in chunk if isinstance(row, RefusedRow)]
        refused += _take_in_chunk(good, seen, now, outcome)
        outcome.refused += len(refused)
        yield from sorted(refused, key=lambda row: row.row_number)


def _take_in_chunk(rows, seen, now, outcome):
    """One transaction. Returns the rows that are refused.

    :param seen: number of a worker → the row that named them first; grows.
    """
    refused, added, changed = [], [], 0
    with write_transaction():
        people = _People(rows)
        known = _locked({people.of(row) for row in rows} - {None})
        for row in rows:
            worker = people.of(row)
            there = known.get(worker)
            problem = people.problem(row) or _repeated(row, worker, seen) or _problem(row, there)
            if problem:
                refused.append(RefusedRow(row.row_number, *problem))
            elif there is None:
                added.append({"worker": worker, "credited": row.credited, "as_of": row.as_of,
                              "partial_on": row.partial_on})
            else:
                changed += _change(there, row)
        add_all(Savings, added)
        if added or changed:
            audit.record(Event.SAVINGS_IMPORTED, chain=audit.ACCOUNTS, actor=None, subject=None,
                         now=now, added=len(added), changed=changed)
    outcome.changed += len(added) + changed
    outcome.unchanged += len(rows) - len(refused) - len(added) - changed
    return refused


class _People:
    """Whom rows name: numbers of workers, found with two statements."""

    def __init__(self, rows):
        self._index = {row.nik: vault.current().index(row.nik, "worker.nik")
                       for row in rows if row.nik}
        self._by_nik = dict(Worker.select(Worker.nik_index, Worker.id)
                            .where(Worker.nik_index << list(self._index.values())).tuples())
        self._by_kpj = dict(Membership.select(Membership.kpj, Membership.worker)
                            .where(Membership.kpj << [row.kpj for row in rows if row.kpj])
                            .tuples())

    def of(self, row):
        """The number of the worker, or None."""
        found = self._found(row)
        return found.pop() if len(found) == 1 else None

    def problem(self, row):
        """(column, sentence) where it is nobody, or two people; else None."""
        found = self._found(row)
        if found == {None}:
            return LABELS["nik" if row.nik else "kpj"], NOT_THERE
        if None in found:
            unknown = "nik" if self._by_nik.get(self._index.get(row.nik)) is None else "kpj"
            return LABELS[unknown], NOT_THERE
        return (LABELS["kpj"], TWO_PEOPLE) if len(found) > 1 else None

    def _found(self, row):
        found = set()
        if row.nik:
            found.add(self._by_nik.get(self._index[row.nik]))
        if row.kpj:
            found.add(self._by_kpj.get(row.kpj))
        return found


def _locked(workers):
    """The savings of these workers by their numbers, locked until the transaction ends."""
    rows = Savings.select().where(Savings.worker << list(workers)).order_by(Savings.id)
    rows = rows if is_sqlite() else rows.for_update()
    return {row.worker_id: row for row in rows}


def _repeated(row, worker, seen):
    first = seen.setdefault(worker, row.row_number)
    if first != row.row_number:
        return LABELS["nik" if row.nik else "kpj"], f"Orang ini sudah ada di baris {first}."
    return None


def _problem(row, there):
    """(column, sentence) where a row cannot follow what is known; else None."""
    if there is None:
        return None
    if row.credited < there.taken:
        return LABELS["balance"], (
            f"Saldo ini kurang dari {show_rupiah(there.taken)} yang sudah dicairkan. Saldo adalah "
            "semua yang pernah dimasukkan, sebelum ada yang diambil.")
    if row.as_of < there.as_of:
        return LABELS["as_of"], (f"Saldo per {show_date(there.as_of)} sudah dicatat. "
                                 "Baris ini lebih lama.")
    return None


def _change(there, row):
    """Write what differs. Returns how many rows were changed, 0 or 1."""
    partial_on = row.partial_on or there.partial_on
    before = (there.credited, there.as_of, there.partial_on)
    if before == (row.credited, row.as_of, partial_on):
        return 0
    return (Savings.update(credited=row.credited, as_of=row.as_of, partial_on=partial_on)
            .where(Savings.id == there.id).execute())
