"""Taking workers into a company's list, many at a time."""

from itertools import islice

from webapp import audit, vault
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.models.workers import (
    ACTIVE,
    Membership,
    MembershipWord,
    NameDeletion,
    NameWord,
    Worker,
)
from webapp.workers.name_search import deletions, name_words
from webapp.workers.worker_list import RefusedRow

CHUNK = 500      # rows in one transaction: others wait some tens of milliseconds at most

OTHER_PERSON = "Nomor KPJ ini sudah terdaftar atas orang lain. Periksa lagi nomornya."
OTHER_CARD = "NIK ini masih aktif di perusahaan ini dengan nomor KPJ lain. Periksa lagi keduanya."


class Outcome:
    """What became of a list: counts, and every refused row as it is found."""

    def __init__(self):
        self.added, self.unchanged, self.refused = 0, 0, 0


def take_in_list(company, rows, *, now, outcome):
    """Add the workers of a checked list. Yields each refused row; fills ``outcome``.

    Rows that are there already are counted as unchanged, so that a list can be taken in again.
    Each chunk is one transaction with its audit entry: an interrupted run is finished by running
    it again.

    :param rows: ``TakenRow`` and ``RefusedRow`` as ``worker_list.check_worker_list`` gives them.
    """
    rows = iter(rows)
    words = {}
    while chunk := list(islice(rows, CHUNK)):
        taken = [row for row in chunk if not isinstance(row, RefusedRow)]
        late = _take_in_chunk(company, taken, now, outcome, words)
        refused = sorted([row for row in chunk if isinstance(row, RefusedRow)] + late,
                         key=lambda row: row.row_number)
        outcome.refused += len(refused)
        yield from refused


def _take_in_chunk(company, rows, now, outcome, words):
    with write_transaction():
        people = _people_by_nik(rows)
        cards = {card.kpj: card for card in
                 Membership.select().where(Membership.kpj << [row.kpj for row in rows])}
        busy = _active_at(company, people)
        fresh, refused = [], []
        for row in rows:
            fault = _fault(row, company, people, cards, busy)
            if fault:
                refused.append(fault)
            elif row.kpj in cards:
                outcome.unchanged += 1
            else:
                fresh.append(row)
        _insert(company, fresh, people, now, words)
        if fresh:
            audit.record(Event.WORKERS_IMPORTED, chain=audit.company_chain(company), actor=None,
                         subject=company.public_id, now=now, workers=len(fresh))
    outcome.added += len(fresh)
    return refused


def _people_by_nik(rows):
    """The workers among these rows who are known already, by the index of their NIK."""
    indexes = [_nik_index(row.nik) for row in rows]
    return {worker.nik_index: worker
            for worker in Worker.select().where(Worker.nik_index << indexes)}


def _active_at(company, people):
    """Ids of those workers with an active membership at the company."""
    return {number for (number,) in Membership.select(Membership.worker).where(
        Membership.company == company, Membership.status == ACTIVE,
        Membership.worker << [worker.id for worker in people.values()]).tuples()}


def _fault(row, company, people, cards, busy):
    worker = people.get(_nik_index(row.nik))
    card = cards.get(row.kpj)
    if card and (not worker or card.worker_id != worker.id or card.company_id != company.id):
        return RefusedRow(row.row_number, "KPJ", OTHER_PERSON)
    if not card and worker and worker.id in busy:
        return RefusedRow(row.row_number, "NIK", OTHER_CARD)
    return None


def _insert(company, rows, people, now, words):
    unknown = [row for row in rows if _nik_index(row.nik) not in people]
    made = [_worker(row, now) for row in unknown]
    if made:
        Worker.insert_many([worker.__data__ for worker in made]).execute()
        people.update(_people_by_nik(unknown))
    cards = [{"company": company, "worker": people[_nik_index(row.nik)].id, "kpj": row.kpj,
              "started_on": row.start_date, "position": row.position or "", "wage": row.wage,
              "name_key": name_key(row.name)} for row in rows]
    if cards:
        Membership.insert_many(cards).execute()
        _index_names(company, rows, words)


def _worker(row, now):
    worker = Worker(name=row.name, birth_date=row.birth_date, created_at=now)
    worker.nik, worker.phone, worker.email = row.nik, row.phone, row.email
    return worker


def _index_names(company, rows, words):
    """Note which words the new names have, so that they can be found."""
    named = {row.kpj: name_words(row.name) for row in rows}
    _learn_words({word for found in named.values() for word in found}, words)
    numbers = Membership.select(Membership.kpj, Membership.id).where(Membership.kpj << list(named))
    MembershipWord.insert_many([
        {"company": company, "word": words[word], "membership": number}
        for kpj, number in numbers.tuples() for word in named[kpj]]).execute()


def _learn_words(wanted, words):
    """Make sure these words are kept, with their deletions; ``words`` maps text to id."""
    new = sorted(wanted - words.keys())     # in one order: two imports cannot lock each other out
    if not new:
        return
    known = dict(_ids_of(new))
    missing = [word for word in new if word not in known]
    if missing:
        NameWord.insert_many([{"text": word} for word in missing]).on_conflict_ignore().execute()
        fresh = dict(_ids_of(missing))
        NameDeletion.insert_many([
            {"text": shorter, "word": number} for word, number in fresh.items()
            for shorter in sorted(deletions(word)) if shorter]).on_conflict_ignore().execute()
        known |= fresh
    words |= known


def _ids_of(words):
    return NameWord.select(NameWord.text, NameWord.id).where(NameWord.text << words).tuples()


def name_key(name):
    """What lists are ordered by: the name in plain lower case."""
    return " ".join(name.casefold().split())[:200]


def _nik_index(nik):
    return vault.current().index(nik, Worker.nik.context)
