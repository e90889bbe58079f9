"""Where two must agree: a supervisor or manager who neither agreed nor registered it."""

import pytest

from tests.claim_desk.claims import (
    approve,
    case_of,
    confirm,
    events,
    fresh,
    reported,
    sent,
    take,
    told,
    url,
)
from tests.conftest import settle
from tests.page import Clerk
from webapp import audit, clock
from webapp.models.cases import Statement
from webapp.models.claims import Claim, Savings
from webapp.models.deactivations import Deactivation
from webapp.models.people import User

NIK = "3171060101800099"


@pytest.fixture
def claim(cast):
    """Siti asks for 6 million of other costs: two must agree."""
    return sent(cast, "LAIN", amount=6_000_000)


@pytest.fixture
def agreed(dewi, claim):
    take(dewi, claim)
    approve(dewi, claim, seen=[])
    return claim


@pytest.fixture
def fajar(app, cast):
    return Clerk(app).is_signed_in_as(cast.fajar)


def colleague(app, cast, name, role, **more):
    """Somebody else of the branch, signed in."""
    user = User(name=name, role=role, branch=cast.dewi.branch_id, created_at=clock.now())
    user.email = f"{name.lower()}@cabang.example"
    for field, value in more.items():
        setattr(user, field, value)
    user.save(force_insert=True)
    settle(user, clock.now())
    return Clerk(app).is_signed_in_as(user)


def forged(one, claim, act, **fields):
    """What the page does not offer, sent all the same."""
    now = fresh(claim)
    return one.post(url(claim, act), {
        "csrf_token": one.token(), "version": now.version, "seen": [], "amount": "6.000.000",
        "case_version": case_of(claim).version, **fields})


def test_the_first_agrees_and_it_waits_for_a_supervisor(cast, dewi, agreed):
    now = fresh(agreed)
    assert (now.state, now.approved, now.approved_by) == ("VERIFIKASI", 6_000_000, cast.dewi)
    assert (case_of(agreed).holder, case_of(agreed).owner) == ("branch", None)
    assert "Eka" not in dewi.open(url(agreed)).words(".notice")
    assert "Menunggu penyelia" in dewi.open("/cabang").words("table")
    assert not dewi.page.select("table form")
    assert [(kind, channel) for kind, channel, _ in told()][-1] == ("case:claim agreed", "email")


def test_the_supervisor_is_the_second(cast, eka, agreed):
    assert eka.open("/cabang").select("table form")
    page = eka.open(url(agreed, "/kedua"))
    assert "Dewi Anggraini menyetujui Rp6.000.000 untuk Siti Rahayu" in page.words(".sentence")
    page = confirm(eka, agreed)
    assert "Eka Prasetya menyetujui Rp6.000.000 sebagai orang kedua" in page.words(".notice")
    now = fresh(agreed)
    assert (now.state, now.confirmed_by) == ("DISETUJUI", cast.eka)
    assert case_of(agreed).holder is None
    assert [kind for kind, _ in events()][-1] == "claim:confirmed"
    assert not list(audit.verify())


def test_the_second_says_that_they_looked(eka, agreed):
    eka.open(url(agreed, "/kedua"))
    page = eka.send(form="#confirming")
    assert page.status == 422
    assert page.errors() == {"is_checked": "Periksa sendiri dulu, lalu beri tanda centang."}
    assert fresh(agreed).state == "VERIFIKASI"


def test_confirming_twice_is_once(eka, agreed):
    eka.open(url(agreed, "/kedua"))
    assert eka.send_again(form="#confirming", is_checked="y").path == url(agreed)
    assert [kind for kind, _ in events()].count("claim:confirmed") == 1


def test_the_first_is_not_the_second_in_any_session(app, cast, dewi, agreed):
    other = Clerk(app).is_signed_in_as(cast.dewi)
    assert other.open(url(agreed, "/kedua")).path == url(agreed)
    assert forged(other, agreed, "/kedua", is_checked="y").status == 403
    assert fresh(agreed).state == "VERIFIKASI"


def test_nor_by_another_account_of_the_same_person(app, cast, agreed):
    User.update(nik_index=None).execute()
    dewi = User.get_by_id(cast.dewi.id)
    dewi.nik = NIK
    dewi.save()
    twin = colleague(app, cast, "Dewi-Dua", "supervisor", nik=NIK)
    assert forged(twin, agreed, "/kedua", is_checked="y").status == 403
    assert fresh(agreed).state == "VERIFIKASI"


def test_nor_is_an_officer(app, cast, agreed):
    officer = colleague(app, cast, "Hana", "officer")
    assert officer.open(url(agreed, "/kedua")).path == url(agreed)
    assert forged(officer, agreed, "/kedua", is_checked="y").status == 403
    assert forged(officer, agreed, "/setujui").status == 403
    assert officer.post(url(agreed, "/ambil"), {"csrf_token": officer.token()}).status == 403
    assert (fresh(agreed).state, fresh(agreed).approved_by) == ("VERIFIKASI", cast.dewi)


def test_a_supervisor_may_be_the_first_then_another_is_the_second(cast, eka, fajar, claim):
    take(eka, claim)
    approve(eka, claim, seen=[])
    assert forged(eka, claim, "/kedua", is_checked="y").status == 403
    confirm(fajar, claim)
    now = fresh(claim)
    assert (now.state, now.approved_by, now.confirmed_by) == ("DISETUJUI", cast.eka, cast.fajar)


@pytest.mark.parametrize(("amount", "state"), [(5_000_000, "DISETUJUI"),
                                               (5_000_001, "VERIFIKASI")])
def test_the_boundary_is_five_million(cast, dewi, amount, state):
    claim = sent(cast, "LAIN", amount=amount)
    take(dewi, claim)
    approve(dewi, claim, seen=[])
    assert fresh(claim).state == state


def test_who_asked_for_much_and_gets_little_still_needs_two(cast, dewi, claim):
    take(dewi, claim)
    approve(dewi, claim, seen=[], amount="100.000", less="Kuitansi lain tidak sah.")
    assert fresh(claim).state == "VERIFIKASI"


def test_the_reason_for_less_reaches_the_worker_with_the_second(cast, dewi, eka, claim):
    take(dewi, claim)
    approve(dewi, claim, seen=[], amount="5.500.000", less="Satu kuitansi tidak sah.")
    assert "Satu kuitansi tidak sah." in eka.open(url(claim, "/kedua")).words()
    confirm(eka, claim)
    assert "Satu kuitansi tidak sah." in told()[-1][2]
    assert fresh(claim).approved == 5_500_000


def test_sent_back_the_first_has_it_again_and_reads_why(cast, dewi, eka, agreed):
    eka.open(url(agreed, "/kedua"))
    page = eka.send(form="#back", reason="Tujuannya belum jelas.")
    assert page.path == url(agreed)
    now = fresh(agreed)
    assert (now.state, now.approved, now.approved_by) == ("VERIFIKASI", None, None)
    assert case_of(agreed).owner == cast.dewi
    assert Statement.get().text == "Tujuannya belum jelas."
    assert "Tujuannya belum jelas." in dewi.open(url(agreed)).words("#thread")
    assert [kind for kind, _ in events()][-1] == "claim:sent back"
    approve(dewi, agreed, seen=[])
    confirm(eka, agreed)
    assert fresh(agreed).state == "DISETUJUI"


def test_sending_back_twice_is_once(eka, agreed):
    eka.open(url(agreed, "/kedua"))
    eka.send_again(form="#back", reason="Tujuannya belum jelas.")
    assert Statement.select().count() == 1
    assert fresh(agreed).version == 4


def test_what_stands_in_the_way_by_then_stops_the_second_too(cast, dewi, eka):
    reported(cast)
    claim = sent(cast, credited=20_000_000)
    Claim.update(interviewed_at=clock.now(), interviewed_by=cast.dewi).execute()
    take(dewi, claim)
    approve(dewi, claim)
    Deactivation.update(state="DISANGGAH").execute()
    page = confirm(eka, claim)
    assert page.status == 422
    assert "sedang disanggah" in page.words(".error-summary")
    assert (fresh(claim).state, Savings.get().taken) == ("VERIFIKASI", 0)
