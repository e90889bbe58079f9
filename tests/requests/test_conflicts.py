"""A request beside what others do at the same moment: an officer's colleague, HR, a paper taken
back."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from tests.company_cases.asking import report
from tests.page import while_uncommitted
from tests.requests.asking import approved, begin, drafted, only_case, only_request
from webapp import clock
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.models.cases import Case, DeactivationRequest, Paper
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.papers import service as papers
from webapp.papers.queries import paper_in
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_request_of


def rules():
    return rules_on(clock.today())


@pytest.fixture
def escalated(cast, now):
    """Siti's request, which PT Maju left unanswered."""
    draft = service.begin(cast.siti_at_maju, cast.siti, now)
    draft = service.keep_draft(draft, reason="RSG", last_day=clock.today(), note="", now=now)
    service.send(draft, cast.siti, version=draft.version, rules=rules(), now=now)
    assert service.escalate_overdue(now + timedelta(days=30)) == 1
    return only_request()


def end(escalated, cast, now, case_version=None):
    return service.end_at_branch(
        escalated, User.get_by_id(cast.dewi.id), version=escalated.version, rules=rules(), now=now,
        case_version=case_version or escalated.case.version)


def test_a_colleague_who_takes_the_case_at_the_same_moment_has_it(escalated, cast, now):
    outcome = while_uncommitted(lambda: cases.take(escalated.case, cast.eka, now),
                                lambda: end(escalated, cast, now))
    assert isinstance(outcome, TakenByColleague), outcome
    assert outcome.owner == cast.eka
    assert (only_request().state, only_case().holder) == ("ESKALASI_CABANG", "branch")
    assert not Deactivation.select().exists()


def test_a_page_of_an_older_case_ends_nothing(escalated, cast, now):
    shown = escalated.case.version
    Case.update(version=Case.version + 1).execute()     # somebody handed in a paper
    with pytest.raises(CaseChanged):
        end(escalated, cast, now, case_version=shown)
    assert only_request().state == "ESKALASI_CABANG"
    assert not Deactivation.select().exists()


def test_a_case_of_ones_own_is_ended(escalated, cast, now):
    cases.take(escalated.case, cast.dewi, now)
    assert end(escalated, cast, now).number
    assert (only_request().state, only_case().holder) == ("SELESAI", None)


def test_a_request_begun_while_hr_files_is_none(cast, now):
    membership = Membership.get_by_id(cast.siti_at_maju.id)
    outcome = while_uncommitted(lambda: report(cast, now),
                                lambda: service.begin(membership, cast.siti, now))
    assert isinstance(outcome, service.NotActive), outcome
    assert not DeactivationRequest.select().exists()
    assert not Case.select().exists()


@pytest.mark.parametrize("ahead", [-2, 10])     # over, or scheduled
def test_a_draft_that_outlived_the_membership_is_not_sent(siti, cast, now, ahead):
    drafted(siti, cast.siti_at_maju)
    report(cast, now, last_day=clock.today() + timedelta(days=ahead))
    told = Message.select().count()
    DeactivationRequest.update(state="DRAF", deactivation=None).execute()
    Case.update(holder="worker", closed_at=None).execute()
    page = siti.post(siti.page.path, {**siti.page.fields(), "version": only_request().version})
    assert (page.status, page.heading) == (409, "Kepesertaan ini sudah dilaporkan berakhir")
    assert only_request().state == "DRAF"
    assert Message.select().count() == told


def test_an_active_membership_is_told_apart_by_its_version(siti, cast):
    drafted(siti, cast.siti_at_maju)
    before = Membership.get_by_id(cast.siti_at_maju.id).version
    siti.send()
    assert only_request().state == "DIAJUKAN"
    assert Membership.get_by_id(cast.siti_at_maju.id).version == before + 1


def test_a_form_without_its_required_papers_is_refused_by_the_service_too(siti, cast, now):
    asked = approved(siti, cast.siti_at_maju, cast.ani, reason="LNG")
    told = Message.select().count()
    with pytest.raises(service.PapersMissing) as missing:
        service.fill_in(asked, cast.siti, version=asked.version, address="Jalan Melati 3",
                        rules=rules(), now=now)
    assert missing.value.kinds == ["PASPOR", "PERNYATAAN"]
    asked = only_request()
    assert (asked.state, asked.address_sealed, asked.case.holder) == ("DISETUJUI", None, "worker")
    assert Message.select().count() == told


def send_and_take_back(siti, cast):
    """One round of asking and changing one's mind, each pressed twice. Returns the answer to the
    sending."""
    drafted(siti, cast.siti_at_maju)
    page = siti.send_again()
    if page.status == 200:
        siti.open(f"/permohonan/{open_request_of(cast.siti_at_maju).case.public_id}/tarik")
        siti.send_again()
    return page


def test_asking_and_taking_back_has_an_end(siti, cast):
    for _ in range(5):
        assert send_and_take_back(siti, cast).status == 200
    told = Message.select().count()
    page = send_and_take_back(siti, cast)
    assert (page.status, page.heading) == (429, "Permohonan hari ini sudah cukup banyak")
    assert "Bisa lagi pada 23 November 2026 pukul 13.3" in page.words()
    assert int(page.headers["Retry-After"]) > 23 * 3600
    assert open_request_of(cast.siti_at_maju).state == "DRAF"
    assert Message.select().count() == told


def test_another_person_is_not_held_up(app, siti, cast, now):
    for _ in range(5):
        send_and_take_back(siti, cast)
    other = cast.rahmat_at_lain
    other.worker.user = cast.budi
    draft = service.begin(other, cast.budi, now)
    draft = service.keep_draft(draft, reason="RSG", last_day=clock.today(), note="", now=now)
    service.send(draft, cast.budi, version=draft.version, rules=rules(), now=now)
    assert open_request_of(other).state == "DIAJUKAN"


def test_beginning_and_dropping_drafts_has_an_end_too(siti, cast, now):
    for _ in range(service.BEGUN.tries):
        begun = service.begin(cast.siti_at_maju, cast.siti, now)
        assert service.begin(cast.siti_at_maju, cast.siti, now) == begun     # no further try
        service.withdraw(begun, cast.siti, version=begun.version, now=now)
    page = begin(siti, cast.siti_at_maju)
    assert (page.status, page.heading) == (429, "Permohonan hari ini sudah cukup banyak")
    assert open_request_of(cast.siti_at_maju) is None


def test_a_paper_taken_back_while_the_form_is_sent_is_asked_for_again(siti, cast, now):
    asked = approved(siti, cast.siti_at_maju, cast.ani, reason="LNG")
    siti.open(f"/permohonan/{asked.case.public_id}")
    for kind, colour in (("PASPOR", "teal"), ("PERNYATAAN", "maroon")):
        picture = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(picture, "JPEG")
        siti.send("#papers form[data-papers]", kind=kind,
                  file=(io.BytesIO(picture.getvalue()), f"{kind}.jpg"))
    passport = paper_in(asked.case, Paper.get(Paper.kind == "PASPOR").public_id)
    page = while_uncommitted(
        lambda: papers.remove(passport, "worker", cast.siti, now),
        lambda: siti.send("#fill-in", address="Jalan Melati 3", is_checked="y"))
    assert page.status == 422
    assert page.select(".error-summary a[href='#papers']")[0].text == "Unggah dulu: paspor."
    assert only_request().state == "DISETUJUI"
