"""Kepesertaan: all of a person's memberships, how each ended, and the proofs."""

import pytest

from tests.page import Clerk, file
from tests.people import account_for
from tests.statements import sent_by
from webapp import clock
from webapp.db import write_transaction
from webapp.deactivation import service as deactivations
from webapp.models.deactivations import Deactivation, WorkLetter
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.paklaring import service as letters
from webapp.parameters import rules_on
from webapp.receipts.signing import show_number

LETTER = {"number": "12/SDM", "position": "Staf keuangan", "signatory": "Ani Wulandari",
          "signatory_title": "Manajer SDM"}


def here(cast):
    return f"/kepesertaan/{cast.siti_at_maju.public_id}"


def works_elsewhere_too(cast, number=1, **more):
    """Siti has another membership, at PT Lain."""
    with write_transaction():
        return Membership.create(
            company=cast.lain, worker=cast.siti_at_maju.worker, kpj=f"2000000010{number}",
            started_on="2024-02-01", name_key="siti rahayu", **more)


def filed_by(user, cast, reason="RSG", last_day="2026-11-20"):
    """Somebody ends Siti's membership."""
    now = clock.now()
    with write_transaction():
        draft = deactivations.draft_within(
            cast.siti_at_maju, user, reason=reason, last_day=clock.day_of(now).fromisoformat(
                last_day), note="", now=now)
    return deactivations.file(draft, user, version=draft.version, company=cast.maju,
                              rules=rules_on(clock.day_of(now)), now=now)


def test_all_memberships_stand_in_one_view_with_their_state(siti, ani, cast):
    works_elsewhere_too(cast)
    file(ani, cast.maju, cast.siti_at_maju)
    page = siti.open("/kepesertaan")
    rows = [" ".join(row.text_content().split()) for row in page.select("main .rows li")]
    assert len(rows) == 2
    lain, maju = rows
    assert lain.startswith("PT Lain Sejahtera KPJ 20000000101, sejak 1 Februari 2024")
    assert lain.endswith("Aktif")
    assert "KPJ 30145274512, sejak 1 Mei 2021 sampai 20 November 2026" in maju
    assert "Dilaporkan PT Maju Bersama, 22 November 2026 pukul 13.30 WIB" in maju
    assert maju.endswith("Nonaktif")
    assert page.words("nav[aria-label=Utama] [aria-current]") == "Kepesertaan"


def statements_of(act):
    """How many statements the database is sent meanwhile."""
    return len(sent_by(act))


def test_it_asks_the_same_number_of_times_however_many_there_are(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    for path in ("/kepesertaan", "/beranda"):
        siti.open(path)
        one = statements_of(lambda path=path: siti.open(path))
        for number in range(2, 6):
            works_elsewhere_too(cast, f"{path[1]}{number}")
        assert statements_of(lambda path=path: siti.open(path)) == one


def test_nothing_is_connected_or_there(app, siti, cast):
    Membership.delete().where(Membership.worker == cast.siti_at_maju.worker_id,
                              Membership.id != cast.siti_at_maju.id).execute()
    Worker.update(user=None).execute()
    page = siti.open("/kepesertaan")
    assert "Kepesertaan belum tersambung" in page.words()
    assert page.select("a[href='/profil/kepesertaan']")
    assert siti.open(here(cast)).status == 404


def test_an_active_one_offers_to_ask_the_company(siti, cast):
    words = siti.open(here(cast)).words()
    assert "Ajukan nonaktif" in words
    assert "Riwayat" not in words


def test_an_ended_one_says_why_when_by_whom_and_what_opens(siti, ani, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    words = siti.open(here(cast)).words()
    for said in ("Mengundurkan diri", "20 November 2026", "Dilaporkan oleh PT Maju Bersama",
                 "22 November 2026 pukul 13.30 WIB", number,
                 "Jaminan hari tua (JHT) bisa diajukan mulai 20 Desember 2026",
                 "membayar sendiri: mulai Rp16.800 sebulan",
                 "Paklaring Menunggu persetujuan perusahaan",
                 "Anda bisa menyanggah sampai 6 Desember 2026"):
        assert said in words
    assert "lewat dari" not in words
    assert "Ani Wulandari" not in words


def test_a_late_report_is_called_late(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, last_day="2026-10-30")
    assert "lewat dari 7 hari kerja" in siti.open(here(cast)).words()


def test_who_still_works_elsewhere_is_told_what_that_means(siti, ani, cast):
    works_elsewhere_too(cast)
    file(ani, cast.maju, cast.siti_at_maju)
    assert ("Selama Anda masih aktif di PT Lain Sejahtera, JHT belum bisa diajukan."
            in siti.open(here(cast)).words())


@pytest.mark.parametrize(("reason", "said"), [
    ("SLH", "tidak ada yang bisa dicairkan"), ("MUT", "tidak ada yang bisa dicairkan"),
    ("MGL", "pencairan atas nama Anda ditahan"),
    ("PKW", "bisa diajukan mulai 21 November 2026")])
def test_what_opens_follows_from_the_reason(siti, cast, reason, said):
    filed_by(cast.ani, cast, reason)
    assert said in siti.open(here(cast)).words()


def test_what_the_branch_filed_is_called_the_branchs(siti, cast):
    filed_by(cast.dewi, cast)
    words = siti.open(here(cast)).words()
    assert "Dilaporkan oleh Kantor Cabang Jakarta Selatan" in words
    assert "Dewi Anggraini" not in words
    words = siti.open("/beranda").words()
    assert ("Kantor Cabang Jakarta Selatan menonaktifkan kepesertaan Anda di PT Maju Bersama "
            "per 20 November 2026") in words
    words = siti.open(f"{here(cast)}/tanda-terima/{Deactivation.get().public_id}").words()
    assert "oleh Kantor Cabang Jakarta Selatan" in words
    assert "Dewi" not in words


def test_a_future_end_is_said_as_what_will_be(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, last_day="2026-12-10")
    page = siti.open(here(cast))
    assert page.words(".status") == "Aktif sampai 10 Desember 2026"
    said = "PT Maju Bersama melaporkan Anda akan berhenti bekerja per 10 Desember 2026"
    assert said in siti.open("/beranda").words()


def test_the_workers_own_receipt_holds_everything_and_its_code(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    page = siti.open(siti.open(here(cast)).tree.xpath("//a[contains(@href, 'terima')]/@href")[0])
    words = page.words(".receipt")
    for said in (show_number(Receipt.get().number), "Siti Rahayu", "30145274512",
                 "PT Maju Bersama (JJ010001)", "Mengundurkan diri",
                 "22 November 2026 pukul 13.30 WIB oleh PT Maju Bersama"):
        assert said in words
    assert page.select(".receipt svg.qr")
    assert "Ani Wulandari" not in page.words()


def test_a_receipt_of_what_was_undone_says_so(siti, ani, cast):
    report = file(ani, cast.maju, cast.siti_at_maju).path
    ani.open(f"{report}/batalkan")
    ani.send(reason="Salah pilih nama")
    page = siti.open(f"{here(cast)}/tanda-terima/{Deactivation.get().public_id}")
    assert "Laporan ini sudah dibatalkan" in page.words()
    assert "oleh PT Maju Bersama: Salah pilih nama" in page.words(".receipt")
    page = siti.open(here(cast))
    events = [" ".join(row.text_content().split()) for row in page.select(".timeline li")]
    assert events[1].startswith("PT Maju Bersama melaporkan Anda berhenti bekerja per 20 November")
    assert events[2].startswith("PT Maju Bersama membatalkan laporan itu 22 November 2026")
    assert page.words(".status") == "Aktif"


def test_each_report_has_its_own_receipt(siti, ani, cast):
    undone = file(ani, cast.maju, cast.siti_at_maju)
    ani.open(f"{undone.path}/batalkan")
    ani.send(reason="Salah pilih nama")
    file(ani, cast.maju, cast.siti_at_maju, reason="PHK")
    for report, said in zip(Deactivation.select().order_by(Deactivation.id),
                            ("Mengundurkan diri", "Pemutusan hubungan kerja"), strict=True):
        page = siti.open(f"{here(cast)}/tanda-terima/{report.public_id}")
        assert said in page.words(".receipt")


def test_the_letter_is_there_once_the_company_has_approved_it(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    path = f"{here(cast)}/paklaring/{Deactivation.get().public_id}"
    page = siti.open(path)
    assert (page.status, page.heading) == (404, "Paklaring belum ada")
    letters.approve(WorkLetter.get(), cast.ani, company=cast.maju, now=clock.now(), **LETTER)
    assert siti.open(here(cast)).select(f"a[href='{path}']")
    words = siti.open(path).words("article")
    assert "Siti Rahayu" in words
    assert "1 Mei 2021 sampai 20 November 2026" in words
    Deactivation.update(state="DIPULIHKAN").execute()
    page = siti.open(path)
    assert (page.status, page.heading) == (409, "Paklaring ini tidak berlaku lagi")


def test_an_end_without_a_letter_says_nothing_of_one(siti, cast):
    filed_by(cast.ani, cast, "SLH")
    page = siti.open(here(cast))
    assert "Paklaring" not in page.words()
    assert siti.open(
        f"{here(cast)}/paklaring/{Deactivation.get().public_id}").status == 404


def test_anothers_membership_receipt_and_letter_are_missing(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    stranger = Clerk(app).is_signed_in_as(account_for(cast.rahmat_at_lain.worker))
    report = Deactivation.get().public_id
    for path in (here(cast), f"{here(cast)}/tanda-terima/{report}",
                 f"{here(cast)}/paklaring/{report}",
                 f"/kepesertaan/{cast.rahmat_at_lain.public_id}/tanda-terima/{report}"):
        assert stranger.open(path).status == 404


def test_every_matter_is_listed_with_its_state(siti, cast):
    siti.open(here(cast))
    siti.send()
    page = siti.open(here(cast))
    row, = page.select("main .rows li")
    assert "Permohonan nonaktif" in row.text_content()
    assert "Belum dikirim" in row.text_content()
