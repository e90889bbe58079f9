"""What the pages of lists weigh (quality.md §1: an employer's list of 25)."""

import pytest

from tests.uploads.conftest import FILES
from tests.uploads.test_pages import place
from tests.whole_app.test_weights import Line, enter
from webapp import clock
from webapp.demo.data import generated
from webapp.models.uploads import Upload
from webapp.models.workers import ACTIVE, Membership
from webapp.spreadsheets import read_sheet
from webapp.uploads.checking import check_next
from webapp.uploads.service import take_in
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list

WORKERS = FILES / "workers" / "tenaga-kerja-maju.xlsx"


@pytest.fixture
def line(app, cast, now):
    """Budi, with a history of more than a page; the last list has many wrong rows."""
    spellings = ("resain", "mengundurkn diri", "habis kontrk", "pensiunn", "tidak masuk lagi")
    wrong = "".join(f"{10**10 + at * 79190077};{worker.name};{spellings[at % 5]};"
                    f"{at * 7 % 28 + 1}/10/2026\n"
                    for at, worker in enumerate(generated(50, 0, 60, clock.today())))
    for at in range(12):
        rows = f"{wrong if at == 11 else ''}30145270001;;RSG;1/11/2026\n"
        body = f"KPJ;Nama;Sebab;Tanggal Keluar\n{rows}".encode()
        take_in(cast.maju, cast.budi, body, f"keluar {at}.csv", now)
        check_next(clock.now())
    line = Line(app)
    enter(line, "budi@maju.example")
    line.cached.clear()
    return line


def test_unggah_is_light(line, cast):
    assert line.weigh(place(cast.maju))[0] <= 30
    assert line.weigh(place(cast.maju))[0] <= 5


def test_a_lists_page_is_light_and_so_are_its_fragments(line, cast):
    newest = Upload.select().order_by(Upload.id.desc()).first()
    here = f"{place(cast.maju)}/{newest.public_id}"
    assert line.weigh(here)[0] <= 30
    later = f"{here}?lihat=keliru&setelah=26"
    for page in (here, later):
        assert line.weigh(page)[0] <= 5
    for fragment in ("ringkasan", "baris/30", "baris/30/tutup"):
        assert line.weigh(later.replace("?", f"/{fragment}?"), htmx=True)[0] <= 3


def test_a_page_of_rows_that_name_nobody_is_light_though_it_names_them(line, cast, now):
    rows = check_worker_list(read_sheet(WORKERS), clock.day_of(now))
    list(take_in_list(cast.maju, rows, now=now, outcome=Outcome()))
    cards = [one.kpj for one in Membership.select().where(
        Membership.company == cast.maju, Membership.status == ACTIVE).limit(30)]
    body = "KPJ;Sebab;Tanggal Keluar\n" + "".join(f"{card};RSG;1/11/2026\n" for card in cards)
    taken = take_in(cast.maju, cast.budi, body.encode(), "tanpa nama.csv", now)
    check_next(clock.now())
    here = f"{place(cast.maju)}/{taken.public_id}?lihat=siap"
    line.weigh(here)
    assert line.weigh(here)[0] <= 5
