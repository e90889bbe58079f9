"""Nonaktif di loket: everything that is missing at once, one end, a way back on the same day."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, draft, in_parallel
from webapp import audit, clock
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, CaseVisit, WalkIn
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership
from webapp.walk_in.checklist import items_for, missing

ALL_SHOWN = {"KTP": "asli", "KK": "asli", "KARTU": "asli", "PAKLARING": "ganti"}
ANSWERS = {"reason": "RSG", "last_day": "2026-11-20", "note": ""}


def begin(clerk, membership):
    """Press ``Nonaktif di loket``; the officer stands before the form."""
    return clerk.post(f"/cabang/loket/mulai/{membership.public_id}",
                      {"csrf_token": clerk.token()})


def fill_in(clerk, **answers):
    return clerk.send(form=FORM, **{**ANSWERS, **ALL_SHOWN, **answers})


FORM = "main form:has(select[name=KTP])"


@pytest.fixture
def at_form(dewi, cast):
    begin(dewi, cast.siti_at_maju)
    return dewi


def events():
    return [row.kind for row in AuditEntry.select().order_by(AuditEntry.id)]


def test_a_walk_in_ends_with_a_receipt(at_form, cast):
    assert "Nonaktif di loket: Siti Rahayu" in at_form.page.heading
    page = fill_in(at_form)
    assert "Anda akan menonaktifkan Siti Rahayu di PT Maju Bersama" in page.words()
    page = at_form.send()
    assert page.heading == "Selesai"
    filed = Deactivation.get()
    assert (filed.state, filed.branch_id, filed.filed_by) == (
        "BERLAKU", cast.dewi.branch_id, cast.dewi)
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"
    number = Receipt.get().number
    assert "-".join((number[:4], number[4:8], number[8:])) in page.words()
    assert Case.get().holder is None
    assert not list(audit.verify())


def test_worker_and_company_are_told_who_did_it(at_form, cast):
    fill_in(at_form)
    at_form.send()
    sms = Message.get(Message.channel == "sms").body
    assert sms.startswith("Purna: Kantor cabang menonaktifkan kepesertaan Anda di PT Maju Bersama")
    told = Message.select().where(Message.kind == "case:walk-in filed")
    assert {row.user_id for row in told} == {cast.ani.id, cast.budi.id}


def test_all_that_is_missing_is_named_at_once_with_what_else_would_do(at_form):
    page = fill_in(at_form, reason="PHK", KK="kurang", PAKLARING="kurang", BUKTI="kurang")
    assert page.status == 422
    said = page.words(".error-summary")
    assert "Masih kurang 3 hal" in said
    for words in ("Kartu keluarga Atau: salinan KK dari Dukcapil", "surat pernyataan bermeterai",
                  "tanda terima laporan PHK ke Disnaker"):
        assert words in said
    assert page.fields(FORM)["KTP"] == "asli"
    assert WalkIn.get().reason == "PHK"     # nothing of it is lost


def test_a_scan_counts_only_when_there_is_one(at_form):
    said = fill_in(at_form, KTP="pindai").words(".error-summary")
    assert "KTP: pindaiannya belum diunggah Unggah di bawah" in said


@pytest.mark.parametrize(("reason", "count"), [("RSG", 4), ("PHK", 5), ("MGL", 5), ("SLH", 4)])
def test_each_reason_asks_for_its_papers(reason, count):
    assert len(items_for(reason)) == len(missing(reason, {}, [])) == count


@pytest.mark.parametrize(("field", "value", "words"), [
    ("reason", "MUT", "Pilih salah satu sebab"), ("reason", "", "Pilih sebab nonaktif."),
    ("last_day", "2020-01-01", "sebelum Siti mulai bekerja"), ("last_day", "kemarin", "anggal"),
    ("note", "x" * 501, "Terlalu panjang 1 huruf"),
])
def test_a_wrong_answer_is_said_beside_its_field(at_form, field, value, words):
    page = fill_in(at_form, **{field: value})
    assert page.status == 422
    assert words in page.errors()[field]
    assert Deactivation.select().count() == 0


def test_what_was_typed_waits_for_the_officer(at_form, app, cast):
    path = at_form.page.path
    at_form.post(at_form.page.path + "/simpan",
                 {**at_form.page.fields(FORM), "note": "Kembali jam dua", "last_day": "20-11"})
    again = Clerk(app).is_signed_in_as(cast.dewi).open(path)
    assert again.fields(FORM)["note"].strip() == "Kembali jam dua"
    assert again.fields(FORM)["last_day"] == "20-11"


def test_pressing_twice_is_one_receipt(at_form):
    fill_in(at_form)
    first = at_form.send_again()
    assert first.heading == "Selesai"
    assert (Deactivation.select().count(), Receipt.select().count()) == (1, 1)


def test_beginning_twice_is_one_draft(dewi, cast):
    begin(dewi, cast.siti_at_maju)
    begin(dewi, cast.siti_at_maju)
    assert WalkIn.select().count() == 1


def test_two_officers_at_once_the_later_sees_what_stands(at_form, eka, cast):
    eka.open(at_form.page.path)
    assert "Dewi Anggraini juga membuka kasus ini" in eka.page.words()
    fill_in(at_form, last_day="2026-11-19")
    page = fill_in(eka, last_day="2026-11-18", note="Menurut surat")
    assert page.status == 409
    assert "Rekan Anda menyimpan isian lain lebih dulu" in page.words()
    assert "19 November 2026, oleh Dewi Anggraini" in page.words()
    assert page.fields(FORM)["last_day"] == "2026-11-18"
    assert page.fields(FORM)["note"].strip() == "Menurut surat"


def test_a_colleagues_person_is_not_finished_but_can_be_taken_over(at_form, eka, cast):
    path = at_form.page.path
    fill_in(at_form)
    eka.open(path + "/periksa")
    assert eka.send().status == 409
    assert Deactivation.select().count() == 0 or Deactivation.get().state == "DRAF"
    eka.open(path)
    assert "Dipegang Dewi Anggraini" in eka.page.words()
    eka.send(form="main form:has(button:contains('Ambil alih'))")
    assert Case.get().owner == cast.eka
    eka.open(path + "/periksa")
    assert eka.send().heading == "Selesai"


def test_a_draft_of_another_branch_is_named_today_and_taken_tomorrow(at_form, joko, app, cast):
    joko_at = User.get(User.name == "Joko Santoso").branch
    Case.update(branch=joko_at).execute()
    dewi = Clerk(app).is_signed_in_as(cast.dewi)
    page = begin(dewi, cast.siti_at_maju)
    assert page.status == 409
    assert "Kantor Cabang Surabaya memulai nonaktif ini hari ini" in page.words()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        dewi = Clerk(app).is_signed_in_as(cast.dewi)
        assert "Nonaktif di loket: Siti Rahayu" in begin(dewi, cast.siti_at_maju).heading
    assert Case.get().branch_id == cast.dewi.branch_id


@pytest.mark.parametrize(("way", "scanned", "is_there"), [
    ("asli", [], True), ("ganti", ["PASPOR", "PERNYATAAN"], False),
    ("pindai", ["PASPOR"], False), ("pindai", ["PASPOR", "PERNYATAAN"], True)])
def test_leaving_the_country_needs_both_papers_and_nothing_else_does(way, scanned, is_there):
    shown = {item.code: "asli" for item in items_for("LNG")}
    assert (missing("LNG", {**shown, "BUKTI": way}, scanned) == []) == is_there


def test_company_and_counter_at_once_have_one_winner(at_form, ani, cast):
    fill_in(at_form)
    draft(ani, cast.maju, cast.siti_at_maju)
    pages = [at_form, ani]
    results = in_parallel(lambda number: pages[number].send().status, 2)
    assert sorted(results) in ([200, 409], [200, 200])
    assert (Deactivation.select().where(Deactivation.state == "BERLAKU").count(),
            Receipt.select().count()) == (1, 1)


def test_arrears_are_a_flag_and_never_in_the_way(dewi, cast):
    Company.update(arrears_months=3).where(Company.id == cast.maju.id).execute()
    assert "tunggakan 3 bulan" in begin(dewi, cast.siti_at_maju).words()
    fill_in(dewi)
    assert dewi.send().heading == "Selesai"
    assert Deactivation.get().in_arrears


def test_another_branch_sees_nothing(at_form, joko, cast):
    path = at_form.page.path
    assert begin(joko, cast.siti_at_maju).status == 404
    assert joko.open(path).status == 404
    assert joko.open(path + "/tanda-terima").status == 404


def test_nobody_ends_their_own_membership(app, cast):
    User.update(nik_sealed=None).execute()
    cast.siti_at_maju.worker.user = cast.dewi
    cast.siti_at_maju.worker.save()
    page = begin(Clerk(app).is_signed_in_as(cast.dewi), cast.siti_at_maju)
    assert page.status == 403
    assert "Ini kepesertaan Anda sendiri" in page.words()
    assert WalkIn.select().count() == 0


def test_given_up_it_changes_nothing(at_form):
    page = at_form.send(form="main form:has(button:contains('Batal'))")
    assert page.heading == "Antrean"
    assert (WalkIn.get().state, Case.get().holder) == ("DIBATALKAN", None)
    assert events()[-1] == "walk-in:given up"


# The same day's reversal, by two


@pytest.fixture
def filed(at_form):
    fill_in(at_form)
    at_form.send()
    return at_form


def ask_reversal(clerk):
    return clerk.send(form="main form:has(textarea)", reason="Orangnya salah")


def test_two_members_of_staff_reverse_it_the_same_day(filed, eka, cast):
    path = filed.page.path
    assert "Minta rekan Anda" in ask_reversal(filed).words()
    assert Case.get().holder == "branch"     # it stands in the queue for the other
    eka.open(path)
    page = eka.post(path.replace("/tanda-terima", "/pembatalan/putuskan"),
                    {**eka.page.fields(), "keputusan": "setujui"})
    assert page.heading == "Dibatalkan"
    assert Deactivation.get().state == "DIBATALKAN"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"
    assert Case.get().holder is None
    sms = [row.body for row in Message.select().where(Message.channel == "sms")]
    assert "Kantor cabang membatalkan laporan berhenti bekerja Anda" in sms[-1]
    assert not list(audit.verify())


def test_nobody_reverses_alone(filed):
    path = filed.page.path
    ask_reversal(filed)
    page = filed.post(path.replace("/tanda-terima", "/pembatalan/putuskan"),
                      {**filed.page.fields(), "keputusan": "setujui"})
    assert page.status == 403
    assert Deactivation.get().state == "BERLAKU"


def test_the_next_day_it_stands(filed, app, cast):
    path = filed.page.path
    ask_reversal(filed)
    with time_machine.travel(clock.start_of(clock.today() + timedelta(days=1))):
        eka = Clerk(app).is_signed_in_as(cast.eka)
        assert "Harinya sudah lewat" in eka.open(path).words()
        page = eka.post(path.replace("/tanda-terima", "/pembatalan/putuskan"),
                        {**eka.page.fields(), "keputusan": "setujui"})
        assert page.status == 409
        eka.open(path)
        eka.send(form="main form:has(button[value=tutup])", keputusan="tutup")
    assert Deactivation.get().state == "BERLAKU"
    assert Case.get().holder is None


def test_what_is_confirmed_is_the_reason_that_was_read(filed, eka):
    path = filed.page.path
    ask_reversal(filed)
    eka.open(path)
    read = {**eka.page.fields(), "keputusan": "setujui"}
    filed.open(path)
    filed.send(form="main form:has(button[value=tutup])", keputusan="tutup")
    filed.send(form="main form:has(textarea)", reason="Alasan lain")
    page = eka.post(path.replace("/tanda-terima", "/pembatalan/putuskan"), read)
    assert page.status == 409
    assert Deactivation.get().state == "BERLAKU"


@pytest.mark.parametrize("decision", ["", "hapus"])
def test_an_unknown_decision_decides_nothing(filed, eka, decision):
    path = filed.page.path
    ask_reversal(filed)
    eka.open(path)
    page = eka.post(path.replace("/tanda-terima", "/pembatalan/putuskan"),
                    {**eka.page.fields(), "keputusan": decision})
    assert page.status == 400
    assert WalkIn.get().reversal_asked_by is not None


def test_asking_twice_with_the_same_words_is_asking_once(filed):
    fields = {**filed.page.fields("main form:has(textarea)"), "reason": "Orangnya salah"}
    path = filed.page.path.replace("/tanda-terima", "/pembatalan")
    assert [filed.post(path, fields).status for _ in range(2)] == [200, 200]
    assert events().count("walk-in:reversal asked for") == 1


def test_a_second_request_finds_the_first(filed, eka):
    path = filed.page.path
    eka.open(path)
    ask_reversal(filed)
    assert ask_reversal(eka).status == 409
    assert WalkIn.get().version == 4


def test_every_look_is_on_record_once_a_visit(at_form, cast):
    at_form.open(at_form.page.path)
    looks = AuditEntry.select().where(AuditEntry.kind == "case:seen")
    assert [(row.actor, row.subject) for row in looks] == [
        (cast.dewi.public_id, cast.siti.public_id)]
    assert CaseVisit.get().user == cast.dewi


def test_what_opens_waits_for_the_other_work_to_end(at_form, cast):
    membership = cast.siti_at_maju
    Membership.create(company=cast.logistik, worker=membership.worker, kpj="30145279999",
                      started_on=membership.started_on, name_key=membership.name_key)
    words = fill_in(at_form).words()
    assert "sesudah ia juga berhenti di PT Maju Logistik, paling cepat mulai" in words
