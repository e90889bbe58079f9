"""What is read for the pages about claims does not grow with how many there are."""

import pytest

from tests.claim_desk.claims import approve, events, reported, sent, take, told, url, with_papers
from tests.statements import Statements
from webapp import clock
from webapp.cases import service as cases
from webapp.models.claims import Claim
from webapp.models.people import User
from webapp.models.workers import Worker


def counted(one, path):
    with Statements() as statements:
        assert one.open(path).status == 200
    return statements.count


def test_the_queue(cast, dewi):
    counts = []
    for worker in Worker.select():
        user = worker.user or User.create(name=worker.name, role="worker",
                                          created_at=clock.now())
        for kind in ("LAIN", "MED"):
            sent(cast, kind, amount=6_000_000, worker=worker, user=user, papers=(),
                 **({} if kind == "LAIN" else {"treated_on": clock.today(),
                                               "receipt_total": 9_000_000}))
        dewi.open("/cabang")
        counts.append(counted(dewi, "/cabang?tampil=pencairan"))
    assert len(counts) == 6
    assert len(set(counts)) == 1


def test_a_claim_with_much_beside_it(cast, dewi):
    reported(cast)
    claim = sent(cast, papers=())
    take(dewi, claim)
    before = counted(dewi, url(claim))
    with_papers(claim.case, cast.siti, "KTP", "KK", "KARTU", "PAKLARING", "PKWT", "LAIN")
    sent(cast, "LAIN", amount=100_000, papers=())
    sent(cast, "MED", amount=100_000, treated_on=clock.today(), receipt_total=100_000, papers=())
    for number in range(5):
        cases.say(claim.case_id, "branch", cast.dewi, f"Catatan {number}", clock.now())
    assert counted(dewi, url(claim)) == before
    assert before <= 32


def test_the_page_of_a_person(cast, dewi):
    reported(cast)
    claim = sent(cast, papers=())
    path = f"/cabang/orang/{cast.siti.public_id}"
    dewi.open(path)
    before = counted(dewi, path)
    sent(cast, "LAIN", amount=100_000, papers=())
    sent(cast, "MED", amount=100_000, treated_on=clock.today(), receipt_total=100_000, papers=())
    assert counted(dewi, path) == before
    assert len(dewi.page.select(f"a[href^='{url(claim)[:18]}']")) == 3
    assert before <= 24     # of thirteen subjects


@pytest.mark.parametrize("path", ["", "/setujui", "/kembalikan", "/tolak"])
def test_looking_changes_nothing(cast, dewi, path):
    reported(cast)
    claim = sent(cast)
    take(dewi, claim)
    before = Claim.get().version, len(told()), len(events())
    dewi.open(url(claim, path))
    assert (Claim.get().version, len(told()), len(events())) == before


def test_a_claim_that_is_over_shows_no_act(cast, dewi):
    reported(cast)
    claim = sent(cast)
    take(dewi, claim)
    approve(dewi, claim)
    page = dewi.open(url(claim))
    assert not page.select("main a[href$='/tolak'], main a[href$='/setujui']")
    assert not page.select("form[action$='/ambil']")
