"""People who wait for a code, and four processes that try at once."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.faults.processes import ROOT
from tests.people import with_phone
from webapp import clock, rate_limit
from webapp.challenges import service
from webapp.challenges.purposes import Purpose
from webapp.models.accounts import Challenge
from webapp.models.messages import SMS, Message

PROCESSES = 4
PHONE = "+628123454512"


@pytest.fixture
def siti(app, cast):
    """Siti, whose phone is proven."""
    return with_phone(cast.siti, PHONE)


def begin(user, purpose=Purpose.CLOSE_ACCOUNT, now=None, **bound):
    """An act that waits for its code."""
    return service.begin(purpose, user=user, bound=bound, now=now or clock.now(),
                         person=None if user else service.person_of(typed="x@y.example"))


def send(challenge, now=None, target=PHONE):
    """Send a code by SMS; the six digits in it."""
    service.send(challenge, SMS, target, now or clock.now())
    return newest_code()


def newest_code():
    """The digits of the newest message that has any."""
    text = (Message.select().where(Message.body_sealed.is_null(False))
            .order_by(Message.id.desc()).get().body)
    return re.search(r"\d{3} \d{3}", text).group().replace(" ", "")


def wrong(code, number=1):
    """Another code than this, each number another."""
    return f"{(int(code) + number) % 1_000_000:06}"


def again(challenge):
    """The row as it is now."""
    return Challenge.get_by_id(challenge.id)


def failures_of(challenge):
    """How many wrong codes count against its person for its purpose."""
    return rate_limit.failures(rate_limit.Limit(f"otp-{challenge.purpose}", 0, timedelta()),
                               challenge.person)


def judged(challenge, typed, now):
    """What somebody was told who typed this: the refusal's name, or "right"."""
    try:
        service.judge(challenge, typed, now)
    except (service.WrongCode, service.NoCode, rate_limit.TooMany) as refusal:
        return type(refusal).__name__
    return "right"


class Crowd:
    """Processes on one database that do the same at the same moment."""

    def __init__(self, data, count=PROCESSES):
        self._data, self._count, self._processes = data, count, []

    def start(self):
        """Start all of them."""
        self._processes = [subprocess.Popen(
            [sys.executable, "-m", "tests.challenges.crowd"], cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1",
                 "PURNA_DATA": str(self._data)}) for _ in range(self._count)]

    def stop(self):
        """End all of them."""
        for process in self._processes:
            process.stdin.close()
            assert process.wait(20) == 0
            process.stdout.close()

    def at_once(self, url, act, jobs, now):
        """Do many things at once, dealt out among the processes; what came of each, in no order.

        :param jobs: (challenge, what is typed or the address), one for each.
        """
        jobs = [(challenge.public_id.hex, argument) for challenge, argument in jobs]
        for place, process in enumerate(self._processes):
            self._tell(process, json.dumps({"url": url, "act": act, "now": now.isoformat(),
                                            "jobs": jobs[place::self._count]}))
        assert {process.stdout.readline() for process in self._processes} == {"ready\n"}
        for process in self._processes:
            self._tell(process, "go")
        return [word for process in self._processes
                for word in json.loads(process.stdout.readline())]

    @staticmethod
    def _tell(process, line):
        process.stdin.write(f"{line}\n")


@pytest.fixture(scope="package")
def four_processes(application):
    """Four processes for all tests of this folder."""
    crowd = Crowd(application.config["DATA"])
    crowd.start()
    yield crowd
    crowd.stop()


@pytest.fixture
def at_once(four_processes, database):
    """Do something in four processes, on this test's database."""
    def at_once(act, jobs, now):
        return four_processes.at_once(database.url, act, jobs, now)
    return at_once
