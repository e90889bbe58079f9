"""A clerk's browser without the browser: one connection, its cookies, and the forms of pages."""

from contextlib import contextmanager

import httpx
from lxml import html

from bench.known_device import COOKIE
from tests.page import DEVICE
from webapp.demo.people import PASSWORD

CLERK = "budi@maju.example"
HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip, br", "User-Agent": "Mozilla/5.0 bench",
           "Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true"}


class Failed(Exception):
    """The app answered with something else than the journey needs."""


@contextmanager
def signed_in(base, email=CLERK):
    """A client that has signed in."""
    with httpx.Client(base_url=base, headers=HEADERS, cookies={COOKIE: DEVICE}, timeout=30,
                      trust_env=False) as client:
        sign_in(client, email)
        yield client


def sign_in(client, email):
    """Sign in through the page."""
    fields = form_fields(client.get("/masuk"))
    answer = client.post("/masuk", data={**fields, "account": email, "password": PASSWORD})
    expect(answer, 303)


def list_url(client):
    """Where the clerk of one company finds its workers."""
    answer = client.get("/perusahaan")
    expect(answer, 303)
    return answer.headers["location"]


def form_fields(answer):
    """What a browser would send for the form of a page or fragment, untouched."""
    return dict(form_of(answer).form_values())


def form_of(answer):
    """The first form of a page's main part, or of a fragment."""
    tree = html.fromstring(expect(answer, 200).text)
    return (tree.xpath("//main//form") or tree.xpath("//form"))[0]


def arrive(client, sent):
    """Where htmx ends after sending a form: at once with a fragment, or sent on to a page."""
    if sent.headers.get("HX-Redirect"):
        return expect(client.get(sent.headers["HX-Redirect"]), 200)
    if sent.headers.get("HX-Location"):
        return expect(client.get(sent.headers["HX-Location"], headers=HTMX), 200)
    return expect(sent, 200)


def expect(answer, status):
    """The answer itself. Raises ``Failed`` when the status is another one."""
    if answer.status_code != status:
        raise Failed(f"{answer.request.method} {answer.request.url} gave {answer.status_code}, "
                     f"not {status}")
    return answer
