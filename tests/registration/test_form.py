"""The registration form: everything wrong said at once, nothing typed lost."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import DEVICE, Clerk
from tests.registration.person import ANSWERS, PASSWORD, Newcomer
from webapp import clock
from webapp.challenges.service import bound_to
from webapp.models.accounts import Challenge
from webapp.models.messages import Message
from webapp.models.people import User


@pytest.fixture
def newcomer(app, cast):
    return Newcomer(app)


def test_all_that_is_wrong_is_said_at_once_beside_its_field(newcomer):
    page = newcomer.fill_in(nik="123", name="—", birth_date="31-02-1990", kpj="12", phone="0812",
                            email="wati@", new_password="pendek")
    assert page.status == 422
    assert page.errors().keys() == ANSWERS.keys()
    assert len(page.select(".error-summary li")) == len(ANSWERS)
    assert page.tree.findtext(".//title").startswith("Keliru: ")


def test_an_empty_form_asks_for_what_is_needed_and_for_no_card(newcomer):
    page = newcomer.fill_in(**dict.fromkeys(ANSWERS, ""))
    assert page.errors().keys() == ANSWERS.keys() - {"kpj", "email"}


def test_marks_that_cannot_be_seen_are_no_answer(newcomer):
    page = newcomer.fill_in(**dict.fromkeys(ANSWERS, "\u202a\u200b"))
    assert page.errors().keys() >= {"nik", "name", "birth_date", "phone"}


def test_what_was_typed_stays_but_the_password(newcomer):
    page = newcomer.fill_in(nik="123")
    assert page.fields() == {**page.fields(), **ANSWERS, "nik": "123", "new_password": ""}
    assert "Ketik lagi kata sandinya." in page.words("main form")


@pytest.mark.parametrize("contacts", [{"phone": "", "email": "wati@contoh.example"},
                                      {"phone": "0812 9000 4512", "email": ""},
                                      {"phone": "62 812 9000 4512",
                                       "email": "Wati@Contoh.example"}])
def test_one_contact_is_enough_and_both_are_welcome(newcomer, contacts):
    assert newcomer.fill_in(**contacts).heading == "Syarat dan Ketentuan"


@pytest.mark.parametrize(("birth_date", "sentence"), [
    ("2026-11-23", "Tanggal lahir ini belum terjadi. Periksa lagi tahunnya."),
    ("2011-11-23", "Akun ini untuk orang berumur 15 tahun atau lebih. Periksa lagi tanggalnya.")])
def test_who_is_not_born_or_too_young_is_refused(newcomer, birth_date, sentence):
    assert newcomer.fill_in(birth_date=birth_date).errors() == {"birth_date": sentence}


def test_who_is_fifteen_today_may_register(newcomer):
    assert newcomer.fill_in(birth_date="22-11-2011").heading == "Syarat dan Ketentuan"


@pytest.mark.parametrize("password", [
    "kuda wati baterai jendela", "kuda3171064508910007jendela", "kuda081290004512jendela",
    "kuda surat.wati jendela", "password1234", "pendek"])
def test_v5_0_6_2_weak_passwords_and_those_made_of_ones_own_data_are_refused(newcomer, password):
    page = newcomer.fill_in(new_password=password, email="surat.wati@contoh.example")
    assert page.errors().keys() == {"new_password"}


def test_a_nik_with_another_birth_date_is_a_question_and_no_refusal(newcomer):
    page = newcomer.fill_in(birth_date="1990-08-05")
    assert "Tanggal lahir di dalam NIK berbeda" in page.words(".notice")
    assert "lanjutkan saja" in page.words(".notice")
    assert newcomer.agree().heading == "Ketik kode"
    assert newcomer.page.words(".steps") == "Langkah 3 dari 3"


def test_a_nik_that_fits_raises_no_question(newcomer):
    assert not newcomer.fill_in().select(".notice")


def test_what_was_typed_can_be_changed_and_is_shown_as_it_was_typed(newcomer):
    terms = newcomer.fill_in(kpj="30145274519", email="wati@contoh.example")
    assert terms.select("a.back")[0].get("href") == "/daftar"
    page = newcomer.open("/daftar")
    assert page.fields() == {**page.fields(), **ANSWERS, "kpj": "30145274519",
                             "email": "wati@contoh.example", "new_password": ""}
    assert page.words(".notice").startswith("Isian Anda masih ada")
    assert "Ketik lagi kata sandinya." in page.words("main form")


def test_what_was_typed_last_is_what_back_finds(newcomer):
    newcomer.fill_in()
    newcomer.begin(name="Wati Lestari Ningrum", phone="+62 812-9000-4512")
    fields = newcomer.open("/daftar").fields()
    assert (fields["name"], fields["phone"]) == ("Wati Lestari Ningrum", "+62 812-9000-4512")


def test_the_answers_are_shown_in_the_browser_where_they_were_typed_and_in_no_other(newcomer, app):
    newcomer.fill_in()
    begun = newcomer.browser.get_cookie("purna-daftar")
    assert begun.http_only
    for stranger in (Newcomer(app), Newcomer(app, device="peramban-lain"), Clerk(app)):
        assert stranger.open("/daftar").fields()["nik"] == ""
        stranger.browser.set_cookie("purna-daftar", begun.value)
        assert stranger.open("/daftar").fields()["nik"] == ""
    newcomer.browser.set_cookie("purna-daftar", "bukan-nomor")
    assert newcomer.open("/daftar").fields()["nik"] == ""


def test_one_may_begin_with_empty_answers(newcomer):
    newcomer.fill_in()
    link, = newcomer.open("/daftar").select(".notice a")
    page = newcomer.open(link.get("href"))
    assert (page.path, page.fields()["nik"]) == ("/daftar", "")
    assert not page.select(".notice")
    assert newcomer.open("/daftar").fields()["nik"] == ""


def test_an_hour_later_they_are_gone_from_the_form(newcomer):
    newcomer.fill_in()
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        assert newcomer.open("/daftar").fields()["nik"] == ""


def test_who_signs_in_next_finds_none_of_it(newcomer, cast):
    newcomer.fill_in()
    newcomer.browser.set_cookie("purna-perangkat", DEVICE)
    newcomer.sign_in("siti@pekerja.example")
    assert newcomer.browser.get_cookie("purna-daftar") is None


def test_what_looks_odd_in_a_nik_is_still_said_where_it_is_changed(newcomer):
    newcomer.fill_in(birth_date="1990-08-05")
    said = newcomer.open("/daftar").words(".notice.tone-warning")
    assert "Tanggal lahir di dalam NIK berbeda" in said


def test_what_an_account_was_made_of_is_not_shown_again(newcomer):
    newcomer.register()
    assert newcomer.open("/daftar").fields()["nik"] == ""


def test_a_valid_form_makes_no_account_and_sends_nothing(newcomer, cast):
    before = User.select().count()
    newcomer.fill_in()
    assert User.select().count() == before
    assert not Message.select().exists()
    bound = bound_to(Challenge.get())
    assert bound["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in str(bound)


def test_what_waits_for_the_code_is_sealed(newcomer):
    newcomer.fill_in()
    raw = str(Challenge.select().dicts().get())
    assert "Wati" not in raw
    assert ANSWERS["nik"] not in raw
    assert "argon2" not in raw


def test_who_is_signed_in_is_sent_home(ani):
    assert ani.open("/daftar").heading == "Pilih perusahaan"


def test_twenty_in_a_minute_from_one_address_then_wait_with_the_answers_kept(newcomer):
    page = newcomer.fill_in()
    for number in range(20):
        assert page.status == 200
        page = newcomer.fill_in(phone=f"0812 9000 46{number:02}")
    assert page.status == 429
    assert page.headers["Retry-After"] == "60"
    assert page.fields()["name"] == "Wati Lestari"
    assert Challenge.select().count() == 20


def test_fields_that_nobody_asked_for_are_ignored(newcomer, cast):
    newcomer.open("/daftar")
    newcomer.post("/daftar", {**newcomer.page.fields(), **ANSWERS, "role": "manager",
                              "state": "AKTIF", "password_hash": "x", "terms": "x"})
    bound = bound_to(Challenge.get())
    assert "role" not in bound
    assert bound["terms"] is None
    assert bound["password_hash"].startswith("$argon2id$")
