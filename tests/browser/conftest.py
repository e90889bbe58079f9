"""The app as people meet it: served by waitress, looked at by the system's Chromium."""

import io
import shutil
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
import waitress
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.album import Album, Gallery
from tests.browser.examination import examine
from tests.browser.person import SLOWEST, Person
from tests.browser.states import every_state
from tests.browser.watch import Watch
from tests.conftest import POSTGRESQL
from tests.page import DEVICE, deactivation_path
from webapp import clock, db

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update"]
SLOW_LINE = {"offline": False, "latency": 800, "downloadThroughput": 50_000 / 8,
             "uploadThroughput": 50_000 / 8}


def open_chromium(playwright):
    """The system's Chromium; None when there is none. Debian builds it also without windows, as
    ``chromium-headless-shell``: that takes half the time."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return path and playwright.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        chromium = open_chromium(playwright)
        if not chromium:
            pytest.skip("no chromium on this machine: apt-get install chromium")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def gallery():
    """Pages that were answered before, to be looked at again."""
    return Gallery()


@pytest.fixture(scope="session")
def served(application, gallery):
    """The address under which the application is served during the whole run."""
    server = waitress.create_server(
        gallery.in_front_of(_letting_go(application)), host="127.0.0.1", port=0, threads=4,
        clear_untrusted_proxy_headers=True, ident=None)
    Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{server.effective_port}"


def _letting_go(application):
    """Close the connection after each request: the next test has another database."""
    def answer(environ, start_response):
        try:
            return application(environ, start_response)
        finally:
            db.database.close()
    return answer


@pytest.fixture
def server(app, cast, served, monkeypatch):
    """The app on this test's database with its cast; ``server.url`` is where."""
    monkeypatch.setitem(app.config, "BASE_URL", served)
    return SimpleNamespace(url=served, app=app)


def data_of_its_own(application, folder):
    """A folder for a worker process with the application's secrets: it notes there where the
    audit trail of this test's database stands."""
    shutil.copy(application.config["DATA"] / "secrets.json", folder)
    return folder


@pytest.fixture
def open_page(browser, server):
    """A person at a browser of their own; in the end nothing may have gone wrong in it."""
    with people_at(browser, server.url) as open_page:
        yield open_page


@contextmanager
def people_at(browser, url):
    """Gives what opens a browser for one more person; each is watched to its end."""
    watches = []
    with ExitStack() as contexts:
        def begin(javascript=True, width=360, throttled=False, device=DEVICE, **options):
            context = contexts.enter_context(browser.new_context(
                java_script_enabled=javascript, viewport={"width": width, "height": 740},
                locale="id-ID", timezone_id="Asia/Jakarta", **options))
            context.set_default_timeout(SLOWEST)
            remember_device(context, url, device)
            watches.append(Watch(context, url))
            page = context.new_page()
            if throttled:
                line = context.new_cdp_session(page)
                line.send("Network.enable")
                line.send("Network.emulateNetworkConditions", SLOW_LINE)
            return Person(page, watches[-1], url, javascript)
        yield begin
    assert [complaint for watch in watches for complaint in watch.complaints] == []


def remember_device(context, url, device):
    """Make a browser one that its person has used before; with an empty name, a new one."""
    if device:
        context.add_cookies([{"name": "purna-perangkat", "value": device, "url": url}])


@pytest.fixture(params=[not POSTGRESQL], ids=["plain" if POSTGRESQL else "javascript"])
def javascript(request):
    """Every journey is walked twice, through the same steps: with JavaScript in the run on SQLite,
    without in the one on PostgreSQL."""
    return request.param


@pytest.fixture
def somebody(open_page, javascript):
    """A person on a phone, with and without JavaScript."""
    return open_page(javascript=javascript)


@pytest.fixture
def ani_at_list(somebody, cast):
    """Ani before the list of PT Maju."""
    somebody.is_signed_in_as(cast.ani).open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    return somebody.sees("Tenaga kerja")


@pytest.fixture
def ani_at_form(somebody, cast):
    """Ani before the empty form for Siti."""
    somebody.is_signed_in_as(cast.ani).open(deactivation_path(cast.maju, cast.siti_at_maju))
    return somebody.sees("Nonaktifkan Siti Rahayu")


@pytest.fixture
def last_day():
    """A last working day in time to be reported."""
    return clock.today() - timedelta(days=2)


@pytest.fixture(scope="session")
def photograph():
    """A small JPEG."""
    body = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(body, "JPEG")
    return body.getvalue()


_EXAMINED = {}


@pytest.fixture
def examined(browser, server, gallery, cast, photograph):
    """What was found on every page in every state, gathered once: in the run on SQLite, since a
    page looks the same whatever database is behind it."""
    if POSTGRESQL:
        pytest.skip("pages are looked at in the run on SQLite")
    if not _EXAMINED:
        states = list(every_state(server.app, cast, photograph))
        _EXAMINED.update(examine(Album(browser, server.url, gallery, states)))
    return _EXAMINED
