"""Guessing and signing out, over four server processes at once."""

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.faults.browser import Browser
from tests.faults.harness import at_once

GUESSES, GUESSERS, MOST_JUDGED = 200, 40, 5
ROUNDS = 200


def refused(street):
    """How many sign-ins were judged and refused, by the audit trail."""
    return street.store.scalar("SELECT COUNT(*) FROM audit_entry WHERE kind = ?",
                               "session:refused")


def test_of_two_hundred_parallel_wrong_passwords_five_are_judged_and_the_right_one_must_wait(
        street):
    citra = Browser(street.ports, "127.0.2.1").sign_in("citra@lain.example")

    def guess(number):
        browser = Browser([street.ports[number % 4]], f"127.0.2.{10 + number}")
        return [browser.try_to_sign_in("citra@lain.example", f"salah {number} {attempt}").status
                for attempt in range(GUESSES // GUESSERS)]

    before = refused(street)
    begun = datetime.now(UTC)
    answers = at_once(*(lambda number=number: guess(number) for number in range(GUESSERS)))
    assert datetime.now(UTC) - begun < timedelta(minutes=1), "the window closed meanwhile"
    statuses = [status for some in answers for status in some]
    assert len(statuses) == GUESSES
    assert 1 <= refused(street) - before <= MOST_JUDGED
    assert set(statuses) <= {422, 429, 503}
    assert statuses.count(422) == refused(street) - before
    right = Browser(street.ports, "127.0.2.2").try_to_sign_in("citra@lain.example",
                                                              "purna-demo-2026")
    assert right.status == 429
    assert int(right.headers["Retry-After"]) <= 60
    assert citra.get("/perusahaan").status == 303, "the lock must not end a session"


def test_a_request_in_flight_does_not_revive_a_session_that_is_signed_out(street):
    tokens = open_sessions(street.store, ROUNDS)
    browsers = [Browser(street.ports[place % 4:] + street.ports[:place % 4],
                        cookies={"purna": token}) for place, token in enumerate(tokens)]
    forms = [browser.get("/keluar").form()[1] for browser in browsers]
    # Last used two minutes ago: the request in flight writes that it was used.
    street.store.execute("UPDATE session SET seen_at = ? WHERE browser = ?",
                         moment(minutes_ago=2), "revival")

    def sign_out_under_way(browser, form):
        other = browser.another(browser.ports[1:])
        inside, out = at_once(lambda: other.get("/perusahaan"),
                              lambda: browser.post("/keluar", form))
        return inside.status, out.status, other.get("/perusahaan").location

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sign_out_under_way, browsers, forms))
    assert {out for _, out, _ in answers} == {303}
    assert {later.partition("?")[0] for _, _, later in answers} == {"/masuk"}
    assert not street.store.scalar(
        "SELECT COUNT(*) FROM session WHERE browser = ? AND ended_at IS NULL", "revival")
    assert any(inside == 200 for inside, _, _ in answers), "no request was in flight"


def open_sessions(store, count):
    """Ani's sessions as signing in leaves them, without hashing a password for each: cookies."""
    user = store.scalar("SELECT user_id FROM session ORDER BY id LIMIT 1")
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    now = moment()
    store.insert_many(
        "INSERT INTO session (public_id, digest, user_id, created_at, seen_at, factor_at, browser, "
        "is_borrowed, stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(uuid4().hex, hashlib.sha256(token.encode()).hexdigest(), user, now, now, now, "revival",
          False, "") for token in tokens])
    return tokens


def moment(minutes_ago=0):
    """A moment as the table keeps it."""
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=minutes_ago)
    return past.strftime("%Y-%m-%d %H:%M:%S.%f")
