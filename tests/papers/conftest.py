"""A case of Siti's at PT Maju, and files to hand in."""

import io

import pytest
from PIL import Image

from webapp.cases import service as cases
from webapp.models.cases import AT_WORKER, WALK_IN, Case
from webapp.papers import service
from webapp.parameters import rules_on
from webapp.requests import service as requests


def photograph(colour="teal"):
    """A small PNG, each colour another."""
    out = io.BytesIO()
    Image.new("RGB", (9, 9), colour).save(out, "PNG")
    return out.getvalue()


def sent(body=None, name="surat.png"):
    """A file as a form sends it."""
    return io.BytesIO(photograph() if body is None else body), name


@pytest.fixture
def request_of_siti(cast, now):
    """Siti's request to PT Maju, begun and not sent."""
    membership = cast.siti_at_maju
    membership.company = cast.maju
    return requests.begin(membership, cast.siti, now)


@pytest.fixture
def case(request_of_siti, cast, now):
    """Siti's request, sent to PT Maju."""
    sent_one = requests.keep_draft(request_of_siti, reason="RSG", last_day=now.date(), note="",
                                   now=now)
    requests.send(sent_one, cast.siti, version=sent_one.version, rules=rules_on(now.date()),
                  now=now)
    return case_of(sent_one)


def case_of(request):
    """The case with what the queries join."""
    found = Case.get_by_id(request.case_id)
    assert found.company
    return found


@pytest.fixture
def paper(case, cast, now):
    """A paper of Siti's in it."""
    return service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "ktp.png", now)


@pytest.fixture
def walk_in(cast, now):
    """A case that Dewi opened at the counter."""
    return cases.open_case(
        WALK_IN, branch=cast.dewi.branch_id, opened_by=cast.dewi, holder="branch",
        due_on=now.date(), now=now, company=cast.maju, membership=cast.siti_at_maju,
        worker=cast.siti_at_maju.worker_id)
