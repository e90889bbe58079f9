"""Opening a case: who sees it, that it is on record, and who else is at it."""

from datetime import timedelta

import pytest
import time_machine

from tests.desk.matters import (
    MAKERS,
    VERDICT,
    WRONG,
    asked,
    corrected,
    escalated,
    fresh,
    objected,
    recorded,
    url,
)
from tests.page import Clerk
from webapp import clock
from webapp.cases import service as cases
from webapp.models.cases import Case, CaseVisit
from webapp.models.people import Session, User
from webapp.models.workers import Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about
from webapp.requests import service as requests

OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}
GETS = ("", "/siapa", "/serahkan", "/berkas")
POSTS = ("", "/ambil", "/serahkan", "/simpan", "/berkas")


@pytest.fixture(params=MAKERS)
def case(request, cast):
    """A case of each kind."""
    return MAKERS[request.param](cast)


def test_the_case_says_what_each_side_says_and_what_is_promised(cast, dewi):
    case = objected(cast)
    page = dewi.open(url(case))
    assert page.heading == "Sanggahan Siti Rahayu"
    for shown in (WRONG, "Ani Wulandari", "Mengundurkan diri", "10 November 2026",
                  "paling lambat 27 November 2026, 5 hari kerja lagi", "••••••••••••0001",
                  "3••••••4512", "Terlambat", "Pekerja menyanggah", "Belum ada dokumen"):
        assert shown in page.words(), shown
    assert "3171064508900001" not in page.text
    assert "30145274512" not in page.text
    assert "Siti" not in page.select("title")[0].text


def test_an_escalated_request_says_that_the_company_did_not_answer(cast, dewi):
    words = dewi.open(url(escalated(cast))).words()
    assert "Perusahaan tidak menjawab tepat waktu, kantor cabang mengambil alih" in words
    assert "Sudah pindah kota." in words
    assert "waktunya sudah lewat" in words


def test_a_correction_says_why_the_company_asks(cast, dewi):
    words = dewi.open(url(corrected(cast))).words()
    assert "Yang berhenti orang lain." in words
    assert "Ani Wulandari meminta koreksi" in words


def test_arrears_are_a_flag(cast, dewi):
    cast.maju.arrears_months = 2
    cast.maju.save()
    assert "Ada tunggakan 2 bulan" in dewi.open(url(objected(cast))).words(".notice")


def test_az_11_another_branch_sees_nothing_and_changes_nothing(cast, joko, case):
    before, token = fresh(case).__data__, joko.token()
    assert "Antrean kosong" in joko.open("/cabang").words()
    for path in GETS:
        assert joko.open(url(case) + path).status == 404, path
    for path in (*POSTS, "/jawab", "/nonaktifkan"):
        answer = joko.post(url(case) + path, {"csrf_token": token, "verdict": "x", "answer": "x",
                                              "putusan": "tolak", "receiver": "antrean"})
        assert answer.status == 404, path
    assert joko.open(f"/cabang/orang/{case.worker.public_id}").status == 404
    assert fresh(case).__data__ == before
    assert not CaseVisit.select().exists()
    assert recorded("case:seen") == recorded("person:seen") == []


def test_outside_the_branch_networks_there_is_no_case(cast, dewi, case):
    token = dewi.token()
    for path in GETS:
        assert dewi.open(url(case) + path, environ_base=OUTSIDE).status == 404
    for path in POSTS:
        assert dewi.post(url(case) + path, {"csrf_token": token},
                         environ_base=OUTSIDE).status == 404


def test_without_an_authenticator_staff_see_no_case(cast, dewi, case):
    before = fresh(case).__data__
    Session.update(stage="autentikator").execute()
    for path in (*GETS, "/nonaktifkan"):
        assert dewi.open(url(case) + path).path.startswith("/profil/autentikator"), path
    for path in POSTS:
        dewi.browser.post(url(case) + path, data={"putusan": "tolak", "verdict": "x"})
    assert fresh(case).__data__ == before
    assert recorded("case:seen") == []


def test_what_the_worker_has_not_sent_is_nobody_elses(cast, dewi, now):
    begun = requests.begin(cast.siti_at_maju, cast.siti, now)
    assert dewi.open(url(begun.case)).status == 404
    person = dewi.open(f"/cabang/orang/{cast.siti.public_id}")
    assert "Belum ada kasus" in person.words()
    requests.withdraw(begun, cast.siti, version=begun.version, now=now)
    assert dewi.open(url(begun.case)).status == 404


def test_a_draft_of_an_objection_too(cast, dewi, now):
    case = corrected(cast)
    report = deactivation_about(cast.siti_at_maju, case.correction.deactivation.public_id)
    begun = objections.begin(report, Membership.get(Membership.kpj == "30145274512"), cast.siti,
                             now)
    assert dewi.open(url(begun.case)).status == 404
    assert "Kasus lain" not in dewi.open(url(case)).words()


def test_what_still_waits_for_the_company_is_seen_but_not_decided(cast, dewi):
    case = asked(cast).case
    page = dewi.open(url(case))
    assert "Menunggu PT Maju Bersama" in page.words(".notice")
    assert not page.select("#deciding, form[action$='/ambil']")
    assert dewi.open(url(case) + "/nonaktifkan").path == url(case)
    page = dewi.post(url(case) + "/ambil", {"csrf_token": dewi.token()})
    assert page.status == 409
    assert "tidak lagi menunggu di kantor cabang" in page.words()


def test_other_cases_about_the_membership_are_named(cast, dewi, now):
    request = asked(cast)
    requests.refuse(request, cast.ani, version=request.version, reason="Belum", now=now)
    page = dewi.open(url(objected(cast)))
    assert page.select(f"main a[href='{url(request.case)}']")
    assert "menolak permohonannya" in dewi.open(url(request.case)).words(".notice")


# On record


def test_az_05_a_look_is_on_record_once_for_each_visit(cast, dewi, case):
    for minutes in (0, 5, 14):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            dewi.open(url(case))
            dewi.open(url(case) + "/siapa", htmx=True)
    details = {"case": case.public_id.hex, "refused": False,
               "number": f"{case.number[:4]}-{case.number[4:8]}-{case.number[8:]}"}
    assert recorded("case:seen") == [(cast.dewi.public_id, cast.siti.public_id, details)]
    with time_machine.travel(clock.now() + timedelta(minutes=14 + 11)):
        dewi.open(url(case))
    assert len(recorded("case:seen")) == 2


def test_the_person_sees_who_looked(cast, dewi, siti):
    dewi.open(url(objected(cast)))
    words = siti.open("/profil/riwayat").words()
    assert "Petugas membuka kasus Anda" in words
    assert "Dewi Anggraini" in words


def test_about_somebody_without_an_account_it_is_recorded_all_the_same(cast, dewi):
    case = corrected(cast)
    Worker.update(user=None).execute()
    dewi.open(url(case))
    (_, subject, _), = recorded("case:seen")
    assert subject == case.worker.public_id


def test_az_13_nobody_opens_or_decides_a_case_of_their_own(cast, dewi, case):
    cast.dewi.nik = "3171064508900001"     # Dewi and the worker Siti are one person
    cast.dewi.save()
    token, before = dewi.token(), fresh(case).__data__
    for path in ("", "/siapa", "/serahkan"):
        page = dewi.open(url(case) + path)
        assert (page.status, page.heading) == (403, "Ini akun Anda sendiri")
    for path in ("", "/ambil", "/simpan"):
        page = dewi.post(url(case) + path, {"csrf_token": token, "putusan": "tolak",
                                            "verdict": VERDICT})
        assert page.status == 403
    assert fresh(case).__data__ == before
    assert not CaseVisit.select().exists()
    looks = recorded("case:seen")
    assert len(looks) == 6
    assert {details["refused"] for *_, details in looks} == {True}


def test_a_case_of_ones_own_is_handed_to_nobody_who_is_that_person(cast, dewi):
    case = objected(cast)
    cast.eka.nik = "3171064508900001"
    cast.eka.save()
    words = dewi.open(url(case) + "/serahkan").words("form")
    assert "Fajar Nugroho" in words
    assert "Eka" not in words


# Who else is at it


def test_who_else_has_it_open_is_said_and_since_when(cast, dewi, eka, case):
    assert "Tidak ada rekan lain" in dewi.open(url(case)).words("#others")
    with time_machine.travel("2026-11-22T06:35:00Z"):
        words = eka.open(url(case)).words("#others")
    assert "Dewi Anggraini juga membuka kasus ini, sejak 22 November 2026 pukul 13.30" in words


def test_the_worker_at_the_case_is_no_colleague(cast, dewi, now):
    case = objected(cast)
    cases.visit(case, cast.siti, now)
    assert "Tidak ada rekan lain" in dewi.open(url(case)).words("#others")


def polled(clerk):
    """What the page asks by itself after twenty seconds."""
    link, = clerk.page.tree.xpath("//div[@id='others']//a/@hx-get")
    return clerk.open(link, htmx=True)


def test_the_page_asks_again_and_hears_only_what_is_new(cast, dewi, eka):
    case = objected(cast)
    page = dewi.open(url(case))
    assert polled(dewi).status == 204
    eka.open(url(case))
    dewi.page = page
    page = polled(dewi)
    assert page.status == 200
    assert "Eka Prasetya juga membuka" in page.text
    assert polled(dewi).status == 204


def test_the_page_hears_when_the_case_has_changed(cast, dewi, eka):
    case = objected(cast)
    page = dewi.open(url(case))
    eka.open(url(case))
    eka.send(form="form[action$='/ambil']")
    dewi.page = page
    assert "Kasus ini baru saja berubah" in polled(dewi).text


def test_a_page_left_alone_stops_asking_so_that_the_session_can_end(cast, dewi):
    page = dewi.open(url(objected(cast)))
    with time_machine.travel(clock.now() + timedelta(seconds=301)):
        dewi.page = page
        answer = polled(dewi)
    assert answer.status == 200
    assert "hx-get" not in answer.text


def test_without_javascript_the_link_opens_the_case(cast, dewi):
    case = objected(cast)
    assert dewi.open(url(case) + "/siapa").path == url(case)


def test_a_visit_keeps_a_case_open_for_others_ten_minutes(cast, dewi, eka):
    case = objected(cast)
    dewi.open(url(case))
    with time_machine.travel("2026-11-22T06:41:00Z"):
        assert "Tidak ada rekan lain" in eka.open(url(case)).words("#others")


def test_beside_the_case_stands_the_beginning_of_the_queue(cast, dewi):
    case = objected(cast)
    page = dewi.open(url(case))
    current, = page.select("#upcoming a")
    assert (current.get("href"), current.get("aria-current")) == (url(case), "page")
    assert "Siti" not in page.words("#upcoming")


def test_a_colleague_of_another_role_sees_it_too(app, cast):
    case = objected(cast)
    fajar = Clerk(app).is_signed_in_as(User.get_by_id(cast.fajar.id))
    assert fajar.open(url(case)).status == 200
    assert Case.select().count() == 1
