"""Taking workers into a company's list, many at a time."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

import peewee

from webapp import audit, vault
from webapp.audit import Event
from webapp.db import database, write_transaction
from webapp.list_header import RefusedRow
from webapp.models.workers import (
    ACTIVE,
    Membership,
    MembershipWord,
    NameDeletion,
    NameWord,
    Worker,
)
from webapp.prepared import add_all, add_missing
from webapp.workers.name_search import deletions, name_words

CHUNK = 500      # rows in one transaction: others wait some tens of milliseconds at most

OTHER_PERSON = "Nomor KPJ ini sudah terdaftar atas orang lain. Periksa lagi nomornya."
OTHER_NIK = "NIK ini sudah terdaftar atas orang lain. Periksa lagi nomornya."
OTHER_CARD = "NIK ini masih aktif di perusahaan ini dengan nomor KPJ lain. Periksa lagi keduanya."


class Outcome:
    """What became of a list: counts, and every refused row as it is found."""

    def __init__(self):
        self.added, self.unchanged, self.refused = 0, 0, 0


@dataclass(frozen=True, slots=True)
class NotedRow:
    """A row that is taken, with something to look at. ``column`` is the header as in the file."""

    row_number: int
    column: str
    reason: str


def take_in_list(company, rows, *, now, outcome):
    """Add the workers of a checked list. Fills ``outcome``.

    Yields what its keeper should look at, in the order of the rows: each refused row as a
    ``RefusedRow``, each oddity of a newly taken one as a ``NotedRow``.

    Rows that are there already are counted as unchanged, so that a list can be taken in again.
    Each chunk is one transaction with its audit entry: an interrupted run is finished by running
    it again.

    :param rows: ``TakenRow`` and ``RefusedRow`` as ``worker_list.check_worker_list`` gives them.
    """
    rows = iter(rows)
    words = {}
    while chunk := list(islice(rows, CHUNK)):
        refused = [row for row in chunk if isinstance(row, RefusedRow)]
        usable = [row for row in chunk if not isinstance(row, RefusedRow)]
        fresh, late = _take_in_chunk(company, usable, now, outcome, words)
        outcome.refused += len(refused) + len(late)
        yield from sorted([*refused, *late, *_noted(fresh)], key=lambda row: row.row_number)


def _noted(rows):
    return [NotedRow(row.row_number, note.column, note.sentence)
            for row in rows for note in row.notes]


def _take_in_chunk(company, rows, now, outcome, words):
    """One transaction. Returns the rows that were added and the faults of those refused."""
    with write_transaction():
        known = _Known(company, rows)
        fresh, refused = [], []
        for row in rows:
            fault = known.fault(row)
            if fault:
                refused.append(fault)
            elif row.kpj in known.cards:
                outcome.unchanged += 1
            else:
                known.admit(row)
                fresh.append(row)
        if fresh:
            _insert(known, fresh, now, words)
            audit.record(Event.WORKERS_IMPORTED, chain=audit.company_chain(company), actor=None,
                         subject=company.public_id, now=now, workers=len(fresh))
    outcome.added += len(fresh)
    return fresh, refused


class _Person(NamedTuple):
    id: int | None      # None: the person is new with this chunk
    name: str
    birth_date: date


class _Known:
    """Who and which cards of a chunk are known; each row that is taken is known to the next.

    ``people`` goes by the index of the NIK; ``cards`` maps a KPJ to such an index and the company's
    id; ``busy`` has the indexes of those with an active membership at this company.
    """

    def __init__(self, company, rows):
        self.company = company
        self.indexes = {row.nik: vault.current().index(row.nik, Worker.nik.context)
                        for row in rows}
        self.people = _people(self.indexes.values())
        cards = (Membership.select(Membership.kpj, Worker.nik_index, Membership.company)
                 .join(Worker).where(_among(Membership.kpj, [row.kpj for row in rows])))
        self.cards = {kpj: (index, number) for kpj, index, number in cards.tuples()}
        self.busy = _active_at(company, self.people)

    def person(self, row):
        """Whom this row's NIK belongs to, or None."""
        return self.people.get(self.indexes[row.nik])

    def fault(self, row):
        """Why a row contradicts what is known, as a ``RefusedRow``, or None."""
        index, card, person = self.indexes[row.nik], self.cards.get(row.kpj), self.person(row)
        if card and card != (index, self.company.id):
            return RefusedRow(row.row_number, "KPJ", OTHER_PERSON)
        if person and person.birth_date != row.birth_date:
            # One wrong digit names a stranger: the date of birth tells them apart.
            return RefusedRow(row.row_number, "NIK", OTHER_NIK)
        if not card and index in self.busy:
            return RefusedRow(row.row_number, "NIK", OTHER_CARD)
        return None

    def admit(self, row):
        """Note that a row is taken."""
        index = self.indexes[row.nik]
        self.people.setdefault(index, _Person(None, row.name, row.birth_date))
        self.cards[row.kpj] = index, self.company.id
        self.busy.add(index)


    def meet(self, indexes):
        """Learn the ids of those who were just added."""
        found = Worker.select(Worker.nik_index, Worker.id).where(_among(Worker.nik_index, indexes))
        for index, number in found.tuples():
            _, name, birth_date = self.people[index]
            self.people[index] = _Person(number, name, birth_date)


def _among(field, texts):
    """The condition that a text column has one of these values.

    peewee's own makes an object of each value, which takes longer than finding it.
    """
    if not texts:
        return peewee.SQL("FALSE")
    places = ", ".join([database.param] * len(texts))
    return peewee.NodeList((field, peewee.SQL(f"IN ({places})", texts)))


def _people(indexes):
    """Those who are known already, by the index of their NIK."""
    found = (Worker.select(Worker.nik_index, Worker.id, Worker.name, Worker.birth_date)
             .where(_among(Worker.nik_index, list(indexes))))
    return {index: _Person(*rest) for index, *rest in found.tuples()}


def _active_at(company, people):
    """Indexes of those people with an active membership at the company."""
    if not people:
        return set()
    index_of = {person.id: index for index, person in people.items()}
    active = Membership.select(Membership.worker).where(
        Membership.company == company, Membership.status == ACTIVE,
        Membership.worker << list(index_of))
    return {index_of[number] for (number,) in active.tuples()}


def _insert(known, rows, now, words):
    unknown = [row for row in rows if known.person(row).id is None]
    if unknown:
        add_all(Worker, [_worker(row, now).__data__ for row in unknown])
        known.meet([known.indexes[row.nik] for row in unknown])
    people = [(row, known.person(row)) for row in rows]
    # By the name under which the person is kept, which this list may spell otherwise.
    add_all(Membership, [
        {"company": known.company.id, "worker": person.id, "kpj": row.kpj,
         "started_on": row.start_date, "position": row.position or "", "wage": row.wage,
         "contributed_until": row.paid_until, "name_key": name_key(person.name)}
        for row, person in people])
    _index_names(known.company, {row.kpj: person.name for row, person in people}, words)


def _worker(row, now):
    worker = Worker(name=row.name, birth_date=row.birth_date, created_at=now)
    worker.nik, worker.phone, worker.email = row.nik, row.phone, row.email
    return worker


def _index_names(company, names, words):
    """Note which words the new names have, so that they can be found.

    :param names: by KPJ.
    """
    named = {kpj: name_words(name) for kpj, name in names.items()}
    _learn_words({word for found in named.values() for word in found}, words)
    numbers = (Membership.select(Membership.kpj, Membership.id)
               .where(_among(Membership.kpj, list(named))))
    add_all(MembershipWord, [
        {"company": company.id, "word": words[word], "membership": number}
        for kpj, number in numbers.tuples() for word in named[kpj]])


def _learn_words(wanted, words):
    """Make sure these words are kept, with their deletions; ``words`` maps text to id."""
    new = sorted(wanted - words.keys())     # in one order: two imports cannot lock each other out
    if not new:
        return
    known = dict(_ids_of(new))
    missing = [word for word in new if word not in known]
    if missing:
        add_missing(NameWord, [{"text": word} for word in missing])
        fresh = dict(_ids_of(missing))
        add_missing(NameDeletion, [
            {"text": shorter, "word": number} for word, number in fresh.items()
            for shorter in sorted(deletions(word)) if shorter])
        known |= fresh
    words |= known


def _ids_of(words):
    return NameWord.select(NameWord.text, NameWord.id).where(NameWord.text << words).tuples()


def name_key(name):
    """What lists are ordered by: the name in plain lower case."""
    return " ".join(name.casefold().split())[:200]
