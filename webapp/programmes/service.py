"""Joining a wave and taking it back. Each is one transaction: the account locked, the wave held as
it is, the applicant's row, the message, the audit entry."""

import hashlib
from datetime import timedelta

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation.queries import is_dead
from webapp.models.programmes import JOINED, OPEN, Applicant
from webapp.parameters import rules_on
from webapp.programmes import messages
from webapp.programmes.conditions import Facts, judge, unmet
from webapp.programmes.queries import (
    applicant_in,
    chosen_of_family,
    opened,
    was_chosen,
    withdrawable_of,
)
from webapp.programmes.states import held
from webapp.programmes.telling import tell
from webapp.programmes.words import is_open
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import new_number, show_number

# Whoever tries cards one after another would learn of which families somebody was chosen.
# Each is counted when it is checked and when it is sent.
CARDS = Limit("family-cards", 20, timedelta(days=1))


class NotOpen(Exception):
    """The wave is not open, or not any more."""


class NotEligible(Exception):
    """Some conditions are not met: ``conditions``."""

    def __init__(self, conditions):
        super().__init__(conditions)
        self.conditions = conditions


def conditions_for(wave, worker, today, family=None):
    """Every condition of joining a wave, as it stands for this person.

    :param family: the index of the family card, or None while it is not known.
    """
    facts = Facts(today=today, birth_date=worker.birth_date,
                  was_chosen=was_chosen(wave.programme_id, worker), is_dead=is_dead(worker),
                  of_family=family and chosen_of_family(wave.programme_id, family))
    return judge(facts, rules_on(today))


def count_card(user, now):
    """Count that somebody typed a family card, before it is judged.

    :raises webapp.rate_limit.TooMany: too many today.
    """
    count_try(CARDS, user.public_id.hex, now)


def agreed_digest(wave):
    """What of a wave's declarations is kept with whoever agreed to them."""
    return hashlib.sha256(wave.declarations.encode()).hexdigest()


def join(wave, worker, user, *, family, now):
    """Put a person on the list. Twice, also at once, is once.

    :param wave: with its programme.
    :param family: the index of the family card, as ``family_card.index_of`` makes it.
    :returns: the ``Applicant``.
    :raises NotOpen: and :raises NotEligible: as they say.
    """
    with write_transaction():
        locked(user.id)
        [fresh] = opened([held(wave.id)], now)
        there = applicant_in(wave, worker)
        if there:
            return there
        if not is_open(fresh, now):
            raise NotOpen
        missing = unmet(conditions_for(wave, worker, day_of(now), family))
        if missing:
            raise NotEligible(missing)
        applicant = Applicant.create(
            wave=wave, programme=wave.programme_id, worker=worker, number=new_number(),
            family_index=family, agreed=agreed_digest(fresh), joined_at=now)
        tell(applicant, worker, "joined", now, messages.joined(wave, applicant.number))
        _record(Event.APPLICANT_JOINED, applicant, wave, worker, user, now,
                declarations=applicant.agreed)
    return applicant


def withdraw(wave, worker, user, now):
    """Take a person off the list again while the wave is open. Twice is once.

    :raises NotOpen: as it says.
    """
    with write_transaction():
        locked(user.id)
        [fresh] = opened([held(wave.id)], now)
        applicant = applicant_in(wave, worker)
        if applicant is None:
            return
        if not _taken_off(applicant, fresh, now):
            raise NotOpen
        tell(applicant, worker, "withdrawn", now, messages.withdrawn(wave))
        _record(Event.APPLICANT_WITHDRAWN, applicant, wave, worker, user, now)


def end_with_account(worker, now):
    """The account of a worker is closed: they are taken off the lists that are still open. What is
    closed or drawn stays. A part of that act: inside its transaction, before the worker's row is
    taken.

    :returns: what was withdrawn, for ``record_ended`` when all else is done.
    """
    return [applicant for applicant in list(withdrawable_of(worker, now))
            for wave in opened([held(applicant.wave_id)], now)
            if _taken_off(applicant, wave, now)]


def record_ended(applicants, worker, now):
    """Record what ``end_with_account`` withdrew."""
    for applicant in applicants:
        _record(Event.APPLICANT_WITHDRAWN, applicant, applicant.wave, worker, None, now,
                by="closure")


def _taken_off(applicant, wave, now):
    """Whether somebody was taken off a wave.

    :param wave: as ``held`` gives it.
    """
    if wave.state != OPEN or now >= wave.closes_at or applicant.state != JOINED:
        return False
    return bool(Applicant.delete().where(Applicant.id == applicant.id, Applicant.state == JOINED)
                .execute())


def _record(event, applicant, wave, worker, user, now, **details):
    audit.record(event, chain=audit.ACCOUNTS, actor=user, subject=worker.public_id, now=now,
                 number=show_number(applicant.number), programme=wave.programme.name,
                 wave=wave.number, **details)
