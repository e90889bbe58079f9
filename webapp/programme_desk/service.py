"""What managers do with programmes: make one, open a wave, extend or close it, begin the draw, and
revoke an applicant. Each is one transaction with its audit entry. What falls due by itself is in
``turns``."""

import json
from datetime import timedelta

from peewee import IntegrityError, fn

from webapp import audit
from webapp.assistance.service import PaidMeanwhile, end_revoked, has_been_paid
from webapp.audit import Event
from webapp.cases.moves import AlreadyDone
from webapp.cases.own import is_own, workers_of
from webapp.cases.service import CaseChanged
from webapp.clock import day_of, start_of
from webapp.db import write_transaction
from webapp.draw.listing import commitment_of, new_secret
from webapp.models.people import MANAGER
from webapp.models.programmes import (
    CHOSEN,
    CLOSED,
    DRAWING,
    DRAWN,
    JOINED,
    OPEN,
    REVOKED,
    SCHEDULED,
    Applicant,
    Programme,
    Wave,
)
from webapp.parameters import rules_on
from webapp.programme_desk.stopping import stopped_by
from webapp.programmes import messages
from webapp.programmes.conditions import ALWAYS
from webapp.programmes.queries import takes_part
from webapp.programmes.states import change, held, move
from webapp.programmes.telling import tell
from webapp.receipts.signing import show_number

__all__ = ["AlreadyDone", "CaseChanged", "NotManager", "NotYours", "Refused", "begin_draw",
           "close_early", "extend", "make_programme", "make_wave", "may_revoke", "review_of",
           "revoke", "takes_part_in"]

REVOCABLE = {JOINED: (OPEN, CLOSED), CHOSEN: DRAWN}     # in which states of the wave


class NotManager(Exception):
    """Only managers do this."""


class NotYours(Exception):
    """One takes part in this oneself (reliability AZ-13)."""


class Refused(Exception):
    """It cannot be done so: ``sentence`` says why, ``field`` names what to change."""

    def __init__(self, field, sentence):
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def make_programme(user, now, *, name, lead, grant):
    """Make a programme. The same press twice makes one. Returns the ``Programme``.

    :param grant: rupiah for each who is chosen.
    :raises Refused: another has this name.
    """
    _only_managers(user)
    there = Programme.get_or_none(fn.LOWER(Programme.name) == name.lower())
    if there and (there.name, there.lead, there.grant, there.created_by_id) == (
            name, lead, grant, user.id):
        return there
    try:
        if there:
            raise IntegrityError
        with write_transaction():
            made = Programme.create(name=name, lead=lead, grant=grant, created_by=user,
                                    created_at=now)
            audit.record(Event.PROGRAMME_MADE, chain=audit.ACCOUNTS, actor=user,
                         subject=made.public_id, now=now, name=name, grant=grant)
    except IntegrityError as problem:
        raise Refused("name", "Sudah ada program dengan nama ini. Pakai nama lain.") from problem
    return made


def make_wave(programme, user, now, *, number, opens_on, closes_on, quota, declarations):
    """Schedule the next wave; it opens and closes by itself. Its secret is made here, and nobody
    sees it before the draw. The same press twice makes one. Returns the ``Wave``.

    :param number: the one the page showed; opens_on: and closes_on: its first and last day.
    :param declarations: sentences one agrees to besides those of the rules, a list.
    :raises Refused: the days do not fit those of the wave before.
    :raises CaseChanged: a colleague made that wave, another one.
    """
    _only_managers(user)
    terms = {"opens_at": start_of(opens_on), "closes_at": start_of(closes_on + timedelta(days=1)),
             "quota": quota, "declarations": json.dumps([*ALWAYS, *declarations],
                                                        ensure_ascii=False)}
    secret = new_secret()
    wave = Wave(programme=programme, number=number, opened_by=user, created_at=now,
                commitment=commitment_of(secret), **terms)
    wave.secret = secret
    try:
        with write_transaction():
            newest = _newest_wave(programme)
            if number != (newest.number + 1 if newest else 1):
                raise IntegrityError
            _refuse_overlap(newest, terms["opens_at"], now)
            wave.save(force_insert=True)
            audit.record(Event.WAVE_MADE, chain=audit.ACCOUNTS, actor=user, subject=wave.public_id,
                         now=now, programme=programme.name, number=number, quota=quota,
                         opens=opens_on.isoformat(), closes=closes_on.isoformat(),
                         commitment=wave.commitment)
    except IntegrityError as problem:
        return _made_before(programme, user, number, terms, problem)
    return wave


def extend(wave, user, now, *, version, closes_on):
    """Let people join longer.

    :raises Refused: :raises NotYours: :raises AlreadyDone: and :raises CaseChanged: as they say.
    """
    _only_others(wave, user)
    closes_at = start_of(closes_on + timedelta(days=1))
    with write_transaction():
        if wave.state not in (SCHEDULED, OPEN) or now >= wave.closes_at:
            raise CaseChanged
        if closes_at == wave.closes_at:
            raise AlreadyDone
        following = Wave.get_or_none(Wave.programme == wave.programme_id,
                                     Wave.number == wave.number + 1)
        if following and closes_at + review_of(now) > following.opens_at:
            raise Refused("closes_on", "Gelombang berikutnya sudah dijadwalkan sebelum undian "
                          "gelombang ini. Pilih hari yang lebih awal.")
        change(wave, version, closes_at=closes_at)
        _record(Event.WAVE_EXTENDED, wave, user, now, closes=closes_on.isoformat())


def close_early(wave, user, now, *, version):
    """Close a wave before its time: the list is fixed now.

    :raises NotYours: :raises AlreadyDone: and :raises CaseChanged: as they say.
    """
    _only_others(wave, user)
    with write_transaction():
        move(wave, version, CLOSED, closes_at=now)
        _record(Event.WAVE_CLOSED, wave, user, now, early=True)


def begin_draw(wave, user, now, *, version):
    """Begin the draw before it begins by itself; again, where it stopped because something was
    altered.

    :raises NotYours: :raises AlreadyDone: and :raises CaseChanged: as they say; also while the
        list is not fixed.
    """
    _only_others(wave, user)
    with write_transaction():
        if wave.digest is None:
            raise CaseChanged
        if wave.state == DRAWING and stopped_by(wave):
            change(wave, version)
        else:
            move(wave, version, DRAWING)
        _record(Event.WAVE_DRAWING, wave, user, now)


def revoke(applicant, user, now, *, version, reason):
    """Take somebody off a wave, for a reason that is told to them.

    Before the closing they are not on the list. Between closing and draw they stay on it, since it
    was made known, and are left out of the order. After the draw no place becomes free: the result
    stays what anybody can compute.

    :param applicant: with its wave, programme and worker.
    :raises NotYours: :raises AlreadyDone: and :raises CaseChanged: as they say.
    """
    _only_others(applicant.wave, user)
    if is_own(applicant.worker, user):
        raise NotYours
    with write_transaction():
        wave = held(applicant.wave_id)
        if not may_revoke(applicant, wave):
            _say_why(applicant, user, version)
        applicant.reason = reason
        changed = (Applicant.update(
            state=REVOKED, version=Applicant.version + 1, revoked_by=user, revoked_at=now,
            reason_sealed=applicant.reason_sealed, is_listed=wave.state != OPEN)
            .where(Applicant.id == applicant.id, Applicant.version == version,
                   Applicant.state == applicant.state).execute())
        if not changed:
            _say_why(applicant, user, version)
        try:
            ended = end_revoked(applicant, now)
        except PaidMeanwhile:     # not seen by ``may_revoke``, which locks nothing
            raise CaseChanged from None
        tell(applicant, applicant.worker, "revoked", now,
             messages.revoked(applicant.wave, reason))
        audit.record(Event.APPLICANT_REVOKED, chain=audit.ACCOUNTS, actor=user,
                     subject=applicant.worker.public_id, now=now,
                     number=show_number(applicant.number), wave=wave.number,
                     programme=applicant.wave.programme.name, assistance_ended=ended)


def may_revoke(applicant, wave):
    """Whether somebody can still be taken off a wave: what was paid stays paid."""
    return (wave.state in REVOCABLE.get(applicant.state, ()) and not has_been_paid(applicant))


def review_of(now):
    """How long after the closing the draw begins by itself, a ``timedelta``."""
    return timedelta(hours=rules_on(day_of(now))["wave.review_hours"])


def _only_managers(user):
    if user.role != MANAGER:
        raise NotManager


def takes_part_in(wave, user):
    """Whether a member of staff joined a wave, also by another account of theirs."""
    return takes_part(wave, workers_of(user))


def _only_others(wave, user):
    """Who decides about a wave has no chance in it."""
    _only_managers(user)
    if takes_part_in(wave, user):
        raise NotYours


def _newest_wave(programme):
    return (Wave.select().where(Wave.programme == programme)
            .order_by(Wave.number.desc()).first())


def _refuse_overlap(newest, opens_at, now):
    """One wave of a programme after another: who was chosen cannot join the next."""
    if newest and newest.state in (SCHEDULED, OPEN, CLOSED, DRAWING) and (
            opens_at < newest.closes_at + review_of(now)):
        raise Refused("opens_on", f"Gelombang {newest.number} belum selesai diundi pada hari itu. "
                      "Pilih hari yang lebih akhir.")


def _made_before(programme, user, number, terms, problem):
    there = Wave.get_or_none(Wave.programme == programme, Wave.number == number)
    if there and there.opened_by_id == user.id and all(
            getattr(there, name) == value for name, value in terms.items()):
        return there
    raise CaseChanged from problem


def _say_why(applicant, user, version):
    fresh = Applicant.get_by_id(applicant.id)
    if (fresh.state, fresh.version, fresh.revoked_by_id) == (REVOKED, version + 1, user.id):
        raise AlreadyDone
    raise CaseChanged


def _record(event, wave, user, now, **details):
    audit.record(event, chain=audit.ACCOUNTS, actor=user, subject=wave.public_id, now=now,
                 programme=wave.programme.name, number=wave.number, **details)
