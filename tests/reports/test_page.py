"""Laporan: five charts, each with words, table and file."""

import csv
import io

import pytest

from tests.page import file
from webapp.models.workers import Membership
from webapp.reports.words import fault_label, refused_label


@pytest.fixture
def filed(ani, cast):
    """One report in time, one late."""
    file(ani, cast.maju, cast.siti_at_maju)
    file(ani, cast.maju, Membership.get(Membership.kpj == "30145270001"), last_day="2026-10-01")


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_each_chart_has_words_a_table_and_a_file(filed, eka, days):
    page = eka.open(f"/cabang/laporan?hari={days}")
    assert page.heading == "Laporan"
    assert [one.text_content() for one in page.select("h2")][2:4] == [
        "Umur antrean sekarang", "Ditolak dan dikembalikan menurut sebab"]
    drawn = page.select("svg[role=img]")
    assert len(drawn) == 2     # nothing waits, nothing was refused, nothing was sent yet
    for one in drawn:
        named = one.get("aria-labelledby").split()
        assert [page.select(f"#{name}")[0].text_content() for name in named][0]
    assert len(page.select("details table")) == 2
    assert "1 dari 2 laporan nonaktif terlambat (50 %)." in page.words()
    assert page.words(".tabs [aria-current]") == ("1 tahun" if days == 365 else f"{days} hari")


def test_the_file_holds_what_the_table_does(filed, eka):
    page = eka.open("/cabang/laporan?hari=7")
    link = page.select("a[href*='grafik=keterlambatan']")[0].get("href")
    answer = eka.browser.get(link)
    assert answer.headers["Content-Disposition"].endswith("laporan-keterlambatan-7-hari.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Hari", "Tepat waktu", "Terlambat"]
    assert rows[-1] == ["22 November 2026", "1", "1"]
    shown = [[cell.text_content() for cell in row.cssselect("th, td")]
             for row in page.select("section:nth-of-type(2) tbody tr")]
    assert shown == rows[1:]


def test_all_staff_may_look_and_only_they(dewi, siti, ani):
    assert dewi.open("/cabang/laporan").status == 200
    for other in (siti, ani):
        assert other.open("/cabang/laporan").status == 403


@pytest.mark.parametrize("path", ["?hari=8", "/unduh?grafik=lain", "/unduh"])
def test_what_there_is_not_is_missing(eka, path):
    assert eka.open(f"/cabang/laporan{path}").status == 404


@pytest.mark.parametrize(("code", "words"), [
    ("amount", "Jumlah yang diminta"), ("KTP", "KTP"), ("income", "Penghasilan sebulan"),
    ("JHT-PHK", "JHT: PHK"), ("pengaduan", "Pengaduan")])
def test_what_is_counted_has_its_words(code, words):
    assert words in (fault_label(code), refused_label(code))


def test_nonsense_for_a_period_is_the_usual_one(eka):
    assert eka.open("/cabang/laporan?hari=x").words(".tabs [aria-current]") == "30 hari"
