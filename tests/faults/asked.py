"""What waits for its hour: a request with its company, and two accounts that close.

``python -m tests.faults.asked MOMENT``: the request may be answered until that day's end, the
accounts close a minute after the moment and a second before it.
"""

import secrets
import sys
from datetime import datetime, timedelta

from webapp import create_app
from webapp.clock import day_of
from webapp.db import ensure_connection, write_transaction
from webapp.models.accounts import Closure
from webapp.models.cases import Case
from webapp.models.people import CLOSING, User
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on
from webapp.requests import service

REASON = "RSG"
CLOSE_AFTER = timedelta(minutes=1), timedelta(seconds=-1)


def prepare(now):
    """All three."""
    person, *closing = (Worker.select().where(Worker.user.is_null(False)).order_by(Worker.id)
                        .limit(1 + len(CLOSE_AFTER)))
    _ask(person, now)
    with write_transaction():
        for worker, after in zip(closing, CLOSE_AFTER, strict=True):
            User.update(state=CLOSING).where(User.id == worker.user_id).execute()
            Closure.create(user=worker.user_id, channel="email", requested_at=now,
                           due_at=now + after, cancel_index=secrets.token_hex(16))


def _ask(worker, now):
    membership = Membership.get(Membership.worker == worker)
    rules = rules_on(day_of(now))
    draft = service.begin(membership, worker.user, now)
    draft = service.keep_draft(draft, reason=REASON, last_day=day_of(now), note="", now=now)
    service.send(draft, worker.user, version=draft.version, rules=rules, now=now)
    with write_transaction():
        Case.update(due_on=day_of(now)).where(Case.id == draft.case_id).execute()


if __name__ == "__main__":
    create_app()
    ensure_connection()
    prepare(datetime.fromisoformat(sys.argv[1]))
