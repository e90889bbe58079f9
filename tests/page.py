"""Walking the app as a browser without JavaScript does, checking every page on the way."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
from lxml import html

from webapp import clock, db, rate_limit, sessions
from webapp.demo.people import PASSWORD
from webapp.messages.gsm import gsm_text
from webapp.models.accounts import Authenticator
from webapp.models.people import User


class Page:
    """A response and what a person sees of it."""

    def __init__(self, response, is_fragment=False):
        self.response, self.status = response, response.status_code
        self.headers, self.text = response.headers, response.get_data(as_text=True)
        self.path = response.request.full_path.rstrip("?")
        self.tree = html.fromstring(self.text) if self.text.strip().startswith("<") else None
        if self.tree is not None and "text/html" in response.content_type and not is_fragment:
            self._check_page()

    def _check_page(self):
        assert self.tree.get("lang") == "id"
        assert len(self.tree.cssselect("h1")) == 1, self.path
        assert self.tree.findtext(".//title").endswith(" — Purna")
        ids = Counter(self.tree.xpath("//@id"))
        assert [name for name, count in ids.items() if count > 1] == []
        for form in self.tree.cssselect("form"):
            assert form.get("action"), "a form says where it goes"
            if form.get("method") == "post":
                assert form.cssselect("input[name=csrf_token]"), "a posted form has its token"
        assert not self.tree.xpath("//@style"), "no inline styles under our policy"

    def select(self, selector):
        """Elements by CSS selector."""
        return self.tree.cssselect(selector)

    def words(self, selector="main"):
        """The text of the first matching element, white space collapsed."""
        return " ".join(self.select(selector)[0].text_content().split())

    @property
    def heading(self):
        """The h1's text."""
        return self.words("h1")

    def errors(self):
        """Sentences beside fields, by field name."""
        return {p.get("id").removesuffix("-error"):
                " ".join(p.text_content().split()).removeprefix("Keliru: ")
                for p in self.select(".field-error")}

    def fields(self, form="main form"):
        """What a browser would send for a form, untouched."""
        return dict(self.select(form)[0].form_values())

    def action(self, form="main form"):
        """Where a form goes."""
        return self.select(form)[0].get("action")


DEVICE = "peramban-yang-sudah-dikenal"     # the cookie of a browser the whole cast has used before


class Clerk:
    """A person with a browser of their own (any role).

    :param device: its device cookie; empty for a browser that was never here.
    """

    def __init__(self, app, device=DEVICE):
        self.browser = app.test_client()
        self.browser.set_cookie("purna-perangkat", device)
        self.page = None

    def is_signed_in_as(self, user):
        """Be signed in already, where signing in is not what is tried: it takes argon2's time."""
        with db.write_transaction():
            self.browser.set_cookie("purna", sessions.begin(user, clock.now(), browser=""))
        return self

    def sign_in(self, account, password=PASSWORD):
        """Sign in through the page; staff with the authenticator they have set up."""
        self.open("/masuk")
        self.send(account=account, password=password)
        if self.page.path.startswith("/masuk/autentikator/"):
            self.send(code=authenticator_code(account))
        assert self.page.heading != "Masuk", self.page.words()
        return self

    def open(self, path, htmx=False, **options):
        """Follow a link."""
        headers = {"HX-Request": "true"} if htmx else {}
        response = self.browser.get(path, headers=headers, follow_redirects=not htmx, **options)
        self.page = Page(response, is_fragment=htmx)
        return self.page

    def send(self, form="main form", htmx=False, **answers):
        """Fill in a form of the current page and press its button."""
        fields = {**self.page.fields(form), **answers}
        return self.post(self.page.action(form), fields, htmx=htmx)

    def send_again(self, form="main form", **answers):
        """The answer is lost on the line, and the session's new cookie with it; the very same is
        sent once more."""
        path, fields = self.page.action(form), {**self.page.fields(form), **answers}
        cookie = self.browser.get_cookie("purna").value
        self.post(path, fields)
        self.browser.set_cookie("purna", cookie)
        return self.post(path, fields)

    def post(self, path, fields, htmx=False, **options):
        """Send fields to a path, as a forged form would."""
        headers = {"HX-Request": "true"} if htmx else {}
        response = self.browser.post(path, data=fields, headers=headers,
                                     follow_redirects=not htmx, **options)
        self.page = Page(response, is_fragment=htmx)
        return self.page

    def token(self):
        """A form token of this browser's session."""
        return self.open("/keluar").fields()["csrf_token"]


def authenticator_code(email, now=None):
    """What a person's authenticator app shows now, one that was not used yet."""
    row = (Authenticator.select(Authenticator, User).join(User)
           .where(User.email.matches(email)).get())
    moment = now or clock.now()
    if row.last_step >= int(moment.timestamp()) // 30:     # the app shows the next one in a moment
        moment += timedelta(seconds=30)
    return pyotp.TOTP(row.secret).at(moment)


def in_parallel(act, count):
    """Do something in ``count`` threads at once; the results, in no order that matters."""
    ready = Barrier(count)

    def run(number):
        ready.wait(10)
        try:
            return act(number)
        finally:
            db.database.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def deactivation_path(company, membership):
    """Where a membership's deactivation begins."""
    return f"/perusahaan/{company.public_id}/tenaga-kerja/{membership.public_id}/nonaktifkan"


def draft(clerk, company, membership, reason="RSG", last_day="2026-11-20", **more):
    """Fill in the form; the clerk stands on the check page."""
    clerk.open(deactivation_path(company, membership))
    return clerk.send(reason=reason, last_day=last_day, **more)


def file(clerk, company, membership, **answers):
    """Deactivate through the pages; the clerk stands on the receipt."""
    draft(clerk, company, membership, **answers)
    return clerk.send()


def forget_tries(user, *limits):
    """A person may begin again to do what is limited."""
    for limit in limits:
        rate_limit.forget_failures(limit, user.public_id.hex)


def sms_for_every_name(make):
    """(name, SMS as it is sent) for names of 1 to 200 characters, of words, of one long word, and
    of characters that an SMS writes with several.

    :param make: called with a name; makes the text.
    """
    for pattern in ("M", "PT Maju Bersama ", "€", "œ—", "Ñandú Żółw "):
        for length in range(1, 201):
            name = (pattern * 200)[:length].strip()
            yield name, gsm_text(make(name))


def while_uncommitted(write, act):
    """Let ``act`` run in another thread while what ``write`` wrote is not committed yet: it has
    read what was, and meets what is. Returns what it returned or raised."""
    def run():
        try:
            return act()
        except Exception as problem:
            return problem
        finally:
            db.database.close()

    with ThreadPoolExecutor(1) as pool:
        with db.write_transaction():
            write()
            acting = pool.submit(run)
            time.sleep(0.3)
        return acting.result(20)
