"""Every journey begins at most two taps from where a person's work begins."""

import re

import pytest

from tests.page import Clerk
from webapp.help.topics import TOPICS

ID = "[0-9a-f-]{36}"
OF_EVERYBODY = ("/profil", "/profil/sandi", "/profil/alamat", "/profil/perangkat",
                "/profil/riwayat", "/profil/data", "/profil/bukan-saya", "/profil/passkey",
                "/profil/autentikator", "/profil/pengingat", "/pesan", "/keluar",
                "/panduan-keamanan", "/kontak", "/kanal-resmi", "/syarat-dan-ketentuan", "/periksa",
                "/pengaduan")
OF_STAFF = ("/cabang", "/cabang/orang", "/cabang/loket/kode", "/cabang/laporan")
OF_MANAGERS = ("/cabang/audit", "/cabang/blokir", "/cabang/program")
JOURNEYS = {
    "siti": ("/beranda", "/kepesertaan", f"/kepesertaan/{ID}", f"/kepesertaan/{ID}/ajukan",
             "/mandiri", "/mandiri/hitung", "/pencairan", "/pencairan/daftar", "/lacak",
             "/rekening", "/program", "/bantuan-saya", "/bantuan",
             "/profil/ponsel", "/profil/email", "/profil/kepesertaan", "/tutup-akun"),
    "budi": (f"/perusahaan/{ID}/tenaga-kerja", f"/perusahaan/{ID}/tenaga-kerja/{ID}/nonaktifkan",
             f"/perusahaan/{ID}/unggah", f"/perusahaan/{ID}/permohonan",
             f"/perusahaan/{ID}/tanpa-iuran", "/tutup-akun"),
    "ani": ("/perusahaan", f"/perusahaan/{ID}/tenaga-kerja", f"/perusahaan/{ID}/unggah",
            f"/perusahaan/{ID}/permohonan", "/tutup-akun"),
    "dewi": OF_STAFF, "eka": OF_STAFF, "fajar": (*OF_STAFF, *OF_MANAGERS)}
# No pages, or pages for everybody, from which nothing begins.
NOT_OPENED = re.compile(r"/(unduh|static|kunci-publik|syarat|kontak|kanal|panduan|periksa)|\.")


def doors(page):
    """Where one tap leads from a page: links, and the buttons of forms."""
    for path in page.tree.xpath("//a/@href | //form/@action"):
        if path.startswith("/"):
            yield path.partition("#")[0].partition("?")[0]


@pytest.mark.parametrize("name", JOURNEYS)
def test_every_journey_begins_within_two_taps(app, cast, name):
    clerk = Clerk(app).is_signed_in_as(getattr(cast, name))
    first = clerk.open("/beranda")
    reached = {first.path, "/beranda", *doors(first)}
    for path in sorted(reached):
        if not NOT_OPENED.search(path):
            page = clerk.open(path)
            assert page.status in (200, 405), path     # or a button's
            reached |= {page.path.partition("?")[0], *doors(page)}
    wanted = (*JOURNEYS[name], *OF_EVERYBODY)
    assert [path for path in wanted if not any(re.fullmatch(path, one) for one in reached)] == []


def test_what_help_names_for_workers_is_known_here():
    known = {*JOURNEYS["siti"], *OF_EVERYBODY, "/masuk", "/daftar", "/lupa-sandi", "/lupa-akun",
             "/perusahaan", "/iuran", "/batal-tutup-akun", "/hentikan-pencairan",
             "/pengaduan/lacak"}
    assert {topic.url for topic in TOPICS} <= known
