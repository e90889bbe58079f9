"""Pencairan ahli waris: filled in at the counter, proven by the heir's phone, decided by two."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from tests.claim_desk.claims import (
    approve,
    case_of,
    confirm,
    events,
    fresh,
    reported,
    saved,
    take,
    url,
    with_papers,
)
from tests.page import Clerk
from webapp import audit, clock
from webapp.cases import service as cases
from webapp.models.cases import Case
from webapp.models.claims import Claim, Destination, Heir, Savings
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.people import Session, User
from webapp.models.receipts import Receipt
from webapp.payouts.queries import payable

PAPERS = ("AKTA_KEMATIAN", "AHLI_WARIS", "KTP_AW", "KK")
HEIR = {"name": "Budi Hartono", "nik": "3171061203880007", "relation": "PASANGAN",
        "phone": "0812 9876 5432", "provider": "BCA", "number": "123-456-8123",
        "holder": "BUDI HARTONO"}


@pytest.fixture
def died(cast):
    """Siti died; she has 20 million."""
    report = reported(cast, reason="MGL", last_day=clock.today() - timedelta(days=9))
    saved(cast.siti_at_maju.worker, 20_000_000)
    return report


@pytest.fixture
def fajar(app, cast):
    return Clerk(app).is_signed_in_as(cast.fajar)


def begin(one, cast):
    one.open(f"/cabang/orang/{cast.siti.public_id}")
    return one.send(form="form[action$='/ahli-waris']")


def fill_in(one, **answers):
    return one.send(form="#heir", **{**HEIR, **answers})


def scanned(cast):
    claim = Claim.get()
    with_papers(claim.case, cast.dewi, *PAPERS, side="branch")
    return claim


def code():
    body = Message.select().where(Message.kind.startswith("otp")).order_by(
        Message.id.desc()).get().body
    return "".join(re.search(r"\b(\d{3}) (\d{3})\b", body).groups())


def register(one, cast, **answers):
    """All the way; the officer stands before what the heir takes home."""
    begin(one, cast)
    claim = scanned(cast)
    fill_in(one, **answers)
    one.send()
    one.send(code=code())
    return claim


def test_the_whole_journey_to_the_money(cast, dewi, eka, fajar, died):
    page = begin(dewi, cast)
    assert page.heading == "Pencairan ahli waris Siti Rahayu"
    claim = scanned(cast)
    page = fill_in(dewi)
    assert ("Anda akan mendaftarkan Rp20.000.000 milik Siti Rahayu untuk Budi Hartono, suami atau "
            "istri, dibayar ke BCA ••••8123.") in page.words(".sentence")
    page = dewi.send()
    sms = Message.select().order_by(Message.id.desc()).get()
    assert sms.recipient == "+6281298765432"
    assert "PENCAIRAN AHLI WARIS Rp20.000.000 ke BCA ****8123" in sms.body
    page = dewi.send(code=code())
    assert page.path.endswith("/tanda-terima")
    assert page.heading == "Terdaftar"
    now = fresh(claim)
    assert now.secret in page.words()
    assert (now.state, now.amount, now.entitlement, now.submitted_by, now.needs_second) == (
        "DIAJUKAN", 20_000_000, 20_000_000, cast.dewi, True)
    assert (case_of(claim).holder, case_of(claim).owner) == ("branch", None)
    assert Receipt.get(Receipt.claim == claim).number == claim.case.number
    take(eka, claim)
    words = eka.open(url(claim)).words()
    assert "Budi Hartono, suami atau istri" in words
    approve(eka, claim, seen=PAPERS)
    confirm(fajar, claim)
    now = fresh(claim)
    assert (now.state, now.approved_by, now.confirmed_by) == ("DISETUJUI", cast.eka, cast.fajar)
    assert Savings.get().taken == 20_000_000
    told = [(row.channel, row.recipient) for row in
            Message.select().where(Message.kind.startswith("case:claim"))]
    assert set(told) == {("sms", "+6281298765432")}     # nobody writes to the dead
    assert [kind for kind, _ in events()] == ["claim:submitted", "claim:taken up",
                                             "claim:approved", "claim:confirmed"]
    assert not list(audit.verify())


def test_who_registered_it_does_not_decide(cast, dewi, died):
    claim = register(dewi, cast)
    assert not dewi.open("/cabang").select("table form")
    assert dewi.post(url(claim, "/ambil"), {"csrf_token": dewi.token()}).status == 403
    Claim.update(state="VERIFIKASI").execute()
    page = dewi.open(url(claim))
    assert "Anda punya bagian dalam pencairan ini" in page.words()
    now = fresh(claim)
    for act in ("/setujui", "/tolak", "/kembalikan"):
        page = dewi.post(url(claim, act), {
            "csrf_token": dewi.token(), "version": now.version, "seen": [*PAPERS],
            "verdict": "x",
            "case_version": case_of(claim).version, "wrong": ["paper:KK"], "why_paper_KK": "x"})
        assert page.status == 403, act
    assert fresh(claim).state == "VERIFIKASI"


def test_nor_who_is_the_heir(app, cast, dewi, died):
    eka = User.get_by_id(cast.eka.id)
    eka.nik = HEIR["nik"]
    eka.save()
    claim = register(dewi, cast)
    one = Clerk(app).is_signed_in_as(eka)
    assert one.post(url(claim, "/ambil"), {"csrf_token": one.token()}).status == 403
    assert fresh(claim).state == "DIAJUKAN"


def test_an_officer_does_not_register_for_themselves(app, cast, died):
    dewi = User.get_by_id(cast.dewi.id)
    dewi.nik = HEIR["nik"]
    dewi.save()
    one = Clerk(app).is_signed_in_as(dewi)
    begin(one, cast)
    scanned(cast)
    fill_in(one)
    page = one.send()
    assert page.status == 403
    assert page.heading == "Anda sendiri ahli warisnya"


def test_without_a_recorded_death_there_is_nothing_to_begin(cast, dewi):
    reported(cast)
    page = dewi.open(f"/cabang/orang/{cast.siti.public_id}")
    assert "Pencairan ahli waris" not in page.words()
    page = dewi.post(f"/cabang/orang/{cast.siti.public_id}/ahli-waris",
                     {"csrf_token": dewi.token()})
    assert page.status == 409
    assert Claim.select().count() == 0


def test_a_disputed_death_is_none(cast, dewi, died):
    Deactivation.update(state="DISANGGAH").execute()
    page = dewi.post(f"/cabang/orang/{cast.siti.public_id}/ahli-waris",
                     {"csrf_token": dewi.token()})
    assert page.status == 409


def test_beginning_twice_is_one_draft_and_ends_what_the_person_had_begun(cast, dewi, died):
    case = Case.create(kind="pencairan", number="N7K422QD8MX2", branch=cast.dewi.branch_id,
                       worker=cast.siti_at_maju.worker, holder="worker", opened_by=cast.siti,
                       opened_at=clock.now(), held_since=clock.now())
    own = Claim.create(case=case, worker=cast.siti_at_maju.worker, kind="JHT-PSN")
    begin(dewi, cast)
    begin(dewi, cast)
    assert fresh(own).state == "DIBATALKAN"
    assert Claim.select().where(Claim.state == "DRAF").count() == 1


def test_all_that_is_missing_is_named_at_once(cast, dewi, died):
    begin(dewi, cast)
    page = fill_in(dewi)
    assert page.status == 422
    said = page.words(".error-summary")
    for paper in ("Akta kematian", "Surat keterangan ahli waris", "KTP ahli waris",
                  "Kartu keluarga"):
        assert f"{paper} belum dipindai." in said
    assert Heir.get().name == "Budi Hartono"     # nothing of it is lost


@pytest.mark.parametrize(("field", "value", "words"), [
    ("name", "", "Tulis nama seperti pada KTP."), ("nik", "123", "NIK ini 3 angka"),
    ("nik", "3171064508900001", "Ini NIK orang yang meninggal."),
    ("relation", "TETANGGA", "Pilih hubungannya"), ("phone", "021 555 1234", "bukan nomor ponsel"),
    ("provider", "", "Pilih bank atau e-wallet"), ("number", "12", "Nomor rekening ini 2 angka"),
    ("holder", "123", "Tulis namanya dengan huruf.")])
def test_a_wrong_answer_is_said_beside_its_field(cast, dewi, died, field, value, words):
    begin(dewi, cast)
    page = fill_in(dewi, **{field: value})
    assert page.status == 422
    assert words in page.errors()[field]
    assert Heir.select().count() == 0


def test_what_was_typed_waits_for_the_officer(app, cast, dewi, died):
    page = begin(dewi, cast)
    path = page.path
    dewi.post(path + "/simpan", {**page.fields("#heir"), "name": "Budi Har", "number": "12"})
    again = Clerk(app).is_signed_in_as(cast.dewi).open(path)
    assert again.fields("#heir")["name"] == "Budi Har"
    assert again.fields("#heir")["number"] == "12"


def test_an_account_under_another_name_is_agreed_to_by_who_approves(cast, dewi, eka, died):
    claim = register(dewi, cast, holder="Wati Kusuma")
    assert Destination.get().state == "DIPERIKSA"
    take(eka, claim)
    page = approve(eka, claim, seen=PAPERS)
    assert page.errors() == {"holder": "Cocokkan buku rekeningnya, lalu beri tanda centang."}
    approve(eka, claim, seen=PAPERS, holder="y")
    row = Destination.get()
    assert (row.state, row.checked_by) == ("TERSAMBUNG", cast.eka)
    assert fresh(claim).approved == 20_000_000


def test_the_code_is_for_what_was_checked(cast, dewi, eka, died):
    begin(dewi, cast)
    scanned(cast)
    fill_in(dewi)
    check = dewi.page
    page = dewi.send()
    path = page.path
    right = code()
    dewi.page = check
    dewi.open(check.path.replace("/periksa", ""))
    fill_in(dewi, number="999 888 7766")
    dewi.open(path)
    page = dewi.send(code=right)
    assert page.status == 409
    assert Claim.get().state == "DRAF"


def test_a_wrong_code_registers_nothing(cast, dewi, died):
    begin(dewi, cast)
    scanned(cast)
    fill_in(dewi)
    dewi.send()
    page = dewi.send(code="000000" if code() != "000000" else "111111")
    assert page.status == 422
    assert Claim.get().state == "DRAF"


def test_registering_twice_is_once(cast, dewi, died):
    begin(dewi, cast)
    scanned(cast)
    fill_in(dewi)
    dewi.send()
    page = dewi.send_again(code=code())
    assert page.path.endswith("/tanda-terima")
    assert [kind for kind, _ in events()] == ["claim:submitted"]


def test_pressed_twice_one_code_is_sent(cast, dewi, died):
    begin(dewi, cast)
    scanned(cast)
    fill_in(dewi)
    dewi.send_again()
    assert Message.select().where(Message.kind.startswith("otp")).count() == 1


def test_the_code_asks_who_the_officer_is(cast, dewi, died):
    begin(dewi, cast)
    scanned(cast)
    fill_in(dewi)
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    assert dewi.send().path.startswith("/buktikan")


def test_returned_it_is_put_right_at_the_counter(cast, dewi, eka, died):
    claim = register(dewi, cast)
    take(eka, claim)
    page = eka.open(url(claim, "/kembalikan"))
    eka.post(page.action("#returning"), {**page.fields("#returning"), "wrong": ["destination"],
                                         "why_destination": "Rekening sudah ditutup."})
    assert "rekening atau e-wallet" in Message.get(Message.kind == "case:claim returned").body
    assert "Perbaiki bersama ahli waris" in dewi.open(url(claim)).words()
    page = dewi.open(f"/cabang/ahli-waris/{claim.case.public_id}")
    assert "Rekening sudah ditutup." in page.words()
    fill_in(dewi, number="999 888 7766")
    with time_machine.travel(clock.now() + timedelta(minutes=2)):     # another code may be sent
        dewi.send()
        dewi.send(code=code())
    now = fresh(claim)
    assert (now.state, now.destination.number) == ("VERIFIKASI", "9998887766")
    assert (case_of(claim).holder, case_of(claim).owner) == ("branch", None)
    assert json.loads(now.parameters)["corrected"]["most"] == 20_000_000
    assert [kind for kind, _ in events()][-1] == "claim:corrected"


def test_two_officers_at_once_the_later_sees_that_it_changed(cast, dewi, eka, died):
    path = begin(dewi, cast).path
    eka.open(path)
    assert "Dewi Anggraini juga membuka kasus ini" in eka.page.words()
    scanned(cast)
    fill_in(dewi)
    page = fill_in(eka, name="Budi Santoso")
    assert page.status == 409
    assert "Rekan Anda menyimpan isian lain lebih dulu" in page.words()
    assert page.fields("#heir")["name"] == "Budi Santoso"


def test_given_up_it_changes_nothing(cast, dewi, died):
    begin(dewi, cast)
    page = dewi.send(form="form[action$='/tinggalkan']")
    assert page.heading == "Antrean"
    assert (Claim.get().state, Case.get().holder) == ("DIBATALKAN", None)


def test_another_branch_sees_nothing(cast, dewi, joko, died):
    path = begin(dewi, cast).path
    assert joko.open(path).status == 404
    assert joko.open(path + "/periksa").status == 404
    assert joko.open(path + "/tanda-terima").status == 404


def test_a_draft_is_reached_from_the_queue(cast, dewi, eka, died):
    begin(dewi, cast)
    case = Case.get()
    page = eka.open(f"/cabang/kasus/{case.public_id}")
    assert page.path == f"/cabang/ahli-waris/{case.public_id}"


def test_what_the_bank_refused_goes_to_another_account_by_the_same_phone(cast, dewi, eka, fajar,
                                                                          died):
    claim = register(dewi, cast)
    take(eka, claim)
    approve(eka, claim, seen=PAPERS)
    confirm(fajar, claim)
    Claim.update(state="GAGAL_BAYAR", version=Claim.version + 1).execute()
    cases.hand_on(claim.case_id, "worker", None, clock.now())     # as the import does
    assert "Ganti rekening bersama ahli waris" in dewi.open(url(claim)).words()
    page = dewi.open(f"/cabang/ahli-waris/{claim.case.public_id}")
    assert not page.select("input[name=phone], input[name=nik]")
    page = dewi.send(form="#heir", provider="BNI", number="9998887766", holder="Wati Kusuma",
                     phone="0811 1111 111", name="Wati Kusuma")
    assert page.status == 422
    assert "harus atas nama ahli waris" in page.words(".error-summary")
    dewi.send(form="#heir", provider="BNI", number="9998887766", holder="Budi Hartono")
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        dewi.send()
        newest = Message.select().order_by(Message.id.desc()).get()
        assert newest.recipient == "+6281298765432"
        dewi.send(code=code())
    now = fresh(claim)
    assert (now.state, now.destination.provider, now.approved) == ("DISETUJUI", "BNI", 20_000_000)
    assert case_of(claim).holder is None
    assert Savings.get().taken == 20_000_000
    assert [kind for kind, _ in events()][-1] == "claim:redirected"
    changed = now.destination.linked_at
    assert list(payable(changed + timedelta(hours=71))) == []
    assert list(payable(changed + timedelta(hours=72))) == [now]


def test_nor_who_registered_it_first_and_a_colleague_put_it_right(cast, dewi, eka, fajar, died):
    claim = register(dewi, cast)
    take(eka, claim)
    page = eka.open(url(claim, "/kembalikan"))
    eka.post(page.action("#returning"), {**page.fields("#returning"), "wrong": ["paper:KK"],
                                         "why_paper_KK": "Tidak terbaca."})
    with time_machine.travel(clock.now() + timedelta(minutes=2)):     # another code may be sent
        eka.open(f"/cabang/ahli-waris/{claim.case.public_id}")
        fill_in(eka)
        eka.send()
        eka.send(code=code())
    assert (fresh(claim).state, fresh(claim).submitted_by) == ("VERIFIKASI", cast.eka)
    assert dewi.post(url(claim, "/ambil"), {"csrf_token": dewi.token()}).status == 403
    page = dewi.post(url(claim, "/setujui"), {
        "csrf_token": dewi.token(), "version": fresh(claim).version, "seen": [*PAPERS],
        "case_version": case_of(claim).version})
    assert page.status == 403
    assert fresh(claim).approved is None
