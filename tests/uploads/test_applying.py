"""Good rows are applied in the background, each wholly and once."""

from datetime import timedelta

import pytest

from tests.page import file, in_parallel
from tests.uploads.conftest import apply_all
from webapp import audit
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.receipts import Receipt
from webapp.models.uploads import (
    APPLIED,
    BAD,
    DONE,
    READY,
    REFUSED,
    RUNNING,
    SKIPPED,
    Upload,
    UploadRow,
)
from webapp.models.workers import ENDED, Membership, Worker
from webapp.uploads import applying, queries, repair, service
from webapp.uploads.applying import apply_some
from webapp.uploads.lines import as_filled_in


def states_of(upload):
    rows = UploadRow.select().where(UploadRow.upload == upload).order_by(UploadRow.number)
    return [row.state for row in rows]


def started(upload, cast, now):
    service.start(upload, cast.ani, version=upload.version, now=now)
    return upload


def test_every_good_row_ends_a_membership_and_bad_ones_do_not_hinder(upload, cast, now):
    kept = started(upload("keluar-kotor.csv"), cast, now)
    apply_all(now)
    assert Upload.get_by_id(kept.id).state == DONE
    states = states_of(kept)
    assert (states.count(APPLIED), states.count(BAD)) == (12, 8)
    rows = UploadRow.select(UploadRow, Deactivation).join(Deactivation)
    assert {(row.membership_id, row.reason, row.last_day) for row in rows} == {
        (row.deactivation.membership_id, row.deactivation.reason, row.deactivation.last_day)
        for row in rows}
    assert Membership.select().where(Membership.status == ENDED).count() == 12
    assert Receipt.select().count() == 12
    assert list(audit.verify()) == []
    kinds = [entry.kind for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert kinds.count("deactivation:filed") == 12
    assert [kind for kind in kinds if kind.startswith("upload")] == [
        "upload:taken in", "upload:started", "upload:done"]


def test_each_worker_is_told_once(upload, cast, now):
    started(upload("keluar oktober (1).xlsx"), cast, now)
    apply_all(now)
    told = [(row.worker_id, row.channel) for row in Message.select()]
    assert len(told) == len(set(told)) > 0


def test_the_same_file_again_changes_nothing(upload, cast, now):
    first = started(upload("keluar oktober (1).xlsx"), cast, now)
    apply_all(now)
    again = upload("keluar oktober (1).xlsx")
    assert again.digest == first.digest
    assert states_of(again) == [SKIPPED] * 12
    with pytest.raises(service.Outdated):
        started(again, cast, now)
    apply_all(now)
    assert Deactivation.select().count() == 12


def test_started_twice_is_applied_once_however_late_the_second_comes(upload, cast, now):
    kept = upload("keluar oktober (1).xlsx")
    for _ in range(2):
        started(kept, cast, now)
    apply_all(now)
    started(kept, cast, now)
    assert not apply_some(now)
    assert Upload.get_by_id(kept.id).state == DONE
    assert Deactivation.select().count() == 12
    assert AuditEntry.select().where(AuditEntry.kind == "upload:started").count() == 1


def test_what_was_shown_is_what_starts(upload, cast, now):
    kept = upload("keluar-kotor.csv")
    columns = queries.columns_of(kept)
    out, taken = (UploadRow.get(UploadRow.number == number) for number in (5, 2))
    for row, act in ((out, repair.skip), (taken, repair.take_suggestion)):
        act(row, cast.budi, columns=columns, texts=as_filled_in(row.content, columns), version=1,
            now=now)
    with pytest.raises(service.Outdated):     # as many as before, but not the same
        started(kept, cast, now)
    assert Upload.get_by_id(kept.id).state == READY
    assert not apply_some(now)
    started(Upload.get_by_id(kept.id), cast, now)
    apply_all(now)
    assert [UploadRow.get(UploadRow.number == number).state for number in (5, 2)] == [
        SKIPPED, APPLIED]


@pytest.mark.parametrize(("day", "said"), [
    ("2026-11-20", "Sudah nonaktif sejak 20 November 2026. Tidak ada yang berubah."),
    ("2026-12-20", "Sudah dilaporkan berhenti pada 20 Desember 2026. Tidak ada yang berubah.")])
def test_whoever_left_meanwhile_is_named_so(upload, ani, cast, now, day, said):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n30145270001;RSG;1/11/2026\n"
    kept = started(upload("a.csv", body), cast, now)
    file(ani, cast.maju, cast.siti_at_maju, last_day=day)
    apply_all(now)
    assert states_of(kept) == [SKIPPED, APPLIED]
    row = UploadRow.get(UploadRow.state == SKIPPED)
    assert (row.content["notes"], row.membership) == ({"kpj": said}, cast.siti_at_maju)
    assert row.content["cells"][0] == "30145274512"


def test_a_row_that_fails_is_refused_and_holds_up_no_other(upload, cast, now):
    body = "KPJ;Sebab;Tanggal Keluar\n" + "".join(
        f"{card};RSG;1/11/2026\n" for card in ("30145270001", "30145274512", "30145270002"))
    kept = started(upload("a.csv", body.encode()), cast, now)
    Worker.update(phone_sealed=b"x" * 40).where(Worker.name == "Siti Rahayu").execute()
    apply_all(now)
    assert states_of(kept) == [APPLIED, REFUSED, APPLIED]
    assert Upload.get_by_id(kept.id).state == DONE
    assert "gagal kami jalankan" in UploadRow.get(number=3).content["notes"]["kpj"]
    assert Deactivation.select().count() == 2


def test_a_row_that_cannot_even_be_read_is_refused_too(upload, cast, now):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n30145270001;RSG;1/11/2026\n"
    kept = started(upload("a.csv", body), cast, now)
    UploadRow.update(said_sealed=b"x" * 40).where(UploadRow.number == 2).execute()
    apply_all(now)
    assert (Upload.get_by_id(kept.id).state, states_of(kept)) == (DONE, [REFUSED, APPLIED])


def test_days_that_pass_between_check_and_start_count(upload, cast, now):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;23/12/2026\n"
    kept = started(upload("a.csv", body), cast, now)
    apply_all(now - timedelta(days=1))
    assert states_of(kept) == [REFUSED]


def test_several_processes_apply_each_row_once(upload, cast, now, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 2)
    kept = started(upload("keluar oktober (1).xlsx"), cast, now)
    in_parallel(lambda _: apply_all(now), 4)
    assert Upload.get_by_id(kept.id).state == DONE
    assert states_of(kept) == [APPLIED] * 12
    assert Deactivation.select().count() == Receipt.select().count() == 12
    assert list(audit.verify()) == []


def test_two_files_take_turns(upload, cast, now, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 1)
    line = "KPJ;Sebab;Tanggal Keluar\n{};RSG;1/11/2026\n{};RSG;1/11/2026\n"
    files = [upload("a.csv", line.format("30145274512", "30145270001").encode()),
             upload("b.csv", line.format("30145270002", "30145270003").encode())]
    for kept in files:
        started(kept, cast, now)
    apply_some(now)
    assert [states_of(kept).count(APPLIED) for kept in files] == [1, 1]
    assert {Upload.get_by_id(kept.id).state for kept in files} == {RUNNING}
