"""The terms on the way to an account: read in full, agreed to, and bound to the code."""

import hashlib
import uuid
from datetime import timedelta

import pytest
import time_machine

from tests.page import in_parallel
from tests.registration.person import PASSWORD, PHONE, Newcomer, code_sent, last_text
from tests.terms.newer import AFTER, BEFORE, NEWER, newer_terms
from webapp import clock, passwords
from webapp.challenges.service import bound_to
from webapp.models.accounts import Agreement, Challenge
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.terms import versions


@pytest.fixture
def newcomer(app, cast):
    return Newcomer(app)


@pytest.fixture
def with_newer_terms(tmp_path):
    with newer_terms(tmp_path):
        yield


def test_the_text_is_shown_in_full(newcomer):
    page = newcomer.fill_in()
    terms = versions.current(clock.today())
    words = page.words("#terms-text")
    for heading, paragraphs in terms.sections:
        assert heading in words
        for paragraph in paragraphs:
            assert paragraph in words


def test_without_the_tick_nothing_is_sent(newcomer):
    newcomer.fill_in()
    page = newcomer.send(channel="sms")
    assert page.status == 422
    assert page.errors() == {"is_agreed": "Beri tanda centang jika Anda menyetujuinya."}
    assert not Message.select().exists()
    assert bound_to(Challenge.get())["terms"] is None


def test_only_channels_that_were_given_are_offered_with_their_targets_masked(newcomer):
    page = newcomer.fill_in(email="wati@contoh.example")
    assert page.words("fieldset") == (
        "Ke mana kode dikirim? Kirim kode lewat SMS •••• •••• 4512 "
        "Kirim kode lewat email w•••@contoh.example")
    assert PHONE not in page.text
    page = newcomer.fill_in()
    assert "email" not in page.words("fieldset")
    page = newcomer.agree("email")
    assert page.errors() == {"channel": "Pilih ke mana kode dikirim."}


@pytest.mark.parametrize(("channel", "recipient"), [("sms", PHONE),
                                                    ("email", "wati@contoh.example")])
def test_the_code_goes_where_it_was_asked_for_and_its_message_names_the_act(
        newcomer, channel, recipient):
    page = newcomer.begin(channel, email="wati@contoh.example")
    assert page.heading == "Ketik kode"
    message = Message.get()
    assert (message.channel, message.recipient) == (channel, recipient)
    assert "DAFTAR AKUN" in message.body
    assert "Jangan beri tahu siapa pun" in message.body


def test_the_code_page_cannot_be_reached_before_agreeing(newcomer):
    path = newcomer.fill_in().path.replace("/syarat", "/kode")
    assert newcomer.open(path).heading == "Syarat dan Ketentuan"
    assert newcomer.post(path, {"csrf_token": newcomer.page.fields()["csrf_token"],
                                "ulang": "sms"}).heading == "Syarat dan Ketentuan"
    assert not Message.select().exists()


def test_version_language_digest_time_and_address_are_kept(newcomer, cast):
    newcomer.register()
    row = Agreement.get(Agreement.user == User.get(User.phone.matches(PHONE)))
    text = (versions.FOLDER / "2026-01-01.txt").read_bytes()
    assert (row.version, row.language, row.digest, row.address) == (
        "2026-01-01", "id", hashlib.sha256(text).hexdigest(), "127.0.0.1")
    assert timedelta(0) <= clock.now() - row.agreed_at < timedelta(minutes=1)


def test_a_newer_version_between_showing_and_agreeing_asks_again(newcomer, with_newer_terms):
    with time_machine.travel(BEFORE):
        newcomer.fill_in()
    with time_machine.travel(AFTER):     # the next day in Jakarta
        page = newcomer.agree()
        assert page.status == 422
        assert "baru saja diperbarui" in page.errors()["is_agreed"]
        assert "Isi yang baru." in page.words("#terms-text")
        assert "is_agreed" not in page.fields()
        assert not Message.select().exists()
        newcomer.agree()
        newcomer.send(code=code_sent())
    assert Agreement.select().order_by(Agreement.id.desc()).get().version == NEWER


def test_what_was_agreed_to_is_what_is_kept_and_a_newer_version_asks_at_sign_in(
        newcomer, with_newer_terms):
    with time_machine.travel(BEFORE):
        newcomer.begin()
    with time_machine.travel(AFTER):
        newcomer.send(code=code_sent())
        assert Agreement.select().order_by(Agreement.id.desc()).get().version == "2026-01-01"
        newcomer.open("/masuk")
        page = newcomer.send(account=PHONE, password="kuda baterai hijau jendela")
        assert page.heading == "Syarat dan Ketentuan diperbarui"


def test_agreeing_twice_leaves_the_code_on_its_way_good(newcomer):
    newcomer.fill_in()
    fields = {**newcomer.page.fields(), "is_agreed": "y", "channel": "sms"}
    path = newcomer.page.path
    code_pages = [newcomer.post(path, fields) for _ in range(2)]
    assert [page.heading for page in code_pages] == ["Ketik kode"] * 2
    assert Message.select().count() == 1
    assert newcomer.send(code=code_sent()).path.startswith("/masuk")


def test_agreeing_in_parallel_leaves_the_code_on_its_way_good(newcomer, app):
    newcomer.fill_in()
    fields = {**newcomer.page.fields(), "is_agreed": "y", "channel": "sms"}
    path, cookies = newcomer.page.path, newcomer.browser.get_cookie("purna-form")

    def agree(_):
        one = Newcomer(app)
        one.browser.set_cookie("purna-form", cookies.value)
        return one.post(path, fields).heading

    assert in_parallel(agree, 6) == ["Ketik kode"] * 6
    assert Message.select().count() == 1
    newcomer.open(path.replace("/syarat", "/kode"))
    assert newcomer.send(code=code_sent()).path.startswith("/masuk")


def test_going_back_one_may_choose_the_other_channel(newcomer):
    terms = newcomer.fill_in(email="wati@contoh.example").path
    newcomer.agree("sms")
    newcomer.open(terms)
    newcomer.agree("email")
    assert "w•••@contoh.example" in newcomer.page.words()
    newcomer.send(code=code_sent())
    user = User.select().order_by(User.id.desc()).get()
    assert (user.email, user.phone, user.unproven) == ("wati@contoh.example", None, PHONE)


def test_going_back_one_finds_the_tick_and_the_channel_chosen(newcomer):
    terms = newcomer.fill_in(email="wati@contoh.example").path
    assert "is_agreed" not in newcomer.page.fields()
    newcomer.agree("email")
    fields = newcomer.open(terms).fields()
    assert (fields["is_agreed"], fields["channel"]) == ("y", "email")


def test_sent_twice_with_nothing_new_the_code_on_its_way_stays_good(newcomer):
    newcomer.begin()
    page = newcomer.begin()
    assert "Kami mengirim kode" in page.words()
    assert (Challenge.select().count(), Message.select().count()) == (1, 1)
    assert newcomer.send(code=code_sent()).path.startswith("/masuk")


@pytest.mark.parametrize("change", [
    {"name": "Wati Lestari Putri"}, {"new_password": "kertas gunung biru sepatu"},
    {"email": "wati@contoh.example"}])
def test_after_ubah_isian_the_page_says_that_a_code_has_to_wait_and_how_long(newcomer, change):
    with time_machine.travel("2026-11-22T06:30:00Z", tick=False):
        newcomer.begin()
    first = code_sent()
    with time_machine.travel("2026-11-22T06:30:20Z", tick=False):
        page = newcomer.begin(**change)
        assert "Kami mengirim kode" not in page.words()
        assert page.words(".notice").startswith("Kode yang tadi tidak berlaku lagi Tunggu dulu")
        assert "Bisa dikirim lagi setelah 40 detik." in page.words()
        assert "code" not in page.fields()
        assert newcomer.send(code=first).status == 422, "it was for other answers"
        assert Message.select().count() == 1
    with time_machine.travel("2026-11-22T06:31:00Z", tick=False):
        newcomer.send(ulang="sms")
        assert newcomer.send(code=code_sent()).path.startswith("/masuk")
    user = User.get(User.phone.matches(PHONE))
    assert user.name == change.get("name", "Wati Lestari")
    assert user.unproven == change.get("email")
    assert passwords.is_right(user.password_hash, change.get("new_password", PASSWORD))


def test_after_ubah_isian_one_agrees_once_more(newcomer):
    newcomer.begin()
    page = newcomer.fill_in(name="Wati Lestari Putri")
    assert page.heading == "Syarat dan Ketentuan"
    assert "is_agreed" not in page.fields()


def test_what_another_browser_began_is_not_changed(newcomer, app):
    begun = newcomer.fill_in().path.split("/")[2]
    stranger = Newcomer(app)
    stranger.browser.set_cookie("purna-daftar", begun)
    stranger.fill_in(name="Orang Lain")
    assert bound_to(Challenge.get(Challenge.public_id == begun))["name"] == "Wati Lestari"
    assert Challenge.select().count() == 2


def test_a_strangers_registration_with_the_same_contact_ends_none(newcomer, app):
    terms = newcomer.fill_in().path
    Newcomer(app).fill_in()
    assert newcomer.open(terms).status == 200
    assert Challenge.select().where(Challenge.expires_at > clock.now()).count() == 2
    assert len({row.person for row in Challenge.select()}) == 1, "wrong codes count together"


def test_after_an_hour_one_begins_again(newcomer):
    terms = newcomer.fill_in().path
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        assert newcomer.open(terms).status == 410
        assert newcomer.open(terms.replace("/syarat", "/kode")).path.endswith("/syarat")


@pytest.mark.parametrize("step", ["syarat", "kode"])
def test_an_unknown_id_is_missing(newcomer, step):
    assert newcomer.open(f"/daftar/{uuid.uuid4()}/{step}").status == 404


def test_the_sms_with_the_code_fits_and_holds_no_link_or_nik(newcomer):
    newcomer.begin()
    text = last_text()
    assert len(text) <= 160
    assert "http" not in text
    assert "3171064508910007" not in text
