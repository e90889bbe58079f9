"""Taking a case, and giving it away."""

import pytest

from tests.desk.matters import MAKERS, fresh, objected, recorded, url
from tests.page import Clerk, in_parallel
from webapp.models.cases import Case
from webapp.models.people import User


@pytest.fixture
def case(cast):
    return objected(cast)


@pytest.fixture
def fajar(app, cast):
    """Manager Fajar."""
    return Clerk(app).is_signed_in_as(cast.fajar)


def take(one, case):
    one.open(url(case))
    return one.send(form="form[action$='/ambil']")


def give(one, case, receiver):
    one.open(url(case) + "/serahkan")
    return one.send(receiver=receiver.public_id.hex if receiver else "antrean")


@pytest.mark.parametrize("kind", MAKERS)
def test_whoever_takes_it_has_it(cast, dewi, kind):
    case = MAKERS[kind](cast)
    page = take(dewi, case)
    assert page.path == url(case)
    assert "Dipegang Anda, sejak 22 November 2026" in page.words()
    assert fresh(case).owner == cast.dewi
    (actor, subject, _), = recorded("case:taken")
    assert (actor, subject) == (cast.dewi.public_id, case.public_id)


def test_from_the_queue_too(cast, dewi, case):
    dewi.open("/cabang")
    page = dewi.send(form="table form")
    assert page.path == url(case)
    assert fresh(case).owner == cast.dewi


def test_taking_it_twice_changes_nothing(cast, dewi, case):
    take(dewi, case)
    dewi.post(url(case) + "/ambil", {"csrf_token": dewi.token()})
    assert len(recorded("case:taken")) == 1


def test_who_comes_second_is_told_who_has_it(cast, dewi, eka, case):
    dewi.open(url(case))
    stale = dewi.page
    take(eka, case)
    dewi.page = stale
    page = dewi.send(form="form[action$='/ambil']")
    assert page.status == 409
    assert page.heading == "Kasus ini dipegang Eka Prasetya"
    assert "Eka Prasetya mengambilnya 22 November 2026 pukul 13.30" in page.words()
    assert fresh(case).owner == cast.eka


def test_forty_at_once_one_has_it(app, cast, dewi, eka, fajar, case):
    people = (dewi, eka, fajar)
    tokens = [one.token() for one in people]
    cookies = [one.browser.get_cookie("purna").value for one in people]

    def press(number):
        one = Clerk(app)
        one.browser.set_cookie("purna", cookies[number % 3])
        return one.browser.post(url(case) + "/ambil",
                                data={"csrf_token": tokens[number % 3]}).status_code

    statuses = in_parallel(press, 40)
    assert set(statuses) == {303, 409}
    assert len(recorded("case:taken")) == 1
    winner = fresh(case).owner
    assert recorded("case:taken")[0][0] == winner.public_id


def test_who_has_it_gives_it_to_a_colleague(cast, dewi, eka, case):
    take(dewi, case)
    page = give(dewi, case, cast.eka)
    assert page.path == "/cabang"
    assert "Eka Prasetya" in page.words("table")
    assert fresh(case).owner == cast.eka
    (actor, _, details), = recorded("case:handed over")
    assert (actor, details["to"]) == (cast.dewi.public_id, cast.eka.public_id.hex)
    assert "Dipegang Anda" in eka.open(url(case)).words()


def test_or_back_to_the_queue(cast, dewi, case):
    take(dewi, case)
    give(dewi, case, None)
    assert fresh(case).owner is None
    assert dewi.page.select("table form[action$='/ambil']")


def test_it_goes_to_somebody_of_the_list(cast, dewi, joko, case):
    take(dewi, case)
    dewi.open(url(case) + "/serahkan")
    assert "Joko" not in dewi.page.words()
    for receiver in ("", User.get(User.name == "Joko Santoso").public_id.hex,
                     cast.siti.public_id.hex, "x"):
        page = dewi.send(receiver=receiver)
        assert page.status == 422
        assert page.errors() == {"receiver": "Pilih kepada siapa kasus ini diserahkan."}
    assert fresh(case).owner == cast.dewi


def test_a_colleagues_case_is_taken_over_by_a_supervisor_only(cast, dewi, eka, fajar, case):
    give(eka, case, cast.eka)
    assert not dewi.open(url(case)).select("a[href$='/serahkan']")
    for page in (dewi.open(url(case) + "/serahkan"), dewi.post(url(case) + "/serahkan", {
            "csrf_token": dewi.token(), "owner": cast.eka.public_id.hex,
            "receiver": cast.dewi.public_id.hex})):
        assert page.status == 403
        assert page.heading == "Kasus ini bukan untuk Anda"
    assert fresh(case).owner == cast.eka
    give(fajar, case, cast.fajar)
    assert fresh(case).owner == cast.fajar


def test_what_a_colleague_took_meanwhile_is_not_given_away(cast, eka, fajar, case):
    eka.open(url(case) + "/serahkan")
    take(fajar, case)
    page = eka.send(receiver=cast.dewi.public_id.hex)
    assert page.status == 409
    assert "Dipegang Fajar Nugroho" in page.words()
    assert fresh(case).owner == cast.fajar
    assert recorded("case:handed over") == []


def test_the_queue_shows_ones_own_and_what_nobody_has(cast, dewi, eka, case):
    take(eka, case)
    assert "S••• R•••" in eka.open("/cabang?tampil=saya").words()
    assert "Tidak ada yang menunggu di sini" in eka.open("/cabang?tampil=bebas").words()
    assert "Tidak ada yang menunggu di sini" in dewi.open("/cabang?tampil=saya").words()
    give(eka, case, None)
    assert "S••• R•••" in dewi.open("/cabang?tampil=bebas").words()
    assert Case.select().count() == 1
