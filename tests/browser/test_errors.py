"""What is missing or wrong is said beside its field, and nothing typed is lost."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.person import ACCOUNT
from webapp import clock
from webapp.models.deactivations import Deactivation

BROKEN_PDF = b"%PDF-1.7 not really"


def summary_of(person):
    return person.page.locator(".error-summary")


def test_an_empty_form_names_all_that_is_missing_and_leads_there(ani_at_form):
    ani_at_form.press("Periksa")
    expect(summary_of(ani_at_form).get_by_role("link")).to_have_text(
        ["Pilih sebab nonaktif.", "Isi tanggal hari kerja terakhir."])
    if ani_at_form.javascript:
        expect(summary_of(ani_at_form)).to_be_focused()
        assert ani_at_form.watch.fragments() == 1
    for sentence, field in (("Isi tanggal", "#last_day"), ("Pilih sebab", "#reason")):
        ani_at_form.follow(sentence)
        expect(ani_at_form.page.locator(field)).to_be_focused()
        expect(ani_at_form.page.locator(field)).to_be_in_viewport()


def test_a_wrong_date_is_explained_and_the_rest_kept(ani_at_form):
    ani_at_form.fill_in("Mengundurkan diri", date(2021, 4, 30), "Pindah kota").press("Periksa")
    ani_at_form.reads("Tanggal ini sebelum Siti mulai bekerja (1 Mei 2021).")
    ani_at_form.finds_in("Hari kerja terakhir", "2021-04-30").finds_in("Catatan", "Pindah kota")
    expect(ani_at_form.page.get_by_role("radio", name="Mengundurkan")).to_be_checked()
    expect(ani_at_form.page.get_by_label("Hari kerja terakhir")).to_have_accessible_description(
        "Hari terakhir ia benar-benar bekerja. Boleh sampai 31 hari ke depan. Keliru: Tanggal ini "
        "sebelum Siti mulai bekerja (1 Mei 2021). Periksa lagi tanggalnya.")
    ani_at_form.type_in("Hari kerja terakhir", clock.today().isoformat()).check().confirm()


def test_a_date_too_far_ahead_is_explained(ani_at_form):
    far = clock.today() + timedelta(days=400)
    ani_at_form.fill_in("Mengundurkan diri", far).press("Periksa")
    ani_at_form.reads("Tanggal ini terlalu jauh.").finds_in("Hari kerja terakhir", far.isoformat())


def test_a_missing_paper_is_asked_for_and_a_wrong_one_refused(ani_at_form, last_day, photograph):
    paper = "Dokumen pendukung"
    ani_at_form.fill_in("Cacat total tetap", last_day, "Surat dokter").press("Periksa")
    ani_at_form.reads("Lampirkan surat keterangan dokter.")
    ani_at_form.attach(paper, "surat.pdf", BROKEN_PDF).press("Periksa")
    ani_at_form.reads("PDF ini rusak dan tidak bisa dibuka.")
    ani_at_form.finds_in("Catatan", "Surat dokter")
    ani_at_form.attach(paper, "surat dokter.jpg", photograph).check()
    ani_at_form.reads("surat dokter.jpg").confirm()
    assert Deactivation.get().document.label == "surat dokter.jpg"


def test_a_paper_once_sent_stays_although_another_answer_is_wrong(
        ani_at_form, last_day, photograph):
    ani_at_form.fill_in("Meninggal dunia", date(2020, 1, 1))
    ani_at_form.attach("Dokumen pendukung", "akta.jpg", photograph).press("Periksa")
    ani_at_form.reads("Tanggal ini sebelum Siti mulai bekerja", "Berkas tersimpan: akta.jpg")
    ani_at_form.type_in("Hari kerja terakhir", last_day.isoformat()).check().reads("akta.jpg")


def test_a_wrong_password_keeps_the_address_and_never_the_password(somebody):
    somebody.sign_in("ani@maju.example", "bukan-yang-ini")
    somebody.reads("Akun atau kata sandi tidak cocok.").finds_in(ACCOUNT, "ani@maju.example")
    somebody.finds_in("Kata sandi", "")
    somebody.sign_in("ani@maju.example").sees("Pilih perusahaan")
