"""Somebody who asked often: the page shows the newest, and what is over is not read to know what is
open."""

import pytest

from tests.company_cases.asking import object_to, report
from tests.profile.test_history import queries_of
from webapp import clock
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.memberships.queries import latest_reports, standing_of
from webapp.memberships.routes import MOST
from webapp.models.cases import Case, DeactivationRequest
from webapp.objections import service as objections
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_requests_of


@pytest.fixture
def often(cast, now):
    """Twenty-five requests that were taken back, and one that is a draft."""
    rows = [f"NUMBER{number:06}" for number in range(MOST + 5)]
    for number in rows:
        case = Case.create(kind="permohonan", number=number, branch=cast.maju.branch,
                           company=cast.maju, membership=cast.siti_at_maju,
                           worker=cast.siti_at_maju.worker, opened_by=cast.siti, opened_at=now,
                           held_since=now, closed_at=now)
        DeactivationRequest.create(case=case, membership=cast.siti_at_maju, state="DIBATALKAN")
    return service.begin(cast.siti_at_maju, cast.siti, now)


def test_the_newest_stand_on_the_page(siti, cast, often):
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    links = page.tree.xpath("//main//a[contains(@href, '/permohonan/')]/@href")
    assert links[0] == links[1] == f"/permohonan/{often.case.public_id}"     # the way on, the list
    assert len(links) == MOST + 1


def test_only_what_is_open_is_read_for_beranda_and_the_list(siti, cast, often):
    assert open_requests_of(cast.siti_at_maju.worker) == [often]
    for place in ("/beranda", "/kepesertaan"):
        assert "Permohonan nonaktif" in siti.open(place).words()


def test_the_number_of_queries_does_not_grow(siti, cast, now):
    service.begin(cast.siti_at_maju, cast.siti, now)
    paths = ("/beranda", "/kepesertaan", f"/kepesertaan/{cast.siti_at_maju.public_id}")
    few = [queries_of(lambda path=path: siti.open(path)) for path in paths]
    service.withdraw(service.open_request_of(cast.siti_at_maju), cast.siti, version=1, now=now)
    service.begin(cast.siti_at_maju, cast.siti, now)
    assert [queries_of(lambda path=path: siti.open(path)) for path in paths] == few


def test_a_report_that_was_taken_back_does_not_stand(siti, cast, now):
    made = report(cast, now)
    objection = object_to(cast, made, now)
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert "sedang memeriksa sanggahan Anda" in page.words()
    objections.withdraw(objection, cast.siti, version=objection.version, now=now)
    found = filed_of.one(cast.maju, made.public_id)
    deactivations.undo(found, cast.budi, reason="Keliru", company=cast.maju, now=now,
                       rules=rules_on(clock.day_of(now)))
    second = report(cast, now)
    assert standing_of(cast.siti_at_maju.worker) == [second]
    assert latest_reports(cast.siti_at_maju, 5) == [made, second]
    assert latest_reports(cast.siti_at_maju, 1) == [second]
