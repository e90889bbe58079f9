"""Money from the kind of claim to the bank's answer, in the browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.codes import code_for
from tests.claims.claiming import linked, savings
from tests.papers.conftest import photograph
from tests.payouts.bank import answer_to, exported, run
from webapp import audit, clock
from webapp.deactivation import service as deactivations
from webapp.models.accounts import SendHistory
from webapp.models.claims import Claim, Hold
from webapp.models.workers import Membership, Worker
from webapp.papers.kinds import KINDS as PAPERS
from webapp.parameters import rules_on

BANK_DAY = "%Y-%m-%d"
# kind → its words, the papers it must have, the reason of the end it rests on
SAVINGS = {
    "JHT-PSN": ("JHT: usia pensiun", ("KTP",), None),
    "JHT-RSG": ("JHT: mengundurkan diri", ("KTP",), "RSG"),
    "JHT-PHK": ("JHT: PHK", ("KTP",), "PHK"),
    "JHT-PKW": ("JHT: kontrak berakhir", ("KTP",), "PKW"),
    "JHT-LNG": ("JHT: meninggalkan Indonesia", ("PASPOR", "PERNYATAAN"), "LNG"),
    "JHT-CTT": ("JHT: cacat total tetap", ("KTP", "SURAT_DOKTER"), None),
    "JHT-S10": ("JHT sebagian 10 %", ("KTP",), None),
    "JHT-S30": ("JHT sebagian 30 % (rumah)", ("KTP", "DOK_RUMAH"), None),
}
LETTER = {"OBT": ("Biaya pengobatan", ("KUITANSI",)), "LAIN": ("Lainnya", ())}


@pytest.fixture
def siti(open_page, javascript, cast):
    """Siti on her phone; she lives somewhere."""
    return open_page(javascript=javascript).is_signed_in_as(cast.siti)


@pytest.fixture
def dewi(open_page, javascript, cast):
    """Dewi at the branch."""
    return open_page(javascript=javascript, width=1280).is_signed_in_as(cast.dewi)


@pytest.fixture
def eka(open_page, javascript, cast):
    """Eka, her supervisor."""
    return open_page(javascript=javascript, width=1280).is_signed_in_as(cast.eka)


def choose(person, label, *, url="/pencairan"):
    """From Pencairan to the conditions of a kind."""
    person.open(url).sees("Pencairan").follow("Daftar pencairan").sees("Jenis pencairan")
    person.page.get_by_label(label, exact=True).locator("..").locator("label").click()
    return person.press("Lihat syarat").sees(f"Syarat: {label}")


def fill_in(person, papers=(), amount="1.250.000", treated_on=None):
    """The pages of the draft after its conditions, to the check page."""
    person.follow("Lanjut").sees("Jumlah")
    if treated_on:
        person.type_in("Tanggal", treated_on.isoformat())
        person.type_in("Jumlah di kuitansi", "1.400.000")
    if amount:
        person.type_in("Jumlah yang diminta", amount)
    person.press("Lanjut").sees("Keperluan").type_in("Tujuan pencairan", "Biaya keluarga")
    person.type_in("Alasan", "Untuk biaya keluarga bulan ini.").press("Lanjut")
    person.sees("Data kontak").type_in("Alamat", "Jalan Melati 3, Jakarta")
    person.press("Data ini benar, lanjut").sees("Dokumen untuk pencairan")
    for kind, colour in zip(papers, ("teal", "navy"), strict=False):
        hand_in(person, kind, colour)
    person.press("Lanjut").sees("Rekening atau e-wallet").reads("BCA ••••8123")
    return person.press("Pakai ini").sees("Periksa")


def hand_in(person, kind, colour):
    """A paper; two alike would be one."""
    choice = person.page.locator("select#paper-kind")
    if choice.count():
        choice.select_option(kind)
    if person.javascript:
        person.page.wait_for_function("() => Boolean(document.papers)")
    person.page.locator("#paper-file").set_input_files(
        {"name": "foto.png", "mimeType": "image/png", "buffer": photograph(colour)})
    person.press("Unggah")
    line = person.page.locator("#papers-list li").filter(has_text=PAPERS[kind].label).first
    expect(line).to_contain_text("Tersimpan")
    return person.settle()


def send(person):
    """Simpan, and the code: the number of the receipt."""
    person.press("Simpan").sees("Kode untuk pencairan")
    person.type_in("Kode 6 angka", code_for("PENCAIRAN Rp")).press("Simpan pencairan")
    person.sees("Pencairan terdaftar")
    return person.words(".receipt-number")


def take_up(officer):
    """The claim that waits longest."""
    officer.open("/cabang").sees("Antrean").press("Ambil").sees("Pencairan Siti Rahayu")
    return officer.reads("Tindakan")


def approve(officer):
    """Every paper was looked at."""
    officer.page.get_by_role("link", name="Setujui", exact=True).click()
    officer.sees("Setujui pencairan")
    for tick in officer.page.locator("form#approving input[type=checkbox]").all():
        tick.check(force=True)
    return officer.press("Setujui pencairan Siti Rahayu").sees("Pencairan Siti Rahayu")


def pay(application, folder, failed=()):
    """The bank is told, and answers. Returns its payment file."""
    path = exported(application, folder)[-1]
    answer = folder / "hasil.csv"
    answer.write_bytes(answer_to(path, failed=failed, day=clock.today().strftime(BANK_DAY)))
    done = run(application, "import", answer)
    assert done.exit_code == 0, done.output
    return path


def end_membership(cast, reason, days_ago=70):
    """PT Maju reported Siti, so long ago."""
    membership = Membership.get_by_id(cast.siti_at_maju.id)
    filed = clock.now() - timedelta(days=days_ago - 2)
    draft = deactivations.save_draft(
        membership, cast.ani, reason=reason, note="", document=None, now=filed,
        last_day=clock.today() - timedelta(days=days_ago))
    deactivations.file(draft, cast.ani, version=draft.version, company=cast.maju,
                       rules=rules_on(clock.today()), now=filed)


def test_a_medical_claim_returned_corrected_approved_bounced_and_paid(
        application, siti, dewi, open_page, cast, tmp_path):
    linked(cast.siti)
    number = send(fill_in(choose(siti, "Biaya medis"), ("KUITANSI",),
                          treated_on=clock.today() - timedelta(days=5)))
    secret = Claim.get().secret
    visitor = open_page(javascript=siti.javascript)
    visitor.open("/lacak").sees("Lacak").type_in("Nomor pencairan", number)
    visitor.type_in("Huruf rahasia", secret).press("Lacak").reads("Kantor Cabang Jakarta Selatan")
    visitor.does_not_read("Siti", "Rp1.250.000")
    take_up(dewi).follow("Kembalikan untuk diperbaiki").sees("Kembalikan untuk diperbaiki")
    dewi.page.get_by_label("Kuitansi", exact=True).check(force=True)
    dewi.page.locator("form#returning textarea:visible").fill("Fotonya buram. Foto ulang.")
    dewi.press("Kembalikan kepada Siti Rahayu").sees("Pencairan Siti Rahayu")
    siti.open("/beranda").sees("Halo").follow("Perbaiki").sees("Perbaiki pencairan")
    siti.reads("Fotonya buram. Foto ulang.")
    siti.press("Kirim perbaikan").reads("Unggah dulu")
    siti.page.locator("#paper-file").set_input_files(
        {"name": "jelas.png", "mimeType": "image/png", "buffer": photograph("navy")})
    siti.press("Unggah")
    expect(siti.page.locator("#papers-list")).to_contain_text("jelas")
    expect(siti.page.locator("#checklist")).to_contain_text("Diunggah")
    siti.does_not_read("Unggah dulu")
    siti.settle().press("Kirim perbaikan").sees("Biaya medis")
    approve(take_up(dewi)).reads("Disetujui")
    paid = pay(application, tmp_path, failed="all")
    siti.open("/beranda").sees("Halo").reads("Uang belum terkirim: Rp1.250.000")
    SendHistory.delete().execute()     # so soon after the other no code would be sent
    siti.open(f"/pencairan/{Claim.get().case.public_id}").follow("Sambungkan yang lain")
    siti.sees("rekening atau e-wallet").choose("BNI").type_in("Nomor rekening", "9876543210")
    siti.type_in("Nama pemilik", "Siti Rahayu").press("Periksa").sees("Periksa")
    siti.press("Kirim kode").sees("Kode")
    siti.type_in("Kode 6 angka", code_for("MENYAMBUNGKAN BNI")).press("Sambungkan")
    siti.sees("Biaya medis").reads("Pembayaran ditahan sampai")
    Hold.update(until=clock.now()).execute()     # the 72 hours are over
    assert pay(application, tmp_path) != paid
    siti.open(f"/pencairan/{Claim.get().case.public_id}").reads("Uang dikirim pada")
    assert run(application, "reconcile").exit_code == 0
    assert not list(audit.verify())


@pytest.mark.parametrize("kind", SAVINGS)
def test_savings_are_claimed_and_approved(siti, dewi, cast, kind):
    label, papers, reason = SAVINGS[kind]
    worker = Worker.get(Worker.user == cast.siti)
    savings(worker, 9_000_000)
    linked(cast.siti)
    Worker.update(birth_date="1965-01-02").where(
        Worker.id == worker.id, kind == "JHT-PSN").execute()
    if reason:
        end_membership(cast, reason)
    Membership.update(started_on="2010-01-04").where(Membership.worker == worker).execute()
    choose(siti, label)
    send(fill_in(siti, papers, amount="450.000" if kind in ("JHT-S10", "JHT-S30") else None))
    approve(take_up(dewi)).reads("Disetujui")
    assert Claim.get().state == "DISETUJUI"
    siti.open("/pencairan").reads(label, "Disetujui")


@pytest.mark.parametrize("kind", LETTER)
def test_costs_are_claimed_and_refused_with_the_reason(siti, dewi, cast, kind):
    label, papers = LETTER[kind]
    linked(cast.siti)
    choose(siti, label)
    send(fill_in(siti, papers, treated_on=papers and clock.today() - timedelta(days=5)))
    take_up(dewi).follow("Tolak").sees("Tolak pencairan")
    dewi.type_in("Alasan", "Kuitansinya atas nama orang lain.").press("Tolak pencairan ini")
    dewi.sees("Pencairan Siti Rahayu").reads("Ditolak")
    siti.open("/pencairan").follow(label).reads("Kuitansinya atas nama orang lain.")


def test_above_the_limit_it_takes_an_interview_and_two(siti, dewi, eka, cast):
    worker = Worker.get(Worker.user == cast.siti)
    savings(worker, 15_000_001)
    linked(cast.siti)
    end_membership(cast, "RSG")
    choose(siti, "JHT: mengundurkan diri")
    send(fill_in(siti, ("KTP",), amount=None))
    take_up(dewi).follow("Minta wawancara").sees("Minta wawancara").press("Minta wawancara")
    dewi.sees("Pencairan Siti Rahayu")
    siti.open("/beranda").sees("Halo").follow("Pilih waktu wawancara").sees("wawancara")
    siti.page.locator(".option label").first.click()
    siti.press("Pilih waktu ini").reads("Wawancara")
    take_up(dewi).follow("Wawancara sudah dilakukan").press("Wawancara sudah dilakukan")
    approve(dewi.sees("Pencairan Siti Rahayu")).reads("Menunggu")
    take_up(eka).follow("Periksa sebagai orang kedua").sees("Setujui sebagai orang kedua")
    eka.page.locator(".option label").first.click()
    eka.press("Setujui sebagai orang kedua").sees("Pencairan Siti Rahayu").reads("Disetujui")
    assert Claim.get().confirmed_by_id == cast.eka.id


def test_heirs_claim_at_the_counter_and_two_agree(dewi, eka, open_page, cast):
    savings(Worker.get(Worker.user == cast.siti), 30_000_000)
    end_membership(cast, "MGL")
    fajar = open_page(javascript=dewi.javascript, width=1280).is_signed_in_as(cast.fajar)
    fajar.open(f"/cabang/orang/{cast.siti.public_id}").press("Pencairan ahli waris")
    fajar.sees("Pencairan ahli waris").type_in("Nama ahli waris", "Andi Saputra")
    fajar.type_in("NIK ahli waris", "3171061203850009").choose("Anak")
    fajar.type_in("Nomor ponsel ahli waris", "081355550001")
    fajar.page.get_by_label("Bank atau e-wallet").select_option("BCA")
    fajar.type_in("Nomor rekening", "5566778899").type_in("Nama pemilik rekening", "Andi Saputra")
    fajar.press("Periksa").reads("Belum lengkap")
    for kind, colour in zip(("AKTA_KEMATIAN", "AHLI_WARIS", "KTP_AW", "KK"),
                            ("teal", "navy", "maroon", "olive"), strict=True):
        hand_in(fajar, kind, colour)
    fajar.press("Periksa").reads("Andi Saputra", "Rp30.000.000")
    fajar.press("Kirim kode ke ponsel ahli waris").sees("Kode")
    fajar.type_in("Kode 6 angka", code_for("PENCAIRAN AHLI WARIS"))
    fajar.page.locator("main form button[type=submit]").first.click()
    fajar.sees("Terdaftar").reads("JHT: meninggal", "Rp30.000.000")
    approve(take_up(dewi)).reads("Menunggu")
    take_up(eka).follow("Periksa sebagai orang kedua").sees("Setujui sebagai orang kedua")
    eka.page.locator(".option label").first.click()
    eka.press("Setujui sebagai orang kedua").sees("Pencairan Siti Rahayu").reads("Disetujui")
    assert Claim.get().kind == "JHT-MGL"


def test_at_the_edge_of_2g_it_takes_patience_and_no_more(open_page, javascript, cast):
    linked(cast.siti)
    siti = open_page(javascript=javascript, throttled=True).is_signed_in_as(cast.siti)
    choose(siti, "Lainnya")
    send(fill_in(siti, amount="400.000"))
    assert Claim.get().state == "DIAJUKAN"


def test_what_was_typed_before_the_signal_went_is_there_on_another_phone(open_page, cast):
    linked(cast.siti)
    siti = open_page().is_signed_in_as(cast.siti)
    choose(siti, "Lainnya").follow("Lanjut").sees("Jumlah")
    siti.type_in("Jumlah yang diminta", "400.000").press("Lanjut").sees("Keperluan")
    siti.type_in("Tujuan pencairan", "Biaya sekolah").type_in("Alasan", "Belum selesai saya tul")
    siti.reads("Tersimpan")
    siti.watch.line_may_fail = True
    siti.page.context.set_offline(True)
    other = open_page().is_signed_in_as(cast.siti)
    other.open("/beranda").sees("Halo").follow("Lanjutkan").sees("Keperluan")
    other.finds_in("Tujuan pencairan", "Biaya sekolah")
    other.finds_in("Alasan", "Belum selesai saya tul")
    other.open("/pencairan/daftar").sees("Ada pencairan yang belum dikirim")
    assert Claim.select().count() == 1
