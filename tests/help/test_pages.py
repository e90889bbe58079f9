"""The pages for everybody: reached by anybody, the same for everybody, kept by browsers."""

import pytest
import time_machine

from tests.page import Clerk
from tests.whole_app.test_weights import Line
from webapp.terms import versions

PAGES = {"/panduan-keamanan": "Panduan keamanan", "/kontak": "Kontak",
         "/kanal-resmi": "Kanal resmi", "/syarat-dan-ketentuan": "Syarat dan Ketentuan",
         "/syarat-dan-ketentuan/2026-01-01": "Syarat dan Ketentuan"}
TEXT = "Syarat dan Ketentuan\n\n# Data\nIsi data dengan {}.\n"
every_page = pytest.mark.parametrize("path", PAGES)


@pytest.fixture
def three_versions(tmp_path):
    """One that held before, one that holds now, one that is announced."""
    for day, word in (("2026-01-01", "benar"), ("2026-06-01", "jujur"), ("2026-12-01", "cermat")):
        (tmp_path / f"{day}.txt").write_text(TEXT.format(word))
    shipped = versions.all_versions()
    versions.use(versions.load(tmp_path))
    yield versions.all_versions()
    versions.use(shipped)


@every_page
def test_a_visitor_reads_it(visitor, path):
    page = visitor.open(path)
    assert page.status == 200
    assert page.heading == PAGES[path]


def test_the_foot_of_other_pages_leads_to_them(visitor):
    links = {link.get("href") for link in visitor.open("/masuk").select("footer a")}
    assert {*PAGES, "/periksa"} - links == {"/syarat-dan-ketentuan/2026-01-01"}
    assert "/kunci-publik" not in links     # for the few who check codes by machine: on Periksa


def facts(page):
    """The page's first list of facts, a dict."""
    return {row.cssselect("dt")[0].text: row.cssselect("dd")[0].text_content()
            for row in page.select("dl")[0].cssselect("div")}


def answer(browser, path, **headers):
    """Status, body and headers."""
    response = browser.get(path, headers=headers)
    return response.status_code, response.data, sorted(response.headers)


@every_page
def test_it_is_the_same_for_everybody(app, visitor, ani, path):
    siti = Clerk(app).sign_in("siti@pekerja.example")
    expected = answer(visitor.browser, path)
    for browser in (ani.browser, siti.browser):
        assert answer(browser, path) == expected
    # Nobody asks for it by htmx; who does all the same cannot put a lesser answer into a cache.
    assert answer(visitor.browser, path, **{"HX-Request": "true"}) == expected


@every_page
def test_it_names_nobody_and_offers_nothing_to_send(ani, path):
    page = ani.open(path)
    for words in ("Ani", "Maju", "Keluar dari", "Ganti perusahaan", "csrf_token", "<form"):
        assert words not in page.text
    assert page.words("header") == "Purna"
    assert page.words("main a.back[href='/']") == "Kembali ke Purna"
    assert not page.select("header .sign-out, nav")


@every_page
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_it_may_be_kept_by_anybody_and_sets_no_cookie(ani, path, encoding):
    response = ani.browser.get(path, headers={"Accept-Encoding": encoding})
    assert response.headers["Cache-Control"] == (
        "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=604800")
    assert response.headers.getlist("Vary") == ["Accept-Encoding"]
    assert "Set-Cookie" not in response.headers
    assert response.headers.get("Content-Encoding", "identity") == encoding


@every_page
@pytest.mark.parametrize("encoding", ["br", "identity"])
def test_who_has_it_already_is_not_sent_it_again(visitor, path, encoding):
    first = visitor.browser.get(path, headers={"Accept-Encoding": encoding})
    tag = first.headers["ETag"]
    again = visitor.browser.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert visitor.browser.get(path, headers={"If-None-Match": 'W/"0"'}).status_code == 200


@every_page
def test_it_weighs_less_than_10_kilobytes_with_all_it_loads(app, cast, path):
    kilobytes, requests = Line(app).weigh(path)
    assert kilobytes <= 10
    assert requests <= 3


def test_the_guide_says_what_to_do_in_order(visitor):
    steps = [" ".join(step.text_content().split())
             for step in visitor.open("/panduan-keamanan").select("ol li")]
    assert [any(words in step for words in found) for step, found in zip(steps, (
        ("Profil", "Ini bukan saya"), ("Lupa sandi?",), ("Kontak", "kantor cabang")),
        strict=True)] == [True] * 3


def test_the_guide_names_the_real_address_and_where_complaints_go(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "BASE_URL", "https://purna.cabang.example")
    words = visitor.open("/panduan-keamanan").words()
    for sentence in ("Ketik sendiri alamat ini: purna.cabang.example",
                     "Petugas tidak pernah memintanya.",
                     "Isi Formulir pengaduan, dengan atau tanpa masuk.",
                     "SMS dari Purna tidak pernah berisi tautan."):
        assert sentence in words


def test_contact_shows_what_is_configured(visitor, app, monkeypatch):
    for name, value in (("PHONE", "(021) 555-0100"), ("EMAIL", "Cabang <tanya@purna.example>"),
                        ("HOURS", "Senin sampai Jumat, 08.00 sampai 15.00")):
        monkeypatch.setitem(app.config, f"CONTACT_{name}", value)
    page = visitor.open("/kontak")
    assert facts(page)["Telepon"] == "(021) 555-0100"
    assert facts(page)["Jam layanan"] == "Senin sampai Jumat, 08.00 sampai 15.00"
    assert [link.get("href") for link in page.select("dl a")] == [
        "tel:0215550100", "mailto:tanya@purna.example"]


def test_contact_tells_how_to_find_a_branch_office_and_when_it_is_open(visitor):
    page = visitor.open("/kontak")
    assert facts(page)["Kantor cabang"] == "Kantor BPJS Ketenagakerjaan di kota Anda"
    assert facts(page)["Jam layanan"] == "Senin sampai Jumat pada jam kerja"
    for sentence in ("Tanyakan alamat kantor terdekat lewat email kepada kami.",
                     "Jam layanan di atas berlaku untuk kantor cabang."):
        assert sentence in page.words()
    assert page.select("a[href='tel:175']")


def test_contact_without_a_telephone_has_no_line_for_it(visitor):
    assert "Telepon" not in facts(visitor.open("/kontak"))


def test_the_official_channels_are_those_we_really_use(visitor, app, monkeypatch):
    for name, value in (("BASE_URL", "https://purna.cabang.example"), ("SMS_SENDER", "PURNA-ID"),
                        ("MAIL_FROM", "Purna <kabar@purna.example>")):
        monkeypatch.setitem(app.config, name, value)
    assert facts(visitor.open("/kanal-resmi")) == {
        "Alamat": "purna.cabang.example", "Pengirim SMS": "PURNA-ID",
        "Pengirim email": "kabar@purna.example"}


@pytest.mark.parametrize("word", ["NIB", "KIDB", "JMO", "BPJSTKU", "Lapak Asik"])
def test_names_that_people_know_are_explained(visitor, word):
    page = visitor.open("/kanal-resmi")
    assert word in [term.text for term in page.select("dt")]


def test_the_terms_of_today_with_their_day_and_digest(visitor, three_versions):
    page = visitor.open("/syarat-dan-ketentuan")
    assert "Isi data dengan jujur." in page.words("#terms-text")
    assert facts(page) == {"Versi": "2026-06-01", "Berlaku mulai": "1 Juni 2026",
                           "Penanda isi": three_versions[1].digest[:16]}
    assert not page.select(".notice")


def test_an_older_version_stays_readable_and_says_that_it_is_old(visitor, three_versions):
    page = visitor.open("/syarat-dan-ketentuan/2026-01-01")
    assert "Isi data dengan benar." in page.words("#terms-text")
    assert "Versi ini tidak berlaku lagi" in page.words(".notice")
    assert "Sejak 1 Juni 2026" in page.words(".notice")


def test_a_version_to_come_can_be_read_before_and_holds_from_its_day(visitor, three_versions):
    assert "Versi ini belum berlaku" in visitor.open("/syarat-dan-ketentuan/2026-12-01").words()
    before = visitor.open("/syarat-dan-ketentuan").headers["ETag"]
    with time_machine.travel("2026-11-30T17:00:00Z"):     # midnight in Jakarta
        page = visitor.open("/syarat-dan-ketentuan")
        assert "Isi data dengan cermat." in page.words("#terms-text")
        assert page.headers["ETag"] != before


def test_every_other_version_is_linked(visitor, three_versions):
    page = visitor.open("/syarat-dan-ketentuan")
    assert [link.get("href") for link in page.select("h2 ~ p > a:only-child")] == [
        "/syarat-dan-ketentuan/2026-12-01", "/syarat-dan-ketentuan/2026-01-01"]


@pytest.mark.parametrize("name", ["2025-01-01", "20260101", "..", "2026-01-01.txt", "versions"])
def test_an_unknown_version_is_missing(visitor, name):
    page = visitor.open(f"/syarat-dan-ketentuan/{name}")
    assert page.status == 404
    assert page.headers["Cache-Control"] == "no-store"
