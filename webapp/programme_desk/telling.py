"""Telling the results of a draw, some people at a time: each once, whenever this is killed.

The wave remembers the number up to which everybody was told; the messages, what was granted and
that number are one commit.
"""

from datetime import timedelta

from peewee import JOIN

from webapp import audit
from webapp.assistance.queries import dead_among
from webapp.assistance.service import grant
from webapp.audit import Act, Event
from webapp.db import is_sqlite, left_by_others, write_transaction
from webapp.messages.outbox import tell_all
from webapp.models.people import User
from webapp.models.programmes import ANNOUNCED, CHOSEN, REVOKED, Applicant, Wave
from webapp.models.workers import Worker
from webapp.programmes import messages
from webapp.programmes.telling import letter
from webapp.receipts.signing import show_number

AT_ONCE = 50
WORTH_TELLING = timedelta(days=7)     # a million messages take their time


def tell_some(wave, now):
    """Tell the next ones their result; whoever was chosen is granted what the programme gives.
    Of who died meanwhile it waits, and nobody is told.

    :param wave: with its programme.
    :returns: how many were looked at.
    """
    with write_transaction():
        fresh = left_by_others(Wave.select().where(Wave.id == wave.id, Wave.state == ANNOUNCED,
                                                   Wave.told_at.is_null())).first()
        if fresh is None:
            return 0
        rows = _next(fresh)
        if not rows:
            Wave.update(told_at=now).where(Wave.id == fresh.id).execute()
            return 0
        chosen = [row for row in rows if row.state == CHOSEN]
        dead = dead_among([row.worker_id for row in rows])
        grant(chosen, wave.programme, now, dead)
        tell_all([letter(row, row.worker, **messages.result(wave, row)) for row in rows
                  if row.state != REVOKED and row.worker_id not in dead],
                 kind="programme:result", now=now, expires_in=WORTH_TELLING)
        Wave.update(told_until=rows[-1].number).where(Wave.id == fresh.id).execute()
        if chosen:
            audit.record_all([_act(row, wave) for row in chosen], chain=audit.ACCOUNTS, now=now)
    return len(rows)


def _next(wave):
    """The next applicants with their people, held as they are: nobody is revoked meanwhile."""
    rows = (Applicant.select(Applicant, Worker, User).join(Worker)
            .join(User, JOIN.LEFT_OUTER)
            .where(Applicant.wave == wave, Applicant.number > wave.told_until)
            .order_by(Applicant.number).limit(AT_ONCE))
    return list(rows if is_sqlite() else rows.for_update('FOR NO KEY UPDATE OF "t1"'))


def _act(applicant, wave):
    return Act(Event.ASSISTANCE_GRANTED, None, applicant.worker.public_id,
               {"number": show_number(applicant.number), "programme": wave.programme.name,
                "wave": wave.number, "amount": wave.programme.grant})
