"""Looking somebody up at the desk: exact, masked, and always on record."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from tests.desk.matters import escalated, objected
from tests.memberships.test_pages import statements_of
from tests.page import Clerk, file, in_parallel
from tests.people import PHONE, with_phone
from tests.programmes.waving import drawn, family, wave_of
from tests.switch.walking import drafted
from webapp import clock
from webapp.branch import queries
from webapp.db import database, is_sqlite, write_transaction
from webapp.messages import outbox
from webapp.models.audit import AuditEntry
from webapp.models.branches import HEAD_OFFICE
from webapp.models.companies import Company
from webapp.models.people import BLOCKED, CLOSED, Session, User
from webapp.models.programmes import Beneficiary
from webapp.models.switches import OwnMembership
from webapp.models.workers import Membership, Worker
from webapp.programmes import service as joining
from webapp.requests import service as requests
from webapp.requests.queries import request_of

NIK, KPJ = "3171064508900001", "30145274512"
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def siti(cast):
    """Worker Siti, her phone proven too."""
    return with_phone(cast.siti)


@pytest.fixture
def dewi(app, cast, siti):
    """Officer Dewi."""
    return Clerk(app).is_signed_in_as(cast.dewi)


def search(one, number):
    one.open("/cabang/orang")
    return one.send(number=number)


def recorded(kind):
    """(actor, subject, details), oldest first."""
    return [(row.actor, row.subject, json.loads(row.details)) for row in
            AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)]


def claimant(cast, name, number=NIK, **more):
    row = User(name=name, role="worker", created_at=cast.siti.created_at, **more)
    row.nik = number
    row.save(force_insert=True)
    return row


@pytest.mark.parametrize("number", [NIK, "3171 0645 0890 0001", KPJ, "3014-5274-512"])
def test_a_whole_number_finds_the_account(dewi, siti, number):
    page = search(dewi, number)
    assert page.path == f"/cabang/orang/{siti.public_id}"
    assert page.heading == "Siti Rahayu"


@pytest.mark.parametrize("number", [NIK[:-1], KPJ[:-1], NIK[:-1] + "2"])
def test_part_of_a_number_finds_nobody(dewi, number):
    page = search(dewi, number)
    assert page.status == 200
    assert "Tidak ada yang cocok" in page.words(".notice")


@pytest.mark.parametrize("number", ["", "Siti Rahayu", "123", "1" * 17])
def test_names_and_scraps_are_not_searched_for(dewi, number):
    page = search(dewi, number)
    assert page.status == 422
    assert "number" in page.errors()
    assert recorded("person:searched") == []


def test_the_number_stands_in_no_address(dewi, siti):
    dewi.open("/cabang/orang")
    answer = dewi.browser.post("/cabang/orang", data={**dewi.page.fields(), "number": NIK})
    assert answer.status_code == 303
    assert NIK not in answer.headers["Location"]
    assert NIK not in dewi.open(answer.headers["Location"]).text


@pytest.mark.parametrize("number", ["3171061203850002", "30145270001"])
def test_a_worker_without_an_account_is_found_too(dewi, number):
    agus = Worker.get(Worker.name == "Agus Setiawan")
    page = search(dewi, number)
    assert page.path == f"/cabang/orang/{agus.public_id}"
    for shown in ("Agus Setiawan", "Belum punya akun", "••••••••••••0002", "12 Maret 1985",
                  "PT Maju Bersama", "KPJ 3••••••0001"):
        assert shown in page.words(), shown
    for hidden in ("Ponsel", "Perangkat yang sedang masuk", "Pulihkan akun", "3171061203850002"):
        assert hidden not in page.words(), hidden
    assert [subject for _, subject, _ in recorded("person:searched") + recorded("person:seen")] == [
        agus.public_id] * 2


def test_the_full_nik_of_somebody_without_an_account_is_on_record_too(dewi, cast):
    agus = Worker.get(Worker.name == "Agus Setiawan")
    dewi.open(f"/cabang/orang/{agus.public_id}")
    page = dewi.send(form="form[action$='/nik']", reason="COCOKKAN_SURAT")
    assert "3171061203850002" in page.words()
    assert recorded("person:seen")[-1] == (
        cast.dewi.public_id, agus.public_id, {"page": "nik", "reason": "COCOKKAN_SURAT"})


def test_the_workers_own_id_leads_to_the_same_person(dewi, siti, cast):
    page = dewi.open(f"/cabang/orang/{cast.siti_at_maju.worker.public_id}")
    assert (page.heading, page.status) == ("Siti Rahayu", 200)
    assert recorded("person:seen")[-1][1] == siti.public_id


# By name and birth date


def search_name(one, name, birth_date="1990-08-05"):
    one.open("/cabang/orang")
    return one.send(name=name, birth_date=birth_date)


@pytest.mark.parametrize("name", ["Siti Rahayu", "sity rahayu", "Rahayu", "Siti Rahaju",
                                  "rahayu s"])
def test_a_name_and_a_birth_date_find_the_person(dewi, siti, name):
    assert search_name(dewi, name).path == f"/cabang/orang/{siti.public_id}"


@pytest.mark.parametrize(("name", "born"), [
    ("Siti Rahayu", "1990-08-06"), ("Siti Aminah", "1990-08-05"), ("Sxtx Rahayu", "1990-08-05")])
def test_another_name_or_another_date_finds_nobody(dewi, siti, name, born):
    assert "Tidak ada yang cocok" in search_name(dewi, name, born).words(".notice")


@pytest.mark.parametrize(("name", "born", "wrong"), [
    ("Siti Rahayu", "", "birth_date"), ("", "1990-08-05", "name"), ("s.", "1990-08-05", "name"),
    ("Siti Rahayu", "31-02-1990", "birth_date")])
def test_both_are_needed(dewi, name, born, wrong):
    page = search_name(dewi, name, born)
    assert page.status == 422
    assert wrong in page.errors()
    assert recorded("person:searched") == []


def test_accounts_that_are_not_connected_are_found_by_what_they_say(dewi, cast):
    other = claimant(cast, "Wati Lestari", "3171064508907777", birth_date=date(1991, 3, 4))
    assert search_name(dewi, "Wati", "1991-03-04").path == f"/cabang/orang/{other.public_id}"


def test_the_name_is_on_record_masked_and_the_birth_date_is_not(dewi, siti, cast):
    search_name(dewi, "Siti Rahayu")
    assert recorded("person:searched") == [
        (cast.dewi.public_id, siti.public_id, {"name": "S••• R•••", "found": 1})]


def test_a_search_by_name_reads_no_table_whole(dewi, siti, cast, caplog):
    if not is_sqlite():
        pytest.skip("PostgreSQL reads a table this small whole")
    claimant(cast, "Siti Rahayu", birth_date=date(1990, 8, 5))
    with caplog.at_level("DEBUG", "peewee"):
        assert len(queries.people_called("Siti Rahayu", date(1990, 8, 5))) == 2
    asked = [record.msg for record in caplog.records if record.name == "peewee"]
    assert len(asked) == 3
    for text, values in asked:
        plan = database.execute_sql(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
        assert not [row for row in plan if str(row[-1]).startswith("SCAN ")], plan


# Of another branch


def test_az_11_of_somebody_of_another_branch_only_the_branch_is_said(dewi, cast, joko):
    rahmat = cast.rahmat_at_lain.worker
    for page in (search(dewi, "3578191701910001"), search(dewi, "20000000017"),
                 search_name(dewi, "Rahmat Hidayat", "1991-01-17")):
        assert "Terdaftar di Kantor Cabang Surabaya" in page.words(".notice")
        for hidden in ("Rahmat", "R•••", "PT Lain", "Tidak ada yang cocok"):
            assert hidden not in page.words(".notice"), hidden
        assert not page.select("main .rows")
    assert dewi.open(f"/cabang/orang/{rahmat.public_id}").status == 404
    assert dewi.post(f"/cabang/orang/{rahmat.public_id}/nik", {
        "csrf_token": dewi.token(), "reason": "COCOKKAN_KTP"}).status == 404
    assert recorded("person:seen") == []
    assert {details["found"] for *_, details in recorded("person:searched")} == {0}
    assert search(joko, "20000000017").heading == "Rahmat Hidayat"


def test_who_works_at_companies_of_two_branches_is_seen_by_both(dewi, joko, cast):
    Membership.update(worker=cast.siti_at_maju.worker).where(
        Membership.id == cast.rahmat_at_lain.id).execute()
    for one in (dewi, joko):
        page = one.open(f"/cabang/orang/{cast.siti_at_maju.worker.public_id}")
        assert "PT Lain Sejahtera" in page.words()
    endings = joko.page.select("form[action^='/cabang/loket/mulai/']")
    assert [form.get("action") for form in endings] == [
        f"/cabang/loket/mulai/{cast.rahmat_at_lain.public_id}"]


def test_a_company_of_no_branch_is_the_head_offices(dewi, cast):
    Company.update(branch=None).where(Company.id == cast.maju.id).execute()
    assert dewi.open(f"/cabang/orang/{cast.siti_at_maju.worker.public_id}").status == 404
    User.update(branch=HEAD_OFFICE).where(User.id == cast.dewi.id).execute()
    assert dewi.open(f"/cabang/orang/{cast.siti_at_maju.worker.public_id}").status == 200


def test_accounts_without_a_membership_are_seen_everywhere(dewi, joko, cast):
    for one in (dewi, joko):
        assert one.open(f"/cabang/orang/{cast.ani.public_id}").heading == "Ani Wulandari"


def test_one_here_and_one_elsewhere(dewi, siti, cast):
    Worker.update(birth_date=date(1990, 8, 5), name="Siti Hidayat").where(
        Worker.id == cast.rahmat_at_lain.worker).execute()
    page = search_name(dewi, "Siti")
    assert "Terdaftar di Kantor Cabang Surabaya" in page.words(".notice")
    link, = page.select("main .rows a")
    assert link.get("href") == f"/cabang/orang/{siti.public_id}"


# What the page tells


def test_it_shows_the_report_its_receipt_and_what_can_be_ended(dewi, siti, cast, ani):
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    assert page.select(f"form[action='/cabang/loket/mulai/{cast.siti_at_maju.public_id}']")
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    assert f"Laporan berlaku, tanda terima {number}" in page.words()
    assert not page.select("form[action^='/cabang/loket/mulai/']")


def test_it_lists_the_messages_without_their_texts(dewi, siti, cast, ani):
    file(ani, cast.maju, cast.siti_at_maju)
    with write_transaction():
        outbox.tell(user=siti, kind="otp-masuk", about=None, now=clock.now(),
                    sms="Purna: 482 913 untuk MASUK.")
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    assert "Laporan nonaktifSMS ke •••• •••• 4512, 22 November 2026" in page.words()
    assert "Kode rahasiaSMS ke •••• •••• 4512" in page.words()
    assert page.words().count("Menunggu") == 3
    assert "482 913" not in page.text
    assert "Benar atau keliru" not in page.text


def test_it_lists_the_cases_the_open_ones_first(dewi, cast, siti):
    over, waiting = escalated(cast), None
    request = request_of(over)
    requests.withdraw(request, siti, version=request.version, now=clock.now())
    waiting = objected(cast)
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    links = [link.get("href") for link in page.select("main a[href^='/cabang/kasus/']")]
    assert links == [f"/cabang/kasus/{case.public_id}" for case in (waiting, over)]
    assert "Menunggu kantor cabang" in page.words()


def test_everybody_who_claims_a_nik_is_listed_masked(dewi, siti, cast):
    other = claimant(cast, "Wati Lestari")
    claimant(cast, "Gone Before", state=CLOSED)
    page = search(dewi, NIK)
    assert "2 orang cocok" in page.words()
    assert "S••• R•••" in page.words("main ul")
    assert "W••• L•••" in page.words("main ul")
    assert "Wati" not in page.text
    assert page.select(f"a[href='/cabang/orang/{other.public_id}']")


def test_each_of_them_is_told_apart_by_memberships_contact_and_last_sign_in(app, dewi, siti, cast):
    claimant(cast, "Siti Rahayu", email="siti.lain@pekerja.example")
    claimant(cast, "Siti Rahayu")
    with time_machine.travel("2026-11-21T02:00:00Z"):
        Clerk(app).sign_in("siti@pekerja.example")
    Clerk(app).sign_in("siti@pekerja.example")
    page = search(dewi, NIK)
    known, other, bare = [" ".join(row.text_content().split()) for row in page.select("main li")]
    assert "Kepesertaan sudah tersambung Ponsel •••• •••• 4512, email s•••@pekerja.example" in known
    assert "Terakhir masuk 22 November 2026 pukul 13.3" in known
    assert "Kepesertaan belum tersambung email s•••@pekerja.example Belum pernah masuk" in other
    assert "Tanpa ponsel dan email" in bare


def test_nobody_found_the_person_is_told_to_register(dewi):
    page = search(dewi, "3171064508907777")
    assert "Ia bisa mendaftar dari ponselnya sendiri" in page.words(".notice")


def test_a_card_number_that_somebody_claims_finds_the_account(dewi, siti, cast):
    other = claimant(cast, "Wati Lestari", "3171064508907777", claimed_kpj="30145279999")
    assert search(dewi, "30145279999").path == f"/cabang/orang/{other.public_id}"


def test_no_account_is_read_but_by_an_index(dewi, siti):
    if not is_sqlite():
        pytest.skip("PostgreSQL reads a table this small whole")
    plan = database.execute_sql(*_explained(queries.accounts_with(NIK))).fetchall()
    assert not [row for row in plan if str(row[-1]).startswith("SCAN ")
                and "CTE" not in row[-1] and "SUBQUERY" not in row[-1]], plan


def _explained(query):
    text, values = query.sql()
    return f"EXPLAIN QUERY PLAN {text}", values


def test_the_search_is_on_record_masked(dewi, siti, cast):
    search(dewi, NIK)
    search(dewi, "3171064508907777")
    assert recorded("person:searched") == [
        (cast.dewi.public_id, siti.public_id, {"number": "••••••••••••0001", "found": 1}),
        (cast.dewi.public_id, None, {"number": "••••••••••••7777", "found": 0})]


def test_the_page_is_masked_and_tells_what_the_desk_needs(app, dewi, siti):
    Clerk(app).sign_in("siti@pekerja.example")
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    for shown in ("Siti Rahayu", "Aktif", "••••••••••••0001", "•••• •••• 4512",
                  "s•••@pekerja.example", "PT Maju Bersama", "KPJ 3••••••4512",
                  "Perangkat yang sedang masuk 1", "Riwayat keamanan"):
        assert shown in page.words(), shown
    for hidden in (NIK, KPJ, PHONE, PHONE[3:], "siti@pekerja.example"):
        assert hidden not in page.text
    assert "Siti" not in page.select("title")[0].text


def test_az_05_every_look_is_on_record(dewi, siti, cast):
    for _ in range(2):
        dewi.open(f"/cabang/orang/{siti.public_id}")
    assert recorded("person:seen") == [
        (cast.dewi.public_id, siti.public_id, {"page": "person", "refused": False})] * 2
    assert "Dewi Anggraini" in dewi.page.words()


def test_the_history_goes_on_beyond_its_first_page(dewi, siti):
    for _ in range(32):
        dewi.open(f"/cabang/orang/{siti.public_id}")
    older, = dewi.page.tree.xpath("//a[@rel='next']/@href")
    assert len(dewi.page.select("section:last-of-type li")) == 30
    page = dewi.open(older)
    assert len(page.select("section:last-of-type li")) == 2
    assert len(recorded("person:seen")) == 33
    assert page.tree.xpath("//a[@rel='prev']/@href") == [f"/cabang/orang/{siti.public_id}"]


def test_the_full_nik_needs_a_reason_and_is_on_record(dewi, siti, cast):
    dewi.open(f"/cabang/orang/{siti.public_id}")
    form = "form[action$='/nik']"
    page = dewi.send(form=form)
    assert page.status == 422
    assert "Pilih untuk apa" in page.errors()["what-for"]
    assert NIK not in page.text
    page = dewi.send(form=form, reason="COCOKKAN_KTP")
    assert page.status == 200
    assert NIK in page.words()
    assert page.headers["Cache-Control"] == "no-store"
    assert recorded("person:seen")[-1] == (
        cast.dewi.public_id, siti.public_id, {"page": "nik", "reason": "COCOKKAN_KTP"})
    assert NIK not in dewi.open(f"/cabang/orang/{siti.public_id}").text


def test_a_reason_of_ones_own_making_is_none(dewi, siti):
    dewi.open(f"/cabang/orang/{siti.public_id}")
    assert dewi.send(form="form[action$='/nik']", reason="INGIN_TAHU").status == 422


def test_a_full_nik_is_never_shown_by_following_a_link_but_the_person_is(dewi, siti):
    dewi.open(f"/cabang/orang/{siti.public_id}")
    page = dewi.send(form="form[action$='/nik']", reason="COCOKKAN_KTP")
    assert NIK in page.text
    page = dewi.open(page.path)
    assert page.path == f"/cabang/orang/{siti.public_id}"
    assert page.heading == "Siti Rahayu"
    assert NIK not in page.text


def test_the_full_nik_is_asked_for_beside_the_masked_one(dewi, siti):
    row = "dl.summary dd:has(form)"
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    assert page.words(f"{row} summary") == "••••••••••••0001 Tampilkan NIK"
    assert not page.select("details[open]")
    page = dewi.send(form="form[action$='/nik']")
    assert page.select("details[open] #what-for-error")
    page = dewi.send(form="form[action$='/nik']", reason="COCOKKAN_KTP")
    assert not page.select("details, form[action$='/nik']")


def test_az_05_thirty_full_numbers_an_hour(dewi, siti):
    path = f"/cabang/orang/{siti.public_id}"
    fields = dewi.open(path).fields("form[action$='/nik']") | {"reason": "COCOKKAN_KTP"}
    statuses = [dewi.browser.post(f"{path}/nik", data=fields).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert recorded("person:seen")[-1][-1]["page"] == "person"     # what a 429 shows is seen, too
    assert len([1 for *_, details in recorded("person:seen") if details["page"] == "nik"]) == 30


def test_forty_at_once_show_thirty(app, dewi, siti):
    path = f"/cabang/orang/{siti.public_id}"
    fields = dewi.open(path).fields("form[action$='/nik']") | {"reason": "COCOKKAN_KTP"}
    cookie = dewi.browser.get_cookie("purna").value

    def reveal(_):
        one = Clerk(app)
        one.browser.set_cookie("purna", cookie)
        return NIK in one.browser.post(f"{path}/nik", data=fields).get_data(as_text=True)

    assert sum(in_parallel(reveal, 40)) == 30


def test_az_13_staff_do_not_open_their_own_account(dewi, siti, cast):
    page = dewi.open(f"/cabang/orang/{cast.dewi.public_id}")
    assert page.status == 403
    assert page.heading == "Ini akun Anda sendiri"
    assert recorded("person:seen") == [
        (cast.dewi.public_id, cast.dewi.public_id, {"page": "person", "refused": True})]


def test_az_13_nor_their_own_as_a_worker(dewi, siti, cast):
    cast.dewi.nik = NIK
    cast.dewi.save()
    path = f"/cabang/orang/{siti.public_id}"
    assert dewi.open(path).status == 403
    fields = {"csrf_token": dewi.token(), "reason": "COCOKKAN_KTP"}
    page = dewi.post(f"{path}/nik", fields)
    assert page.status == 403
    assert NIK not in page.text


def test_az_11_outside_the_branch_networks_there_is_nothing(dewi, siti):
    person = f"/cabang/orang/{siti.public_id}"
    token = dewi.token()
    for path in ("/cabang", "/cabang/orang", person, f"{person}/pemulihan"):
        assert dewi.open(path).status == 200
        assert dewi.open(path, environ_base=OUTSIDE).status == 404
    for path in ("/cabang/orang", f"{person}/nik", f"{person}/pemulihan"):
        fields = {"csrf_token": token, "number": NIK, "reason": "COCOKKAN_KTP"}
        assert dewi.post(path, fields, environ_base=OUTSIDE).status == 404


@pytest.mark.parametrize("email", ["ani@maju.example", "siti@pekerja.example"])
def test_others_find_no_desk(app, siti, email):
    one = Clerk(app).sign_in(email)
    assert one.open("/cabang/orang").status == 403
    assert one.open(f"/cabang/orang/{siti.public_id}").status == 403


def test_staff_without_an_authenticator_get_no_further(app, dewi, siti):
    Session.update(stage="autentikator").execute()
    assert dewi.open(f"/cabang/orang/{siti.public_id}").path.startswith("/profil/autentikator")
    assert recorded("person:seen") == []


def test_a_blocked_account_is_shown_as_such_and_offers_no_recovery(dewi, siti):
    User.update(state=BLOCKED).where(User.id == siti.id).execute()
    page = dewi.open(f"/cabang/orang/{siti.public_id}")
    assert "Akun diblokir" in page.words()
    assert not page.select("a[href$='/pemulihan']")


def test_what_was_typed_waits_for_whoever_signs_in_again(dewi, siti):
    dewi.open("/cabang/orang")
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    page = dewi.send(number=NIK)
    assert page.heading == "Masuk"
    assert NIK not in page.fields()["lanjut"]


def test_somebody_who_does_not_exist_is_missing(dewi):
    assert dewi.open("/cabang/orang/00000000-0000-4000-8000-000000000000").status == 404


@pytest.mark.parametrize("who", ["fajar", "siti"])
def test_who_belongs_to_another_branch_is_missing_there(joko, cast, who):
    page = joko.open(f"/cabang/orang/{getattr(cast, who).public_id}")
    assert page.status == 404


# What somebody pays alone, and joined


def page_of_siti(dewi, cast):
    return dewi.open(f"/cabang/orang/{cast.siti.public_id}")


def own_of(cast, paid_until, state="AKTIF", **more):
    return OwnMembership.create(
        worker=cast.siti_at_maju.worker, continues=cast.siti_at_maju, state=state,
        income=1_000_000, base=1_000_000, has_savings=False, sector="lainnya",
        started_on=date(2026, 5, 1), paid_until=paid_until, **more)


@pytest.mark.parametrize(("paid_until", "state", "more", "arrears"), [
    (date(2026, 11, 1), "AKTIF", {}, "Tunggakan: Tidak ada."),
    (date(2026, 10, 1), "AKTIF", {}, "Tidak ada. Iuran bulan ini belum dibayar."),
    (date(2026, 9, 1), "MENUNGGAK", {}, "Tunggakan: 2 bulan, Rp16.800."),
    (date(2026, 6, 1), "NONAKTIF", {"ended_on": date(2026, 6, 30)}, "Tunggakan: Tidak ada.")])
def test_their_own_membership_stands_there_with_what_is_owed(dewi, cast, paid_until, state, more,
                                                             arrears):
    own_of(cast, paid_until, state, **more)
    words = page_of_siti(dewi, cast).words()
    assert "Mandiri (BPU)" in words
    assert arrears in words
    assert ("Iuran Rp8.400 sebulan" in words) == (state != "NONAKTIF")     # half, until December


def test_a_switch_and_programmes_stand_there_with_a_constant_number_of_statements(app, dewi, cast):
    clerk = Clerk(app).is_signed_in_as(cast.siti)
    drafted(clerk, cast)
    page = page_of_siti(dewi, cast)
    assert (page.status, "Beralih ke Mandiri" in page.words()) == (200, False)   # only hers yet
    clerk.send(".confirm-bar")
    wave = wave_of(cast)
    worker = Worker.get_by_id(cast.siti_at_maju.worker_id)
    row = joining.join(wave, worker, cast.siti, now=clock.now(), family=family(1))
    words = page_of_siti(dewi, cast).words()
    for shown in ("Beralih ke Mandiri", "Menunggu perusahaan", "Kartu Prakerja, Gelombang 1",
                  "Terdaftar"):
        assert shown in words, shown
    assert dewi.page.select(f"a[href='/cabang/program/pendaftar/{row.public_id}']")
    own_of(cast, date(2026, 10, 1))
    page_of_siti(dewi, cast)     # rules of the month are read once a minute
    one = statements_of(lambda: page_of_siti(dewi, cast))
    own_of(cast, date(2026, 6, 1), "NONAKTIF", ended_on=date(2026, 6, 30))
    drawn(wave, cast)
    other = wave_of(cast)
    Beneficiary.delete().execute()
    joining.join(other, worker, cast.siti, now=clock.now(), family=family(1))
    assert statements_of(lambda: page_of_siti(dewi, cast)) == one
    assert "Bantuan Rp600.000: Ditetapkan" in dewi.page.words()
