"""What begins a hold, how long it lasts, and who gets the code that stops payouts."""

from datetime import timedelta

import pytest

from tests.contacts.person import NEW_EMAIL, NEW_PHONE, Changer
from tests.destinations.linking import stop_code
from tests.people import PHONE
from webapp import clock
from webapp.db import write_transaction
from webapp.holds import messages, service
from webapp.holds.queries import held_until, held_users, hold_with, is_stopped
from webapp.messages.gsm import LONGEST_SMS, gsm_text
from webapp.models.audit import AuditEntry
from webapp.models.claims import Hold
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.receipts.signing import parse_number

EMAIL = "siti@pekerja.example"
HOURS = timedelta(hours=72)
SECOND = timedelta(seconds=1)


@pytest.fixture
def changer(app, user):
    """Siti, who changes a contact."""
    return Changer(app).is_signed_in_as(user)


def texts(kind="security:contact"):
    return {row.recipient: row.body for row in Message.select().where(Message.kind == kind)}


def held(now):
    return {number for (number,) in held_users(now).tuples()}


def begin(user, cause, now, **more):
    with write_transaction():
        return service.begin(user, cause, now, **more)


def test_a_new_phone_begins_one_and_the_old_phone_gets_the_code(changer, user):
    changer.change(value=NEW_PHONE, channel="sms")
    hold = Hold.get()
    assert (hold.user, hold.cause, hold.until - hold.begun_at) == (user, "ponsel", HOURS)
    told = texts()
    assert set(told) == {PHONE, NEW_PHONE, EMAIL}
    assert hold_with(parse_number(stop_code(told[PHONE]))) == hold
    assert stop_code(told[EMAIL]) == stop_code(told[PHONE]), "nobody changed the e-mail"
    assert stop_code(told[NEW_PHONE]) is None, "who changed it may be the thief"
    assert all("25 Nov 2026 13.30" in text or "25 November 2026 pukul 13.30" in text
               for text in told.values())
    entry = AuditEntry.get(AuditEntry.kind == "hold:begun")
    assert entry.subject == user.public_id


def test_a_new_email_begins_one_too(changer, user):
    changer.change("/profil/email", value=NEW_EMAIL, channel="sms")
    assert Hold.get().cause == "email"
    told = texts()
    assert stop_code(told[EMAIL])
    assert stop_code(told[PHONE])
    assert stop_code(told[NEW_EMAIL]) is None


def test_the_email_has_the_address_of_the_page_and_the_sms_no_link(app, changer):
    changer.change(value=NEW_PHONE, channel="sms")
    told = texts()
    link = f"{app.config['BASE_URL']}/hentikan-pencairan\n"
    assert link in told[EMAIL]
    assert "Masuk > Hentikan pencairan" in told[PHONE]
    assert "://" not in told[PHONE]
    assert changer.open("/hentikan-pencairan").heading == "Hentikan pencairan"


def test_one_that_is_added_begins_one_and_the_others_get_the_code(app, cast, now):
    siti = Changer(app).is_signed_in_as(cast.siti)
    siti.change(value=NEW_PHONE)
    told = texts()
    assert stop_code(told[EMAIL])
    assert stop_code(told[NEW_PHONE]) is None
    assert "ditambahkan" in told[NEW_PHONE]


def test_what_was_given_at_registration_begins_none(app, user, now):
    user.unproven, user.phone = NEW_PHONE, None
    user.save()
    siti = Changer(app).is_signed_in_as(user)
    siti.open("/profil/kontak/buktikan")
    siti.send()
    siti.send(code=Message.select().order_by(Message.id.desc()).get().body[7:14])
    assert User.get_by_id(user.id).phone == NEW_PHONE
    assert not Hold.select().exists()


def test_staff_and_clerks_have_none(app, cast):
    ani = Changer(app).is_signed_in_as(cast.ani)
    ani.change(value=NEW_PHONE)
    assert User.get_by_id(cast.ani.id).phone == NEW_PHONE
    assert not Hold.select().exists()
    assert texts()


def test_where_everything_is_new_all_get_the_code(user, now):
    User.update(phone_changed_at=now, email_changed_at=now).where(User.id == user.id).execute()
    begin(User.get_by_id(user.id), "rekening", now)
    told = texts("security:destination")
    assert set(told) == {PHONE, EMAIL}
    assert all(stop_code(text) for text in told.values())


def test_a_contact_that_is_new_gets_no_code_of_a_later_change(user, now):
    User.update(phone_changed_at=now - HOURS + SECOND).where(User.id == user.id).execute()
    begin(User.get_by_id(user.id), "rekening", now)
    told = texts("security:destination")
    assert stop_code(told[EMAIL])
    assert stop_code(told[PHONE]) is None


def test_it_holds_for_72_hours_to_the_second(user, now):
    begin(user, "rekening", now)
    for moment, is_held in ((now, True), (now + HOURS - SECOND, True), (now + HOURS, False),
                            (now + HOURS + SECOND, False)):
        assert (held_until(user, moment) == now + HOURS) is is_held
        assert (user.id in held(moment)) is is_held


@pytest.mark.parametrize("column", ["phone_changed_at", "email_changed_at"])
def test_a_contact_that_was_changed_without_one_holds_as_long(user, now, column):
    User.update({column: now}).where(User.id == user.id).execute()
    user = User.get_by_id(user.id)
    for moment, is_held in ((now + HOURS - SECOND, True), (now + HOURS, False)):
        assert (held_until(user, moment) is not None) is is_held
        assert (user.id in held(moment)) is is_held


def test_the_last_of_several_counts(user, now):
    begin(user, "ponsel", now - timedelta(hours=10), old=("sms", "+628111111111"))
    begin(user, "rekening", now)
    assert held_until(user, now) == now + HOURS


def test_others_are_not_held(user, cast, now):
    begin(user, "rekening", now)
    assert held(now) == {user.id}
    assert held_until(cast.ani, now) is None
    assert not is_stopped(user)


@pytest.mark.parametrize("what", [
    "nomor ponsel akun Anda diganti", "nomor ponsel akun Anda ditambahkan",
    "email akun Anda diganti", "LinkAja ****4512 tersambung", "Mandiri ****4512 diputus"])
@pytest.mark.parametrize("month", range(1, 13))
def test_the_texts_fit_one_sms(what, month):
    moment = clock.now().replace(month=month, day=28)
    for sms, _ in (messages.held(what, moment, "N7K422QD8MXT", moment),
                   messages.changed(what, moment, moment),
                   messages.stopped(True, moment), messages.lifted(moment)):
        assert gsm_text(sms) == sms
        assert len(sms) <= LONGEST_SMS
