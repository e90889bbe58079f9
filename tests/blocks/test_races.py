"""Two managers at once, and a sign-in while an account is being blocked: one story."""

from tests.blocks.managers import proposed, seen
from tests.page import in_parallel, while_uncommitted
from webapp import clock, db, sessions
from webapp.blocks import ending, service
from webapp.models.audit import AuditEntry
from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, Block
from webapp.models.messages import Message
from webapp.models.people import ACTIVE, BLOCKED, IS_BLOCKED, User
from webapp.sessions import Visit
from webapp.sign_in.service import open_session

VISIT = Visit(address="127.0.0.1", browser="x")


def test_of_eight_who_confirm_or_drop_one_wins(cast, gita, hadi):
    block, now = proposed(cast.siti, cast.fajar), clock.now()
    pages = [(seen(block, by), by) for by in (gita, hadi) * 4]

    def decide(number):
        shown, by = pages[number]
        try:
            if number < 4:
                service.confirm(shown, by, version=1, now=now)
            else:
                service.drop(shown, by, "Keliru.", version=1, now=now)
        except (service.BlockChanged, service.AlreadyDone) as outcome:
            return type(outcome).__name__
        return "won"

    outcomes = in_parallel(decide, 8)
    assert outcomes.count("won") == 1
    stands = Block.get().state, User.get_by_id(cast.siti.id).state
    assert stands in ((IN_FORCE, BLOCKED), (DROPPED, ACTIVE))
    kinds = ("block:confirmed", "block:dropped")
    assert AuditEntry.select().where(AuditEntry.kind << kinds).count() == 1
    told = Message.select().where(Message.kind == "account:blocked").count()
    assert told == (stands[0] == IN_FORCE)


def test_whoever_signs_in_while_being_blocked_gets_no_further_than_the_reason(cast, gita):
    block, now = proposed(cast.siti, cast.fajar), clock.now()
    shown, user = seen(block, gita), User.get_by_id(cast.siti.id)

    def enter():
        return open_session(user, visit=VISIT, is_borrowed=False, failures=0, now=now)

    opened = while_uncommitted(lambda: service.confirm(shown, gita, version=1, now=now), enter)
    assert opened.stage == IS_BLOCKED
    assert sessions.find(opened.token).stage == IS_BLOCKED


def test_the_tasks_of_two_processes_and_a_manager_end_it_once(cast, gita, monkeypatch):
    block, now = proposed(cast.siti, cast.fajar, days=7), clock.now()
    service.confirm(seen(block, gita), gita, version=1, now=now)
    shown = [seen(block, gita) for _ in range(8)]
    later = now.replace(month=12)

    def end(number):
        if number % 2:
            return ending.end_over(later)
        try:
            service.end(shown[number], gita, "Cukup.", version=2, now=later)
        except (service.BlockChanged, service.AlreadyDone):
            return 0
        return 1

    assert sum(in_parallel(end, 8)) == 1
    assert Block.get().state == ENDED
    assert Message.select().where(Message.kind == "account:block ended").count() == 1
    assert not db.database.in_transaction()
