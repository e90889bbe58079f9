"""Walking the app as a browser without JavaScript does, checking every page on the way."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from lxml import html

from webapp import db
from webapp.demo.people import PASSWORD


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


class Clerk:
    """A person with a browser of their own (any role)."""

    def __init__(self, app):
        self.browser = app.test_client()
        self.page = None

    def sign_in(self, email, password=PASSWORD):
        """Sign in through the page."""
        self.open("/masuk")
        self.send(email=email, password=password)
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
