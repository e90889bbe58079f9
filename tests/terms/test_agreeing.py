"""A new version asks at the next sign-in, and nothing else can be done before."""

import pytest
import time_machine

from tests.page import Clerk, in_parallel
from tests.terms.newer import AFTER, BEFORE, NEWER, newer_terms
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.models.accounts import Agreement
from webapp.models.audit import AuditEntry
from webapp.models.people import IS_CLOSING, NEEDS_TERMS, WHOLE, Session
from webapp.terms import service, versions

PATH = "/syarat-dan-ketentuan/setuju"


@pytest.fixture
def siti(app, cast, tmp_path):
    """Siti signs in on the day a newer version begins to hold; she stands before it."""
    with newer_terms(tmp_path), time_machine.travel(AFTER):
        clerk = Clerk(app)
        clerk.open("/masuk")
        clerk.send(account="siti@pekerja.example", password="purna-demo-2026")
        yield clerk


def agreements(user):
    return [row.version for row in Agreement.select().where(Agreement.user == user)
            .order_by(Agreement.id)]


def test_agreeing_in_a_stale_tab_opens_nothing_to_an_account_that_is_closing(siti):
    session = Session.select().order_by(Session.id.desc()).get()
    Session.update(stage=IS_CLOSING).where(Session.id == session.id).execute()
    service.go_on(session)
    assert Session.get_by_id(session.id).stage == IS_CLOSING
    Session.update(stage=NEEDS_TERMS).where(Session.id == session.id).execute()
    service.go_on(session)
    assert Session.get_by_id(session.id).stage == WHOLE


def test_agreeing_again_is_recorded_once_whatever_was_inserted_before(siti, cast):
    terms = versions.current(clock.today())
    given = {"version": terms.version, "language": terms.language, "digest": terms.digest,
             "agreed_at": clock.now(), "address": "127.0.0.1", "now": clock.now()}
    before = AuditEntry.select().where(AuditEntry.kind == "terms:agreed").count()
    for _ in range(3):
        with write_transaction():
            sessions.begin(cast.siti, clock.now(), "peramban")
            service.note_agreement(cast.siti, **given)
    assert AuditEntry.select().where(AuditEntry.kind == "terms:agreed").count() == before + 1


def test_the_new_version_is_shown_in_full_with_what_it_is(siti):
    assert siti.page.path.startswith(PATH)
    assert siti.page.heading == "Syarat dan Ketentuan diperbarui"
    assert "Isi yang baru." in siti.page.words("#terms-text")
    assert "Berlaku mulai 23 November 2026" in siti.page.words()
    assert siti.page.select("a[href='/syarat-dan-ketentuan/2026-01-01']")


def test_nothing_else_can_be_reached_before_but_leaving(siti):
    for path in ("/", "/beranda", "/pesan", "/profil/kepesertaan"):
        assert siti.open(path).heading == "Syarat dan Ketentuan diperbarui"
    assert siti.open("/keluar").heading == "Keluar"


def test_agreeing_stores_it_and_goes_on_where_one_was_going(siti, cast):
    siti.open("/pesan")
    page = siti.send(is_agreed="y")
    assert page.heading == "Pesan"
    assert agreements(cast.siti) == ["2026-01-01", NEWER]
    row = Agreement.get(Agreement.version == NEWER)
    terms = versions.version(NEWER)
    assert (row.language, row.digest, row.address) == ("id", terms.digest, "127.0.0.1")
    assert abs((clock.now() - row.agreed_at).total_seconds()) < 60
    assert Session.select().order_by(Session.id.desc()).get().stage == ""
    entry = AuditEntry.get(AuditEntry.kind == "terms:agreed")
    assert terms.digest in entry.details


def test_without_the_tick_one_stays(siti, cast):
    page = siti.send()
    assert page.status == 422
    assert page.errors() == {"is_agreed": "Beri tanda centang jika Anda menyetujuinya."}
    assert agreements(cast.siti) == ["2026-01-01"]
    assert siti.open("/beranda").heading == "Syarat dan Ketentuan diperbarui"


def test_agreeing_twice_and_at_once_is_once(siti, app, cast):
    fields = {**siti.page.fields(), "is_agreed": "y"}
    cookie = siti.browser.get_cookie("purna").value

    def agree(_):
        tab = Clerk(app)
        tab.browser.set_cookie("purna", cookie)
        return tab.post(PATH, fields).heading

    assert in_parallel(agree, 4) == ["Halo, Siti Rahayu"] * 4
    assert siti.post(PATH, fields).heading == "Halo, Siti Rahayu"
    assert agreements(cast.siti) == ["2026-01-01", NEWER]
    assert AuditEntry.select().where(AuditEntry.kind == "terms:agreed").count() == 1


def test_another_browser_that_stood_there_too_goes_on_by_itself(siti, app, cast):
    other = Clerk(app)
    other.open("/masuk")
    other.send(account="siti@pekerja.example", password="purna-demo-2026")
    siti.send(is_agreed="y")
    assert other.open("/pesan").heading == "Pesan"


def test_a_version_that_was_not_shown_is_not_agreed_to(app, cast, tmp_path):
    Agreement.delete().execute()
    clerk = Clerk(app)
    with newer_terms(tmp_path):
        with time_machine.travel(BEFORE):
            clerk.open("/masuk")
            clerk.send(account="siti@pekerja.example", password="purna-demo-2026")
            assert clerk.page.heading == "Syarat dan Ketentuan"
        with time_machine.travel(AFTER):
            page = clerk.send(is_agreed="y")
            assert page.status == 422
            assert "baru saja diperbarui" in page.errors()["is_agreed"]
            assert agreements(cast.siti) == []
            clerk.send(is_agreed="y")
    assert agreements(cast.siti) == [NEWER]


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_v5_0_3_7_2_one_is_never_sent_elsewhere(siti, elsewhere):
    fields = {**siti.page.fields(), "lanjut": elsewhere, "is_agreed": "y"}
    answer = siti.browser.post(PATH, data=fields)
    assert answer.headers["Location"] == "/"


def test_who_agreed_before_is_not_asked(app, cast):
    siti = Clerk(app).sign_in("siti@pekerja.example")
    assert siti.page.heading == "Halo, Siti Rahayu"
    assert siti.open(PATH).heading == "Halo, Siti Rahayu"


def test_leaving_instead_keeps_everything_and_asks_again(siti, cast):
    assert siti.page.select("main a[href='/keluar']")
    assert siti.page.select("main a[href='/tutup-akun']")
    siti.open("/keluar")
    siti.send()
    siti.open("/masuk")
    page = siti.send(account="siti@pekerja.example", password="purna-demo-2026")
    assert page.heading == "Syarat dan Ketentuan diperbarui"
    assert agreements(cast.siti) == ["2026-01-01"]


def test_a_session_that_ended_meanwhile_stays_ended(siti, cast):
    fields = {**siti.page.fields(), "is_agreed": "y"}
    Session.update(ended_at=clock.now()).execute()
    siti.post(PATH, fields)
    assert siti.page.heading == "Masuk"
    assert agreements(cast.siti) == ["2026-01-01"]
    assert not sessions.open_sessions(cast.siti, clock.now())
