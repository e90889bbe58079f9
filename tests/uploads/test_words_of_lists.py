"""What a list is said to be, and to have done: no more than is true."""

from datetime import timedelta

import pytest

from tests.uploads.conftest import apply_all
from tests.uploads.test_pages import CLEAN, apply_everything, hand_in, place
from webapp import clock
from webapp.deactivation import service as deactivation
from webapp.deactivation.queries import filed_of
from webapp.models.deactivations import DISPUTED, UNDONE, Deactivation
from webapp.models.uploads import (
    APPLIED,
    CANCELLED,
    DONE,
    READY,
    REFUSED,
    SKIPPED,
    Upload,
    UploadRow,
)
from webapp.models.workers import Membership
from webapp.parameters import rules_on
from webapp.uploads.checking import check_next
from webapp.uploads.undoing import undo_some

HEAD = "KPJ;Sebab;Tanggal Keluar\n"
SITI, NOBODY_REACHES, THIRD = "30145274512", "30145270001", "30145270002"


@pytest.fixture
def ani_after(ani, maju, now):
    """Ani before the page of a list of these card numbers, checked."""
    def after(*cards):
        hand_in(ani, maju, "a.csv", (HEAD + "".join(f"{card};RSG;1/11/2026\n" for card in cards))
                .encode())
        assert check_next(now)
        ani.open(ani.page.path)
        return ani
    return after


def end_of(card):
    return Deactivation.get(Deactivation.membership == Membership.get(Membership.kpj == card))


def history(clerk, company):
    return clerk.open(place(company)).words(".rows li")


def undo(clerk):
    clerk.open(f"{clerk.page.path}/batalkan")
    clerk.send(reason="Salah")
    while undo_some(clock.now()):
        pass
    return clerk.open(clerk.page.path)


def test_taking_back_says_who_comes_back_who_stays_and_why(ani_after, maju):
    ani = ani_after(SITI, NOBODY_REACHES, THIRD)
    apply_everything(ani)
    Deactivation.update(state=DISPUTED).where(Deactivation.id == end_of(SITI).id).execute()
    Deactivation.update(filed_at=clock.now() - timedelta(days=9)).where(
        Deactivation.id == end_of(THIRD).id).execute()
    page = ani.open(f"{ani.page.path}/batalkan")
    assert page.heading == "Batalkan nonaktif 1 pekerja"
    said = [item.text for item in page.select("main form ul li")]
    assert said == [
        "1 tidak punya nomor ponsel atau email pada kami. Beri tahu langsung.",
        "1 tidak ikut: pekerjanya menyanggah. Kantor cabang yang memutuskan.",
        "1 tetap nonaktif: waktu membatalkannya sudah lewat. "
        "Buka tanda terimanya untuk meminta koreksi."]
    ani.open(page.path.removesuffix("/batalkan"))
    page = undo(ani)
    assert page.words(".sentence") == "1 aktif lagi, 2 tetap nonaktif."
    assert [item.text for item in page.select("#summary > .prose li")] == said
    assert history(ani, maju).endswith("1 aktif lagi, 2 tetap nonaktif Dibatalkan")
    assert Upload.get().state == CANCELLED
    assert [end_of(card).state == UNDONE for card in (SITI, NOBODY_REACHES, THIRD)] == [
        False, True, False]


def test_a_list_all_of_which_came_back_says_so_in_the_history(ani_after, maju):
    ani = ani_after(SITI, "1")
    apply_everything(ani)
    page = undo(ani)
    assert page.words("#summary > .prose") == "1 diberi tahu lewat SMS atau email."
    assert history(ani, maju).endswith("1 aktif lagi, 1 keliru Dibatalkan")
    assert end_of(SITI).state == UNDONE


def test_a_list_with_nothing_to_do_says_so(ani_after, maju):
    apply_everything(ani_after(SITI))
    ani = ani_after(SITI, SITI.replace("2", "3"))
    assert ani.page.heading == "Periksa daftar ini", "a wrong row can be put right"
    ani.send("#baris-3 form", act="lewati")
    page = ani.open(ani.page.path.partition("?")[0])
    assert page.heading == "Tidak ada yang perlu dilakukan"
    assert history(ani, maju).endswith("Tidak ada yang perlu dilakukan")
    assert ani.page.select(".rows li")[0].cssselect(".status-quiet")
    newest = Upload.select().order_by(Upload.id.desc()).get()
    assert newest.state == READY
    assert {row.state for row in UploadRow.select().where(UploadRow.upload == newest)} == {SKIPPED}


def test_where_nothing_was_applied_there_is_no_tick(ani_after, maju):
    ani = ani_after(SITI)
    UploadRow.update(last_day="2027-01-30").execute()
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    page = ani.open(ani.page.path)
    assert (page.heading, page.select(".tick")) == ("Tidak ada yang dinonaktifkan", [])
    assert ani.open(place(maju)).select(".rows .status-warning")
    assert (Upload.get().state, UploadRow.get().state) == (DONE, REFUSED)


def test_a_list_that_did_something_has_its_tick(ani, maju, now):
    hand_in(ani, maju, CLEAN)
    assert check_next(now)
    ani.open(ani.page.path)
    assert apply_everything(ani).words(".tick") == "Selesai"
    assert ani.open(place(maju)).select(".rows .status-good")
    assert Upload.get().state == DONE


def test_what_waits_is_said_instead_of_a_tick_and_what_to_do(ani_after, maju):
    ani = ani_after(SITI, "1", "2")
    page = apply_everything(ani)
    assert (page.heading, page.select(".tick")) == ("Belum semua selesai", [])
    assert page.words(".sentence") == "1 selesai, 2 belum dilaporkan."
    said = page.words("#summary")
    assert "Perbaiki barisnya, atau lewati." in said
    assert "Anda bisa membatalkan daftar ini sampai 29 November 2026." in said
    assert history(ani, maju).endswith("1 diterapkan, 2 keliru Belum semua selesai")
    for number in (3, 4):
        ani.open(f"{page.path}/baris/{number}")
        ani.send(act="lewati")
    page = ani.open(page.path)
    assert (page.words(".tick"), page.words(".sentence")) == (
        "Selesai", "1 diterapkan, 2 dilewati.")
    assert {row.state for row in UploadRow.select()} == {APPLIED, SKIPPED}


def test_what_was_undone_alone_is_counted_apart(ani_after, maju, cast, now):
    ani = ani_after(SITI, NOBODY_REACHES, THIRD)
    apply_everything(ani)
    undo_alone(SITI, cast, now)
    page = ani.open(ani.page.path)
    assert page.words(".sentence") == "2 diterapkan, 1 dibatalkan."
    assert page.words(".tabs") == "Diterapkan 2 Dibatalkan 1"
    assert [row.text for row in page.select("tbody th")] == ["Baris 3", "Baris 4"]
    assert ani.open(f"{page.path}?lihat=dibatalkan").words("tbody th") == "Baris 2"
    assert history(ani, maju).endswith("2 diterapkan, 1 dibatalkan Selesai")
    for card in (NOBODY_REACHES, THIRD):
        undo_alone(card, cast, now)
    page = ani.open(page.path)
    assert (page.heading, page.select(".tick")) == ("Semuanya sudah dibatalkan", [])
    assert page.words(".sentence") == "3 dibatalkan."
    assert "sampai" not in page.words("#summary")
    assert history(ani, maju).endswith("3 dibatalkan Dibatalkan")
    assert {end_of(card).state for card in (SITI, NOBODY_REACHES, THIRD)} == {UNDONE}


def undo_alone(card, cast, now):
    deactivation.undo(filed_of.one(cast.maju, end_of(card).public_id), cast.ani,
                      reason="Salah orang.", company=cast.maju,
                      rules=rules_on(clock.day_of(now)), now=now)


def test_a_list_undone_whole_has_its_rows_under_undone(ani_after):
    page = undo(apply_after(ani_after))
    assert page.words(".tabs") == "Keliru 1 Dibatalkan 1"
    assert end_of(SITI).state == UNDONE


def apply_after(ani_after):
    ani = ani_after(SITI, "1")
    apply_everything(ani)
    return ani


@pytest.mark.parametrize(("head", "cells", "label"), [
    ("KPJ;Sebab;Tanggal Keluar", "", "KPJ"), ("KPJ;Nama;Sebab;Tanggal Keluar", " ;", "Nama")])
def test_whom_a_row_means_is_said_where_the_file_does_not(ani, maju, now, head, cells, label):
    body = f"{head}\n{SITI};{cells}RSG;1/11/2026\n1;{cells}RSG;1/11/2026\n"
    hand_in(ani, maju, "a.csv", body.encode())
    assert check_next(now)
    ani.open(ani.page.path)
    page = ani.open(f"{ani.page.path}?lihat=siap")
    assert page.words(f"#baris-2 td[data-label={label}]").endswith("di daftar Anda: Siti Rahayu")
    assert page.words("tbody").count("di daftar Anda") == 1
    assert "di daftar Anda" not in ani.open(f"{page.path}?lihat=keliru").words("tbody")
    assert UploadRow.get(UploadRow.number == 2).membership.kpj == SITI


def test_a_row_that_names_its_worker_is_left_as_it_is(ani, maju, now):
    hand_in(ani, maju, "a.csv", f"KPJ;Nama;Sebab;Tanggal Keluar\n{SITI};Siti Rahayu;RSG;1/11/2026\n"
            .encode())
    assert check_next(now)
    assert "di daftar Anda" not in ani.open(ani.page.path).words("tbody")
    assert UploadRow.get().membership.kpj == SITI
