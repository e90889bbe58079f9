"""The roads out of a membership, each to its end, with every message really sent.

The first road, the company's own report, is walked in test_journeys.
"""

from datetime import timedelta

import pytest

from tests.browser.conftest import data_of_its_own
from tests.faults.processes import Program, running, wait_until
from tests.gateways import SmsServer, SmtpServer
from webapp import audit, clock
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership
from webapp.receipts.signing import verify
from webapp.requests.service import escalate_overdue

PHONE = "8123454512"


class Postman:
    """What really arrived, by SMS and by e-mail."""

    def __init__(self, sms, mail):
        self.sms, self.mail = sms, mail

    def brought(self, words):
        """Wait for the worker's SMS with these words."""
        wait_until(lambda: any(words in text.text for text in self.sms.received), 8,
                   what=f"an SMS: {words}")
        assert all(text.to.endswith(PHONE) for text in self.sms.received)

    def brought_letter(self, recipient, subject):
        """Wait for an e-mail."""
        wait_until(lambda: any([recipient] == to and subject == letter["Subject"] for to, letter
                               in zip(self.mail.recipients, self.mail.received, strict=False)), 8,
                   what=f"an e-mail to {recipient}: {subject}")


@pytest.fixture
def postman(application, database, tmp_path):
    """A real SMS gateway and a real SMTP server, and the process that sends to them."""
    with SmsServer() as sms, SmtpServer() as mail:
        environment = {"PURNA_DATA": str(data_of_its_own(application, tmp_path)),
                       "DATABASE_URL": database.url,
                       "PURNA_SMS_URL": sms.url, "PURNA_SMTP_URL": mail.url}
        with running(Program(("flask", "worker"), environment, tmp_path / "worker.log")):
            yield Postman(sms, mail)


@pytest.fixture
def siti(open_page, javascript, cast):
    """Siti on her phone."""
    return open_page(javascript=javascript).is_signed_in_as(cast.siti)


@pytest.fixture
def ani(open_page, javascript, cast):
    """Ani at her desk."""
    return open_page(javascript=javascript, width=1280).is_signed_in_as(cast.ani)


@pytest.fixture
def dewi(open_page, javascript, cast):
    """Dewi at the counter."""
    return open_page(javascript=javascript, width=1280).is_signed_in_as(cast.dewi)


def ask_company(siti, last_day):
    """Ajukan nonaktif, as far as it is with the company."""
    siti.open("/kepesertaan").sees("Kepesertaan").follow("PT Maju Bersama").sees("PT Maju Bersama")
    siti.press("Ajukan nonaktif").sees("Ajukan nonaktif").choose("Mengundurkan diri")
    siti.type_in("Hari kerja terakhir", last_day.isoformat()).type_in("Catatan", "Pindah kota")
    siti.press("Periksa").sees("Periksa").reads("PT Maju Bersama punya 7 hari kerja")
    siti.press("Kirim permohonan").sees("Permohonan nonaktif").reads("Menunggu perusahaan")


def open_request(ani, company):
    ani.open(f"/perusahaan/{company.public_id}/permohonan").sees("Permohonan")
    ani.follow("Siti Rahayu").sees("Permohonan Siti Rahayu")


def is_genuine(application, visitor, number):
    """The receipt says so to anybody, and its signature fits the published key."""
    visitor.open(f"/periksa/{number}").sees("Tanda terima ini asli").reads("Berlaku", "S••• R•••")
    visitor.does_not_read("Siti", "Rahayu")
    key = application.test_client().get("/kunci-publik.pem").get_data(as_text=True)
    plain = number.replace("-", "")
    assert verify(Receipt.get(Receipt.number == plain).text, key)[0] == plain


def test_through_the_company(application, siti, ani, open_page, cast, last_day, postman):
    ask_company(siti, last_day)
    postman.brought("permohonan nonaktif Anda sudah sampai di PT Maju Bersama")
    postman.brought_letter("ani@maju.example", "Seorang pekerja mengajukan nonaktif")
    open_request(ani, cast.maju)
    ani.press("Setujui permohonan").reads("mengisi formulirnya")
    postman.brought("PT Maju Bersama menyetujui permohonan nonaktif Anda")
    siti.open("/beranda").sees("Halo").follow("Isi formulir nonaktif").sees("Formulir nonaktif")
    siti.press("Kirim formulir").reads("Isi alamat Anda sekarang.")
    siti.type_in("Alamat", "Jalan Melati 3, Jakarta")
    siti.page.locator(".option label").last.click()
    siti.press("Kirim formulir").sees("Permohonan nonaktif")
    siti.reads("Menunggu konfirmasi perusahaan")
    postman.brought_letter("ani@maju.example", "Formulir nonaktif menunggu konfirmasi Anda")
    open_request(ani, cast.maju)
    ani.press("Konfirmasi").sees("Selesai")
    number = ani.words(".receipt-number")
    postman.brought("permohonan Anda selesai. PT Maju Bersama melaporkan Anda berhenti bekerja")
    siti.open("/kepesertaan").follow("PT Maju Bersama").reads("Nonaktif", number)
    is_genuine(application, open_page(javascript=siti.javascript), number)
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"
    assert not list(audit.verify())


def test_at_the_branch_with_what_was_begun_at_home(application, siti, dewi, open_page, cast,
                                                   last_day, postman):
    siti.open("/kepesertaan").follow("PT Maju Bersama").press("Ajukan nonaktif")
    siti.sees("Ajukan nonaktif").choose("Masa kontrak berakhir")
    siti.type_in("Hari kerja terakhir", last_day.isoformat()).press("Simpan dulu")
    siti.reads("Tersimpan").follow("Tunjukkan kode kepada petugas")
    siti.sees("Lanjutkan di kantor cabang").press("Tampilkan kode").reads("Berlaku sampai")
    dewi.open("/cabang").sees("Antrean").follow("Ketik kode loket").sees("Kode loket")
    dewi.type_in("Kode loket", siti.words(".receipt-number")).press("Lanjutkan isian pekerja")
    dewi.sees("Nonaktif di loket: Siti Rahayu").reads("Dilanjutkan dari isian pekerja")
    dewi.finds_in("Hari kerja terakhir", last_day.isoformat())
    dewi.press("Periksa").reads("Masih kurang 4 hal", "salinan KK dari Dukcapil")
    for paper in ("KTP", "Kartu keluarga", "Kartu peserta", "Paklaring"):
        dewi.page.get_by_label(paper, exact=True).select_option("asli")
    dewi.press("Periksa").sees("Periksa").reads("Anda akan menonaktifkan Siti Rahayu")
    dewi.press("Konfirmasi").sees("Selesai")
    number = dewi.words(".receipt-number")
    postman.brought("Kantor cabang menonaktifkan kepesertaan Anda di PT Maju Bersama")
    postman.brought_letter("ani@maju.example", "Kepesertaan diakhiri kantor cabang")
    siti.open("/kepesertaan").follow("PT Maju Bersama").reads("Kantor Cabang Jakarta Selatan")
    is_genuine(application, open_page(javascript=siti.javascript), number)


def test_when_the_company_stays_silent_the_branch_ends_it(siti, dewi, cast, last_day, postman):
    ask_company(siti, last_day)
    Case.update(due_on=clock.today() - timedelta(days=1)).execute()
    escalate_overdue(clock.now())     # unless the process beside did it already
    postman.brought("PT Maju Bersama tidak menjawab tepat waktu")
    postman.brought_letter("ani@maju.example", "Permohonan nonaktif diambil alih kantor cabang")
    dewi.open("/cabang").sees("Antrean").press("Ambil")
    dewi.reads("Permohonan nonaktif", "Pindah kota")
    dewi.follow("Nonaktifkan").reads("Siti Rahayu").press("Nonaktifkan")
    dewi.reads("Selesai")
    postman.brought("permohonan Anda selesai. Kantor cabang menonaktifkan kepesertaan Anda")
    siti.open("/kepesertaan").follow("PT Maju Bersama").reads("Nonaktif")


def test_a_worker_objects_and_the_branch_restores(siti, ani, dewi, cast, last_day, postman):
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja/{cast.siti_at_maju.public_id}"
             "/nonaktifkan").sees("Nonaktifkan Siti Rahayu")
    ani.fill_in("Mengundurkan diri", last_day).check().confirm()
    siti.open("/kepesertaan").follow("PT Maju Bersama").press("Sanggah")
    siti.type_in("Apa yang keliru", "Saya masih bekerja di sana, slip gajinya ada.")
    siti.press("Kirim sanggahan").reads("Diperiksa kantor cabang", "menunggu")
    postman.brought("sanggahan Anda diterima kantor cabang")
    postman.brought_letter("ani@maju.example", "Seorang pekerja menyanggah laporan Anda")
    dewi.open("/cabang").sees("Antrean").press("Ambil").reads("slip gajinya ada")
    dewi.type_in("Alasan putusan", "Slip gaji cocok.").press("Kabulkan, pulihkan kepesertaan")
    postman.brought("sanggahan Anda dikabulkan")
    postman.brought_letter("ani@maju.example", "Sanggahan dikabulkan")
    siti.open("/kepesertaan").follow("PT Maju Bersama").reads("Aktif", "Dikabulkan")
    kinds = [row.kind for row in AuditEntry.select().order_by(AuditEntry.id)
             if row.subject == Deactivation.get().public_id]
    assert kinds == ["deactivation:filed", "objection:sent", "objection:granted"]
    assert Deactivation.get().state == "DIPULIHKAN"
