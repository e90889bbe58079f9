"""Clerks at work over real sockets, and the history of what they were told.

An act is one worker's deactivation, from draft to receipt. Its confirmation is acknowledged (ok),
refused (fail), without an answer (unknown), or nobody listened (not sent). The last two are sent
again with the very same form, as a person presses again, until acknowledged.
"""

import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

from tests.faults.browser import Browser, Lost
from tests.gateways import SmsServer, SmtpServer
from webapp import clock

OK, FAIL, UNKNOWN, NOT_SENT = "ok", "fail", "unknown", "not sent"
LONGEST_ACT_SECONDS = 40       # of pressing again
THINK_SECONDS = 0.03
PRESS_SECONDS = 0.01           # hardly one takes less


@dataclass
class Act:
    """What one clerk did about one worker, and what came back."""

    membership: str
    draft: str = ""                               # hex of the draft's public id
    version: int = 0
    outcomes: list = field(default_factory=list)  # of each press of Konfirmasi
    numbers: list = field(default_factory=list)   # receipt numbers shown
    undone: list = field(default_factory=list)    # of each press of Batalkan
    answers: list = field(default_factory=list)   # (status, seconds) of every request

    @property
    def statuses(self):
        """Every status that came back."""
        return {status for status, _ in self.answers}

    @property
    def is_acknowledged(self):
        """Whether the clerk was told that it is done."""
        return OK in self.outcomes


class Desk:
    """One clerk with a browser, working through memberships one after the other.

    :param patience: seconds of pressing again.
    :param pause: seconds before that.
    """

    def __init__(self, browser, company, patience=LONGEST_ACT_SECONDS, pause=0.05):
        self.browser, self.company = browser, company
        self.patience, self.pause = patience, pause
        self.pressing = threading.Event()     # set whenever Konfirmasi is pressed

    def act(self, membership, history, last_day=None):
        """Deactivate one worker; repeats whatever stays without an answer."""
        act = Act(membership)
        history.append(act)
        action, fields = self.draft(membership, act, last_day)
        if action:
            self.confirm(act, action, fields)
        return act

    def draft(self, membership, act=None, last_day=None):
        """Fill in the form: (where the check page's form goes, its fields)."""
        act = act or Act(membership)
        path = f"/perusahaan/{self.company}/tenaga-kerja/{membership}/nonaktifkan"
        answers = {"csrf_token": self.browser.token, "reason": "RSG",
                   "last_day": (last_day or clock.today()).isoformat()}
        answer = self._insist(act, lambda: self.send(path, answers))
        if answer.status != 303:
            return None, None
        check = self._insist(act, lambda: self.browser.get(answer.location))
        if check.status != 200:
            return None, None
        action, fields = check.form("form.confirm-bar")
        act.draft, act.version = UUID(action.split("/")[-2]).hex, int(fields["version"])
        return action, fields

    def send(self, path, answers):
        """Send the form."""
        return self.browser.post(path, answers)

    def confirm(self, act, action, fields):
        """Press Konfirmasi until told what became of it, then read the receipt."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            outcome, answer = self.press(act, action, fields)
            act.outcomes.append(outcome)
            if outcome == OK:
                receipt = self._insist(act, lambda path=answer.location: self.browser.get(path))
                if receipt.status == 200:
                    act.numbers.append(receipt.words(".receipt-number"))
            if outcome in (OK, FAIL):
                return
            time.sleep(self.pause)

    def press(self, act, action, fields):
        """One press: (its outcome; the answer or None)."""
        self.pressing.set()
        try:
            answer = self._timed(act, lambda: self.browser.post(action, fields))
        except Lost as reason:
            return (NOT_SENT if reason.is_not_sent else UNKNOWN), None
        if answer.status == 303 and answer.location.count("/nonaktif/") == 1:
            return OK, answer
        return (UNKNOWN if answer.status >= 500 else FAIL), answer

    def _insist(self, act, ask):
        deadline = time.monotonic() + self.patience
        while True:
            try:
                answer = self._timed(act, ask)
                if answer.status < 500:
                    return answer
            except Lost:
                pass
            assert time.monotonic() < deadline, f"no answer in {self.patience} s"
            time.sleep(self.pause)

    def _timed(self, act, ask):
        begun = time.monotonic()
        answer = ask()
        act.answers.append((answer.status, time.monotonic() - begun))
        return answer


class Crew:
    """Several people at once, each in a thread of its own, until the block ends.

    ``_work(one)`` is what each does; it ends when ``_stop`` is set.
    """

    def __init__(self, people):
        self._people, self._stop = people, threading.Event()

    def __enter__(self):
        self._pool = ThreadPoolExecutor(len(self._people))
        self._runs = [self._pool.submit(self._work, one) for one in self._people]
        return self

    def __exit__(self, *fault):
        self._stop.set()
        self._pool.shutdown()
        if fault[0] is None:
            for run in self._runs:
                run.result()


class Load(Crew):
    """Several clerks, until told to stop or out of workers. ``history`` is what happened.

    :param desks: one for each thread.
    :param memberships: public ids, each used once.
    """

    def __init__(self, desks, memberships, think_seconds=THINK_SECONDS):
        super().__init__(desks)
        self.history, self._think = [], think_seconds
        self._memberships, self._lock = iter(memberships), threading.Lock()
        self.pressing = threading.Event()
        for desk in desks:
            desk.pressing = self.pressing

    @property
    def acknowledged(self):
        """The acts that somebody was told are done."""
        return [act for act in self.history if act.is_acknowledged]

    @property
    def statuses(self):
        """Every status that was ever answered."""
        return set().union(*(act.statuses for act in self.history))

    def slowest(self, status):
        """Seconds of the slowest answer with a status."""
        return max((seconds for act in self.history for found, seconds in act.answers
                    if found == status), default=0.0)

    def _work(self, desk):
        while not self._stop.is_set():
            with self._lock:
                membership = next(self._memberships, None)
            if membership is None:
                return
            desk.act(membership, self.history)
            time.sleep(self._think)


class Gateways:
    """The mail server and the SMS gateway of one house; ``received`` is what both accepted."""

    def __init__(self, delay=0.0):
        self.sms, self.smtp = SmsServer(delay=delay), SmtpServer()

    @property
    def received(self):
        """(channel, message id) of every message accepted, repeats included."""
        return [("sms", UUID(sms.id).hex) for sms in list(self.sms.received)] + [
            ("email", UUID(mail["Message-ID"].strip("<>").partition("@")[0]).hex)
            for mail in list(self.smtp.received)]

    def __enter__(self):
        self.sms.start()
        self.smtp.start()
        return self

    def __exit__(self, *_):
        self.sms.stop()
        self.smtp.stop()


def maju(store):
    """PT Maju Bersama: the company's public id and those of its active memberships."""
    company = store.scalar("SELECT public_id FROM company WHERE npp = ?", "JJ010001")
    rows = store.rows(
        "SELECT m.public_id FROM membership m JOIN company c ON c.id = m.company_id "
        "WHERE c.npp = ? AND m.status = ? ORDER BY m.id", "JJ010001", "AKTIF")
    return SimpleNamespace(public_id=UUID(str(company)),
                           memberships=[str(UUID(str(number))) for (number,) in rows])


def desks_for(company_id, ports, count, first_address=11):
    """Desks of clerks who take turns in asking the servers: Ani's and Budi's sessions."""
    ports = list(ports)
    sessions = [Browser(ports, f"127.0.0.{first_address + place}").sign_in(email)
                for place, email in enumerate(("ani@maju.example", "budi@maju.example"))]
    turned = [ports[place % len(ports):] + ports[:place % len(ports)] for place in range(count)]
    return [Desk(sessions[place % 2].another(turned[place]), company_id) for place in range(count)]


def at_once(*acts):
    """Do several things at the same moment; their results in the same order."""
    ready = threading.Barrier(len(acts))

    def begin(act):
        ready.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [run.result() for run in [pool.submit(begin, act) for act in acts]]


class Killer:
    """Ends processes with SIGKILL at random moments under load, and starts them again.

    :param choices: lists of programs that die together.
    :param seed: the same kills in the same order each time.
    :param pressing: an event that is set at each press: every other kill comes just after one.
    """

    def __init__(self, choices, seed, pressing):
        self._choices, self._dice, self._pressing = choices, random.Random(seed), pressing
        self.kills = 0

    def kill(self, times, longest_wait=0.5):
        """Kill until so many processes died."""
        meets_a_press = itertools.cycle((True, False))
        while self.kills < times:
            victims = self._dice.choice(self._choices)
            for victim in victims:
                victim.wait_until_up()
            time.sleep(self._dice.random() * longest_wait)
            if next(meets_a_press):
                self._pressing.clear()
                self._pressing.wait(1)
                time.sleep(self._dice.random() * PRESS_SECONDS)
            for victim in victims:
                victim.kill()
            self.kills += len(victims)
            for victim in victims:
                victim.start()


def let_a_minute_pass(store):
    """What a dead sender held becomes free, what waits for another try is due.

    Only while no sender runs: time itself would do the same.
    """
    store.execute("UPDATE message SET lease = NULL, leased_until = NULL, due_at = created_at "
                  "WHERE state = ?", "MENUNGGU")


def is_all_sent(store):
    """Whether no message waits any more."""
    return not store.scalar("SELECT COUNT(*) FROM message WHERE state = ?", "MENUNGGU")


def tomorrow():
    """A last working day ahead: such a deactivation is scheduled."""
    return clock.today() + timedelta(days=1)
