"""Lists are forgotten in time, and discarded by whoever has no use for them."""

import os
from datetime import timedelta

import pytest

from tests.uploads.conftest import apply_all
from tests.uploads.test_pages import CLEAN, DIRTY, hand_in, place
from tests.uploads.test_undoing import undo_all
from webapp import audit
from webapp.documents import store
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import (
    APPLIED,
    BAD,
    CANCELLED,
    DONE,
    READY,
    SKIPPED,
    UNUSABLE,
    Upload,
    UploadRow,
)
from webapp.uploads import queries, repair, result_file, retention, service, undoing
from webapp.uploads.lines import as_filled_in

MONTH, YEAR = retention.UNUSED_FOR + timedelta(seconds=1), retention.SAID_FOR + timedelta(seconds=1)


def has_bytes(upload):
    try:
        return bool(store.get(upload))
    except FileNotFoundError:
        return False


def start(upload, cast, now):
    service.start(upload, cast.ani, version=upload.version, now=now)
    apply_all(now)
    return Upload.get_by_id(upload.id)


@pytest.fixture
def done(upload, cast, now):
    """A list of which twelve rows were applied and eight are wrong."""
    return start(upload(DIRTY), cast, now)


def test_a_list_that_was_never_started_is_deleted_after_a_month(upload, now):
    unused, unusable = upload(CLEAN), upload("kolom-kurang.csv")
    assert (unused.state, unusable.state) == (READY, UNUSABLE)
    assert retention.forget(now + retention.UNUSED_FOR)[0] == 0
    assert retention.forget(now + MONTH)[0] == 2
    assert Upload.select().count() == UploadRow.select().count() == 0
    assert not has_bytes(unused)
    assert not has_bytes(unusable)
    gone = AuditEntry.select().where(AuditEntry.kind == "upload:discarded")
    assert [entry.actor for entry in gone] == [None, None]
    assert list(audit.verify()) == []


def test_a_list_that_was_started_stays_for_a_year(done, now):
    assert retention.forget(now + retention.SAID_FOR)[:2] == (0, 0)
    assert Upload.get() == done
    assert UploadRow.get(UploadRow.number == 2).content["cells"]


def test_after_a_year_what_a_list_said_is_forgotten_and_what_it_did_stays(done, now, monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 7)
    deactivations = {row.number: row.deactivation_id for row in UploadRow.select()}
    states = {row.number: row.state for row in UploadRow.select()}
    assert retention.forget(now + YEAR)[1] == 1
    assert not UploadRow.select().where(UploadRow.said_sealed.is_null(False)
                                        | UploadRow.last_day.is_null(False)).exists()
    kept = Upload.get()
    assert (kept.state, kept.headers, kept.started_by) == (DONE, None, done.started_by)
    assert {row.number: row.state for row in UploadRow.select()} == states
    assert {row.number: row.deactivation_id for row in UploadRow.select()} == deactivations
    assert not has_bytes(done)
    assert retention.forget(now + YEAR)[1] == 0


def test_of_a_forgotten_list_nothing_is_started_or_put_right_and_its_page_opens(
        done, ani, cast, now):
    bad = UploadRow.get(UploadRow.number == 4)
    columns = queries.columns_of(done)
    UploadRow.update(state="VALID", membership=cast.siti_at_maju, last_day="2026-11-01").where(
        UploadRow.number == 2).execute()
    retention.forget(now + YEAR)
    row = UploadRow.get(UploadRow.number == 2)
    assert (row.state, row.membership) == (SKIPPED, None)
    with pytest.raises(repair.Closed):
        repair.correct(bad, cast.ani, columns=columns, version=1, now=now,
                       texts=as_filled_in(bad.content, columns))
    here = f"{place(cast.maju)}/{done.public_id}"
    page = ani.open(here)
    assert not page.select(".confirm-bar, .row-acts")
    assert page.words(".sentence").startswith("12 selesai, 7 belum dilaporkan")
    assert result_file.build(Upload.get())
    assert ani.open(f"{here}/baris/4").status in (200, 409)
    assert UploadRow.get(UploadRow.number == 4).state == BAD


def test_a_list_that_was_undone_is_forgotten_too(done, cast, now):
    undoing.undo(done, cast.ani, "Salah bulan.", version=done.version, now=now)
    undo_all(now)
    assert retention.forget(now + YEAR)[1] == 1
    assert (Upload.get().state, Upload.get().headers) == (CANCELLED, None)
    assert UploadRow.select().where(UploadRow.state == APPLIED).count() == 12
    assert Deactivation.select().count() == 12


def test_bytes_without_a_list_are_deleted_once_they_are_old(upload, application, now):
    kept, lost = upload(CLEAN), Upload()
    store.put(lost, b"x")
    written = store.kept_in(Upload.folder, before=now + timedelta(days=999))
    assert {kept.public_id, lost.public_id} <= {*written}
    folder = application.config["DOCUMENTS_URL"].removeprefix("file://")
    for one in (kept, lost):
        path = f"{folder}/uploads/{one.public_id.hex[:2]}/{one.public_id.hex}"
        os.utime(path, (now.timestamp(), now.timestamp()))
    retention.forget(now + timedelta(days=1))
    assert has_bytes(lost)
    retention.forget(now + timedelta(days=3))
    assert not has_bytes(lost)
    assert has_bytes(kept)


@pytest.fixture
def ani_before(ani, maju, now):
    """Ani before the page that asks whether a list is to be deleted."""
    hand_in(ani, maju, CLEAN)
    here = ani.page.path
    ani.open(f"{here}/hapus")
    return ani


def test_a_list_is_deleted_by_whoever_has_no_use_for_it(ani_before, maju):
    waiting = Upload.get()
    page = ani_before.send()
    assert (page.path, page.heading) == (place(maju), "Unggah")
    assert "Belum ada unggahan" in page.words()
    assert Upload.select().count() == UploadRow.select().count() == 0
    assert not has_bytes(waiting)
    assert AuditEntry.select().where(AuditEntry.kind == "upload:discarded").count() == 1


def test_deleted_twice_is_once(ani_before, maju):
    path, fields = ani_before.page.path, ani_before.page.fields()
    for _ in range(2):
        assert ani_before.post(path, fields).path == place(maju)
    assert AuditEntry.select().where(AuditEntry.kind == "upload:discarded").count() == 1
    assert ani_before.open(path).status == 404


def test_what_changed_after_it_was_shown_is_not_deleted(ani_before):
    Upload.update(version=Upload.version + 1).execute()
    page = ani_before.send()
    assert page.status == 409
    assert "Daftar ini belum dihapus." in page.words()
    assert Upload.select().count() == 1
    assert ani_before.send().heading == "Unggah"
    assert Upload.select().count() == 0


def test_what_was_started_is_not_deleted(ani, done, cast, now):
    here = f"{place(cast.maju)}/{done.public_id}"
    assert "Hapus daftar ini" not in ani.open(here).words()
    assert ani.open(f"{here}/hapus").path == here
    fields = {"csrf_token": ani.token(), "version": done.version}
    assert ani.post(f"{here}/hapus", fields).path == here
    assert Upload.get().state == DONE


def test_the_pages_of_lists_that_were_not_started_lead_there(ani, upload, cast):
    for name in (CLEAN, "kolom-kurang.csv"):
        here = f"{place(cast.maju)}/{upload(name).public_id}"
        assert "Hapus daftar ini" in ani.open(here).words()


def test_another_companys_list_cannot_be_deleted(ani_before, citra, cast):
    path, token = ani_before.page.path, citra.token()
    theirs = path.replace(str(cast.maju.public_id), str(cast.lain.public_id))
    for one in (path, theirs):
        assert citra.open(one).status == 404
        assert citra.post(one, {"csrf_token": token, "version": "1"}).status == 404
    assert Upload.select().count() == 1
