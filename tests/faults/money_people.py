"""Gives the first people of a house something to claim: savings, an end, age or years.

``python -m tests.faults.money_people`` with the house's environment.
"""

from datetime import date, timedelta

from tests.faults.money import PEOPLE
from webapp import clock, create_app
from webapp.db import ensure_connection, write_transaction
from webapp.deactivation import service as deactivations
from webapp.models.claims import LINKED, Destination, Savings
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on


def prepare():
    """The whole of it."""
    create_app()
    ensure_connection()
    ani, now = User.get(User.email.matches("ani@maju.example")), clock.now()
    workers = Worker.select().where(Worker.user.is_null(False)).order_by(Worker.id).limit(PEOPLE)
    for place, worker in enumerate(list(workers)):
        with write_transaction():
            Savings.create(worker=worker, credited=8_000_000 + place * 1_700_000,
                           as_of=clock.today())
            _link(worker, now)
            (Membership.update(started_on=date(2010, 1, 1))
             .where(Membership.worker == worker).execute())
            if place % 3 == 1:
                Worker.update(birth_date=date(1965, 5, 5)).where(Worker.id == worker.id).execute()
        if place % 3 == 0:
            _end(Membership.get(Membership.worker == worker), ani, now)


def _link(worker, now):
    row = Destination(user=worker.user_id, provider="BNI", state=LINKED, linked_at=now,
                      begun_at=now, distance=0)
    row.number, row.holder = f"{7_000_000_000 + worker.id}", worker.name
    row.save(force_insert=True)


def _end(membership, ani, now):
    draft = deactivations.save_draft(
        membership, ani, reason="RSG", note="", document=None, now=now,
        last_day=clock.day_of(now) - timedelta(days=40))
    deactivations.file(draft, ani, version=draft.version, company=membership.company,
                       rules=rules_on(clock.day_of(now)), now=now)


if __name__ == "__main__":
    prepare()
