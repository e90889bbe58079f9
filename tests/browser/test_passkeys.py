"""Passkeys in the real app, with Chromium's own authenticator."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from webapp import clock
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Passkey
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Session

DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
          "hasUserVerification": True, "isUserVerified": True}


@pytest.fixture
def server(server, monkeypatch):
    """The same server under a name: an address of numbers can have no passkeys."""
    url = server.url.replace("127.0.0.1", "localhost")
    monkeypatch.setitem(server.app.config, "BASE_URL", url)
    return SimpleNamespace(url=url, app=server.app)


class Device:
    """What the person puts a finger on."""

    def __init__(self, person):
        self.line = person.page.context.new_cdp_session(person.page)
        self.line.send("WebAuthn.enable")
        self.name = self.line.send("WebAuthn.addVirtualAuthenticator",
                                   {"options": DEVICE})["authenticatorId"]

    def send(self, command, **what):
        return self.line.send(f"WebAuthn.{command}", {"authenticatorId": self.name, **what})

    def recognises(self, yes):
        self.send("setUserVerified", isUserVerified=yes)

    def passkeys(self):
        return self.send("getCredentials")["credentials"]

    def becomes_an_older_copy(self):
        """The same key, used less often than it was."""
        passkey, = self.passkeys()
        self.send("clearCredentials")
        self.send("addCredential", credential={**passkey, "signCount": 0})


@pytest.fixture
def ani(open_page, cast):
    """Ani on a phone that can make passkeys."""
    person = open_page()
    person.device = Device(person)
    return person.is_signed_in_as(cast.ani)


def add(person, name="Ponsel saya"):
    person.open("/profil/passkey").follow("Tambah passkey").sees("Tambah passkey")
    person.type_in("Nama passkey", name).press("Tambah passkey")
    return person.sees("Passkey").reads(name)


def sign_out(person):
    person.follow("Keluar").sees("Keluar").press("Keluar dari perangkat ini")
    return person.sees("Masuk")


def test_a_passkey_is_made_and_then_opens_the_account_without_anything_typed(ani, cast):
    add(ani).reads("Belum pernah dipakai")
    passkey, = ani.device.passkeys()
    assert passkey["isResidentCredential"]
    assert passkey["rpId"] == "localhost"
    sign_out(ani).follow("Masuk dengan passkey").sees("Masuk dengan passkey")
    ani.press("Masuk dengan passkey").sees("Pilih perusahaan")
    ani.open("/profil/passkey").reads("Terakhir dipakai")
    assert Passkey.get().sign_count > 0
    assert AuditEntry.select().where(AuditEntry.kind == "session:began").count() == 1


def test_after_signing_out_back_shows_nothing(ani):
    add(ani)
    sign_out(ani).go_back().sees("Masuk")
    ani.does_not_read("Ponsel saya")


def test_a_sensitive_act_is_proven_by_a_finger_and_nothing_typed_is_lost(ani):
    add(ani)
    ani.open("/profil/passkey/tambah").type_in("Nama passkey", "Tablet di rumah")
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    before = ani.page.context.cookies()
    ani.device.send("clearCredentials")     # else this device would make no second one
    ani.press("Tambah passkey").sees("Buktikan ini Anda")
    ani.type_in("Kata sandi", PASSWORD).press("Lanjutkan").sees("Tambah passkey")
    ani.finds_in("Nama passkey", "Tablet di rumah")
    session = {cookie["value"] for cookie in before if cookie["name"] == "purna"}
    assert session.isdisjoint(cookie["value"] for cookie in ani.page.context.cookies())


def test_the_finger_itself_proves_it(ani):
    add(ani)
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    ani.open("/profil/autentikator").sees("Buktikan ini Anda")
    ani.press("Pakai passkey").sees("Pasang autentikator")


def test_whom_the_device_does_not_recognise_may_try_again(ani):
    add(ani)
    sign_out(ani).follow("Masuk dengan passkey").sees("Masuk dengan passkey")
    ani.device.recognises(False)
    ani.press("Masuk dengan passkey")
    expect(ani.page.get_by_role("alert").filter(has_text="Belum berhasil")).to_be_visible()
    ani.device.recognises(True)
    ani.press("Masuk dengan passkey").sees("Pilih perusahaan")


def test_an_older_copy_of_the_device_is_refused_and_the_owner_told(ani):
    add(ani)
    for _ in range(2):
        sign_out(ani).follow("Masuk dengan passkey").sees("Masuk dengan passkey")
        ani.press("Masuk dengan passkey").sees("Pilih perusahaan")
    ani.device.becomes_an_older_copy()
    sign_out(ani).follow("Masuk dengan passkey").sees("Masuk dengan passkey")
    ani.press("Masuk dengan passkey").reads("Passkey ini tidak cocok")
    assert Message.select().where(Message.kind == "security:passkey copied").exists()


def test_a_removed_passkey_opens_nothing(ani):
    add(ani).follow("Hapus").sees("Hapus passkey").press("Hapus passkey ini").reads(
        "Belum ada passkey")
    sign_out(ani).follow("Masuk dengan passkey").sees("Masuk dengan passkey")
    ani.press("Masuk dengan passkey").reads("Passkey ini tidak cocok")


def test_at_another_address_the_passkey_is_not_offered(ani):
    add(ani)
    ani.page.goto(ani.url.replace("localhost", "127.0.0.1") + "/masuk/passkey")
    ani.watch.url = ani.url.replace("localhost", "127.0.0.1")
    ani.press("Masuk dengan passkey")
    expect(ani.page.get_by_role("alert").filter(has_text="Belum berhasil")).to_be_visible()
    ani.watch.complaints.clear()     # the other address was foreign until the watch was told


def test_without_javascript_the_page_says_what_to_do(open_page, cast):
    person = open_page(javascript=False)
    person.open("/masuk")
    assert not person.page.get_by_role("link", name="Masuk dengan passkey").is_visible()
    person.open("/masuk/passkey").sees("Masuk dengan passkey")
    said = person.words("main")
    assert "Passkey belum bisa dipakai di sini" in said
    assert "Masuk dengan kata sandi" in said
    assert not person.page.get_by_role("button", name="Masuk dengan passkey").is_visible()
