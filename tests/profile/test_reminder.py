"""A reminder for those who want one: once a period, and nothing is forced."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.page import Clerk, in_parallel
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.profile import service

EMAIL = "siti@pekerja.example"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def want(cast, months, changed="2026-08-22T03:00:00"):
    User.update(reminder_months=months, password_changed_at=at(changed)).where(
        User.id == cast.siti.id).execute()


def test_it_is_chosen_in_profil_and_dropped_again(app, cast):
    siti = Clerk(app).sign_in(EMAIL)
    assert siti.open("/profil/pengingat").fields()["months"] == "0"
    assert "Pengingat sudah disimpan" in siti.send(months="6").words()
    assert User.get_by_id(cast.siti.id).reminder_months == 6
    assert siti.open("/profil/pengingat").fields()["months"] == "6"
    siti.send(months="0")
    assert User.get_by_id(cast.siti.id).reminder_months is None


@pytest.mark.parametrize("months", ["", "1", "x", "-3"])
def test_nothing_else_can_be_chosen(app, cast, months):
    siti = Clerk(app).sign_in(EMAIL)
    siti.open("/profil/pengingat")
    assert siti.send(months=months).status == 422
    assert User.get_by_id(cast.siti.id).reminder_months is None


@pytest.mark.parametrize(("months", "changed", "now", "due"), [
    (3, "2026-08-22T03:00:00", "2026-11-21T16:59:59", False),
    (3, "2026-08-22T03:00:00", "2026-11-21T17:00:00", True),      # 22 November begins in Jakarta
    (3, "2026-11-30T03:00:00", "2027-02-28T03:00:00", False),
    (3, "2026-11-30T03:00:00", "2027-03-01T03:00:00", True),
    (6, "2026-08-31T03:00:00", "2027-02-28T03:00:00", False),
    (6, "2026-08-31T03:00:00", "2027-03-01T03:00:00", True),
    (6, "2026-08-28T03:00:00", "2027-02-28T03:00:00", True),
    (12, "2025-11-23T03:00:00", "2026-11-22T03:00:00", False),
    (12, "2025-11-22T03:00:00", "2026-11-22T03:00:00", True)])
def test_it_comes_when_the_password_is_as_old_as_was_said(cast, months, changed, now, due):
    want(cast, months, changed)
    assert service.remind(at(now)) == int(due)


def test_it_says_what_and_where_on_every_proven_channel_once(cast, now):
    user = User.get_by_id(cast.siti.id)
    user.phone = "+6281234567890"
    user.save()
    want(cast, 3)
    assert service.remind(now) == 1
    assert service.remind(now + timedelta(days=1)) == 0
    sms = Message.get(Message.channel == "sms")
    assert "Sudah 3 bulan" in sms.body
    assert len(sms.body) <= 160
    assert Message.select().count() == 2
    assert service.remind(now + timedelta(days=93)) == 1


def test_one_whose_contact_cannot_be_read_does_not_stop_the_others(cast, now):
    want(cast, 3)
    User.update(reminder_months=3, password_changed_at=at("2026-08-22T03:00:00"),
                email_sealed=b"x" * 40).where(User.id == cast.ani.id).execute()
    User.update(reminder_months=3, password_changed_at=at("2026-08-22T03:00:00")).where(
        User.id == cast.budi.id).execute()
    assert service.remind(now) == 2
    assert User.get_by_id(cast.ani.id).reminded_at is None
    assert {message.user for message in Message.select()} == {cast.siti, cast.budi}


def test_eight_workers_at_once_write_one(cast, now):
    want(cast, 3)
    assert sum(in_parallel(lambda _: service.remind(now), 8)) == 1
    assert Message.select().count() == 1


def test_nobody_else_is_reminded(cast, now):
    assert service.remind(now) == 0
    want(cast, 3)
    User.update(state="DIBLOKIR").where(User.id == cast.siti.id).execute()
    assert service.remind(now) == 0


def test_a_new_password_begins_a_new_period(cast, now):
    want(cast, 3, changed="2026-08-23T03:00:00")
    assert service.remind(now) == 0
