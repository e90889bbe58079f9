"""Pencairan: what runs and what is over, choosing what to claim, one draft in all."""

import pytest
import time_machine

from tests.claims.claiming import (
    MED,
    chosen,
    drafted,
    here,
    left,
    linked,
    moved,
    only_claim,
    savings,
    submitted,
    worker_siti,
)
from tests.memberships.test_pages import statements_of
from tests.page import Clerk, in_parallel
from tests.payouts.claiming import claim_of
from tests.people import account_for
from webapp import clock
from webapp.claims import service
from webapp.models.cases import Case
from webapp.models.claims import CUT, Claim, Destination
from webapp.models.workers import Worker
from webapp.receipts.signing import new_number


def claims():
    return list(Claim.select())


def hints(page):
    """What stands under each kind, by its code."""
    return {option.cssselect("input")[0].get("value"):
            " ".join(option.cssselect(".hint")[0].text_content().split())
            for option in page.select(".option")}


def test_without_a_claim_the_page_says_what_to_do(siti, cast):
    page = siti.open("/pencairan")
    assert page.heading == "Pencairan"
    assert page.select("a.button-action[href='/pencairan/daftar']")
    assert "Belum ada pencairan" in page.words()
    assert page.words("nav [aria-current]") == "Pencairan"


def test_whoever_is_linked_to_nobody_is_told_so(siti, cast):
    Worker.update(user=None).execute()
    assert "Kepesertaan belum tersambung" in siti.open("/pencairan").words()
    assert siti.open("/pencairan/daftar").path == "/pencairan"


def test_each_kind_says_how_it_stands_today(siti, cast):
    left(cast, last_day=clock.today().replace(day=2))
    savings(worker_siti())
    shown = hints(siti.open("/pencairan/daftar"))
    assert shown["MED"] == ("Biaya rumah sakit, dokter, atau obat yang sudah Anda bayar. "
                            "Bisa diajukan.")
    assert shown["JHT-CTT"].startswith("Seluruh saldo, dengan surat dokter")
    assert shown["JHT-RSG"] == "Bisa mulai 2 Desember 2026."
    assert shown["JHT-PSN"] == "Bisa mulai 5 Agustus 2046."
    assert shown["JHT-PHK"].startswith("Belum bisa: belum ada kepesertaan yang berakhir karena")
    assert "JHT-MGL" not in shown


@pytest.mark.parametrize(("moment", "words"), [
    ("2026-12-01T16:59:59Z", "Bisa diajukan mulai 2 Desember 2026"),
    ("2026-12-01T17:00:00Z", "Terpenuhi")])
def test_a_month_after_the_last_day_is_a_month_in_jakarta(app, cast, moment, words):
    left(cast, last_day=clock.today().replace(day=2))
    savings(worker_siti())
    with time_machine.travel(moment, tick=False):
        siti = Clerk(app).is_signed_in_as(cast.siti)
        page = chosen(siti, "JHT-RSG")
        assert words in page.words()
        assert bool(page.select("a.button-action[href$='/jumlah']")) == (words == "Terpenuhi")


def test_what_is_not_open_yet_says_who_must_act_and_leads_on_nowhere(siti, cast):
    page = chosen(siti, "JHT-RSG")
    words = page.words()
    assert "Belum bisa diajukan hari ini" in words
    assert "minta perusahaan melaporkannya" in words
    assert "Perusahaan" in words
    assert not page.select("a[href$='/jumlah']")
    assert siti.open(f"{here()}/periksa").path == f"{here()}/syarat"


def test_what_is_shown_later_is_not_said_to_be_met(siti, cast):
    words = chosen(siti, "MED").words()
    assert words.count("Ditunjukkan nanti") == 2
    assert "Terpenuhi" not in words


@pytest.mark.parametrize(("kind", "sentence"), [
    ("", "Pilih jenis pencairan."), ("JHT-MGL", "Pilih salah satu jenis di bawah ini."),
    ("X", "Pilih salah satu jenis di bawah ini.")])
def test_only_a_kind_of_ones_own_can_be_chosen(siti, cast, kind, sentence):
    page = chosen(siti, kind)
    assert page.status == 422
    assert page.errors() == {"kind": sentence}
    assert claims() == []


def test_a_press_begins_one_draft_and_the_next_goes_on_with_it(siti, cast):
    first = chosen(siti).path
    assert first == f"{here()}/syarat"
    siti.open("/pencairan")
    assert "Pencairan Anda belum dikirim" in siti.page.words()
    fields = {"kind": "MED", "csrf_token": siti.token()}
    assert siti.post("/pencairan/daftar", fields).path == first
    assert len(claims()) == 1


def test_in_what_is_still_empty_the_kind_is_simply_another(siti, cast):
    chosen(siti, "JHT-RSG")
    assert chosen(siti, "MED").path == f"{here()}/syarat"
    assert [claim.kind for claim in claims()] == ["MED"]
    assert Case.select().count() == 1


def test_a_draft_that_was_filled_in_is_offered_and_not_replaced(siti, cast):
    chosen(siti)
    siti.open(f"{here()}/jumlah")
    siti.send(**MED)
    page = siti.open("/pencairan/daftar")
    assert page.heading == "Ada pencairan yang belum dikirim"
    assert page.select(f"a.button-action[href='{here()}']")
    page = siti.post("/pencairan/daftar", {"kind": "OBT", "csrf_token": siti.token()})
    assert page.status == 409
    assert [claim.kind for claim in claims()] == ["MED"]


def test_beginning_anew_gives_the_draft_up_once(siti, cast):
    chosen(siti)
    siti.open(f"{here()}/jumlah")
    siti.send(**MED)
    siti.open("/pencairan/daftar")
    siti.open(siti.page.tree.xpath("//a[text()='Mulai lagi']/@href")[0])
    assert "Isian yang lama akan dihapus" in siti.page.words()
    siti.send_again(kind="OBT")
    assert [(claim.kind, claim.state) for claim in claims()] == [
        ("MED", "DIBATALKAN"), ("OBT", "DRAF")]
    assert [case.closed_at is None for case in Case.select().order_by(Case.id)] == [False, True]


def test_of_eight_begun_at_once_there_is_one(cast, now):
    worker = worker_siti()

    def begin(_):
        return service.begin(worker, cast.siti, "MED", now).id

    assert len(set(in_parallel(begin, 8))) == 1
    assert (Claim.select().count(), Case.select().count()) == (1, 1)


def test_of_eight_kinds_begun_at_once_there_is_one_too(cast, now):
    worker, kinds = worker_siti(), ("MED", "OBT", "LAIN", "JHT-RSG") * 2

    def begin(number):
        try:
            return service.begin(worker, cast.siti, kinds[number], now)
        except (service.OtherDraft, service.CaseChanged) as refusal:
            return refusal

    in_parallel(begin, 8)
    assert (Claim.select().count(), Case.select().count()) == (1, 1)


def test_twenty_a_day_are_enough(siti, cast, now):
    for _ in range(20):
        claim = service.begin(worker_siti(), cast.siti, "MED", now)
        service.withdraw(claim, cast.siti, version=claim.version, now=now)
    page = chosen(siti)
    assert page.status == 429
    assert "Retry-After" in page.headers
    assert Claim.select().where(Claim.state == "DRAF").count() == 0


def test_what_runs_and_what_is_over_are_listed(siti, cast):
    submitted(siti, cast)
    claim = only_claim()
    words = siti.open("/pencairan").words()
    assert "Sedang berjalan" in words
    assert "Biaya medis, Rp4.250.000" in words
    assert "Paling lambat 23 November 2026" in words
    moved(claim, "DITOLAK", verdict_sealed=b"x", refused_by=cast.dewi, refused_at=clock.now())
    words = siti.open("/pencairan").words()
    assert "Sudah selesai" in words
    assert "Sedang berjalan" not in words


def test_it_asks_the_same_number_of_times_however_many_there_are(siti, cast):
    submitted(siti, cast)
    for path in ("/pencairan", "/beranda"):
        siti.open(path)
        one = statements_of(lambda path=path: siti.open(path))
        for kind in ("OBT", "LAIN", "JHT-RSG"):
            more_like(Claim.get(Claim.kind == "MED"), kind)
        assert statements_of(lambda path=path: siti.open(path)) == one
        Claim.delete().where(Claim.kind != "MED").execute()


def more_like(claim, kind):
    """One more that runs, and one more that is over."""
    for state in ("VERIFIKASI", "DIBATALKAN"):
        case = Case.create(kind="pencairan", number=new_number(), branch=claim.case.branch_id,
                           opened_by=claim.submitted_by_id, opened_at=clock.now(),
                           holder="worker", held_since=clock.now())
        Claim.create(case=case, worker=claim.worker, kind=kind, state=state, amount=1,
                     entitlement=1, destination=claim.destination, submitted_at=clock.now())


PAGES = ("", "/syarat", "/jumlah", "/keperluan", "/kontak", "/dokumen", "/rekening", "/periksa",
         "/simpan", "/batal", "/tanda-terima", "/perbaiki", "/perbaiki/simpan")


@pytest.mark.parametrize("page", PAGES)
def test_another_persons_claim_is_missing(app, siti, cast, page):
    drafted(siti, cast)
    before = only_claim().version
    stranger = Clerk(app).is_signed_in_as(account_for(cast.rahmat_at_lain.worker))
    linked(stranger_user := Worker.get(Worker.name == "Rahmat Hidayat").user, number="999")
    path = f"{here()}{page}"
    assert stranger.open(path).status == 404
    if page not in ("", "/syarat", "/tanda-terima"):
        fields = {"csrf_token": stranger.token(), "version": str(before), "step": "jumlah", **MED}
        assert stranger.post(path, fields).status == 404
    assert (only_claim().state, only_claim().version) == ("DRAF", before)
    assert stranger_user.id != cast.siti.id


def test_what_heirs_claim_is_not_among_ones_own(siti, cast):
    drafted(siti, cast)
    claim = only_claim()
    Claim.update(kind="JHT-MGL").execute()
    assert siti.open(f"/pencairan/{claim.case.public_id}").status == 404
    assert "belum dikirim" not in siti.open("/pencairan").words()
    assert siti.open(f"/kasus/{claim.case.public_id}/berkas").status == 404


def test_while_heirs_claim_at_the_counter_nothing_of_ones_own_is_begun(siti, cast):
    claim_of(None, worker_siti(), cast, kind="JHT-MGL", state="DRAF")
    siti.open("/pencairan/daftar")
    page = siti.send(kind="MED")
    assert page.status == 409
    assert "ahli waris" in page.words()
    assert [claim.kind for claim in Claim.select()] == ["JHT-MGL"]


def test_a_claim_whose_account_was_cut_says_what_to_do(siti, cast):
    submitted(siti, cast)
    Destination.update(state=CUT, ended_at=clock.now()).execute()
    page = siti.open(here())
    assert "Uangnya tidak dikirim sampai Anda menyambungkan yang lain" in page.words()
    assert "Anda tidak perlu melakukan apa-apa" not in page.words()
    assert page.select("a[href^='/rekening?lanjut=/pencairan/']")
