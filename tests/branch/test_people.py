"""Looking somebody up at the desk: exact, masked, and always on record."""

import json
from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, in_parallel
from tests.people import PHONE, with_phone
from webapp import clock
from webapp.branch import queries
from webapp.db import database, is_sqlite
from webapp.models.audit import AuditEntry
from webapp.models.people import BLOCKED, CLOSED, Session, User

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
    assert "Tidak ada akun dengan nomor ini" in page.words()


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


def test_a_worker_without_an_account_is_said_to_be_one(dewi):
    assert "belum punya akun" in search(dewi, "3171061203850002").words()


def test_everybody_who_claims_a_nik_is_listed_masked(dewi, siti, cast):
    other = claimant(cast, "Wati Lestari")
    claimant(cast, "Gone Before", state=CLOSED)
    page = search(dewi, NIK)
    assert "2 akun memakai nomor ini" in page.words()
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
    for number in ("3171064508907777", "3171061203850002"):
        assert "Ia bisa mendaftar dari ponselnya sendiri" in search(dewi, number).words(".notice")


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
    assert len(dewi.page.select("section:nth-of-type(2) li")) == 30
    page = dewi.open(older)
    assert len(page.select("section:nth-of-type(2) li")) == 2
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
    assert "Diblokir" in page.words()
    assert not page.select("a[href$='/pemulihan']")


def test_what_was_typed_waits_for_whoever_signs_in_again(dewi, siti):
    dewi.open("/cabang/orang")
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    page = dewi.send(number=NIK)
    assert page.heading == "Masuk"
    assert NIK not in page.fields()["lanjut"]


def test_somebody_who_does_not_exist_is_missing(dewi):
    assert dewi.open("/cabang/orang/00000000-0000-4000-8000-000000000000").status == 404
