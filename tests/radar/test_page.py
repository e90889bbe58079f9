"""Pekerja tanpa iuran: who is shown, and the list that is made of them."""

from datetime import date, timedelta

import pytest

from tests.page import Clerk, file, in_parallel
from tests.profile.test_history import queries_of
from webapp import clock
from webapp.documents import store
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import READY, Upload, UploadRow
from webapp.models.workers import Membership, Worker
from webapp.uploads import service as uploads
from webapp.uploads.checking import check_next
from webapp.workers.queries import PAGE

AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))


@pytest.fixture
def place(cast):
    return f"/perusahaan/{cast.maju.public_id}/tanpa-iuran"


@pytest.fixture
def unpaid(cast):
    """Siti and Agus have had no contributions since August; Bambang and Dewi have."""
    pay("Siti Rahayu", AUGUST)
    pay("Agus Setiawan", AUGUST)
    pay("Bambang Rahardjo", OCTOBER)
    pay("Dewi Sartika Rahayu", SEPTEMBER)


def pay(name, month):
    (Membership.update(contributed_until=month)
     .where(Membership.worker << Worker.select().where(Worker.name == name)).execute())


def names_of(page):
    return [" ".join(label.text_content().split())
            for label in page.select("input[name=workers] + label")]


def workers_of(page):
    return [box.get("value") for box in page.select("input[name=workers]")]


def prepare(clerk, place, **answers):
    """Press the button, all of the page ticked unless it is said otherwise."""
    page = clerk.open(place)
    fields = {"reason": "RSG", "workers": workers_of(page), "shown": workers_of(page),
              "csrf_token": page.fields()["csrf_token"], **answers}
    return clerk.post(place, fields)


def test_whoever_has_no_contributions_for_two_due_months_is_shown(ani, unpaid, place):
    page = ani.open(place)
    assert names_of(page) == ["Agus Setiawan", "Siti Rahayu"]
    assert "Iuran 2 pekerja belum tercatat selama 2 bulan atau lebih." in page.words(".lead")
    assert ("KPJ 3••••••4512, iuran terakhir Agustus 2026, 2 bulan belum tercatat"
            in page.words("fieldset"))
    assert not page.select("input[type=checkbox][checked]"), "who left is for the clerk to say"
    assert page.words("legend") == "Pilih yang memang sudah berhenti"


@pytest.mark.parametrize("list_page", ["tenaga-kerja", "permohonan"])
def test_it_is_linked_from_where_clerks_are(ani, unpaid, place, list_page):
    assert place in ani.open(place.replace("tanpa-iuran", list_page)).tree.xpath("//main//a/@href")


def test_permohonan_counts_them_but_not_a_company_s_arrears(ani, unpaid, cast, place, now):
    page = place.replace("tanpa-iuran", "permohonan")
    assert "2 pekerja tanpa iuran" in ani.open(page).words()
    many(cast, range(999), now)
    assert "Lebih dari 999 pekerja tanpa iuran" in ani.open(page).words()
    Membership.update(contributed_until=OCTOBER).where(Membership.kpj != "30145274512").execute()
    assert "1 pekerja tanpa iuran" in ani.open(page).words()
    Membership.update(contributed_until=AUGUST).execute()
    assert "Mungkin ada yang sudah berhenti Pekerja tanpa iuran" in ani.open(page).words()


def test_whose_end_is_filed_is_not_shown_nor_who_has_left(ani, unpaid, cast, place):
    ahead = clock.today() + timedelta(days=5)
    file(ani, cast.maju, cast.siti_at_maju, last_day=ahead.isoformat())
    assert names_of(ani.open(place)) == ["Agus Setiawan"]
    file(ani, cast.maju, Membership.get(Membership.kpj == "30145270001"))
    assert "Semua iuran tercatat" in ani.open(place).words()


def test_where_nobody_is_paid_for_it_is_the_company_s_arrears(ani, cast, place):
    Membership.update(contributed_until=AUGUST).execute()
    page = ani.open(place)
    assert "Itu tunggakan perusahaan, bukan tanda pekerja berhenti" in page.words()
    assert not page.select("input[name=workers]")
    ani.post(place, {"csrf_token": ani.token(), "reason": "RSG", "others": "y"})
    assert not Upload.select().exists()


def test_without_any_data_it_says_so(ani, place):
    assert "Belum ada data iuran" in ani.open(place).words()


def test_what_is_ticked_becomes_a_checked_list_and_nothing_is_applied(ani, unpaid, cast, place):
    page = prepare(ani, place, reason="PKW")
    assert page.heading == "Memeriksa daftar"
    made = Upload.get()
    assert made.name == "Tanpa iuran 22 November 2026.xlsx"
    assert check_next(clock.now())
    assert Upload.get().state == READY
    rows = {row.membership.worker.name: row for row in UploadRow.select()}
    assert rows.keys() == {"Agus Setiawan", "Siti Rahayu"}
    assert {(row.state, row.reason, row.last_day) for row in rows.values()} == {
        ("VALID", "PKW", date(2026, 8, 31))}
    assert rows["Siti Rahayu"].content["note"] == "Iuran terakhir Agustus 2026"
    assert not Deactivation.select().exists()
    page = ani.open(page.path)
    assert "Nonaktifkan 2 pekerja" in page.words()
    entry = AuditEntry.get(AuditEntry.kind == "radar:listed")
    assert (entry.subject, entry.actor) == (made.public_id, cast.ani.public_id)


def test_only_who_is_ticked_is_in_it(ani, unpaid, place):
    page = ani.open(place)
    agus, _ = workers_of(page)
    prepare(ani, place, workers=[agus])
    check_next(clock.now())
    assert [row.membership.worker.name for row in UploadRow.select()] == ["Agus Setiawan"]


def test_a_row_that_is_ready_is_opened_from_its_line_and_its_last_day_changed(
        ani, unpaid, place):
    page = prepare(ani, place)
    check_next(clock.now())
    page = ani.open(page.path)
    number = UploadRow.get(UploadRow.membership == Membership.get(
        Membership.kpj == "30145270001")).number
    link, = page.select(f"#baris-{number} a.button")
    assert " ".join(link.text_content().split()) == f"Ubah baris {number}"
    assert link.get("hx-get") == link.get("href")
    ani.open(link.get("href"))
    page = ani.send(**{f"b{number}-last_day": "14/09/2026"})
    assert f"Baris {number} tersimpan" in page.words(".notice")
    days = {row.number: (row.state, row.last_day) for row in UploadRow.select()}
    assert days.pop(number) == ("VALID", date(2026, 9, 14))
    assert [*days.values()] == [("VALID", date(2026, 8, 31))]
    fragment = ani.open(link.get("href").partition("?")[0] + "/tutup", htmx=True)
    assert f"Ubah baris {number}" in " ".join(fragment.tree.text_content().split())


def test_a_list_made_here_does_not_say_that_somebody_uploaded_it(ani, unpaid, cast, place, now):
    page = prepare(ani, place)
    check_next(clock.now())
    said = "disiapkan dari daftar tanpa iuran pada 22 November 2026 pukul 13.30 WIB oleh "
    for path in (page.path, f"{page.path}/hapus"):
        assert said + cast.ani.name in ani.open(path).words(".lead")
    uploads.take_in(cast.maju, cast.ani, store.get(Upload.get()), "a.xlsx", now)
    check_next(clock.now())
    newest = Upload.select().order_by(Upload.id.desc()).first()
    page = ani.open(f"{place.replace('tanpa-iuran', 'unggah')}/{newest.public_id}")
    assert "a.xlsx, diunggah 22 November" in page.words(".lead")
    assert "sudah pernah disiapkan Isinya sama dengan yang " + said in page.words(".notice")
    assert not page.select("tbody a.button"), "what a clerk uploaded is ready as it is"


@pytest.mark.parametrize(("answers", "errors"), [
    ({"reason": ""}, {"reason": "Pilih sebab nonaktif."}),
    ({"workers": []}, {"workers": "Centang paling sedikit satu pekerja."})])
def test_what_is_missing_is_said_and_the_ticks_stay(ani, unpaid, place, answers, errors):
    agus = workers_of(ani.open(place))[0]
    page = prepare(ani, place, **{"workers": [agus], **answers})
    assert (page.status, page.errors()) == (422, errors)
    checked = [box.get("value") for box in page.select("input[name=workers][checked]")]
    assert checked == ([] if "workers" in answers else [agus])
    assert not Upload.select().exists()


def test_a_reason_that_is_not_for_lists_is_refused(ani, unpaid, place):
    page = prepare(ani, place, reason="MGL")
    assert (page.status, page.errors()) == (
        422, {"reason": "Pilih salah satu sebab di bawah ini."})
    assert not Upload.select().exists()


def test_pressing_twice_makes_one_list(app, cast, unpaid, place):
    people = [Clerk(app).is_signed_in_as(cast.ani) for _ in range(4)]
    pages = in_parallel(lambda number: prepare(people[number], place), 4)
    assert Upload.select().count() == 1
    assert {page.path for page in pages} == {pages[0].path}
    assert AuditEntry.select().where(AuditEntry.kind == "radar:listed").count() == 1


def test_who_was_reported_meanwhile_is_left_out_and_nobody_left_makes_no_list(
        ani, budi, unpaid, cast, place):
    stale = {"reason": "RSG", "workers": workers_of(ani.open(place)), "csrf_token": ani.token()}
    file(budi, cast.maju, cast.siti_at_maju)
    ani.post(place, stale)
    check_next(clock.now())
    assert [row.membership.worker.name for row in UploadRow.select()] == ["Agus Setiawan"]
    file(budi, cast.maju, Membership.get(Membership.kpj == "30145270001"))
    page = ani.post(place, stale)
    assert (page.status, page.path) == (200, place)
    assert Upload.select().count() == 1


@pytest.mark.parametrize("workers", [["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_others_than_the_company_s_are_nobody(ani, unpaid, cast, place, workers):
    pay("Rahmat Hidayat", AUGUST)
    stranger = str(cast.rahmat_at_lain.public_id)
    page = prepare(ani, place, workers=[*workers, stranger])
    assert (page.status, page.path) == (200, place)
    assert not Upload.select().exists()


def test_another_company_is_missing(citra, unpaid, place):
    assert citra.open(place).status == 404
    assert citra.post(place, {"csrf_token": citra.token(), "others": "y"}).status == 404


def many(cast, numbers, now):
    """Further workers of PT Maju without contributions."""
    Worker.insert_many([
        {"name": f"Zaki {number:04}", "birth_date": date(1990, 1, 1), "created_at": now,
         "nik_index": f"{number:032}", "nik_sealed": b"x"} for number in numbers]).execute()
    there = Membership.select(Membership.worker)
    fresh = Worker.select().where(Worker.name.startswith("Zaki"), Worker.id.not_in(there))
    Membership.insert_many([
        {"company": cast.maju, "worker": worker.id, "kpj": f"7{worker.id:010}",
         "started_on": date(2021, 5, 1), "contributed_until": AUGUST,
         "name_key": worker.name.lower()} for worker in fresh]).execute()


def test_those_on_other_pages_come_along_where_it_is_said(ani, unpaid, cast, place, now):
    many(cast, range(PAGE), now)
    page = ani.open(place)
    assert len(names_of(page)) == PAGE
    assert not page.select("input[name=others][checked]")
    assert "2 pekerja. Tanpa ini, daftar berisi yang Anda pilih di halaman ini." in page.words()
    older, = page.tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
    assert names_of(ani.open(older)) == [f"Zaki {PAGE - 2:04}", f"Zaki {PAGE - 1:04}"]
    agus = workers_of(ani.open(place))[0]
    prepare(ani, place, workers=workers_of(page)[1:], others="y")
    check_next(clock.now())
    rows = UploadRow.select()
    assert len(rows) == PAGE + 1
    assert agus not in {str(row.membership.public_id) for row in rows}


def test_the_second_page_is_sent_from_where_it_stands(ani, unpaid, cast, place, now):
    many(cast, range(PAGE), now)
    older, = ani.open(place).tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
    page = prepare(ani, older, reason="")
    assert page.status == 422
    assert names_of(page) == [f"Zaki {PAGE - 2:04}", f"Zaki {PAGE - 1:04}"]
    prepare(ani, older)
    check_next(clock.now())
    assert UploadRow.select().count() == 2


def test_the_number_of_queries_does_not_grow(ani, unpaid, cast, place, now):
    many(cast, range(PAGE), now)
    ani.open(place)     # the parameters are read once a minute
    few = queries_of(lambda: ani.open(place))
    many(cast, range(PAGE, 2000), now)
    assert queries_of(lambda: ani.open(place)) == few
