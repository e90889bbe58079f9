"""A claim at the branch: taken, returned, met, approved, refused; each is told and on record."""

import json
from datetime import timedelta

import pytest
import time_machine

from tests.claim_desk.claims import (
    approve,
    case_of,
    confirm,
    events,
    fresh,
    linked,
    reported,
    sent,
    take,
    told,
    url,
    with_papers,
)
from tests.page import Clerk
from webapp import audit, clock
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, CaseVisit, Statement
from webapp.models.claims import Claim, Destination, Savings
from webapp.models.deactivations import Deactivation
from webapp.models.people import Session, User

WHY = "KTP tidak terbaca. Daftarkan lagi dengan foto yang jelas."


@pytest.fixture
def claim(cast):
    """Siti's contract ended; she asks for her savings."""
    reported(cast)
    return sent(cast)


@pytest.fixture
def taken(dewi, claim):
    take(dewi, claim)
    return claim


def bill(cast, amount=900_000, total=1_000_000, **more):
    """Siti asks for what a doctor cost."""
    return sent(cast, "MED", amount=amount, treated_on=clock.today() - timedelta(days=9),
                receipt_total=total, **more)


def give_back(one, claim, *codes, **sentences):
    page = one.open(url(claim, "/kembalikan"))
    fields = {**page.fields("#returning"), "wrong": list(codes), **sentences}
    return one.post(page.action("#returning"), fields)


def refuse(one, claim, verdict=WHY):
    one.open(url(claim, "/tolak"))
    return one.send(form="#refusing", verdict=verdict)


# Taking


def test_taking_it_begins_the_check_and_the_worker_is_told(cast, dewi, claim):
    page = take(dewi, claim)
    assert page.path == url(claim)
    assert "Dipegang Anda" in page.words()
    assert (fresh(claim).state, case_of(claim).owner) == ("VERIFIKASI", cast.dewi)
    assert [kind for kind, _ in events()] == ["claim:taken up"]
    (kind, channel, sms), _ = told()
    assert (kind, channel) == ("case:claim taken up", "sms")
    assert "sedang diperiksa. Putusan paling lambat 27 November 2026" in sms


@pytest.mark.parametrize("path", ["/cabang", "/cabang/kasus/{}"])
def test_from_the_queue_or_the_desk_it_is_the_same(cast, dewi, claim, path):
    dewi.open("/cabang")
    dewi.post(f"/cabang/kasus/{claim.case.public_id}/ambil", dewi.page.fields("table form"))
    assert dewi.page.path == url(claim)
    assert (fresh(claim).state, case_of(claim).owner) == ("VERIFIKASI", cast.dewi)


def test_taking_it_twice_is_taking_it_once(dewi, claim):
    dewi.open(url(claim))
    dewi.send_again(form="form[action$='/ambil']")
    assert len(events()) == 1
    assert len(told()) == 2     # an SMS and an e-mail


def test_a_claim_that_was_handed_over_is_begun_by_who_got_it(cast, eka, claim):
    Case.update(owner=cast.eka, owned_since=clock.now()).execute()
    take(eka, claim)
    assert fresh(claim).state == "VERIFIKASI"


def test_a_colleagues_claim_is_not_taken(dewi, eka, cast, claim):
    eka.open(url(claim))
    take(dewi, claim)
    page = eka.send(form="form[action$='/ambil']")
    assert page.status == 409
    assert page.heading == "Kasus ini dipegang Dewi Anggraini"
    assert case_of(claim).owner == cast.dewi


# Returning


def test_returned_exactly_what_is_wrong_is_named(cast, dewi, taken):
    page = give_back(dewi, taken, "purpose", "paper:KTP", why_purpose="Terlalu umum.",
                     why_paper_KTP="Fotonya gelap.")
    assert page.path == url(taken)
    now = fresh(taken)
    assert (now.state, now.returned_by) == ("PERLU_PERBAIKAN", cast.dewi)
    assert json.loads(now.faults) == [["purpose", "Terlalu umum."],
                                      ["paper:KTP", "Fotonya gelap."]]
    assert (case_of(taken).holder, case_of(taken).owner) == ("worker", None)
    assert "KTP: Fotonya gelap." in page.words(".notice")
    _, (_, _, email) = told()[-2:]
    assert "- Tujuan pencairan: Terlalu umum.\n- KTP: Fotonya gelap." in email
    assert events()[-1][1]["wrong"] == ["purpose", "paper:KTP"]
    assert "Antrean kosong" in dewi.open("/cabang").words()


@pytest.mark.parametrize(("codes", "sentences", "errors"), [
    ((), {}, {"wrong": "Beri tanda centang pada yang keliru."}),
    (("reason",), {}, {"why_reason": "Tulis apa yang keliru pada alasan."}),
    ((), {"why_paper_KTP": "Gelap."}, {"wrong": "Centang juga KTP, atau hapus tulisannya."}),
    (("reason",), {"why_reason": "x" * 301},
     {"why_reason": "Terlalu panjang 1 huruf. Paling banyak 300 huruf."})])
def test_a_tick_has_its_sentence_and_a_sentence_its_tick(dewi, taken, codes, sentences, errors):
    page = give_back(dewi, taken, *codes, **sentences)
    assert page.status == 422
    assert page.errors() == errors
    assert fresh(taken).state == "VERIFIKASI"
    for name, text in sentences.items():
        assert page.fields("#returning")[name].strip() == text


def test_a_part_that_this_kind_does_not_have_is_none(dewi, taken):
    page = give_back(dewi, taken, "treated_on", why_treated_on="Salah.")
    assert page.errors() == {"wrong": "Beri tanda centang pada yang keliru."}


def test_returning_twice_is_once(dewi, taken):
    page = dewi.open(url(taken, "/kembalikan"))
    fields = {**page.fields("#returning"), "wrong": ["reason"], "why_reason": "Kurang jelas."}
    for _ in range(2):
        assert dewi.post(page.action("#returning"), fields).path == url(taken)
    assert fresh(taken).version == 3
    assert [kind for kind, _ in events()].count("claim:returned") == 1
    other = dewi.post(page.action("#returning"), {**fields, "why_reason": "Lain."})
    assert other.status == 409
    assert "Lain." in other.words()


# Approving


def test_approved_it_is_taken_out_of_the_savings_and_waits_for_the_bank(cast, dewi, taken):
    page = approve(dewi, taken)
    assert page.path == url(taken)
    assert "Dewi Anggraini menyetujui Rp8.000.000" in page.words(".notice")
    now = fresh(taken)
    assert (now.state, now.approved, now.approved_by) == ("DISETUJUI", 8_000_000, cast.dewi)
    assert Savings.get().taken == 8_000_000
    assert case_of(taken).holder is None     # it waits for nobody here
    assert "Antrean kosong" in dewi.open("/cabang").words()
    used = json.loads(now.parameters)
    assert used["sent"]["most"] == used["approved"]["most"] == 8_000_000
    assert "claim.self_service_max_rupiah" in used["approved"]["rules"]
    assert "DISETUJUI. Uang dikirim lewat bank ke BCA ****8123" in told()[-2][2]
    assert events()[-1] == ("claim:approved", {
        "amount": 8_000_000, "kind": "JHT-PKW", "number": events()[-1][1]["number"]})
    assert not list(audit.verify())


def test_approving_twice_is_once(dewi, taken):
    page = dewi.open(url(taken, "/setujui"))
    fields = {**page.fields("#approving"), "seen": ["KTP"]}
    for _ in range(3):
        assert dewi.post(page.action("#approving"), fields).path == url(taken)
    assert (Savings.get().taken, fresh(taken).version) == (8_000_000, 3)
    assert [kind for kind, _ in events()].count("claim:approved") == 1
    assert [kind for kind, *_ in told()].count("case:claim approved") == 2


def test_every_paper_is_looked_at_first(dewi, taken):
    page = approve(dewi, taken, seen=())
    assert page.status == 422
    assert page.errors() == {
        "seen": "Periksa semua dokumen wajib, lalu centang satu per satu."}
    assert fresh(taken).state == "VERIFIKASI"


def test_a_paper_that_is_not_there_stands_in_the_way(cast, dewi):
    reported(cast)
    claim = sent(cast, papers=())
    take(dewi, claim)
    page = approve(dewi, claim)
    assert page.status == 422
    assert "Ada dokumen wajib yang belum ada." in page.words(".error-summary")
    with_papers(claim.case, cast.dewi, "KTP", side="branch")
    assert approve(dewi, claim).path == url(claim)
    assert fresh(claim).state == "DISETUJUI"


def test_a_cost_may_be_granted_in_part_with_the_reason(cast, dewi):
    claim = bill(cast)
    take(dewi, claim)
    page = approve(dewi, claim, seen=["KUITANSI"], amount="600.000")
    assert page.errors() == {"less": "Tulis alasannya. Pekerja membacanya."}
    approve(dewi, claim, seen=["KUITANSI"], amount="600.000", less="Vitamin tidak ditanggung.")
    assert (fresh(claim).state, fresh(claim).approved) == ("DISETUJUI", 600_000)
    assert "Yang disetujui lebih kecil: Vitamin tidak ditanggung." in told()[-1][2]
    assert Statement.get().text == "Vitamin tidak ditanggung."
    assert Savings.get().taken == 0


@pytest.mark.parametrize(("amount", "words"), [
    ("900.001", "Jumlah ini lebih besar dari yang diminta."),
    ("0", "Ketik jumlah yang disetujui."), ("", "Ketik jumlah yang disetujui."),
    ("-5", "")])
def test_never_more_than_was_asked_for(cast, dewi, amount, words):
    claim = bill(cast)
    take(dewi, claim)
    page = approve(dewi, claim, seen=["KUITANSI"], amount=amount, less="x")
    assert page.status == 422
    assert words in page.errors()["amount"]
    assert fresh(claim).approved is None


def test_savings_are_paid_whole_whatever_is_posted(dewi, taken):
    approve(dewi, taken, amount="1.000")
    assert fresh(taken).approved == 8_000_000


def test_a_part_of_the_savings_is_noted_as_the_one_part(cast, dewi):
    membership = cast.siti_at_maju
    type(membership).update(started_on=clock.today() - timedelta(days=4000)).where(
        type(membership).id == membership.id).execute()
    claim = sent(cast, "JHT-S10", amount=500_000)
    take(dewi, claim)
    approve(dewi, claim, amount="400.000", less="Sesuai permintaan lewat telepon.")
    assert (Savings.get().taken, Savings.get().partial_on) == (400_000, clock.today())


def test_what_is_disputed_is_not_approved(cast, dewi, taken):
    Deactivation.update(state="DISANGGAH").execute()
    assert "Belum bisa disetujui" in dewi.open(url(taken)).words()
    page = approve(dewi, taken)
    assert page.status == 422
    assert "sedang disanggah" in page.words(".error-summary")
    assert (fresh(taken).state, Savings.get().taken) == ("VERIFIKASI", 0)


def test_the_savings_must_still_have_it(dewi, taken):
    Savings.update(taken=1).execute()
    page = approve(dewi, taken)
    assert page.status == 422
    assert "Jumlah pencairan paling banyak Rp7.999.999" in page.words(".error-summary")
    assert Savings.get().taken == 1


def test_the_account_must_be_linked(dewi, taken):
    Destination.update(state="DIPUTUS").execute()
    page = approve(dewi, taken)
    assert page.status == 422
    assert "Rekening tujuannya belum tersambung." in page.words(".error-summary")


def test_a_doctors_letter_is_accepted_by_its_tick(cast, dewi):
    reported(cast, reason="CTT")
    claim = sent(cast, "JHT-CTT")
    take(dewi, claim)
    assert "Surat keterangan dokter, saya terima" in dewi.open(url(claim, "/setujui")).words()
    assert approve(dewi, claim, seen=["KTP"]).status == 422
    approve(dewi, claim, seen=["KTP", "SURAT_DOKTER"])
    assert fresh(claim).state == "DISETUJUI"


# The interview


def test_above_the_limit_the_person_is_met_first(cast, dewi, eka):
    reported(cast)
    claim = sent(cast, credited=15_000_001)
    take(dewi, claim)
    assert approve(dewi, claim).status == 422
    dewi.open(url(claim, "/wawancara"))
    dewi.send()
    assert (fresh(claim).state, case_of(claim).holder) == ("MENUNGGU_WAWANCARA", "worker")
    assert "perlu wawancara di kantor cabang" in told()[-2][2]
    dewi.open(url(claim, "/wawancara/selesai"))
    dewi.send(form="#meeting", note="Cocok dengan KTP.")
    now = fresh(claim)
    assert (now.state, now.interviewed_by) == ("VERIFIKASI", cast.dewi)
    assert (case_of(claim).holder, case_of(claim).owner) == ("branch", cast.dewi)
    assert Statement.get().text == "Cocok dengan KTP."
    approve(dewi, claim)
    assert fresh(claim).state == "VERIFIKASI"     # two must agree
    confirm(eka, claim)
    assert fresh(claim).state == "DISETUJUI"
    assert [kind for kind, _ in events()] == [
        "claim:taken up", "claim:interview asked for", "claim:interview held", "claim:approved",
        "claim:confirmed"]


def test_at_the_limit_nobody_is_asked_to_come(dewi, cast):
    reported(cast)
    claim = sent(cast, credited=15_000_000)
    take(dewi, claim)
    assert dewi.open(url(claim, "/wawancara")).path == url(claim)
    approve(dewi, claim)
    assert fresh(claim).state == "DISETUJUI"


def test_asking_twice_is_asking_once(dewi, cast):
    reported(cast)
    claim = sent(cast, credited=20_000_000)
    take(dewi, claim)
    dewi.open(url(claim, "/wawancara"))
    assert dewi.send_again().path == url(claim)
    assert [kind for kind, _ in events()].count("claim:interview asked for") == 1


# Refusing


def test_refused_in_plain_words_it_is_over(cast, dewi, taken):
    page = refuse(dewi, taken)
    assert "Dewi Anggraini menolaknya" in page.words(".notice")
    assert WHY in page.words(".notice")
    assert (fresh(taken).state, fresh(taken).verdict) == ("DITOLAK", WHY)
    assert case_of(taken).holder is None
    assert f"Alasan: {WHY}" in told()[-1][2]
    assert dewi.open(url(taken, "/tolak")).path == url(taken)     # nothing is left to decide


def test_a_refusal_has_a_reason(dewi, taken):
    page = refuse(dewi, taken, " ")
    assert page.errors() == {"verdict": "Tulis alasan penolakan."}
    assert fresh(taken).state == "VERIFIKASI"


# What was typed, stale pages, looks


@pytest.mark.parametrize(("act", "form", "typed"), [
    ("/tolak", "#refusing", {"verdict": "Setengah ka"}),
    ("/kembalikan", "#returning", {"wrong": ["reason"], "why_purpose": "Belum selesai"}),
    ("/setujui", "#approving", {"seen": ["KTP"], "less": ""}),
    ("/wawancara/selesai", "#meeting", {"note": "Datang pukul"})])
def test_what_was_typed_waits_on_every_desk(app, cast, dewi, act, form, typed):
    reported(cast)
    claim = sent(cast, credited=20_000_000)
    take(dewi, claim)
    if act.startswith("/wawancara"):
        dewi.open(url(claim, "/wawancara"))
        dewi.send()
    page = dewi.open(url(claim, act))
    fields = {**page.fields(form), **typed}
    kept = dewi.post(url(claim, "/simpan"), fields)
    assert "Tersimpan." in kept.words()
    desk = Clerk(app).is_signed_in_as(cast.dewi)     # which ends the other session
    again = desk.open(url(claim, act)).fields(form)
    for name, value in typed.items():
        assert again.get(name, "").strip() == (value[0] if isinstance(value, list) else value)
    fields["csrf_token"] = again["csrf_token"]
    assert "Tersimpan 22 November" in desk.post(url(claim, "/simpan"), fields, htmx=True).text


def test_two_at_once_the_later_sees_who_and_when_and_keeps_what_it_wrote(cast, dewi, eka, claim):
    take(dewi, claim)
    Case.update(owner=None, owned_since=None).execute()
    dewi.open(url(claim, "/setujui"))
    eka.open(url(claim, "/tolak"))
    approve(dewi, claim)
    page = eka.send(form="#refusing", verdict=WHY)
    assert page.status == 409
    assert "Dewi Anggraini menyetujui Rp8.000.000" in page.words()
    assert "22 November 2026 pukul 13.30" in page.words()
    assert WHY in page.words()
    kept = json.loads(CaseVisit.get(CaseVisit.user == cast.eka).typed)
    assert kept["verdict"] == [WHY]
    assert fresh(claim).state == "DISETUJUI"


def test_a_colleague_who_has_it_decides(cast, dewi, eka, taken):
    fields = {**dewi.open(url(taken, "/tolak")).fields("#refusing"), "verdict": WHY,
              "csrf_token": eka.token()}
    page = eka.post(url(taken, "/tolak"), fields)
    assert page.status == 409
    assert page.heading == "Kasus ini dipegang Dewi Anggraini"
    assert eka.open(url(taken, "/setujui")).path == url(taken)
    assert fresh(taken).state == "VERIFIKASI"


def test_a_new_account_makes_the_page_old(cast, dewi, taken):
    dewi.open(url(taken, "/setujui"))
    Destination.update(state="DIPUTUS").execute()
    other = linked(cast.siti, number="9988776655")
    Claim.update(destination=other, version=Claim.version + 1).execute()
    page = dewi.post(url(taken, "/setujui"), {**dewi.page.fields("#approving"), "seen": ["KTP"]})
    assert page.status == 409
    assert fresh(taken).state == "VERIFIKASI"


def test_a_decision_asks_who_it_is(app, cast, dewi, taken):
    page = dewi.open(url(taken, "/tolak"))
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = dewi.send(form="#refusing", verdict=WHY)
    assert page.path.startswith("/buktikan")
    assert fresh(taken).state == "VERIFIKASI"


def test_nobody_decides_about_themselves(app, cast, claim):
    dewi = cast.dewi
    dewi.nik = cast.siti_at_maju.worker.nik
    dewi.save()
    own = Clerk(app).is_signed_in_as(dewi)
    for act in ("", "/setujui", "/tolak", "/kembalikan"):
        assert own.open(url(claim, act)).status == 403
    assert own.post(url(claim, "/ambil"), {"csrf_token": own.token()}).status == 403
    assert fresh(claim).state == "DIAJUKAN"
    assert events("case:seen")[-1][1]["refused"] is True


def test_another_branch_sees_nothing(joko, taken):
    for act in ("", "/setujui", "/tolak", "/kembalikan", "/wawancara", "/kedua"):
        assert joko.open(url(taken, act)).status == 404
    for act in ("/ambil", "/setujui", "/tolak", "/kembalikan", "/rekening", "/nik", "/kedua"):
        assert joko.post(url(taken, act), {"csrf_token": joko.token()}).status == 404


def test_a_draft_is_nobody_elses(cast, dewi, claim):
    Claim.update(state="DRAF", submitted_at=None).execute()
    assert dewi.open(url(claim)).status == 404
    assert dewi.open(f"/cabang/kasus/{claim.case.public_id}").status == 404


def test_every_look_is_on_record_and_the_account_only_for_a_reason(cast, dewi, taken):
    assert len(events("case:seen")) == 1
    assert "1234568123" not in dewi.open(url(taken)).text
    page = dewi.send(form="form[action$='/rekening']")
    assert page.errors() == {"account-for": "Pilih untuk apa data lengkap diperlukan."}
    page = dewi.send(form="form[action$='/rekening']", purpose="COCOKKAN_SURAT")
    assert "BCA 1234568123, atas nama Siti Rahayu" in page.words("#account")
    (_, details) = events("person:seen")[-1]
    assert (details["page"], details["reason"]) == ("account", "COCOKKAN_SURAT")
    assert "1234568123" not in AuditEntry.select().order_by(AuditEntry.id.desc()).get().details


def test_the_account_in_full_asks_who_it_is(dewi, taken):
    dewi.open(url(taken))
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = dewi.send(form="form[action$='/rekening']", purpose="COCOKKAN_SURAT")
    assert page.path.startswith("/buktikan")


def test_a_shared_account_and_another_name_are_said(cast, dewi, taken):
    budi = User(name="Budi", role="worker", created_at=clock.now())
    budi.save(force_insert=True)
    linked(budi)
    Destination.update(distance=2).where(Destination.user == cast.siti).execute()
    words = dewi.open(url(taken)).words()
    assert "Nomor ini juga dipakai 1 orang lain" in words
    assert "Berbeda 2 huruf dari nama pekerja" in words


def test_a_colleague_who_has_it_open_is_named(dewi, eka, claim):
    dewi.open(url(claim))
    assert "Dewi Anggraini juga membuka kasus ini" in eka.open(url(claim)).words("#others")


def test_the_queue_narrows_to_claims_and_hides_amounts(dewi, claim):
    page = dewi.open("/cabang?tampil=pencairan")
    assert "JHT: kontrak berakhir" in page.words("table")
    assert "8.000.000" not in page.text


def test_the_person_page_shows_balance_and_claims(cast, dewi, taken):
    page = dewi.open(f"/cabang/orang/{cast.siti.public_id}")
    assert "Saldo JHT Rp8.000.000, per 1 November 2026" in page.words()
    assert page.select(f"a[href='{url(taken)}']")
    assert events("person:seen")[-1][1]["page"] == "person"


def test_a_page_left_open_over_night_is_judged_by_the_new_day(cast, dewi, taken):
    dewi.open(url(taken, "/setujui"))
    with time_machine.travel(clock.now() + timedelta(hours=20)):
        other = Clerk(dewi.browser.application).is_signed_in_as(cast.dewi)
        approve(other, taken)
    assert json.loads(fresh(taken).parameters)["approved"]["on"] == "2026-11-23"
