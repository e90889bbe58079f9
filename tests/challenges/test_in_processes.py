"""Codes under fire: four processes, forty connections, one database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from tests.challenges.conftest import (
    PHONE,
    Crowd,
    again,
    begin,
    failures_of,
    judged,
    send,
    wrong,
)
from tests.conftest import POSTGRESQL
from tests.faults.processes import wait_until
from webapp import db
from webapp.challenges import service
from webapp.challenges.purposes import Purpose
from webapp.models.accounts import Challenge
from webapp.models.messages import Message
from webapp.rate_limit import TooMany

MINUTE = timedelta(minutes=1)
BUSY = "OperationalError"


def test_of_two_hundred_wrong_codes_five_are_judged_and_the_right_one_is_refused(
        siti, now, at_once):
    challenge = begin(siti)
    code = send(challenge, now)
    answers = Counter(at_once("judge", [(challenge, wrong(code, number))
                                        for number in range(1, 201)], now))
    assert answers["WrongCode"] == 5
    assert set(answers) <= {"WrongCode", "NoCode", BUSY}
    assert again(challenge).guesses_left == 0
    assert failures_of(challenge) == 5
    with pytest.raises(service.NoCode):
        service.judge(again(challenge), code, now)


def test_of_those_for_where_payouts_go_three_are_judged(siti, now, at_once):
    challenge = begin(siti, Purpose.LINK_DESTINATION)
    code = send(challenge, now)
    answers = Counter(at_once("judge", [(challenge, wrong(code, number))
                                        for number in range(1, 201)], now))
    assert set(answers) <= {"WrongCode", "TooMany", BUSY}
    assert (again(challenge).guesses_left, failures_of(challenge)) == (2, 3)
    with pytest.raises(TooMany):
        service.judge(again(challenge), code, now + timedelta(minutes=59))


def test_the_right_code_sent_forty_times_is_accepted_once(siti, now, at_once):
    challenge = begin(siti)
    code = send(challenge, now)
    answers = Counter(at_once("take", [(challenge, code)] * 40, now))
    assert answers["done"] == 1
    assert set(answers) <= {"done", "AlreadyUsed", "NoCode", BUSY}
    assert again(challenge).used_at == now


def test_one_code_goes_to_a_phone_at_a_time_whoever_asks(siti, cast, now, at_once):
    """Twenty accounts, four processes, one phone: the numbers are exact at every moment."""
    people = [siti, cast.ani, cast.budi, cast.citra, cast.dewi]
    purposes = (Purpose.SIGN_IN, Purpose.CLOSE_ACCOUNT, Purpose.RESET_PASSWORD, Purpose.RECOVER)
    begun = [begin(user, purpose, now) for user in people for purpose in purposes]
    # 60 s apart; three in 15 minutes; six a day.
    for seconds, sent in ((0, 1), (59, 1), (60, 2), (119, 2), (120, 3), (180, 3), (899, 3),
                          (900, 4), (960, 5), (1020, 6), (1800, 6), (86_399, 6), (86_400, 7)):
        moment = now + timedelta(seconds=seconds)
        Challenge.update(expires_at=moment + MINUTE).execute()
        answers = at_once("send", [(challenge, PHONE) for challenge in begun], moment)
        assert Message.select().count() == sent, f"after {seconds} s"
        assert set(answers) <= {"done", "TooMany", BUSY}


def test_a_restart_forgets_neither_wrong_codes_nor_what_was_sent(
        siti, now, application, database):
    challenge = begin(siti)
    code = send(challenge, now)
    for number in range(1, 4):
        with pytest.raises(service.WrongCode):
            service.judge(challenge, wrong(code, number), now)
    later = Crowd(application.config["DATA"], count=1)
    later.start()
    assert later.at_once(database.url, "send", [(challenge, PHONE)], now) == ["TooMany"]
    tried = later.at_once(database.url, "judge", [(challenge, wrong(code, number))
                                                  for number in range(4, 8)], now)
    later.stop()
    assert Counter(tried) == {"WrongCode": 2, "NoCode": 2}


@pytest.mark.skipif(not POSTGRESQL, reason="on SQLite nobody waits inside a transaction")
def test_who_waits_behind_the_tenth_wrong_code_is_not_judged_any_more(siti, now, database):
    """Guesses that queue for the challenge's row must see the lock that the one before them set."""
    for number, wrong_ones in ((0, 5), (1, 4)):
        challenge = begin(siti)
        code = send(challenge, now + number * MINUTE)
        for one in range(1, wrong_ones + 1):
            with pytest.raises(service.WrongCode):
                service.judge(challenge, wrong(code, one), now + number * MINUTE)
    challenge, moment = begin(siti), now + 2 * MINUTE
    code = send(challenge, moment)
    answers = in_this_order(database.url, challenge, [wrong(code), code], moment)
    assert answers == ["WrongCode", "TooMany"]


def in_this_order(url, challenge, typed, now):
    """Let guesses queue for a challenge's row, each behind the one before; what each was told."""
    def guess(text):
        try:
            return judged(again(challenge), text, now)
        finally:
            db.database.close()

    runs = []
    with psycopg.connect(url) as holder, psycopg.connect(url, autocommit=True) as watcher:
        holder.execute("SELECT 1 FROM challenge WHERE id = %s FOR UPDATE", [challenge.id])
        with ThreadPoolExecutor(len(typed)) as pool:
            for text in typed:
                runs.append(pool.submit(guess, text))
                wait_until(lambda: waiting(watcher) == len(runs), what="it to queue")
            holder.rollback()
        return [run.result() for run in runs]


def waiting(connection):
    """How many connections wait for a row of this database."""
    return connection.execute(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'").fetchone()[0]
