"""What people come for at a month's end, one function for each: it yields what is asked next, and
is sent the answer. How often each comes is the table at the end."""

import random
from datetime import timedelta
from itertools import count
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import html

from webapp import clock
from webapp.demo.data import FIRST, LAST
from webapp.demo.people import PASSWORD

PUBLIC, INTERNAL = "public", "internal"     # listeners of the edge
GUIDES = (("/panduan-keamanan", "kode"), ("/kontak", "Kontak"), ("/kanal-resmi", "resmi"),
          ("/syarat-dan-ketentuan", "Ketentuan"), ("/periksa", "tanda terima"),
          ("/program", "Program"))


class Ask(NamedTuple):
    """A request, and what a right answer is.

    :param kind: under which its time is noted.
    :param word: must be on the page, where there is one. :param status: one of those it may have.
    """

    kind: str
    path: str
    word: str = ""
    fields: dict | None = None
    htmx: bool = False
    status: tuple = (200,)
    listener: str = PUBLIC


class Mistaken(Exception):
    """A page did not have what the visit needs to go on."""


class Visitors:
    """Who comes; see ``bench.crowd``.

    :param crowd: workers, clerks, officers with their cookies; those who sign in; cards.
    """

    def __init__(self, crowd, seed):
        self.crowd, self.dice = crowd, random.Random(seed)
        self.last_day = (clock.today() - timedelta(days=2)).isoformat()
        self._signers = count()

    def one_of(self, people):
        """Anybody of them."""
        return self.dice.choice(people)

    def next_to_sign_in(self):
        """The one who has not signed in for the longest time."""
        return self.crowd.accounts[next(self._signers) % len(self.crowd.accounts)]

    def leaver(self):
        """A clerk, and the card of somebody who leaves that company; each card is taken once."""
        staying = [clerk for clerk in self.crowd.filing if self.crowd.cards[clerk.company]]
        clerk = self.one_of(staying)
        return clerk, self.crowd.cards[clerk.company].pop()


def passer_by(visitors, browser):
    """Reads what anybody may, for the first time, and checks a receipt."""
    path, word = visitors.one_of(GUIDES)
    page = yield Ask("public page", path, word)
    yield from _style(page)
    path, word = visitors.one_of(GUIDES)
    yield Ask("public page", path, word)
    yield Ask("receipt check", f"/periksa/{visitors.one_of(visitors.crowd.receipts)}", "asli")


def signing_in(visitors, browser):
    """A worker comes back after a day, in a browser that is known."""
    somebody = visitors.next_to_sign_in()
    browser.cookies.update(somebody.cookies)
    page = yield Ask("sign-in page", "/masuk", "Kata sandi")
    yield from _style(page)
    sent = yield Ask("sign-in (argon2)", "/masuk", status=(303,), fields={
        **_fields(page), "account": somebody.account, "password": PASSWORD})
    sent = yield Ask("Beranda", _path(sent.headers["location"]), status=(303,))
    yield Ask("Beranda", _path(sent.headers["location"]), "Beranda")


def worker_looking(visitors, browser):
    """Is my membership still running? What was said about me?"""
    browser.cookies.update(visitors.one_of(visitors.crowd.workers).cookies)
    yield Ask("Beranda", "/beranda", "Beranda")
    page = yield Ask("Kepesertaan", "/kepesertaan", "Kepesertaan")
    yield Ask("one membership", _found(page, r'href="(/kepesertaan/[0-9a-f-]{36})"'), "KPJ")
    yield Ask("Profil", "/profil", "Profil")


def clerk_listing(visitors, browser):
    """Looks through the list of workers: a page, the next one, a name, one of those found."""
    clerk = visitors.one_of(visitors.crowd.clerks)
    browser.cookies.update(clerk.cookies)
    page = yield Ask("list", clerk.list_path, "Tenaga kerja")
    older = page.link(r'href="([^"]*[?&;]setelah=[^"]+)"')
    if older:
        yield Ask("next page", older, "worker-results", htmx=True)
    name = f"{visitors.one_of(FIRST)} {visitors.one_of(LAST)}"
    fields = {"csrf_token": _found(page, r'name="csrf_token" value="([^"]+)"')}
    yield Ask("search by name", clerk.list_path, "worker-results", {**fields, "cari": name},
              htmx=True)
    yield Ask("one worker", _found(page, rf'href="({clerk.list_path}/[0-9a-f-]{{36}})"'), "KPJ")


def clerk_deactivating(visitors, browser):
    """Search by card, form, check, confirm, receipt: as htmx sends it."""
    clerk, card = visitors.leaver()
    browser.cookies.update(clerk.cookies)
    page = yield Ask("list", clerk.list_path, "Tenaga kerja")
    found = yield Ask("search by card", clerk.list_path, "Nonaktifkan", htmx=True, fields={
        "csrf_token": _found(page, r'name="csrf_token" value="([^"]+)"'), "cari": card})
    form = yield Ask("form", _found(found, r'href="([^"]+/nonaktifkan)"'), "last_day", htmx=True)
    fields = {**_fields(form), "reason": "RSG", "last_day": visitors.last_day}
    fields.pop("file", None)
    check = yield Ask("check", _action(form), "Konfirmasi", fields, htmx=True)
    yield Ask("confirm", _action(check), "receipt-number", _fields(check), htmx=True)


def officer_deciding(visitors, browser):
    """The branch's queue, a case, the queue again."""
    officer = visitors.one_of(visitors.crowd.officers)
    browser.cookies.update(officer.cookies)
    page = yield Ask("queue", "/cabang", "Antrean", listener=INTERNAL)
    case = page.link(r'href="(/cabang/kasus/[0-9a-f-]{36})"')
    if case:
        shown = yield Ask("case", case, "Antrean", status=(200, 303), listener=INTERNAL)
        if shown.status == 303:     # some kinds have a page of their own
            yield Ask("case", shown.headers["location"], "Antrean", listener=INTERNAL)
    yield Ask("queue", "/cabang", "Antrean", listener=INTERNAL)


class Share(NamedTuple):
    """A kind of visit, how many of a hundred are such, and why."""

    visit: object
    of_a_hundred: int
    reason: str


# Tried against life: no site of this kind publishes what its visitors ask for, so these are ours.
MIX = (
    Share(worker_looking, 38, "pay day: contributions and memberships are looked at, on phones"),
    Share(clerk_listing, 22, "the month's list is put in order by those who are at it all day"),
    Share(passer_by, 16, "guides, contact, receipts that are checked by the next employer"),
    Share(clerk_deactivating, 9, "contracts end with the month: many times a usual day's"),
    Share(signing_in, 9, "a session lasts twelve hours: one visit in eleven begins with a "
                         "password (40 ms of a core each, whatever else is done)"),
    Share(officer_deciding, 6, "few, but all day long"),
)


def _style(page):
    """The style sheet, for a browser that has not kept it: its name changes with its content, so
    that whoever has it never asks again."""
    yield Ask("static file", _found(page, r'href="(/static/[^"]+\.css)"'), "{")


def _found(page, pattern):
    found = page.link(pattern)
    if not found:
        raise Mistaken(f"{pattern} is not on the page")
    return found


def _fields(page):
    return dict(_form(page).form_values())


def _action(page):
    form = _form(page)
    return form.get("hx-post") or form.get("action")


def _form(page):
    tree = html.fromstring(page.text)
    forms = tree.xpath("//main//form[@method='post']") or tree.xpath("//form[@method='post']")
    if not forms:
        raise Mistaken("no form on the page")
    return forms[0]


def _path(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
