"""What a paper means to others: decisions that wait for it, who may touch it, who looked at it."""

import peewee
import pytest

from tests.desk.matters import VERDICT, asked, corrected, objected, recorded, url
from tests.page import Clerk
from tests.papers.conftest import photograph, sent
from tests.papers.test_handing_in import branch_url, company_url, files, worker_url
from webapp.documents import service as documents
from webapp.documents import store
from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    Case,
    DeactivationRequest,
    Objection,
    Paper,
)
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.papers import service
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.profile.held_data import everything_about
from webapp.requests import service as requests
from webapp.requests.queries import request_of

SENT_STATES = ("FORMULIR_TERISI", "ESKALASI_CABANG")


def hand_in(case, side, user, now, kind="KTP", colour="teal"):
    return service.add(case, side, user, kind, photograph(colour), "surat.png", now)


def take_back(clerk, place, paper):
    return clerk.post(f"{place}/{paper.public_id}/hapus", {"csrf_token": clerk.token()})


# Decisions


@pytest.mark.parametrize(("side", "who"), [(AT_WORKER, "siti"), (AT_COMPANY, "ani")])
def test_new_evidence_outdates_a_decision(cast, dewi, now, side, who):
    case = objected(cast)
    dewi.open(url(case))
    hand_in(case, side, getattr(cast, who), now)
    page = dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT)
    assert page.status == 409
    assert VERDICT in page.words()
    assert Objection.get().state == "DIAJUKAN"
    dewi.open(url(case))
    assert dewi.send(form="#deciding", putusan="tolak").path == url(case)
    assert Objection.get().state == "DITEGUHKAN"


def test_a_paper_that_is_taken_back_outdates_the_page_too(cast, request_of_siti, paper, now):
    before = Case.get().version
    service.remove(paper, AT_WORKER, cast.siti, now)
    service.remove(paper, AT_WORKER, cast.siti, now)
    assert Case.get().version == before + 1


def test_what_the_branch_hands_in_itself_outdates_nothing(cast, dewi, now):
    case = objected(cast)
    dewi.open(url(case))
    paper = hand_in(case, AT_BRANCH, cast.dewi, now)
    service.remove(paper, AT_BRANCH, cast.dewi, now)
    assert dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT).path == url(case)
    assert Objection.get().state == "DITEGUHKAN"


def test_the_same_file_again_outdates_nothing(cast, now):
    case = objected(cast)
    hand_in(case, AT_WORKER, cast.siti, now)
    before = Case.get_by_id(case.id).version
    hand_in(case, AT_WORKER, cast.siti, now)
    assert Case.get_by_id(case.id).version == before


# What was sent stays


@pytest.mark.parametrize("state", SENT_STATES)
def test_what_the_company_acts_on_is_not_taken_back(siti, case, paper, state):
    DeactivationRequest.update(state=state).execute()
    place = worker_url(case)
    page = siti.open(place)
    assert "Yang sudah dikirim tetap tersimpan." in page.words("#papers")
    assert not page.select("#papers-list form")
    page = take_back(siti, place, paper)
    assert (page.status, page.heading) == (409, "Dokumen ini sudah ikut terkirim")
    assert Paper.get() == paper
    siti.open(place)
    siti.send(kind="KK", file=sent(photograph("red")))
    assert Paper.select().count() == 2


@pytest.mark.parametrize("state", SENT_STATES)
def test_nor_is_it_made_another_kind(siti, case, paper, state):
    DeactivationRequest.update(state=state).execute()
    siti.open(worker_url(case))
    page = siti.send(kind="KK", file=sent())
    assert page.status == 422
    assert page.errors()["paper-file"] == (
        "Berkas ini sudah ada di sini sebagai KTP. Pilih berkas lain.")
    assert Paper.get().kind == "KTP"


@pytest.mark.parametrize("state", ["DRAF", "DIAJUKAN", "DISETUJUI"])
def test_until_the_form_is_sent_it_can_be_taken_back(siti, case, paper, state):
    DeactivationRequest.update(state=state).execute()
    take_back(siti, worker_url(case), paper)
    assert not Paper.select().exists()


def test_a_form_that_is_sent_meanwhile_keeps_its_proof(cast, case, paper, now):
    request = request_of(case)
    requests.approve(request, cast.ani, version=request.version, now=now)
    request = request_of(case)
    service.add(case, AT_WORKER, cast.siti, "SURAT_RESIGN", photograph("red"), "s.png", now)
    requests.fill_in(request, cast.siti, version=request.version, address="Jalan Melati 5, Bogor",
                     rules=rules_on(now.date()), now=now)
    with pytest.raises(service.AlreadySent):
        service.remove(paper, AT_WORKER, cast.siti, now)
    assert Paper.select().count() == 2


def test_what_was_handed_in_with_an_objection_stays(cast, siti, ani, now):
    case = objected(cast)
    for clerk, place, side, who in ((siti, worker_url(case), AT_WORKER, cast.siti),
                                    (ani, company_url(case, cast), AT_COMPANY, cast.ani)):
        paper = hand_in(case, side, who, now)
        assert take_back(clerk, place, paper).status == 409
        assert not clerk.open(place).select("#papers-list form")
    assert Paper.select().count() == 2


# Who may


def test_which_side_sees_and_adds_to_which_kind(cast, siti, ani, dewi):
    case = objected(cast)
    Objection.update(state="DITEGUHKAN", decided_at=case.opened_at).execute()
    correction = Case.create(**{**case.__data__, "id": None, "kind": "koreksi", "number": "x",
                                "public_id": cast.siti.public_id})
    for clerk, place in ((siti, worker_url(correction)), (ani, company_url(correction, cast))):
        assert clerk.open(place).status == 404
        assert clerk.post(place, {"csrf_token": clerk.token(), "kind": "KTP",
                                  "file": sent()}).status == 404
    assert dewi.open(branch_url(correction)).status == 200
    assert not Paper.select().exists()


def test_a_company_sees_the_papers_of_a_request_and_adds_none(cast, ani, paper):
    place = company_url(paper.case, cast)
    page = ani.open(place)
    assert page.status == 200
    assert not page.select("form[data-papers]")
    page = ani.post(place, {"csrf_token": ani.token(), "kind": "KK",
                            "file": sent(photograph("red"))})
    assert page.status == 404
    assert Paper.get() == paper


def test_a_worker_sees_the_papers_of_their_own_walk_in_and_adds_none(siti, cast, walk_in, now):
    paper = hand_in(walk_in, AT_BRANCH, cast.dewi, now)
    page = siti.open(worker_url(walk_in))
    assert "Kartu" not in page.words("#papers")
    assert not page.select("#papers form")
    assert page.select(f"a[href='/kepesertaan/{cast.siti_at_maju.public_id}']")
    assert siti.browser.get(f"{worker_url(walk_in)}/{paper.public_id}").status_code == 200
    assert siti.post(worker_url(walk_in), {"csrf_token": siti.token(), "kind": "KK",
                                           "file": sent()}).status == 404


@pytest.mark.parametrize(("make", "side", "may"), [
    (asked, AT_COMPANY, False), (objected, AT_COMPANY, True), (corrected, AT_BRANCH, True)])
def test_the_box_offers_a_form_to_who_may_add(cast, make, side, may):
    made = make(cast)
    case = Case.get_by_id(made.case_id if make is asked else made.id)
    assert box_for(case, side, cast.ani, ("KTP",), can_add=True).can_add is may


# Who looked


def test_staff_who_open_a_paper_stand_among_the_looks_at_the_person(cast, siti, dewi, paper):
    assert dewi.browser.get(f"{branch_url(paper.case)}/{paper.public_id}").status_code == 200
    (actor, subject, details), = recorded("paper:read")
    assert (actor, subject) == (cast.dewi.public_id, cast.siti.public_id)
    assert (details["paper"], details["id"]) == ("KTP", paper.public_id.hex)
    assert len(recorded("case:seen")) == 1
    words = siti.open("/profil/riwayat").words()
    assert "Petugas membuka dokumen Anda" in words
    assert "Petugas membuka kasus Anda" in words


def test_looks_from_before_somebody_had_an_account_show_when_they_have_one(app, cast, dewi, paper):
    Worker.update(user=None).execute()
    dewi.browser.get(f"{branch_url(paper.case)}/{paper.public_id}")
    (_, subject, _), = recorded("paper:read")
    assert subject == paper.case.worker.public_id
    Worker.update(user=cast.siti).where(Worker.id == paper.case.worker_id).execute()
    siti = Clerk(app).is_signed_in_as(cast.siti)
    assert "Petugas membuka dokumen Anda" in siti.open("/profil/riwayat").words()
    assert "Petugas membuka dokumen orang ini" in dewi.open(
        f"/cabang/orang/{cast.siti.public_id}").words()
    looks = everything_about(User.get_by_id(cast.siti.id))["dilihat_petugas"]
    assert [look["oleh"] for look in looks] == ["Dewi Anggraini"] * 3     # case, paper, person


# Nothing is left over


def test_whatever_goes_wrong_no_bytes_are_left(cast, case, now):
    before = files()
    Paper.drop_table()
    with pytest.raises(peewee.DatabaseError):
        service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "ktp.png", now)
    assert files() == before


def test_bytes_whose_row_was_kept_all_the_same_stay(paper):
    documents.discard(paper.document)
    assert store.get(paper.document)
