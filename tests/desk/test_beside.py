"""Beside whatever case is open stands the beginning of the queue."""

import pytest

from tests.claim_desk.claims import case_of
from tests.claim_desk.claims import sent as claimed
from tests.complaints.complaining import complain
from tests.switch.walking import at_branch
from webapp.models.cases import Case


def claim(siti, cast):
    """A claim of Siti's."""
    return case_of(claimed(cast))


def switch(siti, cast):
    """Her switch."""
    return at_branch(siti, cast).case


def complaint(siti, cast):
    """What she complains about."""
    complain(siti)
    return Case.get()


@pytest.mark.parametrize("make", [claim, switch, complaint])
def test_beside_every_case_stands_the_beginning_of_the_queue(siti, dewi, cast, make):
    case = make(siti, cast)
    here = f"/cabang/kasus/{case.public_id}"
    page = dewi.open(here)
    assert page.status == 200
    assert page.path != here     # the page of its own kind
    current, = page.select(".desk > #upcoming a[aria-current=page]")
    assert current.get("href") == here
    assert "Siti" not in page.words("#upcoming")
