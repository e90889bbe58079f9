"""Requests at a constant rate, whatever becomes of earlier ones.

Each begins at its moment, and its time counts from then: a server that stalls for a second has made
all of that second's visitors wait, not the one who happened to be first (coordinated omission).
"""

import asyncio
import heapq
import itertools
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.line import Line, NoAnswer
from bench.report import EQUAL, Figure
from bench.visits import MIX, Mistaken, Visitors

THINKING = (1.0, 4.0)     # seconds between two requests of one visitor: read, then go on
HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip, br", "User-Agent": "Mozilla/5.0 bench",
           "Sec-Fetch-Site": "same-origin"}


@dataclass
class Counted:
    """What happened.

    :param times: milliseconds by kind. :param by_moment: pairs of when each was due, in seconds of
        ``time.monotonic``, and its milliseconds. :param statuses: how often each; 0 is no answer.
    :param failures: what was not as it must be, sentences.
    """

    times: dict = field(default_factory=lambda: defaultdict(list))
    by_moment: list = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    late: list = field(default_factory=list)     # how late requests began, milliseconds

    @property
    def all_times(self):
        """Of every kind."""
        return [milliseconds for _, milliseconds in self.by_moment]

    def note(self, kind, status, due, now):
        """Count one request."""
        self.times[kind].append((now - due) * 1000)
        self.by_moment.append((due, (now - due) * 1000))
        self.statuses[status] += 1


class _Browser:
    """A visitor: who it is, what it does next, and its lines to the edge's listeners."""

    def __init__(self, visitors, visit, source):
        self.cookies, self._source, self._lines = {}, source, {}
        self._steps = visit(visitors, self)
        self.next = next(self._steps)

    def line(self, address):
        """Its connection."""
        if address not in self._lines:
            self._lines[address] = Line(address, self._source)
        return self._lines[address]

    def go_on(self, answer):
        """Take an answer in. Returns whether there is more to ask."""
        self.cookies |= dict(answer.cookies)
        try:
            self.next = self._steps.send(answer)
        except StopIteration:
            return False
        return True

    def headers(self):
        """What it sends with every request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**HEADERS, **({"Cookie": cookies} if cookies else {}),
                **({"HX-Request": "true"} if self.next.htmx else {})}

    def leave(self):
        """Close the window."""
        for line in self._lines.values():
            line.close()


class Traffic:
    """Visitors of a site.

    :param addresses: where its listeners are, by the names of ``bench.visits``.
    :param crowd: who comes.
    """

    def __init__(self, addresses, crowd, seed=1):
        self._addresses = {name: (urlsplit(url).hostname, urlsplit(url).port)
                           for name, url in addresses.items()}
        self._visitors, self._dice = Visitors(crowd, seed), random.Random(seed)
        self._weights = [share.of_a_hundred for share in MIX]
        self._waiting, self._order = [], itertools.count()
        self.counted, self._is_stopped = Counted(), False

    def stop(self):
        """Begin nothing more; for another thread."""
        self._is_stopped = True

    async def run(self, rate, seconds):
        """Let so many requests begin each second. Returns what was ``Counted``."""
        loop = asyncio.get_running_loop()
        begun, asking = loop.time(), set()
        for number in range(int(rate * seconds)):
            moment = begun + number / rate
            await asyncio.sleep(max(0, moment - loop.time()))
            if self._is_stopped:
                break
            self.counted.late.append((loop.time() - moment) * 1000)
            task = asyncio.create_task(self._ask(self._whose_turn(moment), moment))
            asking.add(task)
            task.add_done_callback(asking.discard)
            task.add_done_callback(self._note_end)
        await asyncio.gather(*asking, return_exceptions=True)
        for *_, browser in self._waiting:
            browser.leave()
        return self.counted

    def _whose_turn(self, moment):
        """Whoever is there and has read the last page goes first; else somebody new comes."""
        if self._waiting and self._waiting[0][0] <= moment:
            return heapq.heappop(self._waiting)[-1]
        share, = self._dice.choices(MIX, self._weights)
        number = next(self._order)     # addresses of the loopback network: each visitor has one
        source = f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"
        return _Browser(self._visitors, share.visit, source)

    async def _ask(self, browser, moment):
        loop, ask = asyncio.get_running_loop(), browser.next
        try:
            answer = await browser.line(self._addresses[ask.listener]).ask(
                "GET" if ask.fields is None else "POST", ask.path, browser.headers(), ask.fields)
            self.counted.note(ask.kind, answer.status, moment, loop.time())
            is_right = answer.status in ask.status and (
                answer.status != 200 or ask.word in answer.text)
            if not is_right:
                raise Mistaken(f"{answer.status}, or without “{ask.word}”")
            goes_on = browser.go_on(answer)
        except NoAnswer as problem:
            self.counted.note(ask.kind, 0, moment, loop.time())
            self._fail(ask, problem)
            goes_on = False
        except Mistaken as problem:
            self._fail(ask, problem)
            goes_on = False
        if goes_on:
            due = loop.time() + self._dice.uniform(*THINKING)
            heapq.heappush(self._waiting, (due, next(self._order), browser))
        else:
            browser.leave()

    def _note_end(self, task):
        """A page that this program could not read is as wrong as one that did not come."""
        if problem := task.exception():
            self.counted.failures.append(repr(problem))

    def _fail(self, ask, problem):
        self.counted.failures.append(f"{ask.kind}: {problem}")


def figures(counted, rate, p95=None, p99=None):
    """The table's lines for what was counted."""
    everything = sorted(counted.all_times)
    answered = len(everything)
    yield Figure(f"requests at {rate}/s", answered)
    yield Figure("  not as they must be", len(counted.failures), "", 0, EQUAL)
    wrong = sum(count for status, count in counted.statuses.items()
                if status == 0 or status >= 500)
    yield Figure("  5xx, or no answer", wrong, "", 0, EQUAL, str(dict(counted.statuses)))
    yield Figure("  p95 of all", at(everything, 0.95), "ms", p95)
    yield Figure("  p99 of all", at(everything, 0.99), "ms", p99)
    yield Figure("  begun late, p99", at(sorted(counted.late), 0.99), "ms")
    for kind, times in sorted(counted.times.items(), key=lambda pair: -len(pair[1])):
        times = sorted(times)
        yield Figure(f"    {kind}: p50", at(times, 0.5), "ms", remark=(
            f"p95 {at(times, 0.95):.0f}, p99 {at(times, 0.99):.0f}, max {times[-1]:.0f} ms; "
            f"{100 * len(times) / answered:.1f} % of requests"))


def at(values, share):
    """The value below which so large a share of sorted values lies."""
    return values[min(len(values) - 1, int(share * len(values)))]
