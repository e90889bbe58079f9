"""Profil, Kepesertaan: connected or not, and the card number that connects."""

import pytest

from tests.linking.test_link import AGUS, AGUS_KPJ, agus, owner, reported
from tests.registration.person import PASSWORD, PHONE, Newcomer
from tests.registration.test_alike import seen
from webapp import clock
from webapp.models.people import Session, Throttle, User

PATH = "/profil/kepesertaan"


def registered(app, **answers):
    """Somebody with an account, signed in."""
    one = Newcomer(app)
    one.register(**answers)
    one.send(account=one_phone(answers), password=PASSWORD)
    assert one.page.heading.startswith("Halo")
    return one


def one_phone(answers):
    return answers.get("phone", PHONE)


@pytest.fixture
def person(app, cast):
    """Agus without a card number: not connected."""
    return registered(app, **AGUS)


def claimed():
    return User.get(User.phone.matches(PHONE)).claimed_kpj


def test_it_says_that_nothing_is_connected_and_asks_for_the_card(person):
    page = person.open(PATH)
    assert "belum tersambung" in page.words()
    assert not page.select(".notice")
    assert owner() is None


def test_the_right_card_number_connects(person):
    person.open(PATH)
    page = person.send(kpj="3014 5270 001")
    assert "sudah tersambung" in page.words()
    assert owner() == User.get(User.phone.matches(PHONE))
    assert "PT Maju Bersama" in person.open("/beranda").words()
    assert "sudah tersambung" in person.open(PATH).words()


def test_a_card_number_given_wrongly_at_registration_can_be_put_right(app, cast):
    person = registered(app, **AGUS, kpj="30145270009")
    assert person.open(PATH).fields()["kpj"] == "30145270009"
    person.send(kpj=AGUS_KPJ)
    assert claimed() == AGUS_KPJ
    assert owner()


def test_the_answer_is_the_same_whether_or_not_the_card_exists(person):
    pages = []
    for kpj in ("30145274512", "30145279999"):     # Siti's, nobody's
        person.open(PATH)
        pages.append(seen(person.send(kpj=kpj).response))
    assert "Belum bisa disambungkan" in pages[0][2]
    assert "Bawa KTP dan kartu peserta ke kantor cabang" in pages[0][2]
    assert pages[0][2].index("Cocokkan dulu") < pages[0][2].index("kantor cabang")
    assert pages[0][0] == 200
    assert [str(page).replace("30145279999", "30145274512") for page in pages] == [
        str(pages[0])] * 2
    assert owner() is None


def test_the_answer_is_the_same_where_somebody_else_is_connected(app, cast):
    answers = []
    for nik, phone in (("3171064508900001", "+6281290004512"), ("3171064508900777",
                                                               "+6281290014512")):
        person = registered(app, nik=nik, name="Siti Rahayu", birth_date="1990-08-05", phone=phone)
        person.open(PATH)
        answers.append(seen(person.send(kpj="30145274512").response))
    assert answers[0] == answers[1]
    assert cast.siti_at_maju.worker.user == cast.siti


@pytest.mark.parametrize(("typed", "sentence"), [
    ("", "Ketik nomor KPJ dari kartu peserta Anda."),
    ("12", "KPJ ini 2 angka, biasanya 11 angka. Periksa lagi pada kartunya."),
    ("abc", "Ada huruf yang bukan angka. KPJ hanya berisi angka.")])
def test_what_is_no_card_number_is_said_and_is_no_try(person, typed, sentence):
    person.open(PATH)
    page = person.send(kpj=typed)
    assert (page.status, page.errors()) == (422, {"kpj": sentence})
    assert claimed() is None
    assert not Throttle.select().where(Throttle.kind == "linking").exists()


def test_five_numbers_an_hour_and_then_one_is_told_until_when_to_wait(person):
    for number in range(5):
        person.open(PATH)
        assert person.send(kpj=f"3014527100{number}").status == 200
    page = person.send(kpj=AGUS_KPJ)
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 3600
    assert "Terlalu banyak percobaan" in page.errors()["kpj"]
    assert page.fields()["kpj"] == AGUS_KPJ
    assert owner() is None
    assert claimed() == "30145271004"


def test_a_company_that_reports_the_person_later_connects_at_the_next_look(person):
    assert owner() is None
    reported(PHONE)
    assert "sudah tersambung" in person.open(PATH).words()
    assert owner()


def test_who_is_connected_needs_no_card(app, cast):
    reported(PHONE)
    person = registered(app, **AGUS)
    page = person.open(PATH)
    assert not page.select("main form")
    before = agus().user
    person.post(PATH, {"csrf_token": person.token(), "kpj": "30145274512"})
    assert owner() == before
    assert claimed() is None


def test_a_number_typed_as_the_session_ended_is_not_lost(person):
    person.open(PATH)
    Session.update(ended_at=clock.now()).execute()
    assert person.send(kpj=AGUS_KPJ).heading == "Masuk"
    page = person.send(account=PHONE, password=PASSWORD)
    assert page.heading == "Kepesertaan"
    assert page.fields()["kpj"] == AGUS_KPJ
    assert owner() is None


def test_it_is_for_workers_only(ani):
    assert ani.open(PATH).status == 403
