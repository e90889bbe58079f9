"""What the branch asks about programmes."""

from peewee import JOIN, fn

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
    rows = list(Applicant.select(Applicant, Worker).join(Worker)
                .where(Applicant.wave == wave, Applicant.number > number)
                .order_by(Applicant.number).limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE


def applicant_numbered(wave, number):
    """Who has this number in a wave, or None."""
    return Applicant.get_or_none(Applicant.wave == wave, Applicant.number == number)


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
