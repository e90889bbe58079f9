"""What the branch asks about programmes."""

from peewee import JOIN, fn

from webapp.branch.people import Person
from webapp.branch.queries import looked_after
from webapp.models.people import User
from webapp.models.programmes import Applicant, Programme, Wave
from webapp.models.workers import Worker

PAGE = 25


def programmes_before(before, size):
    """(up to ``size`` programmes, the newest first; whether there are older ones), a pair."""
    rows = Programme.select()
    if before:
        rows = rows.where(Programme.id < before)
    found = list(rows.order_by(Programme.id.desc()).limit(size + 1))
    return found[:size], len(found) > size


def newest_waves(programmes):
    """The newest wave of each of these programmes: dict by the programme's number."""
    other = Wave.alias()
    later = other.select().where(other.programme == Wave.programme, other.number > Wave.number)
    rows = Wave.select().where(Wave.programme << programmes, ~fn.EXISTS(later))
    return {row.programme_id: row for row in rows} if programmes else {}


def programme_with(public_id):
    """A programme, or None."""
    return Programme.get_or_none(Programme.public_id == public_id)


def waves_of(programme):
    """Its waves, the newest first."""
    return Wave.select().where(Wave.programme == programme).order_by(Wave.number.desc())


def applicants_after(wave, number):
    """(a page of a wave's applicants by number, each with its worker; whether there are more).

    :param number: the last one of the page before, or empty.
    """
    rows = list(Applicant.select(Applicant, Worker, User).join(Worker)
                .join(User, JOIN.LEFT_OUTER)
                .where(Applicant.wave == wave, Applicant.number > number)
                .order_by(Applicant.number).limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE


def ours_among(applicants, branch):
    """The numbers of those of these whom a branch looks after, a set.

    :param applicants: each with worker and the worker's account.
    """
    people = {row.id: person_in(row) for row in applicants}
    ours = looked_after(list(people.values()), branch)
    return {number for number, person in people.items() if person in ours}


def person_in(applicant):
    """Who an applicant is, as the desk knows people."""
    return Person(applicant.worker, applicant.worker.user)


def applicant_numbered(wave, number):
    """Who has this number in a wave, as ``applicant_with`` gives them; or None."""
    found = Applicant.get_or_none(Applicant.wave == wave, Applicant.number == number)
    return found and applicant_with(found.public_id)


def applicant_with(public_id):
    """An applicant with wave, programme, worker and the worker's account, and who revoked them; or
    None."""
    revoker = User.alias()
    return (Applicant.select(Applicant, Wave, Programme, Worker, User, revoker)
            .join(Wave).join(Programme).switch(Applicant)
            .join(Worker).join(User, JOIN.LEFT_OUTER).switch(Applicant)
            .join(revoker, JOIN.LEFT_OUTER, on=(Applicant.revoked_by == revoker.id),
                  attr="revoked_by")
            .where(Applicant.public_id == public_id).first())
