"""How often codes go to one address: over all accounts, devices and purposes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.challenges.conftest import PHONE, again, begin, send
from webapp.challenges import send_limits, service
from webapp.challenges.purposes import Purpose
from webapp.models.accounts import Challenge, SendHistory
from webapp.models.messages import Message
from webapp.rate_limit import TooMany

MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 22, tzinfo=UTC)


def sent_at(waits):
    """Moments at which a machine that asks after each wait (seconds) is sent something."""
    sent, clock = [], START.timestamp()
    for wait in waits:
        clock += wait
        if not send_limits.next_send(sent[-send_limits.KEPT:], moment(clock)):
            sent.append(clock)
    return sent


def moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


@given(st.lists(st.integers(0, 4000), max_size=300))
def test_however_it_is_asked_no_window_holds_more_than_its_limit(waits):
    sent = sent_at(waits)
    for most, window in ((1, 60), (3, 900), (6, 86_400)):
        for first, later in zip(sent, sent[most:], strict=False):
            assert later - first >= window


@given(st.lists(st.integers(0, 100_000), max_size=6).map(sorted))
def test_what_is_refused_may_go_at_the_moment_that_is_told_and_not_a_second_before(offsets):
    sent = [START.timestamp() + offset for offset in offsets]
    now = moment(sent[-1]) if sent else START
    until = send_limits.next_send(sent, now)
    if until:
        assert send_limits.next_send(sent, until) is None
        assert send_limits.next_send(sent, until - timedelta(seconds=1)) == until


def test_the_seconds_minutes_and_day_are_those_of_the_rules(siti, now):
    challenge, sent = begin(siti), []
    Challenge.update(expires_at=now + timedelta(days=2)).execute()
    for seconds in (0, 59, 60, 119, 120, 179, 180, 899, 900, 959, 960, 1019, 1020, 1080, 1800,
                    3600, 7200, 43_200):
        try:
            service.send(challenge, "sms", PHONE, now + timedelta(seconds=seconds))
        except TooMany:
            continue
        sent.append(seconds)
    assert sent == [0, 60, 120, 900, 960, 1020]
    with pytest.raises(TooMany) as refusal:
        service.send(challenge, "sms", PHONE, now + timedelta(hours=23, minutes=59))
    assert refusal.value.until == now + timedelta(days=1)


def test_a_phone_is_counted_over_all_accounts_and_purposes_and_an_email_apart(siti, cast, now):
    send(begin(siti), now)
    for user, purpose in ((cast.ani, Purpose.SIGN_IN), (siti, Purpose.RESET_PASSWORD)):
        with pytest.raises(TooMany):
            send(begin(user, purpose), now + timedelta(seconds=59))
    service.send(begin(siti), "email", siti.email, now)
    send(begin(cast.ani), now, target="+628111111111")


def test_a_refused_send_changes_nothing(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    with pytest.raises(TooMany):
        send(challenge, now + timedelta(seconds=59))
    assert Message.select().count() == 1
    assert SendHistory.get().sent == f"[{now.timestamp()}]"
    service.judge(again(challenge), code, now + timedelta(seconds=59))


def test_names_nobody_has_are_counted_by_what_was_typed(app, now):
    service.send(begin(None), "sms", None, now)
    with pytest.raises(TooMany):
        service.send(begin(None), "sms", None, now + timedelta(seconds=59))
    other = service.begin(Purpose.CLOSE_ACCOUNT, user=None, bound={}, now=now,
                          person=service.person_of(typed="z@y.example"))
    service.send(other, "sms", None, now)


def test_addresses_that_got_nothing_for_a_day_are_forgotten_and_no_earlier(siti, now):
    send(begin(siti), now)
    forgotten = SendHistory.select().where(send_limits.over(now + timedelta(days=1)))
    assert not forgotten.exists()
    assert SendHistory.select().where(
        send_limits.over(now + timedelta(days=1, seconds=1))).count() == 1


def test_no_address_is_in_the_table(siti, now):
    send(begin(siti), now)
    assert "8123454512" not in repr(SendHistory.select().tuples().first())
