"""A new password: checked against the old one, and everything the old one opened is over."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, in_parallel
from webapp import clock, db, passwords, rate_limit, sessions
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Session, User
from webapp.models.workers import Worker
from webapp.profile import service

EMAIL, NEW = "siti@pekerja.example", "kuda baterai hijau jendela"


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    return Clerk(app).is_signed_in_as(cast.siti)


def change(clerk, current=PASSWORD, new=NEW):
    clerk.open("/profil/sandi")
    return clerk.send(password=current, new_password=new)


def stored():
    return User.get(User.email.matches(EMAIL)).password_hash


def test_the_new_one_opens_the_account_and_the_old_one_no_more(siti, app):
    page = change(siti)
    assert page.path == "/profil?selesai=sandi"
    assert "Kata sandi sudah diganti" in page.words()
    assert passwords.is_right(stored(), NEW)
    assert User.get(User.email.matches(EMAIL)).password_changed_at
    other = Clerk(app)
    other.open("/masuk")
    assert other.send(account=EMAIL, password=PASSWORD).status == 422
    Clerk(app).sign_in(EMAIL, NEW)


def test_v5_0_7_4_3_every_other_session_ends_and_this_one_gets_a_new_id(siti, app):
    other, before = Clerk(app).sign_in(EMAIL), siti.browser.get_cookie("purna").value
    change(siti)
    assert siti.browser.get_cookie("purna").value != before
    assert siti.open("/profil").heading == "Profil"
    assert other.open("/profil").heading == "Masuk"
    thief = Clerk(app)
    thief.browser.set_cookie("purna", before)
    assert thief.open("/profil").heading == "Masuk"


def test_a_change_whose_answer_was_lost_is_sent_again_and_stands_once(siti, app):
    before = siti.browser.get_cookie("purna").value
    siti.open("/profil/sandi")
    page = siti.send_again(password=PASSWORD, new_password=NEW)
    assert "Kata sandi sudah diganti" in page.words()
    assert siti.browser.get_cookie("purna").value != before
    assert siti.open("/profil").heading == "Profil"
    assert passwords.is_right(stored(), NEW)
    assert AuditEntry.select().where(AuditEntry.kind == "password:changed").count() == 1
    assert Session.select().where(Session.ended_at.is_null()).count() == 1


@pytest.mark.parametrize("other", [{"new_password": "lain baterai hijau jendela"},
                                   {"csrf_token": "another"}, {"password": "x"}])
def test_whoever_has_the_old_cookie_but_not_the_very_form_stays_outside(siti, app, other):
    form = {**siti.open("/profil/sandi").fields(), "password": PASSWORD, "new_password": NEW}
    thief = Clerk(app)
    thief.browser.set_cookie("purna", siti.browser.get_cookie("purna").value)
    fields = form | other if "csrf_token" not in other else form | {
        "csrf_token": thief.token()}
    siti.post("/profil/sandi", form)
    assert thief.post("/profil/sandi", fields).heading == "Masuk"
    assert thief.open("/profil").heading == "Masuk"


def test_nor_after_five_minutes_nor_when_the_session_has_ended(siti):
    siti.open("/profil/sandi")
    form = {**siti.page.fields(), "password": PASSWORD, "new_password": NEW}
    before = siti.browser.get_cookie("purna").value
    siti.post("/profil/sandi", form)
    for change in ({"factor_at": clock.now() - timedelta(minutes=5)},
                   {"factor_at": clock.now(), "ended_at": clock.now()}):
        Session.update(change).execute()
        siti.browser.set_cookie("purna", before)
        assert siti.post("/profil/sandi", form).heading == "Masuk"


def test_it_is_told_on_every_proven_channel_and_recorded(siti, cast):
    user = User.get_by_id(cast.siti.id)
    user.phone = "+6281234567890"
    user.save()
    change(siti)
    told = list(Message.select().where(Message.kind == "security:password"))
    assert sorted(message.channel for message in told) == ["email", "sms"]
    assert "kata sandi akun Anda diganti" in next(
        message.body for message in told if message.channel == "sms")
    entry = AuditEntry.get(AuditEntry.kind == "password:changed")
    assert entry.subject == entry.actor == cast.siti.public_id


@pytest.mark.parametrize(("current", "new", "field", "sentence"), [
    ("", NEW, "password", "Tulis kata sandi Anda sekarang."),
    ("bukan sandi saya", NEW, "password", "Ini bukan kata sandi Anda sekarang."),
    (PASSWORD, "", "new_password", "Tulis kata sandi baru."),
    (PASSWORD, "pendek", "new_password", "terlalu pendek"),
    (PASSWORD, "passwordpassword", "new_password", "mudah ditebak"),
    (PASSWORD, "jendela rahayu baterai", "new_password", "memuat nama"),
    (PASSWORD, "3171064508900001 kuda", "new_password", "memuat nama"),
    (PASSWORD, "siti@pekerja.example", "new_password", "memuat nama"),
    (PASSWORD, PASSWORD, "new_password", None)])
def test_what_will_not_do_is_said_beside_its_field(siti, current, new, field, sentence):
    before = stored()
    page = change(siti, current, new)
    assert page.status == 422
    assert sentence is None or sentence in page.errors()[field]
    assert stored() == before
    assert page.fields()["password"] == page.fields()["new_password"] == ""
    assert page.tree.findtext(".//title").startswith("Keliru: ")


def test_the_same_as_before_is_refused(siti):
    change(siti)
    page = change(siti, NEW, NEW)
    assert "sama dengan yang sekarang" in page.errors()["new_password"]


def test_wrong_ones_are_counted_and_then_wait(siti):
    for _ in range(5):
        assert change(siti, "bukan sandi saya").status == 422
    page = change(siti)
    assert page.status == 429
    assert page.headers["Retry-After"]
    assert page.heading == "Ganti kata sandi"     # the form is still there
    assert "Terlalu banyak percobaan. Tunggu" in page.words(".error-summary")
    assert passwords.is_right(stored(), PASSWORD)
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert change(siti).heading == "Profil"


def test_forty_guesses_at_once_judge_five(siti, cast, now):
    session = Session.get()

    def guess(_):
        try:
            service.change_password(cast.siti, session, current="salah", new=NEW, now=now)
        except (service.WrongPassword, rate_limit.TooMany, passwords.Busy) as reason:
            return type(reason).__name__

    outcomes = in_parallel(guess, 40)
    assert outcomes.count("WrongPassword") + outcomes.count("Busy") <= 5
    assert outcomes.count("TooMany") >= 35


def test_an_account_without_a_password_makes_one_by_lupa_sandi(siti):
    User.update(password_hash=None).where(User.email.matches(EMAIL)).execute()
    assert siti.open("/profil/sandi").path == "/lupa-sandi"


def test_codes_that_were_asked_for_before_are_over(siti, cast, now):
    challenges.begin(Purpose.SIGN_IN, user=cast.siti, bound={}, now=now - timedelta(seconds=1))
    change(siti)
    row = Challenge.get(Challenge.purpose == "masuk")
    assert row.expires_at <= clock.now()


def test_of_two_changes_at_once_one_counts(cast, now):
    with db.write_transaction():
        found = [sessions.find(sessions.begin(cast.siti, now, "Chrome")) for _ in range(2)]

    def put(number):
        try:
            return service.put_in_place(cast.siti, found[number], f"hash {number}", now)
        except service.Outdated:
            return None

    outcomes = in_parallel(put, 2)
    winner, = [number for number in range(2) if outcomes[number]]
    assert User.get_by_id(cast.siti.id).password_hash == f"hash {winner}"
    assert [row.ended_at is None for row in found_again(found)] == [
        number == winner for number in range(2)]


def test_in_one_session_too(cast, now):
    """The current password was right when it was checked, and is another one now."""
    with db.write_transaction():
        session = sessions.find(sessions.begin(cast.siti, now, "Chrome"))
    service.put_in_place(cast.siti, session, "hash 1", now)
    with pytest.raises(service.Outdated):
        service.put_in_place(cast.siti, session, "hash 2", now)
    assert User.get_by_id(cast.siti.id).password_hash == "hash 1"


def found_again(rows):
    return [Session.get_by_id(row.id) for row in rows]


def test_a_request_in_flight_keeps_no_other_session_alive(cast, now):
    """200 rounds: whatever the other session is doing, it is dead afterwards."""
    user = User.get_by_id(cast.siti.id)
    for number in range(200):
        Session.delete().execute()
        with db.write_transaction():
            mine = sessions.find(sessions.begin(user, now, "Chrome"))
            theirs = sessions.find(sessions.begin(user, now, "Firefox"))
        later = now + timedelta(minutes=2)
        tokens = []

        def stay(theirs=theirs, tokens=tokens, later=later):
            sessions.touch(theirs, later)
            with db.write_transaction():
                tokens.append(sessions.renew(theirs, later))
                sessions.enter_stage(theirs, "")

        def put(user=user, mine=mine, number=number):
            service.put_in_place(user, mine, f"hash {number}", now)

        in_parallel(lambda which, acts=(stay, put): acts[which](), 2)
        row = Session.get_by_id(theirs.id)
        assert row.ended_at is not None
        assert not [token for token in tokens if token and sessions.is_good(
            sessions.find(token), now)]
        user = User.get_by_id(user.id)
        assert user.password_hash == f"hash {number}"


def test_a_session_that_ended_meanwhile_changes_nothing(siti, cast, now):
    session = Session.get()
    Session.update(ended_at=now).execute()
    with pytest.raises(service.Outdated):
        service.put_in_place(cast.siti, session, "hash", now)
    assert stored() == cast.siti.password_hash
    assert Message.select().count() == 0


def test_names_that_a_company_reported_count_as_ones_own(siti):
    Worker.update(name="Siti Kumalasari").where(Worker.user.is_null(False)).execute()
    page = change(siti, PASSWORD, "kumalasari jendela hijau")
    assert "memuat nama" in page.errors()["new_password"]
