"""PT Maju as its own list has it, and its leavers' lists."""

from pathlib import Path

import pytest

from webapp import clock
from webapp.models.uploads import Upload
from webapp.spreadsheets import read_sheet
from webapp.uploads import service
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list

FILES = Path(__file__).parent.parent / "files"


@pytest.fixture
def maju(cast, now):
    """PT Maju Bersama with the 250 workers of its list besides the cast's, and PT Lain's 60."""
    for company, name in ((cast.maju, "maju.xlsx"), (cast.lain, "lain.csv")):
        path = FILES / "workers" / f"tenaga-kerja-{name}"
        rows = check_worker_list(read_sheet(path), clock.day_of(now))
        list(take_in_list(company, rows, now=now, outcome=Outcome()))
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
