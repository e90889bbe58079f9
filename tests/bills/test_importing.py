"""``flask bills import``: a bank's list, whole or not at all, and once; and what a payment does."""

import hashlib
import json
from datetime import date

import pytest
import time_machine

from tests.page import in_parallel
from tests.statements import sent_by
from tests.switch.walking import (
    active,
    approved,
    bank_list,
    died,
    here,
    only,
    pay,
    worker_siti,
)
from webapp import audit, clock, db
from webapp.bank_file import Unusable
from webapp.bills import importing, service
from webapp.bills.codes import new_code, show_code
from webapp.bills.result_file import parse
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.switches import Bill, ContributionFile, OwnMembership, Switch
from webapp.switch import service as switches


@pytest.fixture
def bill(siti, cast):
    """Siti's first, which waits."""
    return approved(siti, cast)


@pytest.fixture
def take(app, tmp_path):
    """Import these bytes; the command's outcome."""
    def run_with(body):
        path = tmp_path / "iuran.csv"
        path.write_bytes(body)
        return app.test_cli_runner().invoke(args=["bills", "import", str(path)])
    return run_with


def everything():
    """All that an import could change, to be compared."""
    tables = (Bill, ContributionFile, OwnMembership, Switch, Case, Message, AuditEntry)
    return [list(table.select().order_by(table.id).tuples()) for table in tables]


def good(bill):
    return bank_list((bill.code, bill.amount))


def test_the_first_payment_makes_the_membership(bill, take, siti):
    answer = take(good(bill))
    assert answer.output == "1 iuran dibayar (Rp8.400)\n"
    own = OwnMembership.get()
    assert (own.state, own.started_on, own.paid_until, own.base) == (
        "AKTIF", date(2026, 11, 21), date(2026, 11, 1), 1_000_000)
    assert (own.continues.kpj, own.worker_id) == ("30145274512", worker_siti().id)
    assert (only().state, only().own_id, only().case.holder) == ("AKTIF", own.id, None)
    paid = Bill.get()
    assert (paid.state, paid.paid_on, paid.reference) == ("DIBAYAR", clock.today(), "BCA-00001")
    assert {row.channel for row in Message.select().where(
        Message.kind == "case:switch began")} == {"email", "sms"}
    entry = AuditEntry.get(AuditEntry.kind == "bill:paid")
    assert (entry.subject, json.loads(entry.details)["amount"]) == (
        worker_siti().public_id, 8_400)
    assert AuditEntry.select().where(AuditEntry.kind == "bills:imported").count() == 1
    words = siti.open("/kepesertaan").words()
    assert "Mandiri (BPU)" in words
    assert "Iuran lunas sampai November 2026" in words
    assert "Kepesertaan mandiri Anda aktif" in siti.open(here()).words()
    words = siti.open("/iuran").words()
    assert ("Lunas sampai November 2026 Iuran berikutnya: Desember 2026. Bayar paling lambat 31 "
            "Desember 2026.") in words
    assert "BCA-00001" in words


def test_the_same_list_twice_changes_nothing_and_says_so(bill, take):
    take(good(bill))
    before = everything()
    answer = take(good(bill))
    assert (answer.exit_code, everything()) == (0, before)
    assert answer.output == "daftar ini sudah diambil sebelumnya; tidak ada yang berubah\n"


@pytest.mark.parametrize("kept", range(1, 4))
def test_a_list_cut_off_anywhere_is_refused_whole(bill, take, kept):
    lines = good(bill).splitlines(keepends=True)
    before = everything()
    answer = take(b"".join(lines[:kept]))
    assert (answer.exit_code, everything()) == (1, before)
    assert "terpotong" in answer.output


def test_an_altered_digit_is_refused(bill, take):
    before = everything()
    answer = take(good(bill).replace(b";8400;2026", b";8401;2026"))
    assert (answer.exit_code, everything()) == (1, before)
    assert "tidak cocok dengan jumlah periksanya" in answer.output


@pytest.mark.parametrize(("payments", "words"), [
    (lambda code: [(code, 8_399)], "jumlahnya Rp8.399, seharusnya Rp8.400"),
    (lambda code: [(new_code(), 8_400)], "tidak pernah dibuat di sini"),
    (lambda code: [("1234567890123456", 8_400)], "kode bayarnya tidak terbaca"),
    (lambda code: [(code, 8_400), (code, 8_400)], "sudah ada di baris lain"),
    (lambda code: [(code, 8_400, "2026-11-21")], "sebelum kode dibuat"),
    (lambda code: [(code, 8_400, "2026-11-23")], "sesudah hari ini"),
    (lambda code: [(code, 8_400, "23/11/2026")], "bukan tahun-bulan-hari"),
    (lambda code: [], "tidak berisi pembayaran")])
def test_what_does_not_fit_is_refused_whole_with_its_line(bill, take, payments, words):
    before = everything()
    answer = take(bank_list(*payments(bill.code)))
    assert (answer.exit_code, everything()) == (1, before)
    assert words in answer.output


def test_one_bad_line_keeps_the_good_ones_out_too(bill, take):
    before = everything()
    answer = take(bank_list((bill.code, 8_400), (new_code(), 8_400)))
    assert (answer.exit_code, everything()) == (1, before)
    assert "Baris 4" in answer.output


def test_a_code_that_was_paid_is_not_paid_again(bill, take):
    take(good(bill))
    before = everything()
    with time_machine.travel("2026-11-23T06:30:00Z"):
        answer = take(bank_list((bill.code, 8_400), day="2026-11-23"))
    assert (answer.exit_code, everything()) == (1, before)
    assert "sudah dibayar pada 22 November 2026, dengan referensi BCA-00001" in answer.output


def test_a_list_of_something_else_is_none(take, cast):
    answer = take(b"HASIL-BAYAR;1;X;2026-11-22\nKONTROL;0;0;" + b"a" * 64)
    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1


def test_a_code_paid_after_its_end_counts_and_begins_with_that_month(siti, cast):
    first = approved(siti, cast)
    with time_machine.travel("2027-01-05T06:30:00Z"):
        siti_user = User.get_by_id(cast.siti.id)
        fresh = service.new_bill(worker_siti(), siti_user, 1, clock.now())
        assert (fresh.first_month, only().starts_on) == (date(2027, 1, 1), date(2027, 1, 1))
        assert (Bill.get_by_id(first.id).state, fresh.amount) == ("KEDALUWARSA", 16_800)
        pay(first)     # the old code, at the counter of a shop
        own = OwnMembership.get()
        assert (own.started_on, own.paid_until, own.state) == (
            date(2027, 1, 1), date(2027, 1, 1), "AKTIF")
        assert Bill.get_by_id(fresh.id).state == "KEDALUWARSA"
        pay(fresh)     # and the new one too: credited forward
        assert OwnMembership.get().paid_until == date(2027, 2, 1)


def test_a_code_paid_in_time_keeps_its_start_though_another_was_asked_for(siti, cast):
    first = approved(siti, cast)
    with time_machine.travel("2026-12-07T06:30:00Z"):
        service.new_bill(worker_siti(), User.get_by_id(cast.siti.id), 1, clock.now())
        assert only().starts_on == date(2026, 12, 1)
        pay(first, day=date(2026, 12, 6))
        own = OwnMembership.get()
        assert (own.started_on, own.paid_until, only().starts_on) == (
            date(2026, 11, 21), date(2026, 11, 1), date(2026, 11, 21))


def test_money_for_a_switch_taken_back_is_named_and_told_and_begins_nothing(siti, cast, take):
    first = approved(siti, cast)
    switches.withdraw(only(), User.get_by_id(cast.siti.id), version=only().version,
                      now=clock.now())
    answer = take(good(first))
    assert answer.output.endswith(
        f"kode {show_code(first.code)}: peralihannya sudah dibatalkan; kembalikan uangnya\n")
    assert (OwnMembership.select().count(), only().state) == (0, "DIBATALKAN")
    assert Message.select().where(Message.kind == "bill:not counted").count() == 2


def test_a_list_too_long_for_one_transaction_is_to_be_split():
    with pytest.raises(Unusable) as refused:
        parse(bank_list(*[(new_code(), 8_400)] * 2_001))
    assert refused.value.sentence.endswith("paling banyak 2000. Bagi menjadi beberapa berkas.")


def test_a_code_paid_in_time_counts_though_the_list_comes_late(siti, cast):
    first = approved(siti, cast)
    with time_machine.travel("2027-01-05T06:30:00Z"):
        pay(first, day=date(2026, 11, 30))
        own = OwnMembership.get()
        assert (own.started_on, own.paid_until, own.state) == (
            date(2026, 11, 21), date(2026, 11, 1), "MENUNGGAK")


def test_money_for_somebody_who_died_is_named_and_begins_nothing(siti, cast, take):
    first = approved(siti, cast)
    died(cast)
    answer = take(good(first))
    assert f"kode {show_code(first.code)}: pesertanya sudah meninggal" in answer.output
    assert (OwnMembership.select().count(), Bill.get().state) == (0, "DIBAYAR")


def test_eight_at_once_take_a_list_in_once(bill):
    body = good(bill)

    def act(_):
        db.ensure_connection()
        try:
            return importing.take_result(body, clock.now()).count
        except importing.TakenBefore:
            return "before"

    assert sorted(map(str, in_parallel(act, 8))) == ["1", *["before"] * 7]
    assert OwnMembership.select().count() == ContributionFile.select().count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "bill:paid").count() == 1
    assert not list(audit.verify())


def test_eight_lists_of_one_payment_are_one_payment(bill):
    bodies = [bank_list((bill.code, 8_400)).replace(b";BCA;", f";BANK{number};".encode())
              for number in range(8)]
    bodies = [_resealed(body) for body in bodies]

    def act(number):
        db.ensure_connection()
        try:
            return importing.take_result(bodies[number], clock.now()).count
        except Unusable:
            return "refused"

    assert sorted(map(str, in_parallel(act, 8))) == ["1", *["refused"] * 7]
    assert (OwnMembership.select().count(), ContributionFile.select().count()) == (1, 1)


def _resealed(body):
    above = body.rpartition(b"KONTROL")[0]
    return above + f"KONTROL;1;8400;{hashlib.sha256(above).hexdigest()}\n".encode()


def test_a_list_is_read_with_few_statements_besides_one_for_each_change(siti, cast):
    own = active(siti, cast)
    user = User.get_by_id(cast.siti.id)
    ahead = service.new_bill(worker_siti(), user, 3, clock.now())
    counted = sent_by(lambda: pay(ahead))
    assert len([sql for sql in counted if sql.startswith("SELECT")]) <= 9
    assert OwnMembership.get_by_id(own.id).paid_until == date(2027, 2, 1)
