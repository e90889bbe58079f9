"""One deactivation as a clerk's browser sends it: search by card number, form, check, confirm,
receipt; with htmx and without JavaScript."""

from datetime import timedelta
from urllib.parse import urljoin

from lxml import html

from bench.client import HTMX, arrive, expect, form_fields, form_of
from webapp import clock

NO_FILE = {"file": ("", b"", "application/octet-stream")}     # an untouched file field


class Clerk:
    """A signed-in client on its company's list, with the form of the list page at hand."""

    def __init__(self, client, list_url):
        self.client, self.list_url = client, list_url
        self.search_fields = form_fields(client.get(list_url))
        self.last_day = (clock.today() - timedelta(days=2)).isoformat()


def with_htmx(clerk, kpj):
    """Five steps: search, form, check, confirm, receipt. Returns the receipt."""
    client = clerk.client
    found = client.post(clerk.list_url, data={**clerk.search_fields, "cari": kpj}, headers=HTMX)
    page = client.get(link_to_form(found), headers=HTMX)     # the link of a few results has hx-get
    check = arrive(client, _send(client, page, _answers(clerk, form_fields(page))))
    receipt = arrive(client, _send(client, check, form_fields(check)))
    if "receipt-number" not in receipt.text:
        raise LookupError("the journey did not end at a receipt")
    return receipt


def without_javascript(clerk, kpj):
    """The same by plain pages: each form answers 303. Returns the receipt page."""
    client = clerk.client
    sent = client.post(clerk.list_url, data={**clerk.search_fields, "cari": kpj})
    form_url = link_to_form(client.get(expect(sent, 303).headers["location"]))
    fields = form_fields(client.get(form_url))
    sent = client.post(form_url, data=_answers(clerk, fields), files=NO_FILE)
    check_url = expect(sent, 303).headers["location"]
    fields = form_fields(client.get(check_url))
    sent = client.post(check_url, data=fields)
    return expect(client.get(expect(sent, 303).headers["location"]), 200)


def with_return_to_list(clerk, kpj):
    """With htmx, and back to the whole list afterwards, as before the next one."""
    with_htmx(clerk, kpj)
    return expect(clerk.client.get(clerk.list_url), 200)


def link_to_form(found):
    """The address behind Nonaktifkan of the one row found."""
    expect(found, 200)
    links = html.fromstring(found.text).xpath("//a[contains(@href, '/nonaktifkan')]/@href")
    if len(links) != 1:
        raise LookupError(f"the search found {len(links)} workers to deactivate")
    return urljoin(str(found.request.url), links[0])


def _send(client, page, fields):
    """Send the page's form as htmx does; app.js sends it as one line while no file is chosen."""
    return client.post(form_of(page).get("hx-post"), data=fields, headers=HTMX)


def _answers(clerk, fields):
    fields.pop("file", None)
    return {**fields, "reason": "RSG", "last_day": clerk.last_day}
