"""A whole list is taken back: at once for the clerk, row by row behind."""

from datetime import timedelta

import pytest

from tests.page import in_parallel
from tests.uploads.conftest import apply_all
from webapp import audit, clock
from webapp.deactivation import service as deactivation
from webapp.deactivation.queries import filed_of
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import DISPUTED, EFFECTIVE, UNDONE, Correction, Deactivation
from webapp.models.messages import Message
from webapp.models.parameters import Parameter
from webapp.models.receipts import Receipt
from webapp.models.uploads import APPLIED, CANCELLED, DONE, RUNNING, Upload, UploadRow
from webapp.models.workers import ACTIVE, ENDED, Membership
from webapp.parameters import rules_on
from webapp.uploads import queries, repair, service, undoing
from webapp.uploads.lines import as_filled_in

SAMPLE = "keluar oktober (1).xlsx"
REASON = "Daftarnya salah bulan."


@pytest.fixture
def done(upload, cast, now):
    """A list of twelve leavers, applied."""
    kept = upload(SAMPLE)
    service.start(kept, cast.ani, version=kept.version, now=now)
    apply_all(now)
    return Upload.get_by_id(kept.id)


def undo_all(now):
    """As the worker process does it."""
    while undoing.undo_some(now):
        pass


def states():
    return sorted(one.state for one in Deactivation.select())


def told():
    return [(row.about, row.channel) for row in
            Message.select().where(Message.kind == "deactivation:undone")]


def test_every_membership_comes_back_and_every_worker_is_told_once(done, cast, now):
    filed = [(row.about, row.channel) for row in Message.select()]
    undoing.undo(done, cast.budi, REASON, version=done.version, now=now)
    undo_all(now)
    after = Upload.get_by_id(done.id)
    assert (after.state, after.undone_by, after.undo_reason) == (CANCELLED, cast.budi, REASON)
    assert after.finished_at == now
    assert states() == [UNDONE] * 12
    assert {(one.undone_by, one.undo_reason) for one in Deactivation.select()} == {
        (cast.budi, REASON)}
    assert not Membership.select().where(Membership.status == ENDED).exists()
    assert sorted(told()) == sorted(filed)
    assert {row.state for row in UploadRow.select()} == {APPLIED}
    assert list(audit.verify()) == []
    kinds = [entry.kind for entry in AuditEntry.select()]
    assert (kinds.count("deactivation:undone"), kinds.count("upload:undone")) == (12, 1)


def test_the_clerk_need_not_wait_for_its_rows(done, cast, now):
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    assert Upload.get_by_id(done.id).state == CANCELLED
    assert Upload.get_by_id(done.id).finished_at is None
    assert UNDONE not in states()
    assert undoing.undoable(done, now).count() == 12


def test_again_with_the_same_reason_changes_nothing_and_with_another_is_refused(done, cast, now):
    for _ in range(2):
        undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    undo_all(now)
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    with pytest.raises(deactivation.AlreadyUndone):
        undoing.undo(done, cast.budi, "Lain lagi.", version=done.version, now=now)
    assert Upload.get_by_id(done.id).undone_by == cast.ani
    assert not undoing.undo_some(now)
    assert AuditEntry.select().where(AuditEntry.kind == "upload:undone").count() == 1


@pytest.mark.parametrize("state", ["SIAP", "BERJALAN"])
def test_what_is_not_applied_yet_cannot_be_undone(upload, cast, now, state):
    kept = upload(SAMPLE)
    if state == RUNNING:
        service.start(kept, cast.ani, version=kept.version, now=now)
    with pytest.raises(deactivation.Conflict):
        undoing.undo(kept, cast.ani, REASON, version=kept.version, now=now)
    assert Upload.get_by_id(kept.id).state == state


def test_the_window_is_that_of_a_single_one(done, cast, now):
    last = now + timedelta(days=7)
    assert undoing.undoable(done, last).count() == 12
    with pytest.raises(deactivation.TooLate):
        undoing.undo(done, cast.ani, REASON, version=done.version, now=last + timedelta(days=1))
    assert Upload.get_by_id(done.id).state == DONE
    undoing.undo(done, cast.ani, REASON, version=done.version, now=last)
    undo_all(last + timedelta(hours=20))     # the night between does not count
    assert states() == [UNDONE] * 12


def test_a_shorter_window_decreed_later_does_not_count(done, cast, now):
    Parameter.create(name="deactivation.undo_days", valid_from=clock.day_of(now) + timedelta(1),
                     value="2", source="uji")
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now + timedelta(days=6))
    undo_all(now + timedelta(days=6))
    assert states() == [UNDONE] * 12


def test_a_longer_window_decreed_later_does_not_count_either(done, cast, now):
    Parameter.create(name="deactivation.undo_days", valid_from=clock.day_of(now) + timedelta(1),
                     value="30", source="uji")
    with pytest.raises(deactivation.TooLate):
        undoing.undo(done, cast.ani, REASON, version=done.version, now=now + timedelta(days=8))


def test_rows_filed_too_long_ago_stay(done, cast, now):
    first = Deactivation.select().order_by(Deactivation.id).get()
    Deactivation.update(filed_at=now - timedelta(days=8)).where(
        Deactivation.id == first.id).execute()
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    undo_all(now)
    assert states() == sorted([first.state] + [UNDONE] * 11)
    assert Upload.get_by_id(done.id).finished_at == now


def test_what_was_undone_alone_or_is_disputed_stays_as_it_is(done, cast, now):
    alone, disputed, *_ = Deactivation.select().where(Deactivation.state == EFFECTIVE)
    deactivation.undo(filed_of.one(cast.maju, alone.public_id), cast.budi, reason="Salah orang.",
                      company=cast.maju, rules=rules_on(clock.day_of(now)), now=now)
    Deactivation.update(state=DISPUTED).where(Deactivation.id == disputed.id).execute()
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    undo_all(now)
    assert states() == sorted([UNDONE] * 11 + [DISPUTED])
    assert Deactivation.get_by_id(alone.id).undo_reason == "Salah orang."
    assert Deactivation.get_by_id(disputed.id).state == DISPUTED
    assert len(told()) == len(set(told()))
    assert Membership.get_by_id(disputed.membership_id).status == ENDED


def test_a_correction_that_waits_at_the_branch_ends_with_it(done, cast, now):
    one = Deactivation.get()
    Correction.create(number="N7K422QD8MXT", deactivation=one, reason="x", requested_by=cast.ani,
                      requested_at=now)
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    undo_all(now)
    assert Correction.get().state == UNDONE


def test_several_processes_undo_each_row_once(done, cast, now, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 2)
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    in_parallel(lambda _: undo_all(now), 4)
    assert states() == [UNDONE] * 12
    assert Upload.get_by_id(done.id).finished_at == now
    assert len(told()) == len(set(told()))
    assert list(audit.verify()) == []


def test_undone_whole_and_alone_at_once_is_once(done, cast, now, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 1)
    numbers = [one.public_id for one in Deactivation.select()]
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)

    def undo_alone():
        for number in numbers:
            one = filed_of.one(cast.maju, number)
            try:
                deactivation.undo(one, cast.budi, reason="Sendiri.", company=cast.maju,
                                  rules=rules_on(clock.day_of(now)), now=now)
            except deactivation.AlreadyUndone:
                continue

    in_parallel(lambda place: undo_alone() if place else undo_all(now), 2)
    undo_all(now)
    assert states() == [UNDONE] * 12
    assert len(told()) == len(set(told()))
    assert list(audit.verify()) == []


def test_the_same_list_can_be_applied_anew_afterwards(done, upload, cast, now):
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    undo_all(now)
    again = upload(SAMPLE)
    service.start(again, cast.ani, version=again.version, now=now)
    apply_all(now)
    assert Upload.get_by_id(again.id).state == DONE
    assert states().count(UNDONE) == 12
    assert len(states()) == 24
    active = Membership.select().where(Membership.status == ACTIVE)
    again = Upload.get_by_id(again.id)
    undoing.undo(again, cast.ani, REASON, version=again.version, now=now)
    before = active.count()
    undo_all(now)
    assert active.count() > before


def test_more_than_was_shown_is_not_taken_back(upload, cast, now):
    kept = upload("keluar-kotor.csv")
    service.start(kept, cast.ani, version=kept.version, now=now)
    apply_all(now)
    shown = Upload.get_by_id(kept.id)
    row = UploadRow.get(UploadRow.number == 2)
    columns = queries.columns_of(kept)
    repair.take_suggestion(row, cast.budi, columns=columns, version=row.version, now=now,
                           texts=as_filled_in(row.content, columns))
    fresh = Upload.get_by_id(kept.id)
    service.start(fresh, cast.budi, version=fresh.version, now=now)
    with pytest.raises(deactivation.Conflict):
        undoing.undo(shown, cast.ani, REASON, version=shown.version, now=now)
    apply_all(now)
    with pytest.raises(service.Outdated):
        undoing.undo(shown, cast.ani, REASON, version=shown.version, now=now)
    assert (Upload.get_by_id(kept.id).state, UNDONE in states()) == (DONE, False)
    assert len(states()) == 13


def test_a_list_that_fails_holds_up_no_other(upload, cast, now):
    line = "KPJ;Sebab;Tanggal Keluar\n{};RSG;1/11/2026\n"
    lists = [upload(f"{card}.csv", line.format(card).encode())
             for card in ("30145274512", "30145270001")]
    for one in lists:
        service.start(one, cast.ani, version=one.version, now=now)
    apply_all(now)
    for one in map(Upload.get_by_id, lists):
        undoing.undo(one, cast.ani, REASON, version=one.version, now=now)
    Receipt.delete().where(Receipt.deactivation << UploadRow.select(UploadRow.deactivation).where(
        UploadRow.upload == lists[0])).execute()
    assert undoing.undo_some(now)
    undo_all(now)
    assert [Upload.get_by_id(one.id).finished_at for one in lists] == [None, now]
    assert states() == [EFFECTIVE, UNDONE]


def test_nothing_is_started_again_once_undone(done, cast, now):
    undoing.undo(done, cast.ani, REASON, version=done.version, now=now)
    service.start(done, cast.ani, version=done.version, now=now)
    assert Upload.get_by_id(done.id).state == CANCELLED
