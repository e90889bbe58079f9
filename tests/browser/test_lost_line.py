"""Slow lines, lost requests, lost answers: every journey ends and nothing typed is lost."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.person import ACCOUNT
from tests.conftest import POSTGRESQL
from tests.page import deactivation_path
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Challenge
from webapp.models.deactivations import Deactivation
from webapp.models.people import User
from webapp.models.receipts import Receipt

LONGEST_ON_A_SLOW_LINE = 60     # seconds for seven pages; about twenty on a quiet machine


@pytest.fixture
def ani(open_page, cast):
    """Ani before the empty form for Siti, on a line that may fail."""
    ani = open_page().is_signed_in_as(cast.ani)
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    ani.watch.line_may_fail = True
    return ani


def banner_of(person):
    return person.page.locator("#line-lost")


def break_line(person, accident):
    """Let htmx's requests meet an accident until the returned function is called."""
    person.page.route("**/*", lambda route: accident(route)
                      if route.request.resource_type == "fetch" else route.fallback())
    return lambda: person.page.unroute("**/*")


def lose_request(route):
    route.abort("connectionreset")


def lose_answer(route):
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


def lose_answer_and_cookies(route):
    """Playwright would keep the cookies of an answer that the browser never sees."""
    context = route.request.frame.page.context
    before = context.cookies()
    lose_answer(route)
    context.clear_cookies()
    context.add_cookies(before)


def answer_with_a_fault(route):
    route.fulfill(status=502, body="<h1>Bad gateway</h1>", headers={
        "Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin"})


@pytest.mark.parametrize("accident", [lose_request, lose_answer, answer_with_a_fault])
def test_a_lost_form_is_said_so_kept_and_sent_again(ani, last_day, accident):
    ani.fill_in("Mengundurkan diri", last_day, "Pindah kota")
    mend = break_line(ani, accident)
    ani.press("Periksa")
    expect(banner_of(ani)).to_contain_text("Sambungan terputus. Isian Anda masih ada.")
    ani.finds_in("Catatan", "Pindah kota").finds_in("Hari kerja terakhir", last_day.isoformat())
    ani.press("Coba lagi")
    expect(banner_of(ani)).to_be_visible()
    mend()
    ani.press("Coba lagi").sees("Periksa").reads("Pindah kota").confirm()


@pytest.mark.parametrize("accident", [lose_request, lose_answer])
def test_a_lost_confirmation_can_be_tried_again_and_files_once(ani, last_day, accident):
    ani.fill_in("Mengundurkan diri", last_day).check()
    mend = break_line(ani, accident)
    ani.press("Konfirmasi")
    expect(banner_of(ani)).to_be_visible()
    mend()
    ani.press("Coba lagi").sees("Selesai")
    assert (Deactivation.select().count(), Receipt.select().count()) == (1, 1)


@pytest.mark.skipif(POSTGRESQL, reason="it is the script that tries again")
def test_a_draft_that_saves_itself_does_not_take_the_place_of_a_lost_press(open_page, cast,
                                                                           last_day):
    siti = open_page().is_signed_in_as(cast.siti).open("/kepesertaan").follow("PT Maju Bersama")
    siti.watch.line_may_fail = True
    siti.press("Ajukan nonaktif").sees("Ajukan nonaktif").choose("Mengundurkan diri")
    siti.type_in("Hari kerja terakhir", last_day.isoformat())
    siti.page.wait_for_function("() => Boolean(document.querySelector('[data-htmx-powered]'))")
    mend = break_line(siti, lose_request)
    siti.press("Periksa")
    expect(banner_of(siti)).to_be_visible()
    with siti.page.expect_event("requestfailed"):
        siti.type_in("Catatan", "Pindah kota")
        siti.page.get_by_label("Catatan").blur()
    mend()
    siti.press("Coba lagi").sees("Periksa").reads("Pindah kota")


REGISTRATION = {"NIK": "3171065506920099", "Nama lengkap": "Ratna Dewi",
                "Tanggal lahir": "1992-06-15", "Nomor ponsel": "0812 9000 7777",
                "Email": "ratna@rumah.example", "Kata sandi": "jendela kuning pasir delapan"}


def fill_in_registration(person, **answers):
    """All of Daftar typed; ``answers`` by label instead."""
    for label, text in {**REGISTRATION, **answers}.items():
        person.type_in(label, text)


def finds_registration(person, but=()):
    for label in REGISTRATION.keys() - set(but):
        person.finds_in(label, REGISTRATION[label])


def test_a_lost_registration_keeps_every_answer_and_is_sent_once(open_page):
    ratna = open_page(device="")
    ratna.watch.line_may_fail = True
    ratna.open("/daftar").page.wait_for_function("() => Boolean(window.htmx)")
    fill_in_registration(ratna)
    mend = break_line(ratna, lose_request)
    ratna.press("Lanjut")
    expect(banner_of(ratna)).to_contain_text("Sambungan terputus. Isian Anda masih ada.")
    finds_registration(ratna)
    assert Challenge.select().count() == 0
    mend()
    ratna.press("Coba lagi").sees("Syarat dan Ketentuan")
    assert Challenge.select().count() == 1


def test_impatient_presses_while_the_next_page_comes_send_nothing_again(open_page):
    ratna = open_page(device="").open("/daftar")
    ratna.page.wait_for_function("() => Boolean(window.htmx)")
    fill_in_registration(ratna)
    posts = []
    ratna.page.on("request", lambda request: posts.append(request.method == "POST"))

    def come_slowly(route):
        time.sleep(1.5)
        route.fallback()

    ratna.page.route("**/syarat", come_slowly)
    ratna.page.evaluate("""() => {
      const press = () => document.querySelector("main [type=submit]").click();
      press();
      setInterval(press, 100);
    }""")
    ratna.sees("Syarat dan Ketentuan")
    assert sum(posts) == Challenge.select().count() == 1


def test_a_mistake_leaves_no_page_behind_that_back_must_ask_about(open_page):
    ratna = open_page(device="").open("/masuk").follow("Daftar akun baru").sees("Daftar")
    fill_in_registration(ratna, NIK="123")
    ratna.press("Lanjut").reads("Periksa lagi isian ini")
    finds_registration(ratna, but=("NIK", "Kata sandi"))
    ratna.type_in("NIK", REGISTRATION["NIK"]).type_in("Kata sandi", REGISTRATION["Kata sandi"])
    ratna.press("Lanjut").sees("Syarat dan Ketentuan")
    ratna.go_back().sees("Daftar")
    finds_registration(ratna, but=("Kata sandi",))
    ratna.go_back().sees("Masuk")


def test_back_from_the_terms_finds_what_was_typed(somebody):
    somebody.open("/daftar")
    fill_in_registration(somebody)
    somebody.press("Lanjut").sees("Syarat dan Ketentuan")
    somebody.go_back().sees("Daftar").reads("Isian Anda masih ada", "Ketik lagi kata sandinya")
    finds_registration(somebody, but=("Kata sandi",))
    somebody.follow("Mulai dengan isian kosong").sees("Daftar").finds_in("NIK", "")


def test_a_password_changed_in_a_lost_answer_is_sent_again_and_one_stays_signed_in(
        open_page, cast):
    siti = open_page().is_signed_in_as(cast.siti).open("/profil/sandi")
    siti.watch.line_may_fail = True
    siti.type_in("Kata sandi sekarang", PASSWORD)
    siti.type_in("Kata sandi baru", "jendela kuning pasir delapan")
    mend = break_line(siti, lose_answer_and_cookies)
    siti.press("Ganti kata sandi")
    expect(banner_of(siti)).to_be_visible()
    changed = User.get_by_id(cast.siti.id).password_hash
    assert changed != cast.siti.password_hash
    mend()
    siti.press("Coba lagi").sees("Profil").reads("Kata sandi sudah diganti")
    siti.open("/profil/perangkat").sees("Perangkat")
    assert User.get_by_id(cast.siti.id).password_hash == changed


def test_a_form_that_stood_open_too_long_stays_and_wants_one_more_press(open_page):
    ratna = open_page(device="").open("/daftar")
    fill_in_registration(ratna)
    for _ in range(2):     # the notice comes once, however often
        ratna.page.context.clear_cookies()
        ratna.press("Lanjut").reads("Kirim sekali lagi", "Isian Anda masih ada")
        expect(ratna.page.locator("[data-stale]")).to_have_count(1)
        expect(ratna.page.locator("[data-stale]")).to_be_focused()
    finds_registration(ratna)
    ratna.press("Lanjut").sees("Syarat dan Ketentuan")


def test_offline_for_a_moment(ani, cast):
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    ani.page.wait_for_function("() => Boolean(window.htmx)")
    ani.page.context.set_offline(True)
    ani.type_in("Nomor KPJ, NIK, atau nama", "Sity Rahayu").press("Cari")
    expect(banner_of(ani)).to_be_visible()
    ani.finds_in("Nomor KPJ, NIK, atau nama", "Sity Rahayu")
    ani.page.context.set_offline(False)
    ani.press("Coba lagi").reads("hasil untuk Sity Rahayu")
    expect(banner_of(ani)).to_be_hidden()
    assert ani.rows() == ["Siti Rahayu"]


@pytest.mark.parametrize("first_lost", [3, 8])
def test_one_request_in_ten_is_lost_and_the_journey_ends(open_page, last_day, first_lost):
    ani = open_page()
    ani.watch.line_may_fail = True
    lost = lose_one_in_ten(ani, first_lost)
    ani.open("/masuk").type_in(ACCOUNT, "ani@maju.example").type_in("Kata sandi", PASSWORD)
    insist(ani, "Masuk", "Pilih perusahaan")
    ani.choose_company()
    for term in ("301452745", "Sity Rahayu", "Siti", "3014", "Rahayu", "Agus", "Siti Rahayu"):
        ani.type_in("Nomor KPJ, NIK, atau nama", term)
        insist(ani, "Cari", f"untuk {term}")
    ani.choose_act("Siti Rahayu", "Nonaktifkan")
    try_again(ani, "Nonaktifkan Siti Rahayu")
    ani.fill_in("Mengundurkan diri", last_day, "Pindah kota")
    insist(ani, "Periksa", "Yang terjadi setelah ini")
    insist(ani, "Konfirmasi", "Tanda terima nonaktif")
    assert len(lost) >= 2
    assert Receipt.select().count() == 1


def lose_one_in_ten(person, first_lost):
    """Lose every tenth request that is not a navigation. Returns the list of what was lost."""
    lost, count = [], iter(range(10 - first_lost, 10_000))

    def pass_or_lose(route):
        if route.request.is_navigation_request() or next(count) % 10:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("timedout")

    person.page.route("**/*", pass_or_lose)
    return lost


def insist(person, button, sentence):
    """Press until the page says what it should."""
    person.press(button)
    try_again(person, sentence)


def try_again(person, sentence):
    """Whenever the banner says that the line was lost, try again, until the page says ``sentence``.

    A search is asked for while one types too: its answer may take the banner away before a press.
    """
    said = person.page.locator("main").filter(has_text=sentence)
    for _ in range(3):
        expect(said.or_(banner_of(person)).filter(visible=True).first).to_be_visible()
        if banner_of(person).is_hidden():
            break
        person.page.evaluate("document.querySelector('[data-retry]').click()")
        expect(banner_of(person)).to_be_hidden()
    expect(said).to_be_visible()


@pytest.mark.skipif(POSTGRESQL, reason="the line is slow, whatever database is behind it")
def test_at_fifty_kilobit_the_journey_ends(open_page, last_day):
    ani = open_page(throttled=True)
    begun = time.monotonic()
    ani.sign_in("ani@maju.example").choose_company().search("Sity Rahayu").begin()
    ani.fill_in("Mengundurkan diri", last_day).check().confirm()
    assert time.monotonic() - begun < LONGEST_ON_A_SLOW_LINE
