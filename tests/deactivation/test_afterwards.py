"""After filing: undo inside its window, correction after it, and what takes effect by itself."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine

from tests.page import draft, file
from webapp import clock
from webapp.deactivation import queries, service
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.messages import Message
from webapp.models.parameters import Parameter
from webapp.models.workers import Membership
from webapp.parameters import rules_on

EIGHT_DAYS = timedelta(days=8)


def undo_path(cast):
    return f"/perusahaan/{cast.maju.public_id}/nonaktif/{Deactivation.get().public_id}/batalkan"


def correction_path(cast):
    return undo_path(cast).replace("batalkan", "koreksi")


def happened(kind):
    return AuditEntry.select().where(AuditEntry.kind == kind).count()


def age(days):
    Deactivation.update(filed_at=clock.now() - days).execute()


def test_undo_restores_the_membership_and_tells_the_worker(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ani.open(undo_path(cast))
    page = ani.send(reason="Salah pilih nama")
    assert "dibatalkan" in page.heading
    row = Membership.get_by_id(cast.siti_at_maju.id)
    assert (row.status, row.ended_on) == ("AKTIF", None)
    assert Message.select().where(Message.kind == "deactivation:undone").count() == 2


def test_undo_asks_for_a_reason(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ani.open(undo_path(cast))
    page = ani.send(reason="   ")
    assert page.errors() == {"reason": "Tulis alasan pembatalan."}
    assert Deactivation.get().state == "BERLAKU"


def test_undoing_twice_is_undoing_once(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    form = ani.open(undo_path(cast)).fields()
    for _ in range(2):
        page = ani.post(undo_path(cast), {**form, "reason": "Salah pilih nama"})
        assert page.status == 200
    assert happened("deactivation:undone") == 1
    assert ani.post(undo_path(cast), {**form, "reason": "Lain lagi"}).status == 409


def test_the_trail_keeps_no_free_text_of_an_undo(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ani.open(undo_path(cast))
    ani.send(reason="Siti Rahayu tidak jadi pindah")
    entry = AuditEntry.get(AuditEntry.kind == "deactivation:undone")
    assert set(json.loads(entry.details)) == {"receipt", "told"}
    assert Deactivation.get().undo_reason == "Siti Rahayu tidak jadi pindah"


def test_a_report_comes_with_all_that_its_page_names(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ani.open(undo_path(cast))
    ani.send(reason="Salah pilih nama")
    row = queries.filed_of.one(cast.maju, Deactivation.get().public_id)
    assert {"filed_by", "undone_by", "document", "membership"} <= row.__rel__.keys()


def test_undone_can_be_filed_again_with_a_new_receipt(ani, cast):
    first = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    ani.open(undo_path(cast))
    ani.send(reason="Tanggalnya keliru")
    again = file(ani, cast.maju, cast.siti_at_maju, last_day="2026-11-19")
    assert again.words(".receipt-number") != first


def test_after_the_window_undo_becomes_a_correction_request(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    form = ani.open(undo_path(cast)).fields()
    age(EIGHT_DAYS)
    page = ani.post(undo_path(cast), {**form, "reason": "Terlambat"})
    assert page.heading == "Minta koreksi"
    page = ani.send(reason="Yang berhenti orang lain bernama sama")
    assert "Permintaan koreksi" in page.words()
    assert Correction.get().reason == "Yang berhenti orang lain bernama sama"
    assert Deactivation.get().state == "BERLAKU"


def test_a_correction_is_asked_for_once(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    age(EIGHT_DAYS)
    form = ani.open(correction_path(cast)).fields()
    for _ in range(3):
        ani.post(correction_path(cast), {**form, "reason": "Keliru"})
    assert (Correction.select().count(), happened("correction:requested")) == (1, 1)


def test_another_correction_while_one_waits_is_refused_and_not_lost_in_silence(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    age(EIGHT_DAYS)
    form = ani.open(correction_path(cast)).fields()
    ani.post(correction_path(cast), {**form, "reason": "Keliru"})
    page = ani.post(correction_path(cast), {**form, "reason": "Ada lagi yang keliru"})
    assert (page.status, page.heading) == (409, "Koreksi sudah diminta")
    assert Correction.get().reason == "Keliru"


def test_inside_the_window_correcting_means_undoing(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    undo = ani.open(undo_path(cast))
    assert ani.open(correction_path(cast)).heading == undo.heading
    ani.post(correction_path(cast), {**undo.fields(), "reason": "Keliru"})
    assert not Correction.select().exists()


def test_undoing_ends_a_correction_request_that_waits(ani, cast, now):
    file(ani, cast.maju, cast.siti_at_maju)
    report = Deactivation.get()
    age(EIGHT_DAYS)
    form = ani.open(correction_path(cast)).fields()
    ani.post(correction_path(cast), {**form, "reason": "Keliru"})
    age(timedelta())     # as if the window had been made longer meanwhile
    service.undo(Deactivation.get_by_id(report.id), cast.ani, reason="Salah orang",
                 company=cast.maju, rules=rules_on(clock.today()), now=now)
    assert Correction.get().state == "DIBATALKAN"
    page = ani.open(correction_path(cast))
    assert (page.status, page.heading) == (409, "Laporan ini sudah tidak berlaku")
    assert "Minta koreksi" not in ani.open(undo_path(cast).removesuffix("/batalkan")).words()


@pytest.mark.parametrize(("moment", "state"), [
    ("2026-11-29T16:59:59Z", "DIBATALKAN"),      # the last second of the seventh day in Jakarta
    ("2026-11-29T17:00:00Z", "BERLAKU"),
])
def test_the_window_ends_with_the_seventh_day_in_jakarta(ani, cast, moment, state):
    file(ani, cast.maju, cast.siti_at_maju)
    with time_machine.travel(moment):
        ani.sign_in("ani@maju.example")
        token = ani.token()
        ani.post(undo_path(cast), {"csrf_token": token, "reason": "Keliru"})
    assert Deactivation.get().state == state


def test_every_page_gives_the_same_last_day_for_undoing(ani, cast):
    check = draft(ani, cast.maju, cast.siti_at_maju)
    assert "membatalkannya sampai 29 November 2026." in check.words()
    assert "jika keliru, sampai 29 November 2026." in ani.send().words()
    assert "sampai 29 November 2026." in ani.open(undo_path(cast)).words()


def test_the_window_is_that_of_the_day_of_filing(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    Parameter.create(name="deactivation.undo_days", valid_from=date(2026, 11, 23), value=1,
                     source="test")
    with time_machine.travel("2026-11-28T06:30:00Z"):
        ani.sign_in("ani@maju.example")
        assert "sampai 29 November 2026" in ani.open(undo_path(cast)).words()


def test_a_last_day_ahead_is_scheduled(ani, cast):
    ahead = clock.today() + timedelta(days=5)
    page = file(ani, cast.maju, cast.siti_at_maju, last_day=ahead.isoformat())
    assert page.heading == "Terjadwal"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


def test_it_takes_effect_at_midnight_in_jakarta_and_only_once(ani, cast):
    ahead = clock.today() + timedelta(days=5)
    file(ani, cast.maju, cast.siti_at_maju, last_day=ahead.isoformat())
    midnight = clock.start_of(ahead + timedelta(days=1))
    assert service.take_effect(midnight - timedelta(seconds=1)) == 0
    assert service.take_effect(midnight) == 1
    assert service.take_effect(midnight) == 0
    row = Membership.get_by_id(cast.siti_at_maju.id)
    assert (row.status, row.ended_on) == ("NONAKTIF", ahead)
    assert happened("deactivation:took effect") == 1


def test_midnight_is_seventeen_hours_utc_the_day_before():
    assert clock.start_of(date(2026, 11, 1)) == datetime.fromisoformat("2026-10-31T17:00+00:00")


def test_a_scheduled_one_can_be_undone_and_then_never_takes_effect(ani, cast):
    ahead = clock.today() + timedelta(days=5)
    file(ani, cast.maju, cast.siti_at_maju, last_day=ahead.isoformat())
    ani.open(undo_path(cast))
    ani.send(reason="Tidak jadi berhenti")
    assert service.take_effect(clock.start_of(ahead + timedelta(days=3))) == 0
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


def test_nobody_writes_to_the_dead(ani, cast, tmp_path):
    import io

    from tests.deactivation.test_form import photograph

    check = draft(ani, cast.maju, cast.siti_at_maju, reason="MGL",
                  file=(io.BytesIO(photograph()), "akta.jpg"))
    assert "tidak mengirim pesan" in check.words()
    ani.send()
    assert Deactivation.get().state == "BERLAKU"
    assert not Message.select().exists()
