"""``flask assistance import``: whole or not at all, once, and everybody is told."""

import json
import threading
from datetime import date, timedelta

import pytest

from tests.assistance.granting import granted, line, list_of
from tests.page import while_uncommitted
from webapp import clock, db
from webapp.assistance.importing import Illegal, TakenBefore, take_list
from webapp.models.audit import AuditEntry
from webapp.models.claims import Hold
from webapp.models.messages import Message
from webapp.models.programmes import (
    CHECKED,
    CHOSEN,
    DISBURSED,
    FAILED,
    GRANTED,
    HELD,
    PLANNED,
    Applicant,
    Assistance,
    AssistanceStep,
    DisbursementFile,
)
from webapp.programme_desk import service
from webapp.receipts.signing import show_number

TOMORROW = date(2026, 11, 23)


@pytest.fixture
def take(app, tmp_path):
    """Import these bytes; the command's outcome."""
    def run_with(body):
        path = tmp_path / "hasil.csv"
        path.write_bytes(body)
        return app.test_cli_runner().invoke(args=["assistance", "import", str(path)])
    return run_with


def everything():
    """All that an import could change, to be compared."""
    return [list(table.select().order_by(table.id).tuples()) for table in
            (Assistance, AssistanceStep, DisbursementFile, Message, AuditEntry)]


def states():
    return [row.state for row in Assistance.select().order_by(Assistance.id)]


def history(row):
    return [step.state for step in AssistanceStep.select()
            .where(AssistanceStep.assistance == row).order_by(AssistanceStep.id)]


def test_the_whole_way_from_granted_to_disbursed(cast, take):
    row, = granted(cast)
    for body, state in ((list_of(line(row, "DIJADWALKAN", TOMORROW)), PLANNED),
                        (list_of(line(row, "PENGECEKAN")), CHECKED),
                        (list_of(line(row, "TERTAHAN", note="Nama berbeda")), HELD),
                        (list_of(line(row, "GAGAL", note="Rekening ditutup")), FAILED),
                        (list_of(line(row, "DIJADWALKAN", date(2026, 12, 1))), PLANNED),
                        (list_of(line(row, "TERSALURKAN")), DISBURSED)):
        answer = take(body)
        assert answer.output == "1 bantuan berubah, 0 sudah begitu, jumlah Rp600.000\n"
        assert states() == [state]
    after = Assistance.get()
    assert (after.paid_on, after.scheduled_on) == (clock.today(), date(2026, 12, 1))
    assert history(row) == [GRANTED, PLANNED, CHECKED, HELD, FAILED, PLANNED, DISBURSED]
    assert after.version == 7


def test_whoever_it_is_about_is_told_of_each_change(cast, take):
    row, other = granted(cast, 2)
    take(list_of(line(row, "DIJADWALKAN", TOMORROW), line(other, "GAGAL", note="Nama berbeda")))
    told = {(message.worker_id, message.channel): message for message in
            Message.select().where(Message.kind == "assistance:changed")}
    assert len(told) == 4
    assert told[row.worker_id, "sms"].body == (
        "Purna: bantuan Kartu Prakerja Rp600.000 dijadwalkan 23 November 2026. Buka Purna > "
        "Bantuan saya.")
    assert "Keterangan: Nama berbeda" in told[other.worker_id, "email"].body
    entry = AuditEntry.select().where(AuditEntry.kind == "assistance:changed").first()
    assert entry.subject == row.worker.public_id
    assert json.loads(AuditEntry.get(AuditEntry.kind == "assistance:imported").details) == {
        "made_on": "2026-11-22", "changed": 2, "unchanged": 0, "total": 1_200_000}


def test_the_same_list_twice_changes_nothing_and_says_so(cast, take):
    body = list_of(line(granted(cast)[0], "DIJADWALKAN", TOMORROW))
    take(body)
    before = everything()
    answer = take(body)
    assert (answer.exit_code, "sudah diambil sebelumnya" in answer.output) == (0, True)
    assert everything() == before


def test_what_another_list_says_once_more_changes_nothing(cast, take):
    row, other = granted(cast, 2)
    take(list_of(line(row, "DIJADWALKAN", TOMORROW)))
    answer = take(list_of(line(row, "DIJADWALKAN", TOMORROW), line(other, "PENGECEKAN")))
    assert answer.output == "1 bantuan berubah, 1 sudah begitu, jumlah Rp1.200.000\n"
    assert history(row) == [GRANTED, PLANNED]


def test_another_day_is_a_change(cast, take):
    row, = granted(cast)
    take(list_of(line(row, "DIJADWALKAN", TOMORROW)))
    take(list_of(line(row, "DIJADWALKAN", date(2026, 12, 5))))
    assert history(row) == [GRANTED, PLANNED, PLANNED]
    assert Assistance.get().scheduled_on == date(2026, 12, 5)


@pytest.mark.parametrize(("lines", "words"), [
    (lambda row: [line(row, "DIJADWALKAN", amount=5)], "Baris 3: jumlahnya Rp5, seharusnya"),
    (lambda row: [line(row, "TERSALURKAN", TOMORROW)], "Baris 3: tanggalnya 23 November 2026"),
    (lambda row: [line(row, "TERSALURKAN", date(2026, 11, 21))], "sebelum bantuan ditetapkan"),
    (lambda row: [line(row, "DIJADWALKAN", date(2026, 11, 21))], "sebelum berkas ini dibuat")])
def test_what_cannot_be_is_named_by_its_line_and_nothing_is_changed(cast, take, lines, words):
    row, other = granted(cast, 2)
    before = everything()
    answer = take(list_of(*lines(row), line(other, "PENGECEKAN")))
    assert answer.exit_code == 1
    assert words in answer.output
    assert everything() == before


def test_every_illegal_move_is_named_at_once(cast, take):
    first, second, third = granted(cast, 3)
    take(list_of(line(first, "TERSALURKAN"), line(second, "GAGAL", note="Nama berbeda")))
    before = everything()
    answer = take(list_of(line(first, "DIJADWALKAN", TOMORROW), line(second, "PENGECEKAN"),
                          line(third, "PENGECEKAN")))
    assert answer.exit_code == 1
    assert (f"Baris 3: bantuan {show_number(first.number)} tidak bisa dari TERSALURKAN menjadi "
            "DIJADWALKAN.") in answer.output
    assert "Baris 4" in answer.output
    assert "Baris 5" not in answer.output
    assert everything() == before


def test_an_altered_list_and_a_number_that_is_not_there_are_refused_whole(cast, take):
    row, = granted(cast)
    body = list_of(line(row, "TERSALURKAN"))
    Assistance.update(number="0" * 12).execute()
    for bad in (body[:-3], body.replace(b"600000", b"600001"), body):
        answer = take(bad)
        assert answer.exit_code == 1
    assert "tidak ada" in answer.output
    assert states() == [GRANTED]


def test_while_payouts_are_held_what_is_scheduled_waits_and_what_arrived_is_a_fact(cast, take):
    row, other = granted(cast, 2)
    until = clock.now() + timedelta(hours=72)
    for one in (row, other):
        hold(one.worker.user, until)
    body = list_of(line(row, "DIJADWALKAN", TOMORROW), line(other, "TERSALURKAN"))
    answer = take(body)
    assert (f"Baris 3: bantuan {show_number(row.number)} dijadwalkan 23 November 2026, tetapi "
            "menunggu sampai 25 November 2026. Dicatat TERTAHAN.") in answer.output
    assert states() == [HELD, DISBURSED]
    assert Assistance.get_by_id(row.id).scheduled_on == TOMORROW
    note = AssistanceStep.select().order_by(AssistanceStep.id)[2].note
    assert note == ("Kontak atau rekening baru diganti, jadi pengiriman menunggu sampai "
                    "25 November 2026.")
    again = take(list_of(line(row, "DIJADWALKAN", TOMORROW, "Lagi")))
    assert again.output == "0 bantuan berubah, 1 sudah begitu, jumlah Rp600.000\n"
    take(list_of(line(row, "DIJADWALKAN", date(2026, 11, 26))))     # when the hold is over
    assert states() == [PLANNED, DISBURSED]


def hold(user, until, stopped_at=None):
    """Payouts to somebody wait."""
    Hold.create(user=user, cause="rekening", begun_at=clock.now(), until=until,
                stopped_at=stopped_at, stop_index=user.public_id.hex)


def test_what_was_stopped_waits_without_an_end(cast, take):
    row, = granted(cast)
    hold(row.worker.user, clock.now(), stopped_at=clock.now())
    answer = take(list_of(line(row, "DIJADWALKAN", date(2027, 5, 1))))
    assert "menunggu sampai Anda datang ke kantor cabang" in answer.output
    assert states() == [HELD]


def revoke(cast, row, now):
    applicant = Applicant.get_by_id(row.applicant_id)
    service.revoke(applicant, cast.fajar, now, version=applicant.version, reason="Palsu.")


@pytest.mark.parametrize("words", [("DIJADWALKAN", TOMORROW), ("TERSALURKAN",), ("PENGECEKAN",)])
def test_nothing_more_goes_to_who_was_revoked(cast, take, words):
    row, other = granted(cast, 2)
    revoke(cast, row, clock.now())
    before = everything()
    answer = take(list_of(line(row, *words), line(other, "PENGECEKAN")))
    assert answer.exit_code == 1
    assert (f"Baris 3: penerima bantuan {show_number(row.number)} dicabut 22 November 2026."
            in answer.output)
    assert everything() == before


def test_what_had_arrived_before_a_revocation_is_a_fact_and_a_failure_is_no_news(cast, take):
    row, other = granted(cast, 2)
    for one in (row, other):
        revoke(cast, one, clock.now() + timedelta(days=1))
    answer = take(list_of(line(row, "TERSALURKAN"), line(other, "GAGAL", note="Dicabut")))
    assert answer.output == "1 bantuan berubah, 1 sudah begitu, jumlah Rp1.200.000\n"
    assert states() == [DISBURSED, FAILED]
    assert take(list_of(line(row, "PENGECEKAN"))).exit_code == 1


def test_a_revocation_that_meets_an_import_half_way_leaves_what_was_paid(cast):
    row, = granted(cast)
    met = while_uncommitted(lambda: take_list(list_of(line(row, "TERSALURKAN")), clock.now()),
                            lambda: revoke(cast, row, clock.now()))
    assert isinstance(met, service.CaseChanged)
    assert (states(), Applicant.get().state) == ([DISBURSED], CHOSEN)


def test_an_import_that_meets_a_revocation_half_way_pays_nothing(cast):
    row, = granted(cast)
    met = while_uncommitted(
        lambda: revoke(cast, row, clock.now()),
        lambda: take_list(list_of(line(row, "DIJADWALKAN", TOMORROW)), clock.now()))
    assert isinstance(met, Illegal)
    assert states() == [FAILED]


def test_eight_imports_of_one_list_at_once_are_one(cast):
    row, = granted(cast)
    body, outcomes = list_of(line(row, "DIJADWALKAN", TOMORROW)), []
    now, ready = clock.now(), threading.Barrier(8)

    def run():
        ready.wait(10)
        try:
            outcomes.append(take_list(body, now).changed)
        except TakenBefore:
            outcomes.append("before")
        finally:
            db.database.close()
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, outcomes)) == ["1", *["before"] * 7]
    assert history(row) == [GRANTED, PLANNED]


def test_forty_in_one_list(cast, take):
    rows = granted(cast, 40)
    answer = take(list_of(*(line(row, "TERSALURKAN") for row in rows)))
    assert answer.output.startswith("40 bantuan berubah")
    assert {*states()} == {DISBURSED}
