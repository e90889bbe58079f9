"""What is taken away from a list's page: the template, the result, and the whole list again."""

from datetime import timedelta

import pytest
import time_machine

from tests.uploads.test_pages import CLEAN, DIRTY, apply_everything, hand_in, place
from webapp import clock
from webapp.models.deactivations import UNDONE, Deactivation
from webapp.models.people import Session
from webapp.models.uploads import CANCELLED, DONE, READY, Upload
from webapp.models.workers import ENDED, Membership
from webapp.spreadsheets import read_sheet
from webapp.uploads.checking import check_next
from webapp.uploads.undoing import undo_some

REASON = "Salah berkas"


@pytest.fixture
def ani_done(ani, maju, now):
    """Ani before the page of a file that was checked and applied."""
    def done(name):
        hand_in(ani, maju, name)
        assert check_next(now)
        ani.open(ani.page.path)
        apply_everything(ani)
        return ani
    return done


def cells_of(answer, folder):
    """The rows of a downloaded workbook."""
    path = folder / "unduhan.xlsx"
    path.write_bytes(answer.data)
    return [row.cells for row in read_sheet(path)]


def undo_in_the_background():
    while undo_some(clock.now()):
        pass


def test_the_template_is_a_workbook_with_our_columns(ani, cast, tmp_path):
    ani.open(place(cast.maju))
    answer = ani.browser.get(ani.page.select("main .prose a")[0].get("href"))
    assert answer.headers["Content-Disposition"] == "attachment; filename=templat-nonaktif.xlsx"
    assert answer.headers["Cache-Control"] == "no-store"
    assert cells_of(answer, tmp_path)[0][0] == "KPJ"


def test_the_result_has_every_row_under_the_files_own_name(ani_done, tmp_path):
    ani = ani_done(CLEAN)
    link, undo = ani.page.select("#summary .actions a")
    assert undo.get("href") == f"{ani.page.path}/batalkan"
    answer = ani.browser.get(link.get("href"))
    assert 'filename="keluar oktober (1) - hasil.xlsx"' in answer.headers["Content-Disposition"]
    head, *rows = cells_of(answer, tmp_path)
    assert head[-3:-1] == ("Hasil", "Tanda terima")
    assert len([row for row in rows if "Nonaktif" in row]) == 12


def test_there_is_no_result_before_the_check_is_done(ani, maju):
    here = hand_in(ani, maju, CLEAN).path
    assert ani.open(f"{here}/hasil").path == here


def test_a_whole_list_is_undone_with_a_reason(ani_done):
    ani = ani_done(DIRTY)
    here = ani.page.path
    page = ani.open(f"{here}/batalkan")
    assert page.heading == "Batalkan nonaktif 12 pekerja"
    page = ani.send()
    assert (page.status, page.errors()) == (422, {"reason": "Tulis alasan pembatalan."})
    page = ani.send(reason=REASON)
    assert (page.path, page.heading) == (here, "Unggahan ini dibatalkan")
    assert f"oleh Ani Wulandari. Alasannya: {REASON}" in page.words()
    assert page.select("#progress")
    undo_in_the_background()
    page = ani.open(here)
    assert page.words(".sentence") == "12 aktif lagi, 8 keliru."
    assert page.words("#summary ul") == "12 diberi tahu lewat SMS atau email."
    assert not page.select("#progress, .confirm-bar")
    assert Upload.get().state == CANCELLED
    assert Deactivation.select().where(Deactivation.state == UNDONE).count() == 12
    assert Membership.select().where(Membership.status == ENDED).count() == 0
    assert "Dibatalkan" in ani.open(f"{here}?lihat=dibatalkan").words("tbody tr")


def test_undone_twice_is_once_and_another_reason_is_told_so(ani_done):
    ani = ani_done(CLEAN)
    here = ani.page.path
    fields = ani.open(f"{here}/batalkan").fields()
    for _ in range(2):
        assert ani.post(f"{here}/batalkan", {**fields, "reason": REASON}).path == here
    page = ani.post(f"{here}/batalkan", {**fields, "reason": "Alasan lain"})
    assert (page.status, page.heading) == (409, "Daftar ini sudah dibatalkan")
    assert Upload.get().undo_reason == REASON
    assert ani.open(f"{here}/batalkan").path == here


def test_a_list_that_changed_after_it_was_shown_is_not_undone_and_the_reason_stays(
        ani_done, budi):
    ani = ani_done(DIRTY)
    here = ani.page.path
    ani.open(f"{here}/batalkan")
    budi.open(f"{here}/baris/2")
    budi.send(act="saran")
    apply_everything(budi.open(here) and budi)
    page = ani.send(reason=REASON)
    assert page.status == 409
    assert "Belum ada yang dibatalkan." in page.words(".error-summary")
    assert page.heading.startswith("Batalkan nonaktif 13 pekerja")
    assert page.fields()["reason"].strip() == REASON
    assert Upload.get().state == DONE
    assert ani.send().heading == "Unggahan ini dibatalkan"


def test_a_list_that_is_running_says_so_and_the_reason_stays(ani_done, budi):
    ani = ani_done(DIRTY)
    here = ani.page.path
    ani.open(f"{here}/batalkan")
    budi.open(f"{here}/baris/2")
    budi.send(act="saran")
    budi.open(here)
    budi.send("form.confirm-bar")
    page = ani.send(reason=REASON)
    assert page.status == 409
    assert "Daftar ini sedang dijalankan." in page.words(".error-summary")
    assert page.fields()["reason"].strip() == REASON
    assert Upload.get().undo_reason == ""


def test_after_its_window_the_list_cannot_be_undone(ani_done, app):
    ani = ani_done(CLEAN)
    here, token = ani.page.path, ani.open(f"{ani.page.path}/batalkan").fields()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        ani.sign_in("ani@maju.example")
        assert "Batalkan seluruh daftar" not in ani.open(here).words()
        assert ani.open(f"{here}/batalkan").heading == "Waktu membatalkan sudah lewat"
        page = ani.post(f"{here}/batalkan", {**token, "reason": REASON,
                                             "csrf_token": ani.token()})
        assert (page.status, page.heading) == (409, "Waktu membatalkan sudah lewat")
    assert Upload.get().state == DONE


def test_v5_0_7_5_3_undoing_wants_a_fresh_factor_and_loses_nothing_typed(ani_done):
    ani = ani_done(CLEAN)
    ani.open(f"{ani.page.path}/batalkan")
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    assert ani.send(reason=REASON).heading == "Buktikan ini Anda"
    assert Upload.get().state == DONE
    page = ani.send(password="purna-demo-2026")
    assert page.fields()["reason"].strip() == REASON
    assert ani.send().heading == "Unggahan ini dibatalkan"


def test_what_was_never_applied_cannot_be_undone(ani, maju, now):
    here = hand_in(ani, maju, CLEAN).path
    assert check_next(now)
    assert ani.open(f"{here}/batalkan").path == here
    token = ani.token()
    assert ani.post(f"{here}/batalkan", {"csrf_token": token, "reason": REASON}).path == here
    assert Upload.get().state == READY
