"""What pages weigh, added up without a browser (quality.md §1; `make bench` asks Chromium)."""

import gzip
from datetime import timedelta

import brotli
import pytest
from lxml import html

from tests.page import Clerk
from webapp import clock
from webapp.demo.data import generated
from webapp.demo.people import PASSWORD
from webapp.workers.queries import PAGE
from webapp.workers.service import Outcome, take_in_list

# The status line, and what the server itself adds to the app's headers.
OF_THE_SERVER = "HTTP/1.1 200 OK\r\nDate: Sun, 16 Nov 2025 00:00:00 GMT\r\n\r\n"
ONWARD = ("Location", "HX-Redirect", "HX-Location")


class Line(Clerk):
    """A browser that weighs what it receives: headers, and bodies as they travel."""

    def __init__(self, app):
        super().__init__(app)
        self.browser.environ_base["HTTP_ACCEPT_ENCODING"] = "br, gzip"
        self.cached, self.bytes, self.requests = set(), 0, 0

    def receive(self, path, method="GET", htmx=False, until_usable=False, **options):
        """Ask, follow to where the answer leads, and take all that the page refers to.

        :param until_usable: leave out htmx, which app.js fetches once the page can be used.
        """
        headers = {"HX-Request": "true"} if htmx else {}
        response = self.browser.open(path, method=method, headers=headers, **options)
        self._count(response)
        onward = next((response.headers[name] for name in ONWARD if name in response.headers), "")
        if onward:
            return self.receive(onward, htmx="HX-Location" in response.headers)
        page = html.fromstring(_plain(response)) if response.data else None
        for part in _parts(page, until_usable):
            self._take(part)
        return page

    def weigh(self, path, and_htmx=False, **options):
        """(kB, requests) of receiving something.

        :param and_htmx: load it even where the page has no use for it.
        """
        before = self.bytes, self.requests
        page = self.receive(path, **options)
        for part in _htmx(page) if and_htmx else ():
            self._take(part)
        return (self.bytes - before[0]) / 1000, self.requests - before[1]

    def _take(self, part):
        if part not in self.cached:
            response = self.browser.get(part)
            assert "immutable" in response.headers["Cache-Control"]
            self._count(response)
            self.cached.add(part)

    def _count(self, response):
        headers = sum(len(f"{name}: {value}\r\n") for name, value in response.headers)
        self.bytes += len(OF_THE_SERVER) + headers + len(response.data)
        self.requests += 1


def _plain(response):
    """The text behind whatever encoding it travelled in."""
    encoding = response.headers.get("Content-Encoding")
    body = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)(response.data)
    return body.decode()


def _parts(page, until_usable):
    """What a browser loads for a page; htmx as app.js does: where something asks for it."""
    if page is None:
        return []
    parts = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src"
                       " | //img/@src")
    has_use = not until_usable and page.xpath("//*[@hx-get or @hx-post]")
    return parts + (_htmx(page) if has_use else [])


def _htmx(page):
    return page.xpath("//script/@data-htmx")


def _fields(page):
    return dict((page.xpath("//main//form") or page.xpath("//form"))[0].form_values())


@pytest.fixture
def line(app, cast):
    """Somebody who was never here, at a service with more than one page of workers."""
    rows = generated(50, 0, PAGE + 10, clock.today())
    assert not list(take_in_list(cast.maju, rows, now=clock.now(), outcome=Outcome()))
    return Line(app)


def enter(line, email):
    """Sign in, weighed; the page that follows."""
    fields = {**_fields(line.receive("/masuk")), "account": email, "password": PASSWORD}
    return line.receive("/masuk", "POST", data=fields)


def deactivate(line, workers, kpj):
    """From the list page to the receipt, as a browser with htmx does it."""
    here = workers.xpath("//form[@role='search']/@action")[0]
    found = line.receive(here, "POST", htmx=True, data={**_fields(workers), "cari": kpj})
    form_url, = found.xpath("//a[contains(@href, '/nonaktifkan')]/@href")
    is_part = bool(found.xpath("//a[@hx-get]"))
    fields = {**_fields(line.receive(form_url, htmx=is_part)), "reason": "RSG",
              "last_day": (clock.today() - timedelta(days=2)).isoformat()}
    check = line.receive(form_url, "POST", htmx=True, data=fields)
    check_url, = check.xpath("//form[contains(@class, 'confirm-bar')]/@action")
    receipt = line.receive(check_url, "POST", htmx=True, data=_fields(check))
    assert receipt.xpath("//*[@class='receipt-number']")
    return receipt


@pytest.mark.parametrize("path", ["/", "/masuk"])
def test_first_page_and_sign_in_are_usable_after_one_round_trip(line, path):
    kilobytes, requests = line.weigh(path, until_usable=True)
    assert kilobytes <= 14
    assert requests <= 4


def test_first_page_and_then_sign_in_stay_within_the_bar_of_both(line):
    assert sum(line.weigh(path, until_usable=True)[0] for path in ("/", "/masuk")) <= 14


@pytest.mark.parametrize("path", ["/periksa", "/kunci-publik"])
def test_public_pages_are_light(line, path):
    assert line.weigh(path)[0] <= 10


@pytest.mark.parametrize("path", ["/beranda", "/pesan"])
def test_worker_pages_are_light_htmx_included(line, path):
    enter(line, "siti@pekerja.example")
    line.cached.clear()
    kilobytes, requests = line.weigh(path, and_htmx=True)
    assert kilobytes <= 28
    assert requests <= 5
    assert line.weigh(path)[0] <= 4


def test_the_employers_list_is_light(line):
    workers = enter(line, "budi@maju.example")
    here = workers.xpath("//form[@role='search']/@action")[0]
    line.cached.clear()
    assert line.weigh(here)[0] <= 30
    assert line.weigh(here)[0] <= 5
    sent = {**_fields(workers), "cari": "100"}     # the beginning of every generated card
    assert line.weigh(here, method="POST", htmx=True, data=sent)[0] <= 3


def test_a_first_deactivation_from_sign_in_to_receipt(line):
    companies = enter(line, "ani@maju.example")
    here, = companies.xpath("//main//a[contains(., 'PT Maju Bersama')]/@href")
    deactivate(line, line.receive(here), "30145270002")
    assert line.bytes / 1000 <= 40
    assert line.requests <= 20


def test_a_second_deactivation(line):
    workers = enter(line, "budi@maju.example")
    receipt = deactivate(line, workers, "30145270002")
    before = line.bytes
    deactivate(line, receipt, "30145270003")     # by the search box under the receipt
    assert (line.bytes - before) / 1000 <= 8
