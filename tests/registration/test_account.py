"""The account that a right code makes: once, with the proven contact only."""

import pytest
import time_machine

from tests.page import DEVICE, in_parallel
from tests.registration.person import PASSWORD, PHONE, Newcomer, code_sent, last_text
from webapp import clock, sessions, vault
from webapp.models.accounts import Agreement, Challenge, Closure
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Device, Session, User
from webapp.models.workers import Worker


@pytest.fixture
def newcomer(app, cast):
    return Newcomer(app)


def newest():
    return User.select().order_by(User.id.desc()).get()


def kinds_about(user):
    entries = AuditEntry.select().where(AuditEntry.subject == user.public_id)
    return [entry.kind for entry in entries.order_by(AuditEntry.sequence)]


def test_with_the_right_code_the_account_is_there_and_one_may_sign_in(newcomer):
    page = newcomer.register()
    assert page.heading == "Masuk"
    assert page.words(".notice") == (
        "Akun Anda sudah dibuat Masuk dengan nomor ponsel •••• •••• 4512.")
    assert page.fields()["account"] == "0812 9000 4512"
    user = newest()
    assert (user.role, user.state, user.name) == ("worker", "AKTIF", "Wati Lestari")
    assert (user.phone, user.email, user.unproven) == (PHONE, None, None)
    assert (user.nik, str(user.birth_date)) == ("3171064508910007", "1991-08-05")
    assert user.phone_changed_at is None
    assert not Session.select().exists()


def test_with_two_contacts_it_is_said_which_one_opens_the_account(newcomer):
    page = newcomer.register("email", email="wati@contoh.example")
    assert page.words(".notice") == (
        "Akun Anda sudah dibuat Masuk dengan email w•••@contoh.example. "
        "Nomor ponsel Anda bisa dipakai untuk masuk sesudah dibuktikan di Profil.")
    assert newcomer.send(password=PASSWORD).heading == "Halo, Wati Lestari"


def test_another_browser_or_a_later_hour_is_not_told_which_contact_it_was(newcomer, app):
    newcomer.register()
    other = Newcomer(app)
    other.browser.set_cookie("purna-daftar", newcomer.browser.get_cookie("purna-daftar").value)
    with time_machine.travel("2026-11-22T07:31:00Z"):
        newcomer.open("/masuk?selesai=daftar")
    for one in (newcomer, other):
        page = one.open("/masuk?selesai=daftar") if one is other else one.page
        assert page.words(".notice") == ("Akun Anda sudah dibuat Masuk dengan nomor ponsel atau "
                                         "email yang tadi menerima kode.")
        assert page.fields()["account"] == ""


def test_this_browser_is_asked_no_second_code_and_another_one_is(newcomer, app):
    newcomer.register()
    assert newcomer.send(account=PHONE, password=PASSWORD).heading == "Halo, Wati Lestari"
    with time_machine.travel("2026-11-22T06:35:00Z"):
        other = Newcomer(app)
        other.open("/masuk")
        assert other.send(account=PHONE, password=PASSWORD).heading == "Perangkat baru"


@pytest.mark.parametrize(("channel", "proven", "left"), [("sms", "phone", "email"),
                                                         ("email", "email", "phone")])
def test_only_the_proven_contact_is_the_accounts(newcomer, channel, proven, left):
    newcomer.register(channel, email="wati@contoh.example")
    contacts = {"phone": PHONE, "email": "wati@contoh.example"}
    user = newest()
    assert getattr(user, proven) == contacts[proven]
    assert getattr(user, left) is None
    assert user.unproven == contacts[left]


def test_after_a_code_by_the_other_channel_that_one_is_proven(newcomer):
    newcomer.begin("sms", email="wati@contoh.example")
    with time_machine.travel("2026-11-22T06:31:30Z"):
        newcomer.send(ulang="email")
        newcomer.send(code=code_sent())
    assert (newest().email, newest().phone) == ("wati@contoh.example", None)


def test_it_is_recorded_and_told_on_the_proven_channel_without_anything_personal(newcomer):
    newcomer.register(email="wati@contoh.example")
    user = newest()
    assert kinds_about(user) == ["account:registered", "terms:agreed"]
    details = " ".join(entry.details for entry in AuditEntry.select())
    assert PHONE not in details
    assert user.nik not in details
    code, welcome = Message.select().where(Message.user == user).order_by(Message.id)
    assert code.kind == "otp-daftar"     # what led to the account is the account's
    assert (welcome.channel, welcome.recipient) == ("sms", PHONE)
    assert len(welcome.body) <= 160
    assert "akun Anda sudah dibuat" in welcome.body


def test_the_welcome_by_email_says_what_to_do_next(newcomer):
    newcomer.register("email", phone="", email="wati@contoh.example")
    assert "Halo Wati Lestari" in last_text()
    assert "Profil lalu Kepesertaan" in last_text()


def test_a_code_that_is_used_again_leads_to_sign_in_and_makes_nothing(newcomer):
    newcomer.begin()
    path, fields = newcomer.page.path, {**newcomer.page.fields(), "code": code_sent()}
    newcomer.post(path, fields)
    before = User.select().count(), Message.select().count(), AuditEntry.select().count()
    page = newcomer.post(path, fields)
    assert page.heading == "Masuk"
    assert "Akun Anda sudah dibuat" in page.words()
    assert newcomer.open(path).heading == "Masuk"
    assert newcomer.open(path.replace("/kode", "/syarat")).heading == "Masuk"
    assert before == (User.select().count(), Message.select().count(),
                      AuditEntry.select().count())


def test_the_right_code_five_times_at_once_makes_one_account(newcomer, app):
    before = User.select().count()
    newcomer.begin()
    path, fields = newcomer.page.path, {**newcomer.page.fields(), "code": code_sent()}
    cookie = newcomer.browser.get_cookie("purna-form").value

    def send(_):
        one = Newcomer(app)
        one.browser.set_cookie("purna-form", cookie)
        return one.post(path, fields).heading

    assert in_parallel(send, 5) == ["Masuk"] * 5
    assert User.select().count() == before + 1
    assert Agreement.select().where(Agreement.user == newest()).count() == 1
    assert kinds_about(newest()) == ["account:registered", "terms:agreed"]


def test_a_wrong_code_makes_nothing(newcomer):
    before = User.select().count()
    newcomer.begin()
    page = newcomer.send(code="000000" if code_sent() != "000000" else "111111")
    assert page.status == 422
    assert "Sisa 4 percobaan" in page.errors()["code"]
    assert User.select().count() == before


def rivals(app, email):
    """Two browsers that hold a good code each for the same address."""
    both = []
    for minute, phone in ((30, "0812 9000 4513"), (32, "0812 9000 4514")):
        with time_machine.travel(f"2026-11-22T06:{minute}:00Z"):
            one = Newcomer(app)
            one.begin("email", phone=phone, email=email)
            both.append((one, {**one.page.fields(), "code": code_sent()}, one.page.path))
    return both


def test_of_two_registrations_with_one_address_one_wins_and_the_other_is_told_calmly(newcomer, app):
    for number in range(4):
        before, address = User.select().count(), f"wati{number}@contoh.example"
        both = rivals(app, address)
        with time_machine.travel("2026-11-22T06:33:00Z"):
            pages = in_parallel(lambda at, both=both: both[at][0].post(both[at][2], both[at][1]), 2)
        assert sorted(page.status for page in pages) == [200, 409]
        assert {page.heading for page in pages} == {"Masuk", "Anda sudah punya akun"}
        assert User.select().count() == before + 1
        assert User.select().where(User.email.matches(address)).count() == 1
        assert Message.select().where(Message.kind == "account:registered").count() == number + 1


def test_the_loser_of_a_race_leaves_nothing_behind(app, newcomer):
    (first, one, path), (second, other, other_path) = rivals(app, "wati@contoh.example")
    with time_machine.travel("2026-11-22T06:33:00Z"):
        first.post(path, one)
        before = AuditEntry.select().count(), Device.select().count(), Agreement.select().count()
        assert second.post(other_path, other).status == 409
    assert before == (AuditEntry.select().count(), Device.select().count(),
                      Agreement.select().count())
    assert Challenge.select().where(Challenge.used_at.is_null(False)).count() == 1


def test_a_person_whose_account_was_closed_may_register_again(newcomer, app, cast):
    newcomer.register()
    old = newest()
    User.update(state="DITUTUP", phone_sealed=None, phone_index=None, password_hash=None,
                nik_sealed=None, nik_index=None).where(User.id == old.id).execute()
    with time_machine.travel("2026-11-22T06:40:00Z"):
        again = Newcomer(app)
        assert again.register().heading == "Masuk"
    assert newest().id != old.id
    assert not Closure.select().exists()


def test_the_nik_is_kept_sealed_and_is_no_proof(newcomer, cast):
    newcomer.register(nik="3171064508900001", name="Siti Rahayu", birth_date="1990-08-05")
    raw = User.select(User.nik_sealed, User.nik_index).where(User.id == newest().id).dicts().get()
    assert b"3171064508900001" not in bytes(raw["nik_sealed"])
    assert raw["nik_index"] == vault.current().index("3171064508900001", "user.nik")
    assert Worker.get(Worker.name == "Siti Rahayu").user == cast.siti


def test_a_browser_that_others_use_gets_a_cookie_nobody_knew_and_knows_them_still(app, cast):
    one = Newcomer(app, device=DEVICE)
    one.register()
    token = one.browser.get_cookie("purna-perangkat").value
    assert token != DEVICE
    assert sessions.is_known_device(newest(), token, clock.now())
    assert sessions.is_known_device(cast.siti, token, clock.now())
    assert not sessions.is_known_device(cast.siti, DEVICE, clock.now())


def test_the_browser_where_the_code_was_typed_is_the_known_one(newcomer, app):
    newcomer.begin()
    other = Newcomer(app)
    other.open(newcomer.page.path)
    assert "•••• •••• 4512" in other.page.words()
    other.send(code=code_sent())
    assert other.send(account=PHONE, password=PASSWORD).heading == "Halo, Wati Lestari"
    with time_machine.travel("2026-11-22T06:35:00Z"):
        newcomer.open("/masuk")
        assert newcomer.send(account=PHONE, password=PASSWORD).heading == "Perangkat baru"


def test_registering_records_the_moment_of_the_password(newcomer):
    newcomer.register()
    assert abs((clock.now() - newest().password_changed_at).total_seconds()) < 60
