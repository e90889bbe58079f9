"""Lacak: the dated steps, who has it, until when, what next; and taking a claim back."""

from datetime import timedelta

import pytest

from tests.claims.claiming import (
    chosen,
    drafted,
    here,
    linked,
    moved,
    only_claim,
    submitted,
)
from tests.memberships.test_pages import statements_of
from tests.papers.conftest import photograph
from webapp import audit, clock
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.claims.queries import decided_lately
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.branches import Branch
from webapp.models.cases import CLAIM, Case
from webapp.models.claims import Claim, Interview, Payout, PayoutFile
from webapp.models.messages import Message
from webapp.papers import service as papers
from webapp.receipts.signing import new_number

GRANTED = {"approved": 4_000_000}


def granted(cast, **more):
    return {**GRANTED, "approved_by": cast.dewi, "approved_at": clock.now(), **more}


def sent_back_by_bank(claim, state="GAGAL", number="X1"):
    """The bank was told to pay, and answered."""
    now = clock.now()
    file = PayoutFile.create(number=number, made_at=now, count=1, total=4_000_000, digest="0" * 64)
    payout = Payout(claim=claim, file=file, amount=4_000_000, provider="BCA", state=state,
                    reported_at=None if state == "DIEKSPOR" else now,
                    problem="Rekening ditutup" if state == "GAGAL" else "")
    payout.number, payout.holder = "1234568123", "SITI RAHAYU"
    payout.save(force_insert=True)


def test_above_the_limit_receipt_and_page_say_that_there_will_be_an_interview(siti, cast):
    submitted(siti, cast)
    said = "Kami kabarkan begitu Anda bisa memilih waktunya."
    pages = (f"{here()}/tanda-terima", here())
    assert not [path for path in pages if said in siti.open(path).words()]
    Claim.update(needs_interview=True).execute()
    for state in ("DIAJUKAN", "VERIFIKASI", "PERLU_PERBAIKAN"):
        moved(only_claim(), state)
        assert [path for path in pages if said in siti.open(path).words()] == list(pages)
    Claim.update(interviewed_at=clock.now()).execute()
    assert not [path for path in pages if said in siti.open(path).words()]


@pytest.mark.parametrize(("state", "changes", "words"), [
    ("VERIFIKASI", {}, "Petugas memeriksa isian dan dokumen."),
    ("MENUNGGU_WAWANCARA", {"needs_interview": True}, "Pilih waktu wawancara"),
    ("DIBATALKAN", {}, "Anda membatalkan pencairan ini")])
def test_each_state_says_what_is_next(siti, cast, state, changes, words):
    submitted(siti, cast)
    moved(only_claim(), state, **changes)
    page = siti.open(here())
    assert words in page.words()
    assert len(page.select("main .button-action")) <= 1


def test_two_people_are_spoken_of_while_the_second_has_not_agreed(siti, cast):
    submitted(siti, cast)
    moved(only_claim(), "VERIFIKASI", needs_second=True, **granted(cast))
    words = siti.open(here()).words()
    assert "Satu petugas sudah setuju. Petugas kedua memeriksanya sekali lagi." in words
    assert "Petugas pertama setuju" in words
    assert "Jumlah yang disetujui" not in words


def test_what_is_approved_and_paid_says_how_much_and_when(siti, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "DISETUJUI", **granted(cast))
    words = siti.open(here()).words()
    assert "Sekarang di: Bagian pembayaran" in words
    assert "Jumlah yang disetujui Rp4.000.000" in words
    assert "Batalkan" not in words
    sent_back_by_bank(claim, "DIEKSPOR")
    assert "Bank sedang mengirim uangnya." in siti.open(here()).words()
    Payout.update(state="DIBAYAR", reported_at=clock.now()).execute()
    moved(claim, "DIBAYAR", paid_on="2026-11-24")
    words = siti.open(here()).words()
    assert "Uang dikirim pada 24 November 2026" in words


def test_what_the_bank_refused_says_what_to_do(siti, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "GAGAL_BAYAR", **granted(cast))
    sent_back_by_bank(claim)
    page = siti.open(here())
    assert "Bank menolak pembayaran" in page.words()
    assert "Rekening ditutup" in page.words()
    link, = page.tree.xpath("//main//a[contains(@class, 'button-action')]/@href")
    assert link == f"/rekening/sambungkan?lanjut={here()}"
    page = siti.open("/beranda")
    assert "Uang belum terkirim: Rp4.000.000" in page.words()


def test_it_is_read_with_as_many_statements_however_much_there_is(siti, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "GAGAL_BAYAR", **granted(cast))
    sent_back_by_bank(claim)
    siti.open(here())
    one = statements_of(lambda: siti.open(here()))
    for number, colour in enumerate(("red", "green", "blue")):
        hand_in_as_branch(claim, cast.dewi, colour)
        sent_back_by_bank(claim, number=f"Y{number}")
    assert statements_of(lambda: siti.open(here())) == one
    assert siti.page.words().count("Rekening ditutup") == 4
    assert one <= 14


def hand_in_as_branch(claim, officer, colour):
    """A paper that staff scanned for a claim that is the worker's no more."""
    papers.add(claim.case, "branch", officer, "LAIN", photograph(colour), "foto.png", clock.now())


def test_a_refusal_is_told_with_its_reason(siti, cast):
    submitted(siti, cast)
    claim = only_claim()
    claim.verdict = "Kuitansinya bukan atas nama Anda."
    moved(claim, "DITOLAK", verdict_sealed=claim.verdict_sealed, refused_by=cast.dewi,
          refused_at=clock.now())
    page = siti.open(here())
    assert "Kuitansinya bukan atas nama Anda." in page.words(".notice")
    assert page.select("a.button-action[href='/pencairan/daftar']")


def test_a_slot_is_shown_with_its_place(siti, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "MENUNGGU_WAWANCARA", needs_interview=True)
    page = siti.open("/beranda")
    assert page.select(f"a.button-action[href='{here()}/wawancara']")
    Interview.create(claim=claim, branch=Branch.get_by_id(claim.case.branch_id), place=1,
                     starts_at="2026-11-25 02:00:00", booked_at=clock.now())
    words = siti.open(here()).words()
    assert "Wawancara 25 November 2026 pukul 09.00 WIB" in words
    assert "Bawa KTP dan dokumen asli" in words
    assert "wawancara" not in siti.open("/beranda").words("#tasks")


def test_a_payment_that_waits_says_until_when(siti, cast):
    submitted(siti, cast)
    moved(only_claim(), "DISETUJUI", **granted(cast))
    user = only_claim().worker.user
    user.phone_changed_at = clock.now()
    user.save()
    assert "Pembayaran ditahan sampai 25 November 2026 pukul 13.30 WIB" in siti.open(here()).words()


def decided(branch, worker, count, days, kind="OBT"):
    """Claims of a branch that were decided after so many days, not long ago."""
    now = clock.now()
    goal = linked(None, new_number())
    for at in range(count):
        case = Case.create(kind=CLAIM, number=new_number(), branch=branch, opened_by=1,
                           opened_at=now, held_since=now, closed_at=now)
        row = Claim(case=case, worker=worker, kind=kind, state="DITOLAK", amount=1, entitlement=1,
                    destination=goal, submitted_at=now - timedelta(days=days),
                    refused_at=now - timedelta(minutes=at), refused_by=1)
        row.verdict = "x"
        row.save(force_insert=True)


@pytest.mark.parametrize(("count", "is_told"), [(19, False), (20, True)])
def test_how_long_it_usually_takes_is_told_once_there_is_enough_to_tell(siti, cast, count,
                                                                        is_told):
    submitted(siti, cast)
    path = here()
    decided(cast.maju.branch_id, cast.rahmat_at_lain.worker, count, 2)
    words = siti.open(path).words()
    assert "Paling lambat 23 November 2026" in words
    # From Friday to Sunday no working day goes by.
    assert ("Biasanya kurang dari 1 hari kerja di kantor cabang ini." in words) is is_told


def test_only_what_this_branch_decided_of_late_counts(cast, now):
    other = Branch.get(Branch.id != cast.maju.branch_id)
    decided(other.id, cast.rahmat_at_lain.worker, 3, 2)
    decided(cast.maju.branch_id, cast.rahmat_at_lain.worker, 2, 9)
    Claim.update(refused_at=now - timedelta(days=61)).where(
        Claim.id == Claim.select(Claim.id).order_by(Claim.id.desc()).limit(1)).execute()
    assert [(sent.isoformat(), done.isoformat()) for sent, done in decided_lately(
        cast.maju.branch_id, now)] == [("2026-11-13", "2026-11-22")]


def test_it_is_taken_back_before_it_is_approved(siti, cast):
    submitted(siti, cast)
    siti.open(f"{here()}/batal")
    assert "Rp4.250.000" in siti.page.words(".confirm-bar")
    page = siti.send_again()
    claim = only_claim()
    assert (page.path, claim.state, claim.case.holder) == (here(), "DIBATALKAN", None)
    assert Message.select().where(Message.kind == "case:claim withdrawn").count() == 2
    assert AuditEntry.select().where(AuditEntry.kind == "claim:withdrawn").count() == 1
    assert not list(audit.verify())


@pytest.mark.parametrize("state", ["DISETUJUI", "GAGAL_BAYAR", "DIBAYAR", "DITOLAK"])
def test_afterwards_it_is_not(siti, cast, state):
    submitted(siti, cast)
    siti.open(f"{here()}/batal")
    fields = siti.page.fields()
    claim = only_claim()
    claim.verdict = "x"
    more = {"verdict_sealed": claim.verdict_sealed} if state == "DITOLAK" else granted(cast)
    moved(claim, state, **more, **({"paid_on": "2026-11-24"} if state == "DIBAYAR" else {}))
    fields["version"] = str(only_claim().version)
    assert siti.post(f"{here()}/batal", fields).status == 409
    assert only_claim().state == state
    assert siti.open(f"{here()}/batal").path == here()


def test_a_draft_is_given_up_without_a_word_to_anybody(siti, cast):
    drafted(siti, cast)
    siti.open(f"{here()}/batal")
    assert "belum dikirim" in siti.page.words(".confirm-bar")
    assert siti.send().path == "/pencairan"
    assert only_claim().state == "DIBATALKAN"
    assert not Message.select().where(Message.kind == "case:claim withdrawn").exists()
    assert chosen(siti).path == f"{here()}/syarat"
    assert Claim.select().count() == 2


def test_a_slot_is_free_again_for_somebody_else(siti, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "MENUNGGU_WAWANCARA", needs_interview=True)
    Interview.create(claim=claim, branch=claim.case.branch_id, place=1,
                     starts_at="2026-11-25 02:00:00", booked_at=clock.now())
    siti.open(f"{here()}/batal")
    siti.send()
    assert Interview.select().count() == 0


def test_what_is_taken_back_while_an_officer_takes_it_up_is_one_or_the_other(siti, cast):
    submitted(siti, cast)
    siti.open(f"{here()}/batal")
    moved(only_claim(), "VERIFIKASI")
    page = siti.send()
    assert page.status == 409
    assert "diperiksa kantor cabang" in page.words()
    assert only_claim().state == "VERIFIKASI"


def test_the_history_of_the_account_names_it(siti, cast):
    submitted(siti, cast)
    assert "Pencairan didaftarkan" in siti.open("/profil/riwayat").words()
    entry = AuditEntry.get(AuditEntry.kind == str(Event.CLAIM_SUBMITTED))
    assert "1234568123" not in entry.details


def test_the_closed_case_takes_no_further_word(siti, cast):
    submitted(siti, cast)
    claim = only_claim()
    with write_transaction():
        cases.close([claim.case_id], clock.now())
    moved(claim, "DISETUJUI", **granted(cast))
    page = siti.open(here())
    assert page.status == 200
    assert not page.select("form[data-papers]")
