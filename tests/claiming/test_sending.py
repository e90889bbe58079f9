"""The code, bound to the amount and the account; and what is there once the claim is sent."""

import json

import pytest
import time_machine

from tests.claims.claiming import (
    MED,
    code_sent,
    drafted,
    hand_in,
    here,
    left,
    linked,
    moved,
    only_claim,
    savings,
    submitted,
    worker_siti,
)
from tests.page import Clerk, forget_tries, in_parallel
from tests.people import with_phone
from webapp import audit, clock
from webapp.challenges import service as codes
from webapp.challenges.queries import has_live_code
from webapp.claims import sending
from webapp.models.accounts import Challenge, SendHistory
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.claims import CUT, Claim, Destination
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership
from webapp.receipts.service import signer
from webapp.receipts.signing import show_number, verify


def asked(siti, cast):
    """Siti stands before the page that asks for the code."""
    drafted(siti, cast)
    return siti.send()


def test_the_message_names_the_amount_and_the_masked_account(siti, cast):
    with_phone(cast.siti)
    asked(siti, cast)
    sms = Message.select().where(Message.kind == "otp-pencairan").get().body
    assert "untuk PENCAIRAN Rp4.250.000 ke BCA ****8123, berlaku 10 menit." in sms
    assert len(sms) <= 160
    assert "Rp4.250.000 ke BCA ••••8123" in siti.page.words()


def test_with_the_code_it_is_the_branchs_with_receipt_messages_and_record(siti, cast):
    page = submitted(siti, cast)
    claim = only_claim()
    assert page.path == f"{here()}/tanda-terima"
    assert (claim.state, claim.amount, claim.entitlement) == ("DIAJUKAN", 4_250_000, 5_000_000)
    assert claim.submitted_by_id == cast.siti.id
    assert claim.promised_on.isoformat() == "2026-11-23"
    assert (claim.case.holder, claim.case.due_on, claim.case.branch_id) == (
        "branch", claim.promised_on, cast.maju.branch_id)
    record = json.loads(claim.parameters)["sent"]
    assert (record["kind"], record["most"], record["unmet"]) == ("MED", 5_000_000, [])
    assert record["rules"]["claim.self_service_working_days"] == 1
    receipt = Receipt.get(Receipt.claim == claim)
    assert receipt.number == claim.case.number
    assert verify(receipt.text, signer().public_pem()) == [
        claim.case.number, "PCR", "S.R", "MED", "261122"]
    sms = Message.get(Message.kind == "case:claim submitted", Message.channel == "sms")
    assert sms.body == ("Purna: pencairan Rp4.250.000 terdaftar. Kantor cabang memutuskan paling "
                        f"lambat 23 November 2026. Ref {show_number(claim.case.number)}.")
    email = Message.get(Message.kind == "case:claim submitted", Message.channel == "email")
    assert claim.secret in email.body
    assert claim.secret not in sms.body
    entry = AuditEntry.get(AuditEntry.kind == "claim:submitted")
    assert entry.actor == cast.siti.public_id
    assert not list(audit.verify())


def test_the_receipt_shows_the_letters_and_can_be_printed(siti, cast):
    page = submitted(siti, cast)
    claim = only_claim()
    assert claim.secret in page.words("#receipt")
    assert page.words(".receipt-number") == show_number(claim.case.number)
    assert "BCA ••••8123" in page.words()
    assert "1234568123" not in page.text
    assert page.select("svg.qr")
    assert page.select("main.sheet")


def test_pressed_twice_it_is_sent_once(siti, cast):
    asked(siti, cast)
    page = siti.send_again(code=code_sent())
    assert page.path == f"{here()}/tanda-terima"
    assert Receipt.select().count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "claim:submitted").count() == 1
    assert Message.select().where(Message.kind == "case:claim submitted").count() == 2


def test_of_four_presses_at_once_one_sends_it(siti, cast):
    asked(siti, cast)
    challenge, code = Challenge.get(), code_sent().replace(" ", "")

    def press(_):
        mine = Challenge.get_by_id(challenge.id)
        try:
            codes.judge(mine, code, clock.now())
            return bool(sending.submit(mine, cast.siti, now=clock.now()))
        except (codes.AlreadyUsed, codes.NoCode, codes.WrongCode, sending.Outdated):
            return False

    assert sum(in_parallel(press, 4)) == 1
    assert Receipt.select().count() == 1
    assert only_claim().state == "DIAJUKAN"


def test_asked_for_twice_the_code_on_its_way_stays_good(siti, cast):
    asked(siti, cast)
    code = code_sent()
    siti.open(f"{here()}/periksa")
    siti.send()
    assert Challenge.select().count() == 1
    siti.send(code=code)
    assert only_claim().state == "DIAJUKAN"


def change_amount(siti, cast):
    siti.open(f"{here()}/jumlah")
    siti.send(**{**MED, "amount": "4.250.001"})


def change_purpose(siti, cast):
    siti.open(f"{here()}/keperluan")
    siti.send(purpose="Lain lagi")


def change_destination(siti, cast):
    Destination.update(state=CUT, ended_at=clock.now()).execute()
    linked(cast.siti, "7777000001", "BNI")
    siti.open(f"{here()}/rekening")
    siti.send()


def add_paper(siti, cast):
    hand_in(only_claim(), cast.siti, "KTP", "red")


def cut_destination(siti, cast):
    Destination.update(state=CUT, ended_at=clock.now()).execute()


CHANGES = (change_amount, change_purpose, change_destination, add_paper)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_after_the_code_was_sent_makes_it_dead(app, siti, cast, change):
    asked(siti, cast)
    code, fields, path = code_sent(), siti.page.fields(), siti.page.path
    change(Clerk(app).is_signed_in_as(cast.siti), cast)
    page = siti.post(path, {**fields, "code": code})
    assert page.status == 409
    assert page.heading == "Kode yang tadi tidak berlaku lagi"
    assert (only_claim().state, Receipt.select().count()) == ("DRAF", 0)
    assert siti.open(path).status == 409
    siti.open(f"{here()}/periksa")
    siti.send()
    assert Challenge.select().count() == 2


@pytest.mark.parametrize("change", [change_amount, change_purpose, change_destination])
def test_what_is_filled_in_anew_ends_the_code_at_once(app, siti, cast, change):
    asked(siti, cast)
    challenge = Challenge.get()
    assert has_live_code(challenge, clock.now())
    change(Clerk(app).is_signed_in_as(cast.siti), cast)
    assert not has_live_code(challenge, clock.now())


@pytest.mark.parametrize("change", [*CHANGES, cut_destination])
def test_it_is_dead_also_where_the_page_was_passed_already(app, siti, cast, change):
    asked(siti, cast)
    challenge, code = Challenge.get(), code_sent().replace(" ", "")
    codes.judge(challenge, code, clock.now())
    change(Clerk(app).is_signed_in_as(cast.siti), cast)
    with pytest.raises((sending.Outdated, codes.AlreadyUsed)):
        sending.submit(challenge, cast.siti, now=clock.now())
    assert (only_claim().state, Receipt.select().count()) == ("DRAF", 0)
    assert not Message.select().where(Message.kind == "case:claim submitted").exists()


def test_what_the_rules_forbid_meanwhile_is_not_sent(siti, cast):
    asked(siti, cast)
    code = code_sent()
    Membership.update(started_on="2026-11-11").where(
        Membership.id == cast.siti_at_maju.id).execute()
    page = siti.send(code=code)
    assert page.status == 409
    assert only_claim().state == "DRAF"
    assert not has_live_code(Challenge.get(), clock.now())


def test_a_code_of_another_claim_or_act_opens_nothing(siti, cast):
    asked(siti, cast)
    challenge = Challenge.get()
    path = siti.page.path.replace(str(challenge.public_id), "00000000-0000-4000-8000-000000000000")
    assert siti.open(path).status == 404
    assert siti.open(f"{here()}/perbaiki/kode/{challenge.public_id}").status == 404
    other = codes.begin("tutup-akun", user=cast.siti, bound={}, now=clock.now())
    assert siti.open(f"{here()}/kode/{other.public_id}").status == 404


def test_a_wrong_code_is_counted_and_sends_nothing(siti, cast):
    asked(siti, cast)
    wrong = "111 111" if code_sent() != "111 111" else "222 222"
    page = siti.send(code=wrong)
    assert (page.status, "Sisa 4 percobaan" in page.errors()["code"]) == (422, True)
    assert only_claim().state == "DRAF"


def test_a_check_page_of_another_version_sends_no_code(app, siti, cast):
    drafted(siti, cast)
    fields, path = siti.page.fields(), siti.page.path
    change_purpose(Clerk(app).is_signed_in_as(cast.siti), cast)
    page = siti.post(path, fields)
    assert page.status == 409
    assert Challenge.select().count() == 0


def test_what_is_not_complete_gets_no_code(siti, cast):
    drafted(siti, cast)
    fields, path = siti.page.fields(), siti.page.path
    Claim.update(purpose_sealed=None).execute()
    assert siti.post(path, fields).path == f"{here()}/keperluan"
    assert Challenge.select().count() == 0


def test_five_a_day_are_enough(siti, cast):
    for _ in range(5):
        submitted(siti, cast)
        moved(only_claim(), "DIBATALKAN")
        Challenge.delete().execute()
        Message.delete().where(Message.kind.startswith("otp")).execute()
        SendHistory.delete().execute()
    asked(siti, cast)
    page = siti.send(code=code_sent())
    assert page.status == 429
    assert only_claim().state == "DRAF"
    forget_tries(cast.siti, sending.SENT)
    assert siti.open(here()).path == f"{here()}/periksa"


def test_another_claim_of_the_kind_waits_until_the_first_is_over(siti, cast):
    submitted(siti, cast)
    siti.open("/pencairan/daftar")
    page = siti.send(kind="MED")
    assert "Pencairan jenis ini sudah Anda ajukan dan belum selesai." in page.words()
    assert not page.select("a[href$='/jumlah']")


def test_it_goes_to_the_branch_of_who_one_worked_for_last(siti, cast):
    Membership.create(company=cast.lain, worker=worker_siti(), kpj="99900000001",
                      started_on="2026-01-01", name_key="siti rahayu")
    submitted(siti, cast)
    assert Case.get().branch_id == cast.lain.branch_id
    assert cast.lain.branch_id != cast.maju.branch_id


def test_the_whole_savings_rest_on_the_end_that_opened_them(siti, cast):
    report = left(cast)
    savings(worker_siti(), 15_000_001)
    submitted(siti, cast, "JHT-RSG", amount={})
    claim = only_claim()
    assert (claim.amount, claim.entitlement, claim.deactivation_id) == (
        15_000_001, 15_000_001, report.id)
    assert (claim.needs_interview, claim.needs_second) == (True, True)
    assert claim.promised_on.isoformat() == "2026-11-27"


def test_a_disputed_end_holds_up_what_rests_on_it(siti, cast):
    left(cast)
    savings(worker_siti())
    submitted(siti, cast, "JHT-RSG", amount={})
    report = only_claim().deactivation
    type(report).update(state="DISANGGAH").where(type(report).id == report.id).execute()
    assert "Menunggu putusan sanggahan" in siti.open(here()).words()
    moved(only_claim(), "DIBATALKAN")
    siti.open("/pencairan/daftar")
    page = siti.send(kind="JHT-RSG")
    assert "Laporan PT Maju Bersama sedang disanggah." in page.words()


def test_a_contact_changed_just_now_gets_no_code_while_there_is_another(siti, cast):
    user = with_phone(User.get_by_id(cast.siti.id))
    user.phone_changed_at = clock.now()
    user.save()
    asked(siti, cast)
    assert {row.channel for row in Message.select().where(Message.kind == "otp-pencairan")} == {
        "email"}


def test_over_the_night_the_promise_is_counted_anew(siti, cast):
    asked(siti, cast)
    with time_machine.travel("2026-11-23T17:00:01Z"):
        siti.is_signed_in_as(cast.siti)
        siti.open(f"{here()}/periksa")
        siti.send()
        siti.send(code=code_sent())
    assert only_claim().promised_on.isoformat() == "2026-11-25"
