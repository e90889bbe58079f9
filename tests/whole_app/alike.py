"""Whether an answer tells that an account exists: by what it says, or by how long it takes.

Two crowds do the same in turn, one by names that have accounts, one by names that nobody has.
Each journey is a function that yields what came back at each place, with the seconds it took.
"""

import math
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

import time_machine

from tests.page import Clerk
from webapp import clock, passwords
from webapp.db import write_transaction
from webapp.formats import mask_phone
from webapp.models.people import WORKER, User

HIDDEN = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=name="csrf_token" value=")[^"]*'
                    r"|(?<=^purna)[^;]*")
A_MINUTE = timedelta(seconds=61)
BETWEEN_ROUNDS = timedelta(hours=3)     # every limit but the day's has forgotten
BORN = "1990-08-05"
WARM_UP = 2
PASSWORD = "kuda baterai hijau jendela"


@dataclass(frozen=True)
class Name:
    """What somebody is called, in every way; masked, a known one looks like an unknown."""

    is_known: bool
    number: int

    @property
    def email(self):
        """As long for both kinds, and with the same first letter."""
        return f"a{'du'[self.is_known]}{self.number:04}@pekerja.example"

    @property
    def phone(self):
        """With the same last digits for both kinds."""
        return f"+62813{'46'[self.is_known]}000{self.number:04}"

    @property
    def nik(self):
        """A NIK with the same district and day for both kinds."""
        return f"31710645089{'46'[self.is_known]}{self.number:04}"[:16]

    def hidden_in(self, text):
        """The text without what differs by name alone."""
        for word in (self.email, self.phone, f"0{self.phone[3:]}", mask_phone(self.phone),
                     self.nik):
            text = text.replace(word, "…")
        return text


@dataclass(frozen=True)
class Seen:
    """An answer as somebody may compare it: all of it but chance and the name."""

    status: int
    headers: tuple
    body: str


def let_register(count):
    """Give the known names their accounts."""
    password_hash = passwords.hash_password(PASSWORD)
    with write_transaction():
        for number in range(count + WARM_UP):
            name = Name(True, number)
            user = User(role=WORKER, name="Kenal", password_hash=password_hash,
                        created_at=clock.now(), birth_date=BORN)
            user.email, user.phone, user.nik = name.email, name.phone, name.nik
            user.save(force_insert=True)


# Journeys


class Guesser:
    """Somebody who tries names, each time from a browser and an address of their own."""

    def __init__(self, app, name, address):
        self.name, self._clerk = name, Clerk(app, device="")
        self._clerk.browser.environ_base["REMOTE_ADDR"] = address
        self._onward = ""

    def open(self, path):
        """A page that is the same for all."""
        return self._clerk.open(path)

    def send(self, **answers):
        """Send the form of the page; what came back, and the seconds it took."""
        page = self._clerk.page
        fields = {**page.fields(), **answers}
        return self._timed(lambda browser: browser.post(page.action(), data=fields))

    def send_again(self, **answers):
        """Ask for another code."""
        page = self._clerk.page
        fields = {**page.fields(), **answers}
        return self._timed(lambda browser: browser.post(page.action(), data=fields))

    def follow(self):
        """Go where the last answer leads."""
        path = self._onward
        seen = self._timed(lambda browser: browser.get(path))
        self._clerk.open(path)
        return seen

    def _timed(self, ask):
        begun = time.perf_counter()
        answer = ask(self._clerk.browser)
        seconds = time.perf_counter() - begun
        self._onward = answer.headers.get("Location", "")
        headers = tuple(sorted((key, self._plain(value)) for key, value in answer.headers
                               if key != "X-Request-Id"))
        return seconds, Seen(answer.status_code, headers,
                             self._plain(answer.get_data(as_text=True)))

    def _plain(self, text):
        return HIDDEN.sub("…", self.name.hidden_in(text))


def signing_in(guesser, _):
    """A wrong password."""
    guesser.open("/masuk")
    yield "sign-in", guesser.send(account=guesser.name.email, password="bukan yang ini")


def respelling(guesser, _):
    """Wrong passwords under one spelling of the phone, and then under another."""
    phone = guesser.name.phone
    for number in range(6):
        guesser.open("/masuk")
        account = f"0{phone[3:]}" if number < 5 else phone
        yield f"sign-in {number + 1}", guesser.send(account=account, password="bukan yang ini")


def forgetting(guesser, later):
    """Lupa sandi, and another code after a minute."""
    guesser.open("/lupa-sandi")
    yield "forgot", guesser.send(account=guesser.name.phone, channel="sms")
    yield "forgot, code page", guesser.follow()
    with later():
        yield "forgot, sent again", guesser.send_again(ulang="sms")
        yield "forgot, code page again", guesser.follow()


def crossing(guesser, _):
    """Lupa sandi by e-mail with the code as SMS, then Daftar with the phone."""
    name = guesser.name
    guesser.open("/lupa-sandi")
    yield "crossed, forgot", guesser.send(account=name.email, channel="sms")
    guesser.open("/daftar")
    yield "crossed, register", guesser.send(nik=name.nik, name="Wati Lestari", birth_date=BORN,
                                            phone=name.phone, email="", new_password=PASSWORD)
    guesser.follow()
    yield "crossed, agreed", guesser.send(is_agreed="y", channel="sms")
    yield "crossed, code page", guesser.follow()


def registering(guesser, later):
    """Daftar, the terms, and another code after a minute."""
    name = guesser.name
    guesser.open("/daftar")
    yield "register", guesser.send(nik=name.nik, name="Wati Lestari", birth_date=BORN, phone="",
                                   email=name.email, new_password=PASSWORD)
    yield "register, terms", guesser.follow()
    yield "register, agreed", guesser.send(is_agreed="y", channel="email")
    yield "register, code page", guesser.follow()
    with later():
        yield "register, sent again", guesser.send_again(ulang="email")
        yield "register, code page again", guesser.follow()


def forgetting_all(guesser, _):
    """Lupa akun: measured by ``make bench`` alone, where it has no bar."""
    guesser.open("/lupa-akun")
    yield "forgot account", guesser.send(nik=guesser.name.nik, birth_date=BORN)


JOURNEYS = (signing_in, respelling, forgetting, crossing, registering)


# Comparing


class Comparison:
    """What came back from one journey, by place and kind of name."""

    def __init__(self, app, journey):
        self._app, self._journey, self._rounds = app, journey, 0
        self.seconds = defaultdict(lambda: ([], []))
        self.seen = defaultdict(lambda: (set(), set()))

    def run(self, tries):
        """One round: each kind of name so many times, in turn but in no order.

        Before, others walk it: the first time everything is slower.
        """
        start = clock.now() + self._rounds * BETWEEN_ROUNDS
        self._rounds += 1
        self._walk(range(tries, tries + WARM_UP), start)
        self.seconds.clear()
        self.seen.clear()
        self._walk(range(tries), start)

    def _walk(self, numbers, start):
        for number in numbers:
            for is_known in random.sample((False, True), 2):
                self._try(Name(is_known, number), start)

    def _try(self, name, start):
        address = f"127.{1 + self._rounds}.{name.number}.{1 + name.is_known}"
        with time_machine.travel(start, tick=False):
            guesser = Guesser(self._app, name, address)
            for place, (seconds, seen) in self._journey(
                    guesser, lambda: time_machine.travel(start + A_MINUTE, tick=False)):
                self.seconds[place][name.is_known].append(seconds)
                self.seen[place][name.is_known].add(seen)

    def differences(self):
        """Places at which known and unknown names were not answered alike."""
        return [place for place, (unknown, known) in self.seen.items()
                if unknown != known or len(known) != 1]

    def likeness(self):
        """{place: how probable a difference in time like this is by chance alone}."""
        return {place: mann_whitney(*both) for place, both in self.seconds.items()}


def mann_whitney(first, second):
    """The two-sided p of the rank-sum test, by its normal approximation with ties."""
    everything = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, ties, at = [0.0, 0.0], 0, 0
    while at < len(everything):
        end = at
        while end < len(everything) and everything[end][0] == everything[at][0]:
            end += 1
        for _, side in everything[at:end]:
            ranks[side] += (at + end + 1) / 2
        ties += (end - at) ** 3 - (end - at)
        at = end
    count, n, m = len(everything), len(first), len(second)
    spread = math.sqrt(n * m / 12 * (count + 1 - ties / (count * (count - 1))))
    apart = abs(ranks[0] - n * (n + 1) / 2 - n * m / 2)
    return math.erfc(max(apart - 0.5, 0) / spread / math.sqrt(2)) if spread else 1.0
