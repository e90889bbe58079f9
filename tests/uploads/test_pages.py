"""Unggah: from a file in the clerk's hands to workers who have left."""

import io
import random
from datetime import timedelta

import httpx
import pytest

from tests.page import Clerk
from tests.uploads.conftest import FILES, apply_all
from webapp import clock
from webapp.documents import store
from webapp.models.deactivations import Deactivation
from webapp.models.people import Session
from webapp.models.uploads import DONE, READY, RUNNING, UPLOADED, Upload, UploadRow
from webapp.uploads import checking
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next

DIRTY, CLEAN, NO_COLUMNS = "keluar-kotor.csv", "keluar oktober (1).xlsx", "kolom-kurang.csv"


def place(company):
    return f"/perusahaan/{company.public_id}/unggah"


def hand_in(clerk, company, name, body=None):
    """Upload a file through the page; the clerk stands on its page."""
    body = body if body is not None else (FILES / "uploads" / name).read_bytes()
    clerk.open(place(company))
    return clerk.send(file=(io.BytesIO(body), name))


@pytest.mark.parametrize("body", [
    "KPJ;Sebab;Tanggal Keluar\r\n" + "30145274512;RSG;1/11/2026\r\n" * 40_000,
    random.Random(1).randbytes(3_000_000)], ids=["text", "bytes"])
def test_a_file_of_megabytes_arrives_wherever_its_lines_end(ani, maju, body):
    body = body.encode() if isinstance(body, str) else body
    page = hand_in(ani, maju, "besar.csv", body)
    assert (page.status, page.heading) == (200, "Memeriksa daftar")
    assert store.get(Upload.get()) == body


@pytest.mark.parametrize("name", ["café – ü.csv", "😀.csv"])
def test_the_result_of_a_file_of_any_name_is_downloaded(ani_after, name):
    ani = ani_after(name, b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n")
    answer = ani.browser.get(f"{ani.page.path}/hasil")
    assert answer.status_code == 200
    answer.headers["Content-Disposition"].encode("latin-1")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


@pytest.fixture
def ani_after(ani, maju, now):
    """Ani before the page of a file that was checked."""
    def after(name, body=None):
        hand_in(ani, maju, name, body)
        assert check_next(now)
        ani.open(ani.page.path)
        return ani
    return after


def apply_everything(clerk):
    """Press the button and let the worker work."""
    clerk.send("form.confirm-bar")
    apply_all(clock.now())
    return clerk.open(clerk.page.path)


def test_the_page_says_what_to_do_while_there_is_nothing_yet(ani, cast):
    page = ani.open(place(cast.maju))
    assert page.heading == "Unggah"
    assert "Belum ada unggahan" in page.words()
    assert page.words(".main-nav a[aria-current]") == "Unggah"


def test_a_file_of_any_name_is_kept_and_then_checked(ani, maju, now):
    page = hand_in(ani, maju, "apa saja", (FILES / "uploads" / CLEAN).read_bytes())
    upload = Upload.get()
    assert page.path == f"{place(maju)}/{upload.public_id}"
    assert (page.heading, upload.state, upload.name) == ("Memeriksa daftar", UPLOADED, "apa saja")
    assert "apa saja, diunggah 22 November 2026" in page.words()
    assert check_next(now)
    page = ani.open(page.path)
    assert page.heading == "Periksa daftar ini"
    assert page.words(".sentence") == "12 siap."
    assert len(page.select("tbody tr")) == 12


@pytest.mark.parametrize(("sent", "sentence"), [
    ({}, "Pilih berkas daftar pekerja yang berhenti."),
    ({"file": (io.BytesIO(b""), "a.csv")}, "Berkas ini kosong."),
    ({"file": "teks"}, "Pilih berkas"),
])
def test_no_file_says_so(ani, cast, sent, sentence):
    ani.open(place(cast.maju))
    page = ani.send(**sent)
    assert page.status == 422
    assert page.errors()["file"].startswith(sentence)
    assert Upload.select().count() == 0


def test_a_file_that_is_too_large_is_refused_beside_its_field(ani, cast):
    ani.open(place(cast.maju))
    # The test client would spill it to disk.
    body = httpx.Request("POST", "http://localhost", data=ani.page.fields(),
                         files={"file": ("a.csv", b"x" * (20 * 1024 * 1024 + 1))})
    page = ani.post(place(cast.maju), body.read(), content_type=body.headers["Content-Type"])
    assert page.status == 422
    assert page.errors()["file"].startswith("Berkas ini lebih dari 20 MB.")


def test_a_list_without_its_columns_says_which_and_takes_another_right_there(ani_after, maju):
    page = ani_after(NO_COLUMNS).page
    assert page.heading == "Daftar ini belum bisa dipakai"
    assert "Kolom Sebab dan Tanggal Kejadian tidak ditemukan." in page.words(".notice")
    assert page.action() == place(maju)
    assert not page.select("table")


def test_a_dirty_list_shows_the_wrong_rows_first_each_with_its_number_and_sentence(ani_after):
    page = ani_after(DIRTY).page
    assert page.words(".sentence") == "11 siap, 1 perlu dilihat, 8 keliru."
    assert [row.text for row in page.select("tbody th")] == [
        f"Baris {number}" for number in (2, 4, 6, 8, 10, 12, 18, 20)]
    assert page.words("#baris-4 td[data-label=Sebab]") == (
        "resain Sebab ini tidak dikenal. Maksud Anda Mengundurkan diri (RSG)?")
    assert "Mungkin Budi Harahap, KPJ " in page.words("#baris-2")
    assert [tab.text.strip() for tab in page.select(".tabs a")] == [
        "Keliru", "Perlu dilihat", "Siap"]


def test_each_kind_of_rows_has_its_tab(ani_after):
    ani = ani_after(DIRTY)
    page = ani.open(f"{ani.page.path}?lihat=dilihat")
    assert page.words("tbody th") == "Baris 16"
    assert "KPJ ini milik" in page.words("#baris-16 td[data-label=Nama]")
    assert len(ani.open(page.path.replace("dilihat", "siap")).select("tbody tr")) == 11
    assert ani.open(page.path.replace("dilihat", "ngawur")).words("tbody th") == "Baris 2"


def test_what_follows_is_said_in_sum_before_it_happens(ani_after):
    words = ani_after(DIRTY).page.words(".confirm-bar")
    assert "Anda akan menonaktifkan 12 pekerja." in words
    assert "Hari terakhir mereka dilindungi: 30 Oktober 2026." in words
    assert "12 dilaporkan terlambat: lewat dari 7 hari kerja." in words
    assert "1 baris perlu dilihat ikut dijalankan, kecuali Anda lewati." in words
    assert "sampai 29 November 2026" in words
    assert "12 diberi tahu saat itu juga lewat SMS atau email." in words


def test_what_follows_differs_from_worker_to_worker(ani_after, cast):
    lines = ["KPJ;Sebab;Tanggal Keluar", "30145274512;RSG;1/12/2026", "30145270001;RSG;19/11/2026"]
    words = ani_after("a.csv", "\n".join(lines).encode()).page.words(".confirm-bar")
    assert "antara 19 November 2026 dan 1 Desember 2026" in words
    assert "1 diberi tahu saat itu juga" in words
    assert "1 tidak punya nomor ponsel atau email pada kami. Beri tahu langsung." in words
    assert "1 tetap aktif dulu, sampai hari kerja terakhirnya." in words
    assert "terlambat" not in words


def test_the_button_ends_all_good_rows_and_the_page_says_what_became_of_each(ani_after, maju):
    ani = ani_after(DIRTY)
    page = ani.send("form.confirm-bar")
    assert (page.heading, Upload.get().state) == ("Menonaktifkan pekerja", RUNNING)
    assert "0 dari 12 baris selesai." in page.words("#progress")
    apply_all(clock.now())
    page = ani.open(page.path)
    assert (page.words("h1"), Upload.get().state) == ("Belum semua selesai", DONE)
    assert page.words(".sentence") == "12 selesai, 8 belum dilaporkan."
    assert Deactivation.select().count() == 12
    page = ani.open(f"{page.path}?lihat=diterapkan")
    receipts = page.select("tbody td a")
    assert len(receipts) == 12
    assert ani.open(receipts[0].get("href")).words("h1") == "Selesai"


def test_progress_comes_as_a_fragment_and_ends_by_itself(ani_after, monkeypatch):
    monkeypatch.setattr("webapp.uploads.applying.CHUNK", 5)
    ani = ani_after(CLEAN)
    here = ani.send("form.confirm-bar").path
    assert ani.page.select("#progress a[hx-get]")[0].get("hx-trigger") == "every 1s"
    assert apply_some(clock.now())
    page = ani.open(f"{here}/kemajuan", htmx=True)
    assert "5 dari 12 baris selesai." in page.text
    assert "<h1" not in page.text
    apply_all(clock.now())
    answer = ani.open(f"{here}/kemajuan", htmx=True)
    assert (answer.status, answer.headers["HX-Redirect"]) == (204, here)
    assert ani.open(f"{here}/kemajuan").words("h1") == "Selesai"


def test_pressed_twice_is_once_however_late_the_second_comes(ani_after):
    ani = ani_after(CLEAN)
    here, fields = ani.page.path, ani.page.fields("form.confirm-bar")
    for _ in range(2):
        assert ani.post(f"{here}/mulai", fields).heading == "Menonaktifkan pekerja"
    apply_all(clock.now())
    page = ani.post(f"{here}/mulai", fields)
    assert (page.path, page.status, page.words("h1")) == (here, 200, "Selesai")
    apply_all(clock.now())
    assert Deactivation.select().count() == 12


@pytest.mark.parametrize("version", ["1", "0", "x", "99999999999999999999"])
def test_what_was_shown_is_what_starts(ani_after, version):
    page = ani_after(CLEAN).send("form.confirm-bar", version=version)
    assert page.status == 409
    assert "Daftar ini baru saja berubah" in page.words()
    assert Upload.get().state == READY
    assert page.fields("form.confirm-bar")["version"] == str(Upload.get().version)


def test_what_a_colleague_changed_meanwhile_is_not_started_unseen(ani_after, budi):
    ani = ani_after(DIRTY)
    here = ani.page.path
    for number, act in ((2, "saran"), (3, "lewati")):     # as many as before
        budi.open(f"{here}/baris/{number}")
        budi.send(act=act)
    page = ani.send("form.confirm-bar")
    assert (page.status, Upload.get().state) == (409, READY)
    assert "11 siap, 1 perlu dilihat, 7 keliru, 1 dilewati." in page.words(".sentence")
    assert ani.send("form.confirm-bar").heading == "Menonaktifkan pekerja"


def test_sent_again_because_the_answer_was_lost_is_one_list(ani, maju, now):
    body, far = (FILES / "uploads" / DIRTY).read_bytes(), now + timedelta(days=999)
    before = {*store.kept_in(Upload.folder, before=far)}
    paths = {hand_in(ani, maju, DIRTY, body).path for _ in range(2)}
    assert check_next(now)
    paths.add(hand_in(ani, maju, DIRTY, body).path)
    assert len(paths) == Upload.select().count() == 1
    assert {*store.kept_in(Upload.folder, before=far)} - before == {Upload.get().public_id}
    assert store.get(Upload.get()) == body


def test_a_list_whose_rows_were_put_right_is_not_what_the_same_file_gives(ani_after, budi, maju):
    ani = ani_after(DIRTY)
    ani.open(f"{ani.page.path}/baris/4")
    ani.send(act="lewati")
    ani_after(DIRTY)
    hand_in(budi, maju, DIRTY)
    assert Upload.select().count() == 3


def test_ten_minutes_later_the_same_file_is_another_list(ani, maju, now):
    hand_in(ani, maju, DIRTY)
    Upload.update(uploaded_at=now - timedelta(minutes=10)).execute()
    hand_in(ani, maju, DIRTY)
    assert Upload.select().count() == 2


def test_v5_0_7_5_3_starting_wants_a_fresh_factor(ani_after):
    ani = ani_after(CLEAN)
    here = ani.page.path
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    assert ani.send("form.confirm-bar").heading == "Buktikan ini Anda"
    assert Upload.get().state == READY
    page = ani.send(password="purna-demo-2026")
    assert page.path == f"{here}?lagi=1"
    assert "Belum dijalankan" in page.words(".notice")
    assert ani.send("form.confirm-bar").heading == "Menonaktifkan pekerja"


def test_those_who_left_already_are_named_apart(ani_after, ani, maju, now):
    apply_everything(ani_after(CLEAN))
    page = ani_after(CLEAN).page
    assert page.words(".sentence") == "12 sudah dilaporkan."
    assert not page.select("form.confirm-bar")
    assert "Tidak ada yang berubah" in page.words("tbody tr")


def test_the_same_file_again_is_said_with_a_link_to_the_first(ani_after):
    first = ani_after(CLEAN).page.path
    Upload.update(uploaded_at=clock.now() - timedelta(hours=1)).execute()
    assert "sudah pernah diunggah" not in ani_after(DIRTY).page.words()
    ani = ani_after(CLEAN)
    assert "Berkas ini sudah pernah diunggah" in ani.page.words(".notice")
    assert ani.page.select(".notice a")[0].get("href") == first
    assert "sudah pernah diunggah" not in apply_everything(ani).words()


def test_rows_come_by_pages_in_the_order_of_the_file(ani_after):
    lines = [b"KPJ;Sebab;Tanggal Keluar", *(b"%d;RSG;1/11/2026" % (10**10 + at)
                                            for at in range(60))]
    ani, seen = ani_after("a.csv", b"\n".join(lines)), []
    for _ in range(5):
        seen += [row.text for row in ani.page.select("tbody th")]
        following = ani.page.select("a[rel=next]")
        if not following:
            break
        ani.open(following[0].get("href"))
    assert seen == [f"Baris {number}" for number in range(2, 62)]


def test_history_has_the_newest_first_with_what_became_of_each(ani_after, ani, maju, now):
    apply_everything(ani_after(DIRTY))
    ani_after(NO_COLUMNS)
    hand_in(ani, maju, CLEAN)
    rows = [" ".join(row.text_content().split())
            for row in ani.open(place(maju)).select(".rows li")]
    assert rows[0].startswith(f"{CLEAN} 22 November 2026")
    assert rows[0].endswith("Menunggu diperiksa")
    assert rows[1].endswith("Tidak bisa dipakai")
    assert rows[2].endswith("12 diterapkan, 8 keliru Belum semua selesai")
    assert "oleh Ani" in rows[2]


def test_history_comes_by_pages(ani, maju, now):
    for at in range(12):
        hand_in(ani, maju, f"{at}.csv", b"KPJ;Sebab;Tanggal Keluar\n")
    page = ani.open(place(maju))
    names = [link.text for link in page.select(".rows a")]
    page = ani.open(page.select("a[rel=next]")[0].get("href"))
    names += [link.text for link in page.select(".rows a")]
    assert names == [f"{at}.csv" for at in reversed(range(12))]


def test_however_many_rows_the_page_asks_as_often(ani_after, ani, app, monkeypatch):
    few, many = (b"KPJ;Sebab;Tanggal Keluar\n" + b"1,RSG,1/1/2026\n".replace(b",", b";") * count
                 for count in (1, 400))
    asked = []
    original = type(Upload._meta.database.obj).execute_sql

    def counting(self, *arguments, **options):
        asked.append(arguments[0])
        return original(self, *arguments, **options)

    monkeypatch.setattr(type(Upload._meta.database.obj), "execute_sql", counting)
    counts = []
    for body in (few, many):
        path = ani_after("a.csv", body).page.path
        asked.clear()
        ani.open(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_check_that_found_nothing_to_start_has_no_button(ani_after):
    page = ani_after("a.csv", b"KPJ;Sebab;Tanggal Keluar\n1;RSG;1/1/2026\n").page
    assert page.words(".sentence") == "1 keliru."
    assert not page.select("form.confirm-bar")


def test_another_companys_lists_are_missing(ani_after, citra, cast):
    here = ani_after(DIRTY).page.path
    number = here.rpartition("/")[2]
    for path in (here, here.replace(str(cast.maju.public_id), str(cast.lain.public_id))):
        for ending in ("", "/kemajuan", "/ringkasan", "/mulai", "/baris/4", "/baris/4/tutup"):
            assert citra.open(path + ending).status == 404
        assert citra.post(f"{path}/mulai", {"csrf_token": citra.token(), "shown": 12}
                          ).status == 404
    assert Upload.get(Upload.public_id == number).state == READY


def test_a_check_still_going_on_shows_how_far_it_is(ani, maju, now):
    hand_in(ani, maju, CLEAN)
    upload = checking._take(now)
    UploadRow.create(upload=upload, number=2, state="GALAT", said_sealed=b"x")
    assert "1 baris sudah diperiksa." in ani.open(ani.page.path).words("#progress")
    page = ani.open(f"{ani.page.path}/ringkasan", htmx=True)
    assert page.headers["HX-Redirect"].endswith(str(upload.public_id))


def test_a_stranger_without_session_is_asked_to_sign_in(app, cast):
    assert Clerk(app).open(place(cast.maju)).heading == "Masuk"
