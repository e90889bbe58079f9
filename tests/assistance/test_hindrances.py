"""To whom nothing is scheduled: the blocked, the dead, those whose contact was changed."""

import json
from datetime import date

import pytest
import time_machine

from tests.assistance.granting import granted, line, list_of
from tests.blocks.managers import blocked, manager
from tests.claim_desk.claims import reported
from tests.page import while_uncommitted
from webapp import clock
from webapp.assistance.importing import Illegal, Unusable, take_list
from webapp.db import write_transaction
from webapp.holds import service as holds
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.programmes import CHECKED, DISBURSED, HELD, PLANNED, Assistance, AssistanceStep
from webapp.receipts.signing import show_number

TOMORROW, LATER = date(2026, 11, 23), date(2026, 12, 1)


def take(*lines, made_on=date(2026, 11, 22)):
    return take_list(list_of(*lines, made_on=made_on), clock.now())


def last_note():
    return AssistanceStep.select().order_by(AssistanceStep.id.desc()).first().note


def test_what_is_scheduled_for_a_blocked_account_waits(cast):
    row, = granted(cast)
    blocked(User.get_by_id(row.worker.user_id), cast.fajar, manager("Gita Larasati", cast))
    taken = take(line(row, "DIJADWALKAN", TOMORROW))
    assert "menunggu sampai akunnya tidak diblokir lagi. Dicatat TERTAHAN." in taken.held[0]
    assert (Assistance.get().state, last_note()) == (
        HELD, "Akun ini diblokir, jadi pengiriman menunggu.")


def test_what_is_scheduled_for_the_dead_waits_and_nobody_is_told(cast):
    row, = granted(cast)
    Assistance.update(worker=cast.siti_at_maju.worker_id).execute()
    reported(cast, reason="MGL", last_day=clock.today())
    taken = take(line(row, "DIJADWALKAN", TOMORROW))
    assert "tetapi menunggu: penerimanya dilaporkan meninggal. Dicatat" in taken.held[0]
    assert (Assistance.get().state, last_note()) == (
        HELD, "Penerima dilaporkan meninggal, jadi pengiriman menunggu.")
    assert not Message.select().where(Message.kind == "assistance:changed").exists()


def test_the_same_line_after_a_contact_was_changed_is_a_change(cast):
    row, = granted(cast)
    take(line(row, "DIJADWALKAN", TOMORROW))
    User.update(phone_changed_at=clock.now()).where(User.id == row.worker.user_id).execute()
    taken = take(line(row, "DIJADWALKAN", TOMORROW, "Lagi"))
    assert (taken.changed, Assistance.get().state) == (1, HELD)


def test_when_a_hold_begins_what_is_scheduled_before_its_end_waits(cast):
    row, other = granted(cast, 2)
    Assistance.update(worker=row.worker_id).execute()
    take(line(row, "DIJADWALKAN", TOMORROW), line(other, "DIJADWALKAN", LATER))
    with write_transaction():
        holds.begin(User.get_by_id(row.worker.user_id), "ponsel", clock.now())
    assert [one.state for one in Assistance.select().order_by(Assistance.id)] == [HELD, PLANNED]
    assert last_note() == ("Kontak atau rekening baru diganti, jadi pengiriman menunggu sampai "
                           "25 November 2026.")
    entry = AuditEntry.get(AuditEntry.kind == "hold:begun")
    assert len(json.loads(entry.details)["assistance"]) == 1


def test_an_older_list_undoes_nothing_but_what_arrived_is_a_fact(cast):
    row, = granted(cast)
    with time_machine.travel("2026-11-24T06:30:00Z"):
        take(line(row, "TERTAHAN", date(2026, 11, 24), "Nama berbeda"), made_on=date(2026, 11, 24))
        with pytest.raises(Illegal, match="sudah berubah menurut berkas 24 November 2026"):
            take(line(row, "DIJADWALKAN", date(2026, 11, 25)))
        assert Assistance.get().state == HELD
        take(line(row, "TERSALURKAN"))
    assert Assistance.get().state == DISBURSED


@pytest.mark.parametrize(("day", "made_on"), [("2026-W49-1", "2026-11-22"),
                                              ("2026-12-01", "2026-W47-7")])
def test_a_day_is_written_in_digits(cast, day, made_on):
    row, = granted(cast)
    with pytest.raises(Unusable, match="tanggalnya bukan tahun-bulan-hari"):
        take(line(row, "DIJADWALKAN", day), made_on=made_on)


def test_a_backlog_of_lists_is_taken_in_on_one_day(cast):
    row, = granted(cast)
    with time_machine.travel("2026-11-26T06:30:00Z"):
        take(line(row, "DIJADWALKAN", LATER), made_on=TOMORROW)
    with time_machine.travel("2026-11-26T06:31:00Z"):
        take(line(row, "PENGECEKAN", date(2026, 11, 24)), made_on=date(2026, 11, 24))
        with pytest.raises(Illegal, match="sudah berubah menurut berkas 24 November 2026"):
            take(line(row, "DIJADWALKAN", date(2026, 12, 2)), made_on=TOMORROW)
    assert Assistance.get().state == CHECKED


def test_what_is_scheduled_waits_from_the_moment_of_a_block(cast):
    row, other = granted(cast, 2)
    take(line(row, "DIJADWALKAN", LATER), line(other, "DIJADWALKAN", LATER))
    blocked(User.get_by_id(row.worker.user_id), cast.fajar, manager("Gita Larasati", cast))
    assert [one.state for one in Assistance.select().order_by(Assistance.id)] == [HELD, PLANNED]
    assert last_note() == "Akun ini diblokir, jadi pengiriman menunggu."
    entry = AuditEntry.get(AuditEntry.kind == "block:confirmed")
    assert json.loads(entry.details)["assistance"] == [show_number(row.number)]


def test_what_is_scheduled_waits_from_the_moment_of_a_death(cast):
    row, other = granted(cast, 2)
    take(line(row, "DIJADWALKAN", LATER), line(other, "DIJADWALKAN", LATER))
    Assistance.update(worker=cast.siti_at_maju.worker_id).where(Assistance.id == row.id).execute()
    told = Message.select().count()
    reported(cast, reason="MGL", last_day=clock.today())
    assert [one.state for one in Assistance.select().order_by(Assistance.id)] == [HELD, PLANNED]
    assert last_note() == "Penerima dilaporkan meninggal, jadi pengiriman menunggu."
    assert Message.select().count() == told
    entry = AuditEntry.select().where(AuditEntry.kind == "assistance:changed").order_by(
        AuditEntry.id.desc()).first()
    assert json.loads(entry.details) == {"by": "death", "number": show_number(row.number),
                                         "state": HELD}


def test_a_list_that_meets_a_block_half_way_schedules_nothing(cast):
    row, = granted(cast)
    user, gita = User.get_by_id(row.worker.user_id), manager("Gita Larasati", cast)
    while_uncommitted(lambda: blocked(user, cast.fajar, gita),
                      lambda: take(line(row, "DIJADWALKAN", LATER)))
    assert Assistance.get().state == HELD
