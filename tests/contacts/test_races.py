"""Many at once: one contact, one owner, one change."""

import pytest

from tests.contacts.person import NEW_PHONE, OLD_PHONE, siti_now, siti_with
from tests.page import in_parallel
from webapp import db, sessions
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.contacts import service
from webapp.contacts.kinds import PHONE
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Session, User

TIMES = 40


def proven(user, value, now):
    """A change whose codes both came back: the challenge is judged, nothing is changed yet."""
    challenge = challenges.begin(Purpose.CHANGE_CONTACT_NEW, user=user, now=now,
                                 bound=service._bound(user, PHONE, value),
                                 person=f"{value[-6:]}{user.id}")
    challenges.send(challenge, "sms", value, now)
    body = Message.select().order_by(Message.id.desc()).get().body
    challenges.judge(challenge, "".join(body.split()[1:3]), now)
    return challenge


def session_of(user, now):
    with db.write_transaction():
        return sessions.find(sessions.begin(user, now, "Chrome"))


def outcome(challenge, session, now):
    try:
        service.change(challenge, session, now)
    except (challenges.AlreadyUsed, service.Taken, service.Outdated) as reason:
        return type(reason).__name__
    return "done"


@pytest.fixture
def siti(cast):
    """Siti with a phone."""
    return siti_with(phone=OLD_PHONE)


def test_one_code_forty_times_changes_once(siti, now):
    challenge, session = proven(siti, NEW_PHONE, now), session_of(siti, now)
    outcomes = in_parallel(lambda _: outcome(challenge, session, now), TIMES)
    assert sorted(outcomes) == sorted(["done"] + ["AlreadyUsed"] * (TIMES - 1))
    assert siti_now().phone == NEW_PHONE
    assert AuditEntry.select().where(AuditEntry.kind == "contact:changed").count() == 1
    assert Message.select().where(Message.kind == "security:contact").count() == 3


def test_of_forty_changes_of_one_phone_one_wins(siti, now):
    session = session_of(siti, now)
    changes = [proven(siti, f"+62813900{number:05}", now) for number in range(TIMES)]
    outcomes = in_parallel(lambda number: outcome(changes[number], session, now), TIMES)
    assert sorted(outcomes) == sorted(["done"] + ["AlreadyUsed"] * (TIMES - 1))
    assert siti_now().phone == f"+62813900{outcomes.index('done'):05}"


def test_of_forty_accounts_that_prove_one_phone_one_gets_it(cast, now):
    people = []
    for number in range(TIMES):
        user = User(role="worker", name=f"Orang {number}", created_at=now)
        user.email = f"orang{number}@pekerja.example"
        user.save(force_insert=True)
        people.append(user)
    proofs = []
    for user in people:
        challenge = challenges.begin(Purpose.CHANGE_CONTACT_NEW, user=user, now=now,
                                     bound=service._bound(user, PHONE, NEW_PHONE))
        proofs.append((challenge, session_of(user, now)))
    outcomes = in_parallel(lambda number: outcome(*proofs[number], now), TIMES)
    assert sorted(outcomes) == sorted(["done"] + ["Taken"] * (TIMES - 1))
    assert User.select().where(User.phone.matches(NEW_PHONE)).count() == 1


def test_a_session_that_ends_at_the_same_moment_is_not_brought_back(siti, now):
    for number in range(20):
        user = siti_now()
        challenge, session = proven(user, f"+62813911{number:05}", now), session_of(user, now)
        acts = [lambda c=challenge, s=session: outcome(c, s, now),
                lambda u=user: _end_all(u, now)]
        in_parallel(lambda which, acts=acts: acts[which](), 2)
        assert not Session.select().where(Session.ended_at.is_null()).exists()


def test_a_session_that_ended_before_changes_nothing(siti, now):
    challenge, session = proven(siti, NEW_PHONE, now), session_of(siti, now)
    _end_all(siti, now)
    assert outcome(challenge, session, now) == "Outdated"
    assert siti_now().phone == OLD_PHONE
    assert not Message.select().where(Message.kind == "security:contact").exists()


def _end_all(user, now):
    with db.write_transaction():
        return sessions.end_all(user, now)


def test_of_an_account_that_closes_meanwhile_nothing_is_changed(siti, now):
    challenge, session = proven(siti, NEW_PHONE, now), session_of(siti, now)
    User.update(state="MENUNGGU_PENUTUPAN").where(User.id == siti.id).execute()
    assert outcome(challenge, session, now) == "Outdated"
    assert siti_now().phone == OLD_PHONE
