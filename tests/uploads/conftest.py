"""PT Maju as its own list has it, and its leavers' lists."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.copies import copies_with_more
from webapp import clock
from webapp.models.companies import Company
from webapp.models.uploads import Upload
from webapp.spreadsheets import read_sheet
from webapp.uploads import service
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list

FILES = Path(__file__).parent.parent / "files"


@pytest.fixture(scope="session")
def databases(application, tmp_path_factory):
    """Copies of a database with the companies' own lists in it."""
    folder = tmp_path_factory.mktemp("lists")
    with copies_with_more(application, "lists", folder, _take_in_lists) as copies:
        yield copies


def _take_in_lists():
    now = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)     # as in every test
    for npp, name in (("JJ010001", "maju.xlsx"), ("JJ020002", "lain.csv")):
        path = FILES / "workers" / f"tenaga-kerja-{name}"
        rows = check_worker_list(read_sheet(path), clock.day_of(now))
        list(take_in_list(Company.get(Company.npp == npp), rows, now=now, outcome=Outcome()))


@pytest.fixture
def maju(cast):
    """PT Maju Bersama, with the 250 workers of its list besides the cast's; PT Lain has 60."""
    return cast.maju


@pytest.fixture
def upload(maju, cast, now):
    """Take in a file and check it; gives the ``Upload`` as it is then."""
    def upload(name, body=None, company=maju, user=cast.ani):
        body = body if body is not None else (FILES / "uploads" / name).read_bytes()
        taken = service.take_in(company, user, body, name, now)
        assert check_next(now)
        return Upload.get_by_id(taken.id)
    return upload


def apply_all(now):
    """As the worker process does it."""
    while apply_some(now):
        pass
