"""static/passkey.js and webapp/passkey/ceremony.py together, with Chromium's own authenticator."""

import json
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from rjsmin import jsmin

from webapp.passkey.ceremony import (
    NotGenuine,
    authentication_options,
    credential_id_of,
    registration_options,
    verify_authentication,
    verify_registration,
)
from webapp.security_headers import ALWAYS

SCRIPT = Path(__file__).parents[2] / "static" / "passkey.js"
HOST = "localhost"
SITI = {"user_handle": b"\x07" * 16, "user_name": "siti@pekerja.example",
        "display_name": "Siti Rahayu"}
AUTHENTICATOR = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                 "hasUserVerification": True, "isUserVerified": True}
PAGE = """<!doctype html><title>Kunci sandi</title>
<script src="/passkey.js" defer></script>
<form data-passkey="{kind}" method="post" action="/terima" data-options="{options}">
<input type="hidden" name="csrf_token" value="t"><input type="hidden" name="credential">
<p data-passkey-failed role="alert" hidden>Belum berhasil.</p>
<p data-passkey-missing hidden>Peramban ini belum bisa.</p>
<button type="submit">Lanjutkan</button></form>"""
# What browsers before 2024 do not have yet.
AS_AN_OLDER_BROWSER = """
  delete PublicKeyCredential.parseCreationOptionsFromJSON;
  delete PublicKeyCredential.parseRequestOptionsFromJSON;
  delete PublicKeyCredential.prototype.toJSON;
"""


class Site(BaseHTTPRequestHandler):
    """Shows the form that stands for the server, and keeps what it was sent."""

    def do_GET(self):
        if self.path == "/passkey.js":
            return self._send("text/javascript", jsmin(SCRIPT.read_text()).encode())
        kind, options = self.server.asks
        page = PAGE.format(kind=kind, options=escape(options))
        return self._send("text/html", page.encode() if self.path == "/" else b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append(parse_qs(body, keep_blank_values=True))
        self._send("text/html", b"<!doctype html><title>Diterima</title><h1>Diterima</h1>")

    def log_message(self, *what):
        """Nothing: requests are of no interest here."""

    def _send(self, media_type, body):
        self.send_response(200)
        for name, value in {**ALWAYS, "Content-Type": f"{media_type}; charset=utf-8",
                            "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def start():
    """Starts a site on a port of its own; all of them end with the test."""
    servers = []

    def begin():
        server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        server.received, server.origin = [], f"http://{HOST}:{server.server_port}"
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return server
    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(start):
    """The site itself."""
    return start()


@pytest.fixture
def tab(browser, site):
    """A page whose browser has an authenticator; closed before the site is.

    Nothing may go wrong in it.
    """
    context = browser.new_context()
    context.set_default_timeout(10_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.line = context.new_cdp_session(page)
    page.line.send("WebAuthn.enable")
    page.device = page.line.send("WebAuthn.addVirtualAuthenticator",
                                 {"options": AUTHENTICATOR})["authenticatorId"]
    yield page
    context.close()
    assert complaints == []


def press(tab, site, kind, asked):
    """Open the page that asks this, and press its button."""
    site.asks = kind, asked
    tab.goto(site.origin)
    tab.get_by_role("button").click()


def sent(tab, site):
    """What the form brought, once it arrived."""
    tab.get_by_role("heading", name="Diterima").wait_for()
    form = site.received.pop()
    assert form["csrf_token"] == ["t"]
    return form["credential"][0]


def made(tab, site):
    """(id, key, count) of a passkey made on this page."""
    asked, challenge = registration_options(host=HOST, known=[], **SITI)
    press(tab, site, "create", asked)
    return verify_registration(sent(tab, site), challenge=challenge, host=HOST, origin=site.origin)


def used(tab, site):
    """What the browser sends after using a passkey, and the challenge it was asked with."""
    asked, challenge = authentication_options(host=HOST)
    press(tab, site, "get", asked)
    return sent(tab, site), challenge


@pytest.mark.parametrize("older", [False, True], ids=["today", "older"])
def test_a_passkey_is_made_and_signs_in_without_a_user_name(tab, site, older):
    if older:
        tab.add_init_script(AS_AN_OLDER_BROWSER)
    identity, key, count = made(tab, site)
    on_device, = tab.line.send("WebAuthn.getCredentials",
                               {"authenticatorId": tab.device})["credentials"]
    assert on_device["isResidentCredential"]
    for _ in range(2):
        answer, challenge = used(tab, site)
        assert credential_id_of(answer) == identity
        before, count = count, verify_authentication(
            answer, challenge=challenge, host=HOST, origin=site.origin, public_key=key,
            sign_count=count)
        assert count > before


@pytest.mark.parametrize("older", [False, True], ids=["today", "older"])
def test_a_known_passkey_is_asked_for_by_its_id(tab, site, older):
    if older:
        tab.add_init_script(AS_AN_OLDER_BROWSER)
    identity, key, count = made(tab, site)
    asked, challenge = authentication_options(host=HOST, known=[b"another", identity])
    press(tab, site, "get", asked)
    answer = sent(tab, site)
    assert verify_authentication(answer, challenge=challenge, host=HOST, origin=site.origin,
                                 public_key=key, sign_count=count)


def test_what_was_done_at_another_origin_is_refused(tab, site, start):
    _, key, count = made(tab, site)
    elsewhere = start()
    answer, challenge = used(tab, elsewhere)
    known = {"challenge": challenge, "host": HOST, "public_key": key, "sign_count": count}
    with pytest.raises(NotGenuine):
        verify_authentication(answer, origin=site.origin, **known)
    assert verify_authentication(answer, origin=elsewhere.origin, **known)


def test_an_answer_is_worth_nothing_for_another_challenge_or_a_second_time(tab, site):
    _, key, count = made(tab, site)
    answer, challenge = used(tab, site)
    _, another = authentication_options(host=HOST)
    known = {"host": HOST, "origin": site.origin, "public_key": key}
    with pytest.raises(NotGenuine):
        verify_authentication(answer, challenge=another, sign_count=count, **known)
    count = verify_authentication(answer, challenge=challenge, sign_count=count, **known)
    with pytest.raises(NotGenuine):
        verify_authentication(answer, challenge=challenge, sign_count=count, **known)


def test_a_tampered_answer_is_refused(tab, site):
    _, key, count = made(tab, site)
    answer, challenge = used(tab, site)
    known = {"challenge": challenge, "host": HOST, "origin": site.origin, "public_key": key,
             "sign_count": count}
    for part in ("signature", "authenticatorData", "clientDataJSON"):
        changed = json.loads(answer)
        text = changed["response"][part]
        changed["response"][part] = text[:20] + ("B" if text[20] == "A" else "A") + text[21:]
        with pytest.raises(NotGenuine):
            verify_authentication(json.dumps(changed), **known)
    assert verify_authentication(answer, **known)


def test_a_person_the_device_does_not_recognise_is_told_and_may_try_again(tab, site):
    tab.line.send("WebAuthn.setUserVerified",
                  {"authenticatorId": tab.device, "isUserVerified": False})
    asked, challenge = registration_options(host=HOST, known=[], **SITI)
    press(tab, site, "create", asked)
    tab.get_by_role("alert").wait_for()
    assert site.received == []
    assert tab.get_by_role("button").get_attribute("aria-busy") is None
    tab.line.send("WebAuthn.setUserVerified",
                  {"authenticatorId": tab.device, "isUserVerified": True})
    tab.get_by_role("button").click()
    assert verify_registration(sent(tab, site), challenge=challenge, host=HOST, origin=site.origin)


@pytest.mark.parametrize("older", [False, True], ids=["today", "older"])
def test_a_device_that_holds_a_known_passkey_makes_no_second(tab, site, older):
    if older:
        tab.add_init_script(AS_AN_OLDER_BROWSER)
    identity, _, _ = made(tab, site)
    asked, _ = registration_options(host=HOST, known=[identity], **SITI)
    press(tab, site, "create", asked)
    tab.get_by_role("alert").wait_for()
    assert site.received == []


def test_one_press_is_enough_while_the_device_asks(tab, site):
    tab.line.send("WebAuthn.setAutomaticPresenceSimulation",
                  {"authenticatorId": tab.device, "enabled": False})
    asked, _ = registration_options(host=HOST, known=[], **SITI)
    press(tab, site, "create", asked)
    assert tab.get_by_role("button").get_attribute("aria-busy") == "true"
    tab.get_by_role("button").click()
    tab.wait_for_timeout(500)     # a second request beside the first is refused at once
    assert not tab.get_by_role("alert").is_visible()


def test_a_browser_without_passkeys_says_so_and_offers_no_button(tab, site):
    tab.add_init_script("delete window.PublicKeyCredential")
    site.asks = "get", authentication_options(host=HOST)[0]
    tab.goto(site.origin)
    tab.get_by_text("Peramban ini belum bisa.").wait_for()
    assert not tab.get_by_role("button").is_visible()
