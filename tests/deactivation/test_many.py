"""Ending many memberships in one transaction."""

import json
from datetime import date

import pytest
from peewee import JOIN

from tests.page import file
from webapp import audit, clock
from webapp.deactivation import service
from webapp.deactivation.many import Leaver, file_all, undo_all
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import DISPUTED, UNDONE, Deactivation, WorkLetter
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import ACTIVE, ENDED, Membership, Worker
from webapp.parameters import rules_on


@pytest.fixture
def leavers(cast):
    """All five workers of PT Maju: four are gone, the last one leaves next week."""
    memberships = (Membership.select(Membership, Worker).join(Worker)
                   .where(Membership.company == cast.maju).order_by(Membership.id.desc()))
    days = [date(2026, 11, 20), date(2026, 11, 30), *[date(2026, 10, 31)] * 3]
    return [Leaver(membership, "RSG", day, "dari berkas")
            for membership, day in zip(memberships, days, strict=True)]


def file_them(leavers, cast, now):
    return file_all(leavers, cast.ani, company=cast.maju, rules=rules_on(clock.day_of(now)),
                    now=now)


def test_each_ends_with_all_that_a_single_one_brings(leavers, cast, now):
    receipts = file_them(leavers, cast, now)
    assert set(receipts) == {leaver.membership.id for leaver in leavers}
    rows = list(Deactivation.select().order_by(Deactivation.last_day))
    assert [row.state for row in rows] == ["BERLAKU"] * 4 + ["TERJADWAL"]
    assert {(row.filed_by, row.note) for row in rows} == {(cast.ani, "dari berkas")}
    ended = Membership.select().where(Membership.status == ENDED)
    assert sorted(row.ended_on for row in ended) == [*[date(2026, 10, 31)] * 3, date(2026, 11, 20)]
    assert Receipt.select().count() == WorkLetter.select().count() == 5
    assert AuditEntry.select().where(AuditEntry.kind == "deactivation:filed").count() == 5
    assert list(audit.verify()) == []
    siti = Message.select().where(Message.worker == cast.siti_at_maju.worker)
    assert sorted(message.channel for message in siti) == ["email", "sms"]


def test_it_says_of_each_what_a_single_filing_says(leavers, ani, cast, now):
    file(ani, cast.maju, cast.siti_at_maju, reason="RSG", last_day="2026-10-31",
         note="dari berkas")
    alone = Deactivation.get()
    siti = next(leaver for leaver in leavers if leaver.membership == cast.siti_at_maju)
    service.undo(alone, cast.ani, reason="salah", company=cast.maju,
                 rules=rules_on(clock.day_of(now)), now=now)
    file_them([Leaver(siti.membership, "RSG", date(2026, 10, 31), "dari berkas")], cast, now)
    together = Deactivation.select().order_by(Deactivation.id.desc()).get()
    same = ("reason", "last_day", "note", "is_late", "in_arrears", "parameters", "filed_by_id",
            "company_id", "membership_id")
    assert [getattr(together, name) for name in same] == [getattr(alone, name) for name in same]
    told = [message.body for message in Message.select()
            .where(Message.kind == "deactivation:filed", Message.channel == "sms")]
    assert len({text[:-15] for text in told}) == 1, "but for the number"


def test_each_records_the_parameters_that_it_used_itself(leavers, cast, now):
    second, first, *_ = leavers
    pair = [Leaver(first.membership, "RSG", date(2026, 11, 1)),
            Leaver(second.membership, "MUT", date(2026, 11, 1))]
    file_them(pair, cast, now)
    used = {row.reason: json.loads(row.parameters) for row in Deactivation.select()}
    assert "bpu.lowest_base_rupiah" in used["RSG"]
    assert used["MUT"].keys() == {"deactivation.report_working_days", "deactivation.undo_days",
                                  "deactivation.objection_days"}


def test_who_has_left_already_is_left_out(leavers, ani, cast, now):
    file(ani, cast.maju, cast.siti_at_maju)
    receipts = file_them(leavers, cast, now)
    assert len(receipts) == 4
    assert cast.siti_at_maju.id not in receipts
    assert file_them(leavers, cast, now) == {}
    assert Deactivation.select().count() == 5


def test_a_draft_of_the_same_worker_is_no_hindrance_and_is_then_refused(leavers, ani, cast, now):
    rules = rules_on(clock.day_of(now))
    draft = service.save_draft(cast.siti_at_maju, cast.ani, reason="RSG",
                               last_day=date(2026, 11, 1), note="", document=None, now=now)
    assert len(file_them(leavers, cast, now)) == 5
    draft.membership = cast.siti_at_maju
    with pytest.raises(service.NotActive):
        service.file(draft, cast.ani, version=1, company=cast.maju, rules=rules, now=now)


def filed():
    """All that is filed, as ``undo_all`` takes it."""
    return list(Deactivation.select(Deactivation, Membership, Worker, User)
                .join(Membership).join(Worker).join(User, JOIN.LEFT_OUTER)
                .order_by(Deactivation.id))


def undo_them(cast, now, found):
    return undo_all(found, cast.budi, reason="Salah daftar.", company=cast.maju, now=now)


def test_all_are_taken_back_and_each_worker_is_told(leavers, cast, now):
    file_them(leavers, cast, now)
    assert len(undo_them(cast, now, filed())) == 5
    assert {(one.state, one.undone_by, one.undo_reason) for one in filed()} == {
        (UNDONE, cast.budi, "Salah daftar.")}
    assert {one.status for one in Membership.select()} == {ACTIVE}
    assert AuditEntry.select().where(AuditEntry.kind == "deactivation:undone").count() == 5
    assert list(audit.verify()) == []


def test_taking_back_says_of_each_what_a_single_undo_says(leavers, cast, now):
    def words(kind):
        siti = Message.select().where(Message.worker == cast.siti_at_maju.worker,
                                      Message.kind == kind).order_by(Message.id)
        return [(message.channel, message.subject, message.body) for message in siti]

    siti = [leaver for leaver in leavers if leaver.membership == cast.siti_at_maju]
    file_them(siti, cast, now)
    service.undo(filed()[0], cast.budi, reason="Salah daftar.", company=cast.maju,
                 rules=rules_on(clock.day_of(now)), now=now)
    alone = words("deactivation:undone")
    file_them(siti, cast, now)
    undo_them(cast, now, filed()[1:])
    numbers = [receipt.number for receipt in Receipt.select().order_by(Receipt.id)]
    shown = [service.show_number(number) for number in numbers]
    together = [(channel, subject, body.replace(shown[1], shown[0]))
                for channel, subject, body in words("deactivation:undone")[len(alone):]]
    assert together == alone
    entries = AuditEntry.select().where(AuditEntry.kind == "deactivation:undone")
    assert [entry.details for entry in entries] == [
        f'{{"receipt":"{number}","told":["sms","email"]}}' for number in shown]


def test_what_is_disputed_or_undone_already_is_left_out(leavers, cast, now):
    file_them(leavers, cast, now)
    first, second, *rest = filed()
    Deactivation.update(state=DISPUTED).where(Deactivation.id == first.id).execute()
    undo_them(cast, now, [second])
    undone = undo_them(cast, now, [first, second, *rest])
    assert [one.id for one in undone] == [one.id for one in rest]
    assert undo_them(cast, now, [first, second, *rest]) == []
    assert Membership.get_by_id(first.membership_id).status == ENDED
    assert AuditEntry.select().where(AuditEntry.kind == "deactivation:undone").count() == 4
