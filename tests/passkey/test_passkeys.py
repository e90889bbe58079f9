"""Passkeys through the pages: made, listed, removed, and signed in with."""

import json
from datetime import timedelta

import pytest

from tests.authenticator.app import enrol
from tests.page import Clerk, in_parallel
from tests.passkey.conftest import Keyring, challenge_on, options_on
from tests.passkey.device import PRESENT, VERIFIED
from webapp import clock
from webapp.authenticator.queries import has_authenticator
from webapp.models.accounts import Authenticator, Challenge, Passkey
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import BLOCKED, Device, Session, User
from webapp.passkey import service
from webapp.passkey.ceremony import Site
from webapp.passkey.service import MOST
from webapp.renewal import SessionOver


def happened(kind):
    return AuditEntry.select().where(AuditEntry.kind == kind).count()


def sign_in(clerk, keyring, **twisted):
    page = clerk.open("/masuk/passkey")
    return clerk.send(credential=keyring.answer(page, **twisted))


@pytest.mark.parametrize(("url", "host", "origin"), [
    ("https://purna.example", "purna.example", "https://purna.example"),
    ("https://purna.example/urusan", "purna.example", "https://purna.example"),
    ("http://localhost:8000", "localhost", "http://localhost:8000")])
def test_the_site_is_the_address_without_its_path(url, host, origin):
    assert Site.at(url) == Site(host, origin)


def test_a_passkey_is_added_listed_and_told(ani, keyring, cast):
    assert "Belum ada passkey" in ani.open("/profil/passkey").words()
    page = keyring.add(ani, name="Ponsel saya")
    assert page.heading == "Passkey"
    assert "Ponsel saya" in page.words()
    assert "Belum pernah dipakai" in page.words()
    row = Passkey.get()
    assert (row.user, row.name, row.sign_count) == (cast.ani, "Ponsel saya", 0)
    assert happened("passkey:added") == 1
    assert Message.select().where(Message.kind == "security:passkey").count() == 1


@pytest.mark.parametrize("path", ["/masuk/passkey", "/profil/passkey/tambah"])
def test_the_button_waits_for_the_script_that_makes_it_useful(ani, stranger, path):
    page = (stranger if path.startswith("/masuk") else ani).open(path)
    button, = page.select("[data-passkey] button")
    assert button.get("hidden") is not None
    assert "belum bisa dipakai di sini" in page.words("[data-passkey] noscript")


def test_what_needs_a_script_is_not_offered_without_one(ani, stranger):
    offers = (ani.open("/profil/passkey"), stranger.open("/masuk"))
    for page in offers:
        assert page.select("main .with-script a[href*='/passkey']")
        assert not page.select("main :not(.with-script) > a[href*='/passkey']")
    assert "kunci layar" in offers[0].words()


def test_before_one_is_removed_the_ways_that_remain_are_named(ani_with_passkey):
    page = ani_with_passkey.open(f"/profil/passkey/{Passkey.get().public_id}/hapus")
    assert ("masih bisa masuk dengan kata sandi. Di perangkat baru, kami juga meminta kode."
            in page.words())
    Keyring(ani_with_passkey.browser.application).add(ani_with_passkey, "Laptop")
    enrol(ani_with_passkey)
    page = ani_with_passkey.open(f"/profil/passkey/{Passkey.get().public_id}/hapus")
    assert ("masih bisa masuk dengan 1 passkey lain, atau dengan kata sandi dan kode dari "
            "aplikasi autentikator.") in page.words()


def test_a_device_is_asked_not_to_make_a_second(ani_with_passkey):
    options = options_on(ani_with_passkey.open("/profil/passkey/tambah"))
    assert [one["id"] for one in options["excludeCredentials"]] == [Passkey.get().credential]
    assert options["user"]["displayName"] == "Ani Wulandari"


def test_v5_0_7_5_1_adding_and_removing_want_a_fresh_proof(ani_with_passkey):
    Session.update(factor_at=clock.now() - timedelta(minutes=5, seconds=1)).execute()
    for path in ("tambah", f"{Passkey.get().public_id}/hapus"):
        assert ani_with_passkey.open(f"/profil/passkey/{path}").heading == "Buktikan ini Anda"
    assert ani_with_passkey.open("/profil/passkey").heading == "Passkey"


@pytest.mark.parametrize("twisted", [
    {"origin": "https://purna.example.evil.example"}, {"host": "evil.example"},
    {"flags": PRESENT}, {"flags": VERIFIED}], ids=str)
def test_what_was_made_elsewhere_or_without_the_person_is_not_added(ani, keyring, twisted):
    page = ani.open("/profil/passkey/tambah")
    answer = keyring.device.create(challenge_on(page), **{**keyring.here, **twisted})
    page = ani.send(credential=answer, name="Ponsel")
    assert page.status == 422
    assert "belum jadi dipasang" in page.words(".error-summary")
    assert not Passkey.select().exists()


def test_one_ceremony_adds_one_passkey(app, ani, keyring):
    page = ani.open("/profil/passkey/tambah")
    fields = {**page.fields(), "credential": keyring.device.create(
        challenge_on(page), **keyring.here), "name": "Ponsel"}

    def press(_):
        browser = app.test_client()
        browser.set_cookie("purna", ani.browser.get_cookie("purna").value)
        return browser.post("/profil/passkey/tambah", data=fields).status_code

    assert sorted(in_parallel(press, 4)) == [303, 422, 422, 422]
    assert Passkey.select().count() == 1


def test_one_ceremony_adds_no_second_device(app, ani, keyring):
    page = ani.open("/profil/passkey/tambah")
    fields, challenge, other = page.fields(), challenge_on(page), Keyring(app)
    for ring, status in ((keyring, 200), (other, 422)):
        answer = ring.device.create(challenge, **ring.here)
        page = ani.post("/profil/passkey/tambah", {**fields, "credential": answer, "name": "x"})
        assert page.status == status
    assert Passkey.select().count() == 1


def test_a_passkey_belongs_to_one_account(ani_with_passkey, keyring, budi):
    page = keyring.add(budi)
    assert page.status == 422
    assert "sudah terpasang" in page.words(".error-summary")
    assert Passkey.select().count() == 1


def test_a_ceremony_begun_by_another_person_is_none(ani, budi, keyring):
    page = budi.open("/profil/passkey/tambah")
    answer, theirs = keyring.device.create(challenge_on(page), **keyring.here), page.fields()
    ani.open("/profil/passkey/tambah")
    page = ani.send(credential=answer, challenge=theirs["challenge"], name="Ponsel")
    assert page.status == 422
    assert not Passkey.select().exists()


def test_two_tabs_may_ask_at_a_time(ani, keyring):
    first = ani.open("/profil/passkey/tambah")
    fields = first.fields()
    ani.open("/profil/passkey/tambah")
    answer = keyring.device.create(challenge_on(first), **keyring.here)
    page = ani.post("/profil/passkey/tambah", {**fields, "credential": answer, "name": "Satu"})
    assert page.heading == "Passkey"


def test_nobody_has_more_than_twenty(app, ani, cast):
    for number in range(MOST - 1):
        Passkey.create(user=cast.ani, credential=f"x{number}", public_key=b"k", name="x",
                       created_at=clock.now())
    late = [Keyring(app), Keyring(app)]
    assert late[0].add(ani).heading == "Passkey"
    assert "Tambah passkey" not in ani.page.words()
    page = late[1].add(ani)
    assert page.status == 422
    assert "Paling banyak 20" in page.words(".error-summary")
    assert Passkey.select().count() == MOST


def test_a_passkey_is_removed_and_told(ani_with_passkey, stranger, keyring):
    fields = ani_with_passkey.open(f"/profil/passkey/{Passkey.get().public_id}/hapus").fields()
    path = ani_with_passkey.page.path
    for _ in range(2):
        page = ani_with_passkey.post(path, fields)
        assert "Belum ada passkey" in page.words()
    assert happened("passkey:removed") == 1
    assert sign_in(stranger, keyring).status == 422


def test_one_is_not_removed_in_a_session_that_ended_meanwhile(ani_with_passkey):
    session = Session.get()
    Session.update(ended_at=clock.now()).execute()
    with pytest.raises(SessionOver):
        service.remove(Passkey.get(), session, clock.now())
    assert Passkey.select().exists()


def test_nor_is_one_added(app, ani, keyring):
    page, session = ani.open("/profil/passkey/tambah"), Session.get()
    Session.update(ended_at=clock.now()).execute()
    challenge = Challenge.get(Challenge.purpose == "tambah-passkey")
    answer = keyring.device.create(challenge_on(page), **keyring.here)
    with pytest.raises(SessionOver):
        service.add(challenge, answer, "x", session, Site.at(app.config["BASE_URL"]), clock.now())
    assert not Passkey.select().exists()


def test_one_passkey_that_two_accounts_add_at_once_belongs_to_one(app, ani, budi, keyring):
    """What one of them typed is still there, and says why."""
    for _ in range(10):
        Passkey.delete().execute()
        forms = []
        for clerk in (ani, budi):
            page = clerk.open("/profil/passkey/tambah")
            answer = keyring.device.create(challenge_on(page), **keyring.here)
            forms.append((clerk, {**page.fields(), "credential": answer, "name": "Ponsel"}))

        def press(number, forms=forms):
            clerk, fields = forms[number]
            return clerk.browser.post("/profil/passkey/tambah", data=fields).status_code

        assert sorted(in_parallel(press, 2)) == [303, 422]
        assert Passkey.select().count() == 1


def test_anothers_passkey_is_missing(ani_with_passkey, budi):
    path = f"/profil/passkey/{Passkey.get().public_id}/hapus"
    assert budi.open(path).status == 404
    budi.post(path, {"csrf_token": budi.token()})
    assert Passkey.select().exists()


def test_a_name_is_shown_as_text(ani, keyring):
    page = keyring.add(ani, name="<b>Ponsel</b>")
    assert "<b>Ponsel</b>" in page.words()


# Signing in


def test_au_14_it_signs_in_without_name_password_or_code(ani_with_passkey, stranger, keyring, cast):
    page = sign_in(stranger, keyring)
    assert page.heading == "Pilih perusahaan"
    row = Passkey.get()
    assert row.sign_count == 1
    assert row.used_at
    assert Session.select().where(Session.user == cast.ani).count() == 2
    assert Message.select().where(Message.kind == "security:new device").count() == 1


def test_the_browser_may_offer_any_passkey(stranger):
    options = options_on(stranger.open("/masuk/passkey"))
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


def test_it_goes_on_where_one_was(ani_with_passkey, stranger, keyring):
    stranger.open("/profil/perangkat")
    link, = stranger.page.tree.xpath("//a[normalize-space()='Masuk dengan passkey']/@href")
    page = stranger.open(link)
    stranger.send(credential=keyring.answer(page))
    assert stranger.page.path == "/profil/perangkat"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_v5_0_3_7_2_and_never_elsewhere(ani_with_passkey, stranger, keyring, elsewhere):
    page = stranger.open("/masuk/passkey", query_string={"lanjut": elsewhere})
    fields = {**page.fields(), "credential": keyring.answer(page)}
    answer = stranger.browser.post(page.action(), data=fields)
    assert answer.location == "/"


def test_an_authenticator_is_not_asked_for_as_well(app, ani, keyring, stranger):
    enrol(ani)
    keyring.add(ani)
    assert sign_in(stranger, keyring).heading == "Pilih perusahaan"


def test_staff_without_an_authenticator_still_enrol(app, cast, keyring, stranger):
    dewi = Clerk(app).sign_in("dewi@cabang.example")
    keyring.add(dewi)
    assert sign_in(stranger, keyring).heading == "Antrean"
    Authenticator.delete().execute()
    assert not has_authenticator(cast.dewi)
    assert sign_in(Clerk(app, device=""), keyring).heading == "Pasang autentikator"


@pytest.mark.parametrize("twisted", [
    {"origin": "https://purna.example.evil.example"}, {"host": "evil.example"},
    {"flags": PRESENT}, {"flags": VERIFIED}], ids=str)
def test_au_14_an_answer_for_another_site_or_without_the_person_is_refused(
        ani_with_passkey, stranger, keyring, twisted):
    page = sign_in(stranger, keyring, **twisted)
    assert page.status == 422
    assert Session.select().count() == 1


def test_an_unknown_passkey_and_a_wrong_signature_answer_alike(app, ani_with_passkey, keyring):
    unknown, forged = Keyring(app), Keyring(app)
    forged.device.id = keyring.device.id
    pages = [sign_in(Clerk(app, device=""), one) for one in (unknown, forged)]
    texts = {page.words() for page in pages}
    assert len(texts) == 1
    assert [page.status for page in pages] == [422, 422]
    names = [sorted(name for name, _ in page.headers) for page in pages]
    assert names[0] == names[1]
    assert Session.select().count() == 1


def test_an_answer_is_good_once(ani_with_passkey, stranger, keyring, app):
    page = stranger.open("/masuk/passkey")
    fields = {**page.fields(), "credential": keyring.answer(page)}
    form = stranger.browser.get_cookie("purna-form").value

    def press(_):
        browser = app.test_client()
        browser.set_cookie("purna-form", form)
        return browser.post("/masuk/passkey", data=fields).status_code

    statuses = in_parallel(press, 10)
    assert statuses.count(303) == 1
    assert statuses.count(422) == 9
    assert Session.select().count() == 2
    assert happened("session:refused") == 0


def test_an_answer_to_another_challenge_is_refused(ani_with_passkey, stranger, keyring):
    first = keyring.answer(stranger.open("/masuk/passkey"))
    stranger.open("/masuk/passkey")
    assert stranger.send(credential=first).status == 422


def test_a_challenge_that_is_over_is_refused(ani_with_passkey, stranger, keyring):
    page = stranger.open("/masuk/passkey")
    Challenge.update(expires_at=clock.now()).execute()
    assert stranger.send(credential=keyring.answer(page)).status == 422


def test_a_proof_of_a_signed_in_person_is_no_sign_in(ani_with_passkey, stranger, keyring):
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = ani_with_passkey.open("/buktikan")
    answer, challenge = keyring.answer(page), page.fields()["challenge"]
    stranger.open("/masuk/passkey")
    assert stranger.send(credential=answer, challenge=challenge).status == 422


def test_a_copied_device_is_refused_and_its_owner_told(ani_with_passkey, stranger, keyring, app):
    sign_in(stranger, keyring)
    sign_in(Clerk(app, device=""), keyring)
    keyring.device.uses = 0     # another device with the same key, which was used less
    page = sign_in(Clerk(app, device=""), keyring)
    assert page.status == 422
    assert "tidak cocok" in page.words(".error-summary")
    assert happened("session:refused") == 1
    assert "salinan passkey" in Message.get(Message.kind == "security:passkey copied").body
    assert Passkey.get().sign_count == 2
    assert Session.select().count() == 3


def test_a_device_that_counts_nothing_signs_in_again_and_again(app, ani_with_passkey, keyring):
    for _ in range(3):
        assert sign_in(Clerk(app, device=""), keyring, counted=0).heading == "Pilih perusahaan"


def test_somebody_blocked_gets_as_far_as_the_reason(ani_with_passkey, stranger, keyring, cast):
    User.update(state=BLOCKED).where(User.id == cast.ani.id).execute()
    assert sign_in(stranger, keyring).heading == "Akun Anda diblokir"


def test_on_a_device_that_is_not_ones_own_it_leaves_nothing(app, ani_with_passkey, keyring, cast):
    clerk = Clerk(app, device="")
    clerk.browser.delete_cookie("purna-perangkat")
    page = clerk.open("/masuk/passkey")
    clerk.send(credential=keyring.answer(page), is_borrowed="y")
    assert Session.select().order_by(Session.id.desc()).get().is_borrowed
    assert clerk.browser.get_cookie("purna-perangkat") is None
    assert Device.select().where(Device.user == cast.ani).count() == 1


@pytest.mark.parametrize("credential", ["", "x", "{}", "null", "[" * 5000, '{"id":"AAAA"}', "\0",
                                        json.dumps({"id": "A" * 1300}), "9" * 25_000])
@pytest.mark.parametrize("challenge", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_nonsense_is_refused(stranger, ani, credential, challenge):
    stranger.open("/masuk/passkey")
    assert stranger.send(credential=credential, challenge=challenge).status == 422
    ani.open("/profil/passkey/tambah")
    assert ani.send(credential=credential, challenge=challenge).status == 422
    assert not Passkey.select().exists()


def test_without_javascript_the_page_says_what_to_do(stranger):
    page = stranger.open("/masuk/passkey")
    assert "masuk dengan kata sandi" in page.words("noscript")
    page = stranger.send()
    assert page.status == 422
    assert "pakai cara lain" in page.words(".error-summary")


def test_an_address_that_asks_all_day_must_wait(stranger):
    statuses = [stranger.open("/masuk/passkey").status for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert Challenge.select().count() == 60


def test_au_09_an_address_that_tries_all_day_must_wait(app, stranger):
    statuses = []
    for _ in range(21):
        stranger.open("/masuk/passkey")
        statuses.append(stranger.send(credential='{"id":"AAAA"}').status)
    assert statuses == [422] * 20 + [429]


def test_the_script_is_loaded_where_a_passkey_is_asked_for_and_nowhere_else(app, ani, stranger):
    def loads(page):
        return any("passkey" in src for src in page.tree.xpath("//script/@src"))

    assert loads(stranger.open("/masuk/passkey"))
    assert loads(ani.open("/profil/passkey/tambah"))
    assert not loads(stranger.open("/masuk"))
    assert not loads(ani.open("/profil/passkey"))


def test_on_somebody_elses_phone_none_is_made(ani):
    Session.update(is_borrowed=True).execute()
    page = ani.open("/profil/passkey/tambah")
    assert (page.status, page.heading) == (403, "Ini ponsel orang lain")
    assert ani.open("/profil/passkey").status == 200
