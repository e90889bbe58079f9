"""The pages of a draft: one question each, kept at once, gone on with anywhere."""

import pytest
import time_machine

from tests.claims.claiming import (
    ADDRESS,
    MED,
    PURPOSE,
    chosen,
    code_sent,
    drafted,
    hand_in,
    here,
    left,
    linked,
    only_claim,
    savings,
    submitted,
    worker_siti,
)
from tests.page import Clerk
from webapp.models.claims import IN_REVIEW, Claim, Destination, Savings
from webapp.models.people import User


def amount_page(siti, kind="MED"):
    chosen(siti, kind)
    return siti.open(f"{here()}/jumlah")


def purpose_page(siti, kind="MED"):
    amount_page(siti, kind)
    siti.send(**(MED if kind != "LAIN" else {"amount": "750000"}))
    return siti.page


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({"treated_on": ""}, "treated_on", "Isi tanggal Anda berobat."),
    ({"treated_on": "2026-11-23"}, "treated_on",
     "Tanggal berobat 23 November 2026 belum tiba. Periksa lagi tanggalnya."),
    ({"treated_on": "2021-04-30"}, "treated_on", "Pada 30 April 2021 Anda bukan peserta. Periksa "
     "lagi tanggal berobatnya. Jika sudah benar, tanyakan tanggal kepesertaan ke perusahaan."),
    ({"receipt_total": ""}, "receipt_total", "Ketik jumlah seperti di kuitansi."),
    ({"receipt_total": "banyak"}, "receipt_total",
     "Jumlah uang ini tidak dikenali. Ketik seperti 5.000.000."),
    ({"amount": ""}, "amount", "Ketik jumlah yang Anda minta."),
    ({"amount": "0"}, "amount", "Jumlah pencairan harus lebih dari nol. Ketik lagi jumlahnya."),
    ({"amount": "5.000.001"}, "amount",
     "Jumlah pencairan paling banyak Rp5.000.000. Ketik jumlah yang lebih kecil."),
    ({"amount": "1,5"}, "amount", "Tulis rupiah bulat tanpa sen, misalnya 5.000.000."),
])
def test_what_is_wrong_about_the_amount_is_said_beside_its_field(siti, cast, answers, field,
                                                                 sentence):
    amount_page(siti)
    page = siti.send(**{**MED, **answers})
    assert page.status == 422
    assert page.errors() == {field: sentence}
    typed = page.fields()
    assert typed["purpose" if field == "purpose" else field] == answers[field]
    assert only_claim().amount is None


def test_the_whole_receipt_may_be_asked_for_and_the_day_of_the_beginning_counts(siti, cast):
    amount_page(siti)
    siti.send(**{**MED, "amount": "Rp 5.000.000", "treated_on": "01/05/2021"})
    claim = only_claim()
    assert (claim.amount, claim.treated_on.isoformat()) == (5_000_000, "2021-05-01")


def test_a_part_of_the_savings_is_capped_and_the_cap_explained(siti, cast):
    savings(worker_siti(), 10_000_009)
    with time_machine.travel("2031-05-06T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        page = amount_page(siti, "JHT-S10")
        assert "paling banyak Rp1.000.000" in page.words()
        assert "hanya bisa diambil satu kali" in page.words()
        assert "Jumlah pencairan paling banyak Rp1.000.000." in siti.send(
            amount="1.000.001").errors()["amount"]
        siti.send(amount="1.000.000")
    assert only_claim().amount == 1_000_000


def test_of_whole_savings_the_amount_is_shown_and_no_other_taken(siti, cast):
    left(cast)
    savings(worker_siti(), 9_876_543)
    page = amount_page(siti, "JHT-RSG")
    assert "Rp9.876.543" in page.heading
    assert not page.select("#amount")
    siti.send(amount="99.000.000")
    assert only_claim().amount == 9_876_543


def test_savings_that_changed_since_are_looked_at_again(siti, cast):
    left(cast)
    savings(worker_siti(), 9_000_000)
    drafted(siti, cast, "JHT-RSG", amount={})
    assert siti.page.path == f"{here()}/periksa"
    Savings.update(credited=9_500_000).execute()
    assert siti.open(f"{here()}/periksa").path == f"{here()}/jumlah"
    assert "Rp9.500.000" in siti.page.heading
    assert siti.send().path == f"{here()}/periksa"
    assert only_claim().amount == 9_500_000


@pytest.mark.parametrize(("kind", "answers", "field", "sentence"), [
    ("MED", {"purpose": ""}, "purpose", "Tulis untuk apa uangnya."),
    ("MED", {"purpose": "x" * 201}, "purpose",
     "Terlalu panjang 1 huruf. Paling banyak 200 huruf."),
    ("LAIN", {"reason": "Terlalu singkat ini"}, "reason",
     "Jelaskan dengan paling sedikit 20 huruf. Sekarang 19 huruf."),
    ("LAIN", {"reason": ""}, "reason",
     "Jelaskan dengan paling sedikit 20 huruf. Sekarang 0 huruf."),
])
def test_what_is_wrong_about_the_purpose_is_said(siti, cast, kind, answers, field, sentence):
    purpose_page(siti, kind)
    page = siti.send(**{**PURPOSE, **answers})
    assert page.status == 422
    assert page.errors() == {field: sentence}


@pytest.mark.parametrize(("kind", "reason"), [("MED", ""), ("LAIN", "Dua puluh huruf pas.")])
def test_a_reason_is_asked_for_where_the_rules_do(siti, cast, kind, reason):
    purpose_page(siti, kind)
    assert siti.send(purpose="Usaha", reason=reason).path == f"{here()}/kontak"
    assert (only_claim().purpose, only_claim().reason) == ("Usaha", reason or None)


def test_the_address_is_the_accounts_own(siti, cast):
    purpose_page(siti)
    siti.send(**PURPOSE)
    assert "Pembayaran ditahan 72 jam" in siti.page.words()
    assert siti.send(address="").errors() == {"address": "Isi alamat Anda sekarang."}
    assert siti.send(address=ADDRESS).path == f"{here()}/dokumen"
    assert User.get_by_id(cast.siti.id).address == ADDRESS
    assert only_claim().contact_checked_at


def test_all_missing_papers_are_named_at_once(siti, cast):
    left(cast)
    savings(worker_siti(), 60_000_000)
    chosen(siti, "JHT-RSG")
    page = siti.open(f"{here()}/dokumen")
    offered = [option.get("value") for option in page.select("#paper-kind option")]
    assert offered[1:3] == ["KTP", "NPWP"]
    page = siti.send("main form[action$='/dokumen']")
    assert page.status == 422
    assert "Unggah dulu: KTP, NPWP." in page.words(".error-summary")
    hand_in(only_claim(), cast.siti, "KTP", "red")
    hand_in(only_claim(), cast.siti, "NPWP", "green")
    siti.open(f"{here()}/dokumen")
    assert siti.send("main form[action$='/dokumen']").path == f"{here()}/rekening"


def test_without_a_destination_the_page_leads_to_linking_and_back(siti, cast):
    chosen(siti)
    page = siti.open(f"{here()}/rekening")
    link, = page.tree.xpath("//main//a[contains(@class, 'button-action')]/@href")
    assert link == f"/rekening/sambungkan?lanjut={here()}/rekening"
    siti.post(f"{here()}/rekening", {"csrf_token": siti.token()})
    assert only_claim().destination is None


def test_one_that_the_branch_looks_at_cannot_be_chosen_yet(siti, cast):
    chosen(siti)
    linked(cast.siti)
    Destination.update(state=IN_REVIEW).execute()
    assert "Kantor cabang memeriksa namanya dulu" in siti.open(f"{here()}/rekening").words()
    siti.post(f"{here()}/rekening", {"csrf_token": siti.token()})
    assert only_claim().destination is None


def test_nobody_elses_destination_can_be_sent(siti, cast):
    chosen(siti)
    mine = linked(cast.siti)
    other = linked(cast.ani, "555")
    siti.open(f"{here()}/rekening")
    siti.send(destination=str(other.public_id), destination_id=str(other.id))
    assert only_claim().destination == mine


def test_the_check_page_says_it_in_a_sentence_with_what_follows(siti, cast):
    page = drafted(siti, cast)
    words = page.words()
    assert ("Anda akan mendaftarkan pencairan Biaya medis sebesar Rp4.250.000 ke BCA ••••8123."
            ) in words
    assert "memutuskan paling lambat 23 November 2026" in words
    assert "dua petugas" not in words
    assert len(page.select(".button-action")) == 1


@pytest.mark.parametrize(("amount", "until", "second"), [
    ("5.000.000", "23 November 2026", False), ("5.000.001", "27 November 2026", True)])
def test_above_the_limit_two_people_and_more_days(siti, cast, amount, until, second):
    words = drafted(siti, cast, amount={**MED, "receipt_total": "6.000.000",
                                        "amount": amount}).words()
    assert f"paling lambat {until}" in words
    assert ("disetujui oleh dua petugas" in words) is second


@pytest.mark.parametrize(("balance", "interview"), [(15_000_000, False), (15_000_001, True)])
def test_above_the_balance_of_self_service_there_is_an_interview(siti, cast, balance, interview):
    left(cast)
    savings(worker_siti(), balance)
    words = drafted(siti, cast, "JHT-RSG", amount={}).words()
    assert ("memilih waktu wawancara" in words) is interview


def test_a_page_that_is_not_done_comes_before_the_check(siti, cast):
    drafted(siti, cast)
    Claim.update(purpose_sealed=None).execute()
    assert siti.open(f"{here()}/periksa").path == f"{here()}/keperluan"
    assert siti.open(here()).path == f"{here()}/keperluan"


def test_changing_one_answer_leads_back_to_the_check(siti, cast):
    drafted(siti, cast)
    siti.open(f"{here()}/keperluan")
    assert siti.send(purpose="Obat").path == f"{here()}/periksa"


def test_it_is_gone_on_with_on_another_phone(app, siti, cast):
    purpose_page(siti)
    answer = siti.post(f"{here()}/simpan", {**siti.page.fields(), "purpose": "Separuh",
                                            "reason": "Baru"}, htmx=True)
    assert answer.words("#kept").startswith("Tersimpan 22 November 2026")
    phone = Clerk(app).sign_in("siti@pekerja.example")
    assert "Pencairan Anda belum dikirim" in phone.page.words()
    page = phone.open(phone.page.tree.xpath("//a[text()='Lanjutkan pencairan']/@href")[0])
    assert page.path == f"{here()}/keperluan"
    assert page.fields()["purpose"] == "Separuh"
    phone.send()
    assert (only_claim().purpose, only_claim().amount) == ("Separuh", 4_250_000)


def test_what_is_typed_on_two_pages_waits_on_both(siti, cast):
    amount_page(siti)
    siti.post(f"{here()}/simpan", {**siti.page.fields(), "amount": "4juta"}, htmx=True)
    siti.open(f"{here()}/keperluan")
    siti.post(f"{here()}/simpan", {**siti.page.fields(), "purpose": "Obat"}, htmx=True)
    assert siti.open(f"{here()}/jumlah").fields()["amount"] == "4juta"
    assert siti.open(f"{here()}/keperluan").fields()["purpose"] == "Obat"


def test_without_javascript_keeping_comes_back_and_says_so(siti, cast):
    purpose_page(siti)
    page = siti.post(f"{here()}/simpan", {**siti.page.fields(), "purpose": "Nanti", "x": "y"})
    assert page.path.startswith(f"{here()}/keperluan")
    assert "Tersimpan. Anda bisa melanjutkannya nanti" in page.words()
    assert page.fields()["purpose"] == "Nanti"


@pytest.mark.parametrize("path", ["/keperluan", "/simpan"])
def test_what_was_typed_as_the_session_ended_is_back_after_signing_in(siti, cast, path):
    purpose_page(siti)
    fields = siti.page.fields()
    with time_machine.travel("2026-11-22T07:30:00Z"):     # idle for an hour
        page = siti.post(f"{here()}{path}", {**fields, "purpose": "Yang penting"})
        assert page.heading == "Masuk"
        page = siti.send(account="siti@pekerja.example", password="purna-demo-2026")
    assert page.heading == "Keperluan"
    assert page.fields()["purpose"] == "Yang penting"


def test_a_page_of_what_was_sent_meanwhile_shows_what_was_typed(app, siti, cast):
    drafted(siti, cast)
    old = Clerk(app).is_signed_in_as(cast.siti)
    old.open(f"{here()}/keperluan")
    siti.open(here())
    submitted_from(siti)
    page = old.send(purpose="Terlambat")
    assert page.status == 409
    assert "menunggu petugas" in page.words()
    assert "Terlambat" in page.words()
    kept = old.post(f"{here()}/simpan", {"csrf_token": old.token(), "step": "keperluan",
                                         "purpose": "Lagi"}, htmx=True)
    assert (kept.status, "Belum tersimpan" in kept.text) == (409, True)
    assert only_claim().purpose == PURPOSE["purpose"]


def submitted_from(siti):
    siti.open(f"{here()}/periksa")
    siti.send()
    siti.send(code=code_sent())


def test_forged_columns_are_nothing(siti, cast):
    amount_page(siti)
    siti.send(**MED, state="DISETUJUI", approved="1", entitlement="9", purpose="x", worker="2",
              needs_second="", kind="LAIN")
    claim = only_claim()
    assert (claim.state, claim.approved, claim.entitlement, claim.purpose, claim.kind) == (
        "DRAF", None, None, None, "MED")
    assert claim.worker_id == worker_siti().id


def test_nothing_is_left_out_where_the_step_is_unknown(siti, cast):
    amount_page(siti)
    fields = {"csrf_token": siti.token(), "step": "periksa", "amount": "9"}
    assert siti.post(f"{here()}/simpan", fields).status == 409
    assert only_claim().amount is None


def test_what_was_sent_has_no_pages_of_a_draft(siti, cast):
    submitted(siti, cast)
    for page in ("syarat", "jumlah", "keperluan", "kontak", "dokumen", "rekening", "periksa"):
        assert siti.open(f"{here()}/{page}").path == here()


def test_a_draft_that_somebody_elses_account_began_asks_where_the_money_goes(siti, cast):
    drafted(siti, cast)
    other = linked(cast.ani, "777666555444")     # who had her memberships until now
    Claim.update(destination=other).execute()
    page = siti.open(f"{here()}/periksa")
    assert page.path == f"{here()}/rekening"
    assert "5444" not in page.text
