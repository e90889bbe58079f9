"""The form of a row: what it shows and keeps, where it leads back to, when there is none."""

import pytest

from tests.uploads.conftest import apply_all
from tests.uploads.test_pages import CLEAN, DIRTY, hand_in
from tests.uploads.test_repair import answers, list_page, row_numbered
from webapp import clock
from webapp.models.uploads import APPLIED, BAD, RUNNING, SKIPPED, VALID, WARNED, Upload, UploadRow
from webapp.uploads import service, undoing
from webapp.uploads.checking import check_next

HEAD = "KPJ;Nama;Sebab;Tanggal Keluar;Catatan\n"


@pytest.fixture
def ani_at(ani, maju, now):
    """Ani before a row of a file that was checked."""
    def at(number, rows=None):
        hand_in(ani, maju, DIRTY if rows is None else "a.csv",
                rows if rows is None else (HEAD + rows).encode())
        assert check_next(now)
        ani.open(f"{ani.page.path}/baris/{number}")
        return ani
    return at


def start(now):
    upload = Upload.get()
    service.start(upload, upload.uploaded_by, version=upload.version, now=now)


UNTIDY = ' 3014-5274512 ;"  Siti\nRahayu ";RSG - Mengundurkan diri;x;" dua\nbaris  "\n'


def test_only_what_somebody_changed_is_a_correction(ani_at):
    ani = ani_at(2, UNTIDY)
    assert ani.page.fields()["b2-note"].strip() == "dua\nbaris"
    ani.send(**answers(ani, last_day="1/11/2026"))
    row = row_numbered(2)
    assert (row.state, row.content["typed"]) == (VALID, {"last_day": "1/11/2026"})
    page = list_page(ani)
    assert page.words("#baris-2 td[data-label=Sebab]") == "Mengundurkan diri"
    assert page.words(".checked").count("semula") == 1
    ani.open(f"{page.path}/baris/2")
    ani.send()
    assert row_numbered(2).content["typed"] == {"last_day": "1/11/2026"}
    ani.open(f"{list_page(ani).path}/baris/2")
    ani.send(**answers(ani, last_day="x"))
    assert row_numbered(2).content["typed"] == {}     # as the file has it


def test_a_corrected_reason_stands_there_by_its_name(ani_at):
    ani = ani_at(4)
    ani.send(**answers(ani, reason="PKW"))
    page = ani.open(f"{list_page(ani).path}?lihat=siap")
    assert page.words("#baris-4 td[data-label=Sebab]") == "Masa kontrak berakhir semula resain"


def test_a_suggested_reason_is_taken_with_one_press(ani_at):
    ani = ani_at(4)
    page = list_page(ani)
    assert "Pakai saran" in page.words("#baris-4")
    assert "Mungkin" not in page.words("#baris-4"), "the cell says it"
    ani.send("#baris-4 form", act="saran")
    row = row_numbered(4)
    assert (row.state, row.reason, row.content["typed"]) == (VALID, "RSG", {"reason": "RSG"})


def test_skipping_keeps_what_was_typed(ani_at):
    ani = ani_at(18)
    assert ani.page.fields()["version"] == "1"
    ani.send(**answers(ani, last_day="30/10/2026"), act="lewati")
    row = row_numbered(18)
    assert (row.state, row.content["typed"]) == (SKIPPED, {"last_day": "30/10/2026"})
    assert row.content["notes"] == {}
    page = ani.open(f"{list_page(ani).path}/baris/18")
    assert page.fields()["b18-last_day"] == "30/10/2026"
    assert "Jangan lewati" not in page.words()
    assert "Begitu Anda simpan, baris ini ikut lagi." in page.words()
    ani.send(**answers(ani, last_day="29/10/2026"))
    row = row_numbered(18)
    assert (row.state, row.content["typed"]) == (VALID, {"last_day": "29/10/2026"})


def test_a_suggestion_keeps_what_was_typed_in_other_fields(ani_at):
    ani = ani_at(4)
    ani.send(**answers(ani, last_day="29/10/2026"), act="saran")
    assert row_numbered(4).content["typed"] == {"last_day": "29/10/2026", "reason": "RSG"}


def test_a_row_with_a_cell_too_long_to_type_can_be_skipped_and_saved(ani_at):
    ani = ani_at(2, f"30145274512;{'x' * 300};resain;1/11/2026;\n")
    ani.send(act="lewati")
    assert row_numbered(2).state == SKIPPED
    ani.open(f"{list_page(ani).path}/baris/2")
    ani.send(**answers(ani, reason="RSG"))
    assert row_numbered(2).state == WARNED
    ani.open(f"{list_page(ani).path}/baris/2")
    page = ani.send(**answers(ani, name="y" * 300), act="lewati")
    assert (page.status, row_numbered(2).state) == (422, WARNED)


def test_after_a_repair_the_same_part_of_the_list_is_there_again(ani_at):
    ani = ani_at(2, "".join(f"{10**10 + at};;resain;1/11/2026;\n" for at in range(80)))
    ani.open(f"{list_page(ani).path}?lihat=keliru")
    for _ in range(2):
        ani.open(ani.page.select("a[rel=next]")[0].get("href"))
    here = ani.page.path
    assert ani.page.words("tbody th") == "Baris 52"
    ani.open(ani.page.select("#baris-60 a.button")[0].get("href"))
    assert [link.get("href") for link in ani.page.select(".back, .actions a")] == [here, here]
    ani.send(act="lewati")
    assert (ani.page.path, row_numbered(60).state) == (f"{here}&baris=60", SKIPPED)
    assert ani.page.words("tbody th") == "Baris 52"
    ani.open(ani.page.select("a[rel=prev]")[0].get("href"))
    assert ani.page.words("tbody th") == "Baris 27"
    assert "setelah" not in ani.page.select("a[rel=prev]")[0].get("href")
    line = ani.open(f"{here.partition('?')[0]}/baris/61/tutup?{here.partition('?')[2]}", htmx=True)
    assert f"baris/61?{here.partition('?')[2]}".replace("&", "&amp;") in line.text


@pytest.mark.parametrize("place", ["?lihat=ngawur&setelah=x", "?setelah=9999999999999999999999"])
def test_a_place_nobody_made_leads_to_the_rows_of_its_kind(ani_at, place):
    ani = ani_at(4)
    ani.open(ani.page.path + place)
    assert ani.send(act="lewati").path.endswith("?lihat=keliru&baris=4")
    assert row_numbered(4).state == SKIPPED


def test_what_cannot_be_changed_has_no_form_and_says_why(ani_at, now):
    ani = ani_at(2, "30145274512;;RSG;1/11/2026;\n1;;RSG;1/11/2026;\n")
    fields, here = ani.page.fields(), list_page(ani).path
    start(now)
    for number in (2, 3):
        page = ani.open(f"{here}/baris/{number}")
        assert not page.select("main form")
        assert "Daftar ini sedang dijalankan." in page.words()
    assert "<form" not in ani.open(f"{here}/baris/2", htmx=True).text
    apply_all(now)
    page = ani.open(f"{here}/baris/2")
    assert (page.status, row_numbered(2).state) == (200, APPLIED)
    assert "Baris ini sudah diterapkan." in page.words()
    assert page.select("main a[href*='/nonaktif/']")
    assert ani.open(f"{here}/baris/3").select("main form"), "what was wrong can still be put right"
    page = ani.post(f"{here}/baris/2", {**fields, "version": "2"})
    assert (page.status, "Baris ini sudah diterapkan." in page.words()) == (409, True)
    upload = Upload.get()
    undoing.undo(upload, upload.uploaded_by, "Salah", version=upload.version, now=now)
    page = ani.post(f"{here}/baris/3", {**fields, "version": "1", "act": "lewati"})
    assert (page.status, row_numbered(3).state) == (409, BAD)
    assert "Daftar ini sudah dibatalkan." in page.words()
    assert "Daftar ini sudah dibatalkan." in ani.open(f"{here}/baris/3").words()


def test_who_changed_a_row_is_said_with_when(ani_at, budi):
    ani = ani_at(4)
    budi.open(ani.page.path)
    budi.send(**{"b4-reason": "PHK"})
    page = ani.send(**answers(ani, reason="PSN"))
    assert "Terakhir diubah Budi" in page.words("main [role=alert]")
    assert ", 22 November 2026 pukul 13.30 WIB." in page.words("main [role=alert]")
    assert "baru saja" not in page.words()
    assert row_numbered(4).content["typed"] == {"reason": "PHK"}


def test_while_it_runs_nothing_of_a_clean_list_opens(ani, maju, now):
    hand_in(ani, maju, CLEAN)
    assert check_next(now)
    start(clock.now())
    assert Upload.get().state == RUNNING
    number = UploadRow.select(UploadRow.number).limit(1).scalar()
    assert not ani.open(f"{ani.page.path}/baris/{number}").select("main form")
