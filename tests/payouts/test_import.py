"""``flask payouts import``: the bank's answer, whole or not at all, and once."""

import json
import threading

import pytest

from tests.payouts.bank import answer_to, exported, lines_of, payments, run, sealed
from tests.payouts.claiming import claim_of, destination_of, person, savings_of
from tests.statements import sent_by
from webapp import clock, db
from webapp.claims.states import move
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.cases import AT_WORKER, Case
from webapp.models.claims import (
    BOUNCED,
    DELIVERED,
    EXPORTED,
    FAILED,
    PAID,
    Claim,
    Destination,
    Heir,
    Payout,
    PayoutFile,
    Savings,
)
from webapp.models.messages import Message
from webapp.payouts import importing
from webapp.payouts.messages import bounced, paid
from webapp.payouts.queries import payouts_in
from webapp.receipts.signing import new_number, show_number


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "bank"
    made.mkdir()
    return made


@pytest.fixture
def sent(app, cast, folder):
    """Three claims at the bank, of Siti and of two others: the payment file's path."""
    claim_of(cast.siti, cast.siti_at_maju.worker, cast, amount=4_250_000)
    for number in (1, 2):
        claim_of(*person(number), cast, amount=number * 100_000)
    path, = exported(app, folder)
    return path


@pytest.fixture
def take(app, folder):
    """Import these bytes; the command's outcome."""
    def run_with(body):
        path = folder / "hasil.csv"
        path.write_bytes(body)
        return run(app, "import", path)
    return run_with


def everything():
    """All that an import could change, to be compared."""
    tables = (Payout, PayoutFile, Claim, Case, Savings, Message, AuditEntry, Destination)
    return [list(table.select().order_by(table.id).tuples()) for table in tables]


def test_what_was_paid_is_paid_and_its_case_over(sent, take, cast):
    answer = take(answer_to(sent))
    number = show_number(PayoutFile.get().number)
    assert answer.output == f"{number}: 3 dibayar (Rp4.550.000), 0 gagal (Rp0)\n"
    claim = Claim.get(Claim.worker == cast.siti_at_maju.worker)
    assert (claim.state, claim.paid_on, claim.version) == (PAID, clock.today(), 2)
    assert (claim.case.holder, claim.case.closed_at is None) == (None, False)
    payout = Payout.get(Payout.claim == claim)
    assert (payout.state, payout.reference, payout.problem) == (DELIVERED, "BANK-00001", "")
    assert payout.reported_at == PayoutFile.get().result_at
    entry = AuditEntry.get(AuditEntry.kind == "claim:paid",
                           AuditEntry.subject == cast.siti_at_maju.worker.public_id)
    assert json.loads(entry.details) == {
        "number": show_number(claim.case.number), "kind": "LAIN", "amount": 4_250_000,
        "on": "2026-11-22"}
    assert json.loads(AuditEntry.get(AuditEntry.kind == "payouts:imported").details) == {
        "number": number, "paid": 3, "paid_total": 4_550_000, "bounced": 0, "bounced_total": 0}


def test_whoever_is_paid_is_told_where_to_and_when(sent, take, cast):
    take(answer_to(sent))
    letter = Message.get(Message.kind == "case:claim paid", Message.channel == "email",
                         Message.worker == cast.siti_at_maju.worker)
    assert letter.subject == "Pencairan Anda sudah dibayar"
    for words in ("Halo Siti Rahayu", "Lainnya sebesar Rp4.250.000", "BCA ••••8123",
                  "22 November 2026", "tidak perlu melakukan apa-apa"):
        assert words in letter.body
    assert "1234568123" not in letter.body
    others = Message.select().where(Message.kind == "case:claim paid", Message.channel == "sms")
    assert {message.body.partition(" Ref ")[0] for message in others} == {
        f"Purna: pencairan {amount} sudah dikirim ke BCA ****8123 pada 22 November 2026."
        for amount in ("Rp4.250.000", "Rp100.000", "Rp200.000")}


def test_what_the_bank_sent_back_goes_to_the_worker_with_its_reason(sent, take, cast):
    wanted = next(one[0] for one in payments(sent) if one[1] == "4250000")
    answer = take(answer_to(sent, failed={wanted}))
    assert "2 dibayar (Rp300.000), 1 gagal (Rp4.250.000)" in answer.output
    claim = Claim.get(Claim.worker == cast.siti_at_maju.worker)
    assert (claim.state, claim.paid_on, claim.approved) == (FAILED, None, 4_250_000)
    assert (claim.case.holder, claim.case.closed_at, claim.case.due_on) == (AT_WORKER, None, None)
    payout = Payout.get(Payout.claim == claim)
    assert (payout.state, payout.problem) == (BOUNCED, "Rekening ditutup")
    letter = Message.get(Message.kind == "case:claim bounced", Message.channel == "email")
    assert "Alasan dari bank: Rekening ditutup" in letter.body
    assert "Sambungkan rekening atau e-wallet: buka Purna > Pencairan" in letter.body
    assert AuditEntry.select().where(AuditEntry.kind == "claim:payout bounced").count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "claim:paid").count() == 2


def test_the_same_answer_twice_changes_nothing_and_says_so(sent, take):
    take(answer_to(sent))
    before = everything()
    answer = take(answer_to(sent))
    assert (answer.exit_code, everything()) == (0, before)
    assert "sudah diambil sebelumnya; tidak ada yang berubah" in answer.output


def test_another_answer_to_the_same_file_is_refused(sent, take):
    take(answer_to(sent))
    before = everything()
    answer = take(answer_to(sent, failed="all"))
    assert (answer.exit_code, everything()) == (1, before)
    assert "sudah diambil pada 22 November 2026, dan isinya lain" in answer.output


@pytest.mark.parametrize("kept", range(1, 6))
def test_a_file_cut_off_anywhere_is_refused_whole(sent, take, kept):
    lines = answer_to(sent).splitlines(keepends=True)
    assert len(lines) == 6
    before = everything()
    answer = take(b"".join(lines[:kept]))
    assert (answer.exit_code, everything()) == (1, before)
    assert "terpotong" in answer.output


def test_an_altered_digit_is_refused(sent, take):
    before = everything()
    answer = take(answer_to(sent).replace(b";100000;", b";100001;"))
    assert (answer.exit_code, everything()) == (1, before)
    assert "tidak cocok dengan jumlah periksanya" in answer.output


def other_answer(path, change):
    """The bank's answer with its lines changed, and its control put right after that."""
    number, lines = lines_of(answer_to(path))
    return sealed(number, change(lines))


def with_amount(lines):
    return [[one[0], "1", *one[2:]] for one in lines[:1]] + lines[1:]


def swapped(lines):
    first, second, *rest = lines
    return [[first[0], *second[1:]], [second[0], *first[1:]], *rest]


def failed_without_reason(lines):
    return [[*lines[0][:2], "GAGAL", "", lines[0][4], ""], *lines[1:]]


@pytest.mark.parametrize(("change", "words"), [
    (with_amount, "jumlahnya Rp1, seharusnya Rp4.250.000"),
    (swapped, "jumlahnya Rp100.000, seharusnya Rp4.250.000"),
    (failed_without_reason, "sebab belum diisi"),
    (lambda lines: lines[:2], "Ada 1 pembayaran yang tidak disebut"),
    (lambda lines: [], "Ada 3 pembayaran yang tidak disebut"),
    (lambda lines: [*lines, lines[0]], "Baris 6: pembayaran ini sudah ada di baris lain"),
    (lambda lines: [*lines, ["c" * 32, *lines[0][1:]]], "Baris 6: pembayaran ini bukan dari"),
    (lambda lines: [[*one[:4], "2026-11-21", one[5]] for one in lines], "sebelum berkas dibuat"),
    (lambda lines: [[*one[:4], "2026-11-23", one[5]] for one in lines], "sesudah hari ini")])
def test_what_does_not_fit_the_payment_file_is_refused_with_its_line(sent, take, change, words):
    before = everything()
    answer = take(other_answer(sent, change))
    assert (answer.exit_code, everything()) == (1, before)
    assert words in answer.output


def test_an_answer_to_a_file_of_somebody_else_is_refused(sent, take):
    before = everything()
    _, lines = lines_of(answer_to(sent))
    answer = take(sealed(show_number(new_number()), lines))
    assert (answer.exit_code, everything()) == (1, before)
    assert "tidak pernah dibuat di sini" in answer.output


def test_an_answer_to_one_file_under_the_name_of_another_is_refused(app, sent, take, cast, folder):
    claim_of(*person(3), cast, amount=7)
    second = exported(app, folder)[-1]
    before = everything()
    number, _ = lines_of(answer_to(sent))
    answer = take(sealed(number, lines_of(answer_to(second))[1]))
    assert (answer.exit_code, everything()) == (1, before)
    assert "bukan dari berkas" in answer.output


def test_the_payment_file_itself_is_no_answer(sent, take):
    answer = take(sent.read_bytes())
    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1


def test_a_claim_that_waits_for_no_payment_any_more_is_not_paid(sent, take, cast):
    claim = Claim.get(Claim.worker == cast.siti_at_maju.worker)
    with write_transaction():
        move(claim, claim.version, FAILED)
    before = everything()
    answer = take(answer_to(sent))
    assert (answer.exit_code, everything()) == (1, before)
    assert f"pencairan {show_number(claim.case.number)} tidak menunggu" in answer.output


def test_an_heir_is_told_by_sms_and_to_come_to_the_branch(app, cast, take, folder):
    worker = cast.siti_at_maju.worker
    savings_of(worker, 9_000_000)
    claim = claim_of(None, worker, cast, "JHT-MGL", 9_000_000,
                     destination=destination_of(None, number="0021", holder="Budi"))
    heir = Heir(claim=claim, relation="anak")
    heir.name, heir.nik, heir.phone = "Budi", "3171064508900077", "+628120000077"
    heir.save(force_insert=True)
    path, = exported(app, folder)
    take(answer_to(path, failed="all"))
    message = Message.get(Message.kind == "case:claim bounced")
    assert (message.channel, message.recipient, message.worker_id) == (
        "sms", "+628120000077", None)
    assert "Datang ke kantor cabang" in message.body


def test_what_is_taken_in_at_once_is_taken_in_once(sent, folder):
    body, outcomes = answer_to(sent), []

    def work():
        try:
            db.ensure_connection()
            outcomes.append(importing.take_result(body, clock.now()).paid)
        except importing.TakenBefore:
            outcomes.append("before")
        except Exception as problem:
            outcomes.append(problem)
        finally:
            db.database.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["3", *["before"] * 5]
    assert AuditEntry.select().where(AuditEntry.kind == "claim:paid").count() == 3
    assert Payout.select().where(Payout.state == EXPORTED).count() == 0


def test_every_message_fits_one_sms_whatever_the_amount(sent, cast):
    Payout.update(provider="LINKAJA").execute()
    for payout in payouts_in(PayoutFile.get()):
        payout.amount = 999_999_999_999
        for words in (paid(payout, clock.today()), bounced(payout, "x" * 200)):
            assert len(words["sms"].replace("•", "*")) <= 160
            subject, body = words["email"]
            assert len(subject) < 60
            assert "!" not in body


def test_an_answer_is_read_with_few_statements_besides_one_for_each_change(sent, take):
    counted = sent_by(lambda: take(answer_to(sent)))
    assert len([sql for sql in counted if sql.startswith("SELECT")]) <= 4
