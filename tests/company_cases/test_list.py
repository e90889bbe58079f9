"""Permohonan: what waits for the company first, then all the rest."""

from datetime import date

import pytest

from tests.company_cases.asking import ask, dispute, many_cases
from tests.page import Clerk
from tests.profile.test_history import queries_of
from webapp import clock
from webapp.company_cases.queries import PAGE
from webapp.company_cases.story import time_left
from webapp.models.cases import AT_WORKER, Case
from webapp.objections import service as objections
from webapp.requests import service


def place(company):
    return f"/perusahaan/{company.public_id}/permohonan"


def rows_of(page, number=0):
    """The names of one part of the list."""
    return [link.text_content() for link in page.select("main section")[number].cssselect("li a")]


def headings(page):
    return [h2.text_content() for h2 in page.select("main section h2")]


def test_an_empty_list_says_what_comes_here(ani, cast):
    words = ani.open(place(cast.maju)).words()
    assert "Belum ada permohonan" in words
    assert "batas waktunya" in words
    assert ani.page.words(".main-nav").startswith("Tenaga kerja Unggah Permohonan Profil")


def test_what_waits_stands_first_with_its_clock_and_its_number(ani, asked, cast):
    page = ani.open(place(cast.maju))
    assert headings(page)[0] == "Menunggu Anda"
    words = page.words("main .rows")
    assert "Siti Rahayu" in words
    assert "Permohonannya perlu dijawab paling lambat 1 Desember 2026" in words
    assert "7 hari kerja lagi" in words
    assert "Permohonan (1)" in page.words(".main-nav")
    assert asked.place in page.tree.xpath("//main//li//a/@href")


@pytest.mark.parametrize(("today", "words", "tone"), [
    ("2026-11-20", "7 hari kerja lagi", "info"), ("2026-11-26", "3 hari kerja lagi", "info"),
    ("2026-11-27", "2 hari kerja lagi", "warning"), ("2026-11-29", "2 hari kerja lagi", "warning"),
    ("2026-11-30", "1 hari kerja lagi", "warning"), ("2026-12-01", "Hari ini terakhir", "warning"),
    ("2026-12-02", "Batas waktu lewat", "danger")])
def test_the_clock_counts_working_days_and_warns_at_two(today, words, tone):
    due = clock.day_of(clock.now()).replace(month=12, day=1)
    assert time_left(due, due.fromisoformat(today)) == (words, tone)


def test_an_objection_stands_apart_and_what_is_over_below(ani, cast, now):
    objection = dispute(cast, now)
    page = ani.open(place(cast.maju))
    assert headings(page)[0] == "Sanggahan yang diperiksa"
    assert "Diperiksa kantor cabang" in page.words("main .rows")
    assert "(1)" not in page.words(".main-nav")
    objections.withdraw(objection, cast.siti, version=objection.version, now=now)
    page = ani.open(place(cast.maju))
    assert headings(page)[0] == "Lainnya"
    assert "Ditarik" in page.words("main .rows")


def test_what_a_worker_has_only_begun_is_not_there(ani, cast, now):
    request = service.begin(cast.siti_at_maju, cast.siti, now)
    assert "Belum ada permohonan" in ani.open(place(cast.maju)).words()
    assert ani.open(f"{place(cast.maju)}/{request.case.public_id}").status == 404
    service.withdraw(request, cast.siti, version=request.version, now=now)
    assert "Belum ada permohonan" in ani.open(place(cast.maju)).words()


def test_another_company_sees_nothing_of_it(app, asked, citra, ani, cast):
    for place_of_it in (asked.place, asked.place.replace(str(cast.maju.public_id),
                                                         str(cast.lain.public_id))):
        assert citra.open(place_of_it).status == 404
    other = asked.place.replace(str(cast.maju.public_id), str(cast.logistik.public_id))
    assert ani.open(other).status == 404, "the same clerk's other company"
    assert Clerk(app).is_signed_in_as(cast.siti).open(asked.place).status == 403


def test_every_case_is_on_one_page_and_the_first_due_first(ani, cast, now):
    many_cases(cast, PAGE + 3, now)
    ask(cast, now)
    due = {case.worker.name: (case.due_on, case.id) for case in Case.select()}
    page, seen = ani.open(place(cast.maju)), []
    while True:
        seen += rows_of(page)
        older = page.tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
        if not older:
            break
        page = ani.open(older[0])
        assert headings(page)[0] == "Menunggu Anda"
    assert seen == sorted(due, key=due.get)
    assert len(seen) == PAGE + 4


@pytest.mark.parametrize("end", [{"holder": None, "due_on": None}, {"due_on": date(2027, 1, 4)}])
def test_the_next_page_is_the_next_one_though_the_last_row_went_away(ani, cast, now, end):
    many_cases(cast, PAGE + 3, now)
    page = ani.open(place(cast.maju))
    first, (older,) = rows_of(page), page.tree.xpath(
        "//nav[@class='pager']//a[@rel='next']/@href")
    due = {case.worker.name: (case.due_on, case.id) for case in Case.select()}
    Case.update(closed_at=now if "holder" in end else None, **end).where(
        Case.id == due[first[-1]][1]).execute()
    rest = sorted(due, key=due.get)[PAGE:]
    assert rows_of(ani.open(older))[:3] == rest


def test_the_rest_goes_on_newest_first(ani, cast, now):
    many_cases(cast, PAGE + 3, now, holder=AT_WORKER)
    Case.update(due_on=None).execute()
    page = ani.open(place(cast.maju))
    first = rows_of(page)
    older, = page.tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
    assert [*first, *rows_of(ani.open(older))] == [
        f"Pekerja {number:04}" for number in reversed(range(PAGE + 3))]


@pytest.mark.parametrize("query", ["setelah=x", "bagian=menunggu&setelah=x", "bagian=x",
                                   "bagian=sanggahan"])
def test_an_address_that_was_never_given_out_shows_the_first_page(ani, asked, cast, query):
    assert "Siti Rahayu" in ani.open(f"{place(cast.maju)}?{query}").words()


def test_the_number_of_queries_does_not_grow(ani, asked, cast, now):
    ani.open(place(cast.maju))
    few = queries_of(lambda: ani.open(place(cast.maju)))
    many_cases(cast, 60, now)
    assert queries_of(lambda: ani.open(place(cast.maju))) == few
