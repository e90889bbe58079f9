"""Bantuan: pages and journeys are found by the words people know them by."""

import pytest

from tests.whole_app.test_weights import Line
from webapp.help.topics import TOPICS, found


@pytest.mark.parametrize("words", ["KIDB", "NIB", "klaim", "JHT", "JMO", "BPJSTKU", "Lapak Asik",
                                   "lapak-asik", "cara mencairkan saldo", "Daftar Pencairan",
                                   "pencairan dana jht online"])
def test_pencairan_is_found_by_all_its_names(words):
    assert "Pencairan" in [topic.title for topic in found(words)][:2]


@pytest.mark.parametrize(("words", "title"), [
    ("gopay", "Rekening atau e-wallet"), ("lupa password", "Lupa sandi"),
    ("status klaim", "Lacak pencairan"), ("penipuan otp", "Panduan keamanan"),
    ("kartu peserta hilang", "Kepesertaan"), ("call center", "Kontak")])
def test_the_likeliest_comes_first(words, title):
    assert found(words)[0].title == title


def test_the_number_of_a_claim_leads_to_following_it():
    assert "Lacak pencairan" in [topic.title for topic in found("NIB")]


def test_nothing_asked_for_is_everything_and_nonsense_is_nothing():
    assert found("") == found("dan yang ?!") == list(TOPICS)
    assert found("xyzzy") == []


def test_the_page_lists_everything_and_what_was_searched(visitor):
    page = visitor.open("/bantuan")
    assert len(page.select(".rows li")) == len(TOPICS)
    page = visitor.send(cari="KIDB")
    assert page.words(".rows li").startswith("Pencairan")
    assert page.path == "/bantuan"     # what was typed is in no address
    assert page.fields()["cari"] == "KIDB"
    assert "Tidak ditemukan" in visitor.send(cari="xyzzy").words()
    assert visitor.send(cari="x" * 201).status == 422


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.title)
def test_each_leads_somewhere(siti, ani, topic):
    who = ani if topic.url == "/perusahaan" else siti
    assert who.open(topic.url).status == 200


@pytest.mark.parametrize(("typed", "title"), [
    ("kliam", "Pencairan"), ("pencarian", "Pencairan"), ("rekning", "Rekening atau e-wallet"),
    ("pengadua", "Formulir pengaduan"), ("sanggaham", "Sanggah laporan"),
    ("perangakt", "Perangkat"), ("paswword", "Lupa sandi")])
def test_one_typing_error_is_forgiven(typed, title):
    assert title in [topic.title for topic in found(typed)][:3]


def test_a_word_that_is_known_is_taken_as_it_is():
    assert [topic.title for topic in found("gelombang")] != list(TOPICS)
    assert found("satu") == [topic for topic in found("satu")
                             if "satu" in f"{topic.title} {topic.sentence} {topic.words}"]


# product.md 1 and 2.9: the words of the glossary and of registering a claim.
GLOSSARY = ("peserta", "pekerja", "kepesertaan", "perusahaan", "npp", "nonaktif tenaga kerja",
            "pencairan", "klaim", "NIB", "KIDB", "tutup akun", "keluar", "petugas", "penyelia",
            "manajemen", "pengaduan", "sanggahan", "beralih ke mandiri", "bpu", "iuran",
            "kode bayar", "program", "gelombang", "undian", "bantuan saya", "insentif",
            "diblokir", "daftar pencairan", "jenis pencairan", "biaya medis",
            "biaya pengobatan", "tujuan pencairan", "alasan", "alamat", "dokumen", "rekening",
            "e-wallet", "lacak", "lanjutkan", "simpan", "ahli waris", "wawancara")


@pytest.mark.parametrize("words", GLOSSARY)
def test_every_word_of_the_glossary_finds_something(words):
    hits = found(words)
    assert hits
    assert len(hits) < len(TOPICS)


JOURNEYS = {
    "nonaktifkan": "/perusahaan", "unggah daftar": "/perusahaan", "ajukan nonaktif": "/kepesertaan",
    "sanggah": "/kepesertaan", "beralih mandiri": "/mandiri", "bayar iuran": "/iuran",
    "daftar akun": "/daftar", "masuk": "/masuk", "lupa sandi": "/lupa-sandi",
    "lupa akun": "/lupa-akun", "ganti sandi": "/profil", "perangkat": "/profil/perangkat",
    "riwayat keamanan": "/profil/riwayat", "keluar": "/keluar", "tutup akun": "/tutup-akun",
    "daftar pencairan": "/pencairan", "lacak": "/lacak", "sambungkan rekening": "/rekening",
    "gabung gelombang": "/program", "bantuan saya": "/bantuan-saya", "pesan": "/pesan",
    "formulir pengaduan": "/pengaduan", "periksa tanda terima": "/periksa",
    "hentikan pencairan": "/hentikan-pencairan", "panduan keamanan": "/panduan-keamanan",
    "kanal resmi": "/kanal-resmi", "kontak": "/kontak"}


@pytest.mark.parametrize(("words", "url"), JOURNEYS.items())
def test_every_journey_is_among_the_first_found(words, url):
    assert url in [topic.url for topic in found(words)][:3]


def test_an_empty_result_says_what_to_do(visitor):
    visitor.open("/bantuan")
    page = visitor.send(cari="xyzzy")
    assert {"/bantuan", "/kontak"} <= {link.get("href") for link in page.select(".empty a")}


def test_it_weighs_less_than_10_kilobytes_with_all_it_loads(app, cast):
    assert Line(app).weigh("/bantuan")[0] <= 10


@pytest.mark.parametrize(("words", "title"), [
    ("blokir akun", "Formulir pengaduan"), ("akun di blok", "Formulir pengaduan"),
    ("diblokir", "Formulir pengaduan"), ("pemblokiran akun", "Formulir pengaduan"),
    ("cara keluar dari akun pekerja", "Keluar"), ("lupa password", "Lupa sandi"),
    ("ganti password", "Profil"), ("hubungi kami", "Formulir pengaduan"),
    ("akun disalahgunakan", "Ini bukan saya"), ("link penipuan", "Panduan keamanan"),
    ("menonaktifkan bpjs ketenagakerjaan", "Ajukan nonaktif"),
    ("beralih ke bpjs mandiri", "Beralih ke Mandiri"),
    ("lunasi tunggakan", "Iuran dan kode bayar"), ("gabung gelombang", "Program"),
    ("insentif gagal dicairkan", "Bantuan saya"),
    ("menyambungkan rekening", "Rekening atau e-wallet"),
    ("daftar pencairan online", "Pencairan"), ("biaya medis", "Pencairan"),
    ("perbarui data diri", "Profil"), ("customer service", "Kontak"),
    ("mengakhiri masa berlaku akun", "Tutup akun")])
def test_the_everyday_phrases_of_the_articles_lead_where_they_mean(words, title):
    assert found(words)[0].title == title
