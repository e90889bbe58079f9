"""Papers in the store: forgotten when nobody took them up, and a store that fails says so."""

import io
import os
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import obstore
import pytest
from PIL import Image

from tests.page import deactivation_path
from webapp.db import write_transaction
from webapp.documents import service, store
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.models.uploads import Upload


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def old_paper(app, cast, now):
    return service.take_in(photograph(), "surat.png", cast.ani, company=cast.maju,
                           now=now - timedelta(days=3))


def take_up(document, cast, now):
    return Deactivation.create(membership=cast.siti_at_maju, company=cast.maju, reason="RSG",
                               last_day=date(2026, 11, 1), document=document, drafted_by=cast.ani,
                               drafted_at=now)


def test_a_paper_nobody_took_up_is_forgotten(old_paper, now):
    assert service.purge_orphans(now) == 1
    assert not Document.select().exists()
    with pytest.raises(FileNotFoundError):
        store.get(old_paper)


def test_a_paper_taken_up_while_the_purge_runs_is_kept(old_paper, cast, now, monkeypatch):
    @contextmanager
    def late():
        if not Deactivation.select().exists():
            take_up(old_paper, cast, now)
        with write_transaction():
            yield

    monkeypatch.setattr(service, "write_transaction", late)
    assert service.purge_orphans(now) == 0
    assert store.get(old_paper).startswith(b"\x89PNG")


def sweep_everything(moment):
    """A sweep in every hour of eleven days looks through the whole store."""
    return sum(service.sweep(moment + timedelta(hours=hour)) for hour in range(service.PARTS))


def test_bytes_without_a_row_are_swept_after_two_days_and_nothing_else(app, cast, old_paper, now):
    lost, upload = Document(public_id=uuid4()), Upload(public_id=uuid4())
    for one in (lost, upload):
        store.put(one, b"somebody was killed before the row")
    folder = app.config["DOCUMENTS_URL"].removeprefix("file://")
    for path in Path(folder).rglob("*"):
        os.utime(path, (now.timestamp() - 1, now.timestamp() - 1))
    earlier = now + service.ORPHAN_AFTER - timedelta(hours=service.PARTS)
    assert sweep_everything(earlier) == 0
    assert store.get(lost)
    assert sweep_everything(now + service.ORPHAN_AFTER) >= 1     # other tests leave some
    with pytest.raises(FileNotFoundError):
        store.get(lost)
    assert store.get(old_paper)
    assert store.get(upload)
    assert sweep_everything(now + service.ORPHAN_AFTER) == 0


def test_one_sweep_looks_through_one_part_of_the_store(app, now):
    here = f"{int(now.timestamp()) // 3600 % service.PARTS:02x}"
    other = "00" if here != "00" else "01"
    papers = [Document(public_id=UUID(part + uuid4().hex[2:])) for part in (here, other)]
    for paper in papers:
        store.put(paper, b"x")
    years = service.PARTS * timedelta(hours=1) * 40
    service.sweep(now + years)
    with pytest.raises(FileNotFoundError):
        store.get(papers[0])
    assert store.get(papers[1])


@pytest.fixture
def broken_store(tmp_path, monkeypatch):
    """A folder in which no further folder can be made."""
    for number in range(256):
        (tmp_path / f"{number:02x}").touch()
    monkeypatch.setattr(store, "_store", obstore.store.LocalStore(tmp_path))


def test_a_store_that_fails_is_a_disturbance_and_no_defect(broken_store, ani, cast):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    ani.open(path)
    page = ani.send(reason="RSG", last_day="2026-11-20",
                    file=(io.BytesIO(photograph()), "surat.png"))
    assert page.status == 503
    assert not Document.select().exists()


@pytest.mark.parametrize(("problem", "code"), [
    (OSError(28, "No space left on device"), 507),
    (obstore.exceptions.GenericError("Unable to copy data: (os error 28)"), 507),
    (obstore.exceptions.GenericError("error sending request"), 503)])
def test_a_full_store_is_told_from_one_that_is_away(app, problem, code):
    with pytest.raises(store.StoreTrouble) as caught, store._own_errors():
        raise problem
    with app.test_request_context("/masuk"):
        assert app.handle_user_exception(caught.value)[1] == code
