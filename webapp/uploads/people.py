"""Whom a row of a list means, among the company's own workers."""

from webapp import vault
from webapp.models.deactivations import STANDING, Deactivation
from webapp.models.workers import ACTIVE, Membership, MembershipWord, Worker
from webapp.uploads.judging import Person
from webapp.workers.name_search import LEAST_LETTERS, name_words, words_like


def people_with(company, cards):
    """Those of the company with these card numbers, a dict of ``Person`` by KPJ."""
    rows = list(_memberships(company).where(Membership.kpj << list(cards)).tuples())
    leaving = _leaving([number for number, *_ in rows])
    return {row[1]: Person(*row, leaves_on=leaving.get(row[0])) for row in rows}


def likely(company, values):
    """The one ``Person`` that a row with an unknown KPJ seems to mean, or None: the same birth date
    and the same name, but for one typing error a word."""
    words = [word for word in name_words(values.get("name", "")) if len(word) >= LEAST_LETTERS]
    if not words or not values.get("birth_date"):
        return None
    found = _memberships(company).where(Membership.status == ACTIVE,
                                        Worker.birth_date == values["birth_date"])
    for word in words:
        found = found.where(Membership.id << MembershipWord.select(MembershipWord.membership).where(
            MembershipWord.company == company, MembershipWord.word << words_like(word)))
    rows = list(found.limit(2).tuples())
    return Person(*rows[0]) if len(rows) == 1 else None


def index_nik(nik):
    """By what a worker with this NIK is known, as ``Person`` has it."""
    return vault.current().index(nik, Worker.nik.context)


def _memberships(company):
    """Rows as ``Person`` wants them."""
    return (Membership.select(Membership.id, Membership.kpj, Worker.name, Worker.birth_date,
                              Membership.started_on, Worker.nik_index, Membership.ended_on)
            .join(Worker).where(Membership.company == company))


def _leaving(numbers):
    """{membership: last day} of those whose end is filed and has not come."""
    rows = (Deactivation.select(Deactivation.membership, Deactivation.last_day)
            .where(Deactivation.membership << numbers, Deactivation.state << STANDING))
    return dict(rows.tuples())
