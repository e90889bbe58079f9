"""Having a case open: on record at first, then only noted; forgotten in time."""

import threading
from datetime import timedelta

import pytest
import time_machine

from tests.desk.matters import fresh, objected, recorded, url
from webapp import clock, db
from webapp.cases import service as cases
from webapp.cases.queries import MOST_SAID, everything_said_in, statements_in
from webapp.models.cases import AT_WORKER, Case, CaseVisit
from webapp.models.people import Session
from webapp.retention.service import tidy


@pytest.fixture
def case(cast):
    """Siti's objection."""
    return objected(cast)


@pytest.fixture
def busy():
    """Somebody else writes, all the time the test lasts."""
    begun, done = threading.Event(), threading.Event()

    def write():
        db.ensure_connection()
        with db.write_transaction():
            CaseVisit.update(seen_at=CaseVisit.seen_at).execute()
            begun.set()
            done.wait(20)
        db.database.close()

    thread = threading.Thread(target=write)

    def begin():
        thread.start()
        assert begun.wait(5)

    yield begin
    done.set()
    thread.join()


def test_whoever_looks_again_never_waits_for_a_busy_database(cast, dewi, case, busy):
    page = dewi.open(url(case))
    link, = page.tree.xpath("//div[@id='others']//a/@hx-get")
    Session.update(seen_at=clock.now()).execute()
    busy()
    for path in (url(case), link):
        with time_machine.travel(clock.now() + timedelta(seconds=20)):
            assert dewi.open(path, htmx=path == link).status in (200, 204)
    assert len(recorded("case:seen")) == 1


def test_looking_again_goes_on_with_the_same_visit(cast, dewi, case):
    dewi.open(url(case))
    begun = CaseVisit.get().opened_at
    with time_machine.travel(clock.now() + timedelta(minutes=9)):
        dewi.open(url(case))
    visit = CaseVisit.get()
    assert visit.opened_at == begun
    assert visit.seen_at >= begun + timedelta(minutes=9)


def test_what_a_page_asks_for_by_itself_does_not_keep_the_session(cast, dewi, case):
    link, = dewi.open(url(case)).tree.xpath("//div[@id='others']//a/@hx-get")
    before = Session.get(Session.user == cast.dewi).seen_at
    with time_machine.travel(clock.now() + timedelta(minutes=4)):
        assert dewi.open(link, htmx=True).status == 204
        assert Session.get(Session.user == cast.dewi).seen_at == before
        dewi.open(url(case))
        assert Session.get(Session.user == cast.dewi).seen_at > before + timedelta(minutes=3)


def test_what_was_typed_goes_a_week_after_the_case_is_over(cast, case, now):
    cases.visit(case, cast.eka, now)
    cases.keep_typed(case, cast.dewi, {"verdict": ["Setengah jadi"]}, now)
    tidy(now + timedelta(hours=23))
    assert CaseVisit.select().count() == 2
    tidy(now + timedelta(days=40))     # the case is open still
    assert CaseVisit.get().user == cast.dewi
    with db.write_transaction():
        cases.close([case.id], now)
    tidy(now + timedelta(days=6))
    assert cases.typed_in(fresh(case), cast.dewi)
    tidy(now + timedelta(days=8))
    assert not CaseVisit.select().exists()
    assert Case.select().exists()


def test_a_page_shows_the_newest_of_what_was_said_and_ones_own_data_all(cast, case, now):
    with db.write_transaction():
        for number in range(MOST_SAID + 3):
            cases.say(case, AT_WORKER, cast.siti, str(number), now)
    shown = [row.text for row in statements_in(case)]
    assert shown == [str(number) for number in range(3, MOST_SAID + 3)]
    assert everything_said_in(case).count() == MOST_SAID + 3
