"""Rows are put right in the page: corrected, taken as suggested, skipped, taken up again."""

import pytest

from tests.page import in_parallel
from tests.uploads.conftest import FILES, apply_all
from tests.uploads.test_awkward import sheet_of
from tests.uploads.test_pages import CLEAN, DIRTY, hand_in
from webapp import clock
from webapp.documents import store
from webapp.formats import mask_kpj
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import (
    APPLIED,
    BAD,
    DONE,
    REFUSED,
    RUNNING,
    SKIPPED,
    VALID,
    WARNED,
    Upload,
    UploadRow,
)
from webapp.models.workers import Membership
from webapp.uploads import queries, repair, service
from webapp.uploads.checking import check_next
from webapp.uploads.lines import as_filled_in

TEXTS = {"kpj": "30145274512", "name": "", "reason": "RSG", "last_day": "1/11/2026"}


@pytest.fixture
def ani_at(ani, maju, now):
    """Ani before a row of a file that was checked."""
    def at(number, name=DIRTY, body=None):
        hand_in(ani, maju, name, body)
        assert check_next(now)
        ani.open(f"{ani.page.path}/baris/{number}")
        return ani
    return at


def row_numbered(number):
    return UploadRow.get(UploadRow.number == number)


def answers(clerk, **texts):
    """Fill in fields of the open row."""
    number = clerk.page.path.rpartition("/")[2]
    return {f"b{number}-{field}": text for field, text in texts.items()}


def list_page(clerk):
    return clerk.open(clerk.page.path.partition("/baris")[0].partition("?")[0])


def test_a_row_opens_with_what_it_says_and_what_is_wrong_with_it(ani_at):
    page = ani_at(4).page
    assert page.heading == "Baris 4"
    assert page.status == 200
    assert page.errors()["b4-reason"].startswith("Sebab ini tidak dikenal.")
    assert page.fields()["b4-kpj"] == "28520221423"
    assert page.fields()["b4-reason"] == "resain"
    assert page.fields()["b4-last_day"] == "30/10/2026"


def test_one_wrong_row_is_corrected_and_applied_without_touching_the_file(ani_at):
    ani = ani_at(4)
    page = ani.send(**answers(ani, reason="PKW"))
    assert "Baris 4 tersimpan" in page.words(".notice")
    row = row_numbered(4)
    assert (row.state, row.reason, row.content["typed"]) == (VALID, "PKW", {"reason": "PKW"})
    assert row.content["cells"][3] == "resain"
    assert list_page(ani).words(".sentence") == "12 siap, 1 perlu dilihat, 7 keliru."
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    row = row_numbered(4)
    assert (row.state, row.deactivation.reason) == (APPLIED, "PKW")
    assert Deactivation.select().count() == 13


def test_a_suggestion_is_taken_with_one_press(ani_at):
    ani = ani_at(2)
    meant = row_numbered(2).content["suggestion"]["kpj"]
    assert f"Mungkin maksud Anda Budi Harahap, KPJ {mask_kpj(meant)}." in ani.page.words()
    ani.send(act="saran")
    row = row_numbered(2)
    assert (row.state, row.content["typed"]) == (VALID, {"kpj": meant})
    assert row.membership.kpj == meant


def test_what_is_still_wrong_stays_open_with_what_was_typed(ani_at):
    ani = ani_at(18)
    page = ani.send(**answers(ani, last_day="32/11/2026"))
    assert page.status == 422
    assert "Keliru" in page.tree.findtext(".//title")
    assert page.fields()["b18-last_day"] == "32/11/2026"
    assert page.errors()["b18-last_day"]
    row = row_numbered(18)
    assert (row.state, row.content["typed"]) == (BAD, {"last_day": "32/11/2026"})
    ani.send(**{"b18-last_day": "30/11/2026"})
    assert row_numbered(18).state == VALID


def test_too_long_a_text_is_refused_beside_its_field(ani_at):
    ani = ani_at(4)
    page = ani.send(**answers(ani, kpj="1" * 300))
    assert (page.status, row_numbered(4).version) == (422, 1)
    assert page.errors()["b4-kpj"].startswith("Terlalu panjang 100 huruf.")


def test_a_row_made_to_mean_somebody_who_is_there_already_says_in_which_row(ani_at):
    ani = ani_at(4)
    page = ani.send(**answers(ani, kpj="34297788525", reason="RSG"))
    assert page.errors()["b4-kpj"] == (
        "Pekerja ini sudah ada di baris 11. Lewati salah satunya.")
    assert row_numbered(4).state == BAD


def test_once_the_first_of_two_is_skipped_the_second_counts(ani_at):
    ani = ani_at(11)
    ani.send(act="lewati")
    assert (row_numbered(11).state, row_numbered(11).membership) == (SKIPPED, None)
    assert list_page(ani).words(".sentence").endswith("1 dilewati.")
    assert (row_numbered(12).state, row_numbered(12).content["notes"]) == (VALID, {})
    ani.open(f"{list_page(ani).path}/baris/11")
    ani.send(act="ambil")
    assert row_numbered(11).state == BAD
    assert "sudah ada di baris 12" in row_numbered(11).content["notes"]["kpj"]


def test_an_odd_row_may_be_left_out(ani_at):
    ani = ani_at(16)
    assert row_numbered(16).state == WARNED
    ani.send(act="lewati")
    ani.open(list_page(ani).path)
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    assert Deactivation.select().count() == 11
    assert row_numbered(16).state == SKIPPED


def test_in_the_table_only_the_row_comes_back_and_the_counts_are_asked_for(ani_at):
    ani = ani_at(4)
    here = ani.page.path
    opened = ani.open(here, htmx=True)
    assert opened.text.strip().startswith('<tr id="baris-4"')
    fields = ani.open(here).fields()
    line = ani.post(here, {**fields, "b4-reason": "RSG"}, htmx=True)
    assert line.text.strip().startswith('<tr id="baris-4"')
    assert line.headers["HX-Trigger"] == "baris-berubah"
    assert "semula resain" in line.text
    assert "Siap" in line.text
    summary = ani.open(f"{here.partition('/baris')[0]}/ringkasan?lihat=keliru", htmx=True)
    assert "12 siap, 1 perlu dilihat, 7 keliru." in " ".join(summary.text.split())
    assert f'name="version" value="{Upload.get().version}"' in summary.text
    assert "13 pekerja" in summary.text
    closed = ani.open(f"{here}/tutup", htmx=True)
    assert closed.text.strip().startswith('<tr id="baris-4"')
    assert "<form" in closed.text


def test_fragments_are_light(ani_at):
    ani = ani_at(4)
    for path in (ani.page.path, f"{ani.page.path}/tutup",
                 f"{ani.page.path.partition('/baris')[0]}/ringkasan"):
        answer = ani.browser.get(path, headers={"HX-Request": "true", "Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert len(answer.data) <= 3000


def test_a_stale_form_is_refused_with_both_versions(ani_at, budi, maju):
    ani = ani_at(4)
    here = ani.page.path
    budi.open(here)
    budi.send(**{"b4-reason": "PHK"})
    page = ani.send(**answers(ani, reason="PSN", last_day="29/10/2026"))
    assert page.status == 409
    assert "Budi" in page.words("main [role=alert]")
    assert "Sebab Pemutusan hubungan kerja" in page.words("main [role=alert]")
    assert page.fields()["b4-last_day"] == "29/10/2026"
    assert row_numbered(4).content["typed"] == {"reason": "PHK"}
    ani.send()
    assert row_numbered(4).content["typed"] == {"reason": "PSN", "last_day": "29/10/2026"}


def test_a_stale_press_changes_nothing(ani_at, budi):
    ani = ani_at(4)
    fields, here = ani.page.fields(), ani.page.path
    budi.open(here)
    budi.send(**{"b4-reason": "PHK"})
    pressed = {"csrf_token": fields["csrf_token"], "version": "1", "act": "lewati"}
    page = ani.post(here, pressed, htmx=True)
    assert page.status == 409
    assert "Terakhir diubah Budi" in page.text
    assert "Tombol yang Anda tekan tidak mengubah apa pun." in page.text
    assert row_numbered(4).state == VALID


@pytest.mark.parametrize("version", ["x", "", "-1", "9" * 30])
def test_a_nonsense_version_is_a_stale_one(ani_at, version):
    ani = ani_at(4)
    assert ani.send(version=version, act="lewati").status == 409
    assert row_numbered(4).state == BAD


def test_while_it_is_applied_and_once_a_row_is_applied_nothing_changes(ani_at):
    ani = ani_at(5, CLEAN)
    fields, here = ani.page.fields(), ani.page.path
    service.start(Upload.get(), Upload.get().uploaded_by, version=Upload.get().version,
                  now=clock.now())
    assert Upload.get().state == RUNNING
    assert ani.post(here, {**fields, "act": "lewati"}).status == 409
    apply_all(clock.now())
    page = ani.post(here, {**fields, "version": "2", "act": "lewati"})
    assert page.heading == "Baris ini tidak bisa diubah sekarang"
    assert row_numbered(5).state == APPLIED


def test_a_repaired_row_can_be_started_after_the_others_are_done(ani_at):
    ani = ani_at(4)
    list_page(ani)
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    ani.open(f"{list_page(ani).path}/baris/4")
    ani.send(**{"b4-reason": "RSG"})
    page = list_page(ani)
    assert page.words(".sentence") == "12 diterapkan, 1 siap, 7 keliru."
    assert "Nonaktifkan 1 pekerja" in page.words("form.confirm-bar")
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    assert (Upload.get().state, row_numbered(4).state) == (DONE, APPLIED)
    assert Deactivation.select().count() == 13


def test_a_refused_row_is_put_right(ani_at, budi, maju):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n30145270001;RSG;1/11/2026\n"
    ani = ani_at(2, "a.csv", body)
    UploadRow.update(last_day="2027-01-30").where(UploadRow.number == 2).execute()
    list_page(ani)
    ani.send("form.confirm-bar")
    apply_all(clock.now())
    assert row_numbered(2).state == REFUSED
    page = list_page(ani)
    assert page.words("tbody th") == "Baris 2"
    assert "Ditolak 1" in page.words(".tabs")
    ani.open(f"{page.path}/baris/2")
    ani.send()
    assert row_numbered(2).state == VALID


def test_what_excel_did_to_a_number_is_said_until_the_number_is_typed_anew(ani_at, cast):
    Membership.update(kpj="145274512").where(Membership.id == cast.siti_at_maju.id).execute()
    ani = ani_at(2, "a.xlsx", sheet_of(("KPJ", "NIK", "Sebab", "Tanggal Keluar"),
                                       (145274512, 3171064508900000, "RSG", "x")))
    assert row_numbered(2).content["damage"].keys() == {"kpj", "nik"}
    here = ani.page.path
    page = ani.send(**{"b2-last_day": "1/11/2026"})
    assert "Excel membuang angka 0" in page.errors()["b2-kpj"]
    ani.send(act="lewati")
    ani.open(here)
    page = ani.send()
    assert "Excel membuang angka 0" in page.errors()["b2-kpj"]
    assert (row_numbered(2).state, row_numbered(2).membership) == (BAD, None)
    ani.send(**{"b2-kpj": "0145274512"})
    assert row_numbered(2).state == BAD
    ani.send(**{"b2-kpj": "30145270001"})
    row = row_numbered(2)
    assert (row.state, row.membership.kpj) == (WARNED, "30145270001")
    assert "Excel hanya menyimpan" in row.content["notes"]["nik"]


def test_somebody_who_left_meanwhile_is_named_so(ani_at, maju):
    ani = ani_at(4)
    Membership.update(status="NONAKTIF", ended_on="2026-11-01").where(
        Membership.kpj == "28520221423").execute()
    ani.send(**answers(ani, reason="RSG"))
    assert row_numbered(4).state == SKIPPED
    assert "1 sudah dilaporkan" in list_page(ani).words(".sentence")


def test_of_two_rows_made_to_mean_the_same_worker_at_once_one_counts(ani_at, cast, now):
    lines = b"KPJ;Sebab;Tanggal Keluar\n" + b"1;RSG;1/11/2026\n" * 2
    ani_at(2, "a.csv", lines)
    upload = queries.upload_of(cast.maju, Upload.get().public_id)

    def mend(number):
        row = queries.row_of(upload, number + 2)
        return repair.correct(row, cast.ani, columns=queries.columns_of(upload), version=1,
                              texts={field: TEXTS[field] for field in
                                     ("kpj", "reason", "last_day")}, now=now).state

    assert sorted(in_parallel(mend, 2)) == [BAD, VALID]


def test_of_two_who_change_a_row_at_once_one_wins(ani_at, cast, now):
    ani_at(4)
    upload = queries.upload_of(cast.maju, Upload.get().public_id)
    row, columns = queries.row_of(upload, 4), queries.columns_of(upload)

    def leave_out(_):
        try:
            repair.skip(row, cast.ani, columns=columns, version=1, now=now,
                        texts=as_filled_in(row.content, columns))
        except repair.Stale as stale:
            return stale.row.version
        return "done"

    assert sorted(in_parallel(leave_out, 2), key=str) == [2, "done"]


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30, "-1", "²"])
def test_a_row_that_is_not_there_is_missing(ani_at, number):
    ani = ani_at(4)
    assert ani.open(ani.page.path.replace("/4", f"/{number}")).status == 404


def test_the_file_itself_is_never_changed(ani_at, app):
    ani = ani_at(4)
    ani.send(**answers(ani, reason="RSG"))
    assert store.get(Upload.get()) == (FILES / "uploads" / DIRTY).read_bytes()
