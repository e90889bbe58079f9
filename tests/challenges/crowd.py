"""One of several processes that do the same at once: ``python -m tests.challenges.crowd``.

Each line read is a round of work, as JSON; "ready" is answered when every thread stands at the
start, and after the next line ("go") what came of each piece of work, in its order.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from peewee import OperationalError

from webapp import create_app, db
from webapp.challenges import service
from webapp.challenges.service import AlreadyUsed, NoCode, WrongCode
from webapp.models.accounts import Challenge
from webapp.rate_limit import TooMany

THREADS = 10      # of each process; each has a connection of its own


def judge(challenge, typed, now):
    """Only look at a code."""
    service.judge(challenge, typed, now)


def take(challenge, typed, now):
    """Look at a code and do the act."""
    service.judge(challenge, typed, now)
    with db.write_transaction():
        service.use(challenge, now)


def send(challenge, target, now):
    """Send a code."""
    service.send(challenge, "sms", target, now)


ACTS = {"judge": judge, "take": take, "send": send}
REFUSALS = (WrongCode, AlreadyUsed, NoCode, TooMany,
            OperationalError)     # the database was busy for too long: nothing was done


def outcome(act, number, argument, now):
    """What came of one piece of work, a word."""
    try:
        ACTS[act](Challenge.get(Challenge.public_id == number), argument, now)
    except REFUSALS as refusal:
        return type(refusal).__name__
    return "done"


def work(order):
    """One round. Returns a function that waits for "go" and gives the outcomes."""
    now, jobs = datetime.fromisoformat(order["now"]), order["jobs"]
    count = min(THREADS, len(jobs))
    start, found = Barrier(count + 1), [None] * len(jobs)

    def run(place):
        db.ensure_connection()
        start.wait(30)
        for one in range(place, len(jobs), count):
            found[one] = outcome(order["act"], *jobs[one], now)
        db.database.close()

    pool = ThreadPoolExecutor(count)
    runs = [pool.submit(run, place) for place in range(count)]

    def finish():
        start.wait(30)
        pool.shutdown()
        for one in runs:
            one.result()
        return found

    return finish


if __name__ == "__main__":
    create_app()
    for line in sys.stdin:
        round_of_work = json.loads(line)
        db.connect_to(round_of_work["url"])
        finish = work(round_of_work)
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(finish()), flush=True)
