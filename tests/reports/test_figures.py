"""Figures of a branch: counted live, kept for days that are over, and the same in both ways."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.desk.matters import objected
from tests.page import Clerk, file, in_parallel
from tests.statements import Statements
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.messages import outbox
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import Case, Objection
from webapp.models.claims import Claim
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.reports import DailyFigure
from webapp.models.workers import Membership
from webapp.receipts.signing import new_number, show_number
from webapp.reports import counting, queries, service
from webapp.reports.service import CORRECTED_DAYS, keep_day, keep_figures
from webapp.requests.service import begin

TODAY = "2026-11-22"


@pytest.fixture(autouse=True)
def few_days(monkeypatch):
    """The cast has been here for most of a year: that is not counted in each test."""
    monkeypatch.setattr(service, "KEPT_DAYS", 40)


def figures(branch, days=30):
    found, _ = queries.figures_of(branch, clock.today() - timedelta(days=days), clock.now())
    return {key: value for key, value in found.items() if value}


def test_today_is_counted_at_once(ani, cast):
    objected(cast)
    file(ani, cast.maju, Membership.get(Membership.kpj == "30145270001"))
    found = figures(cast.dewi.branch_id)
    assert found[TODAY, "laporan", "tepat"] == 1
    assert found[TODAY, "kasus", "sanggahan"] == 1
    assert found[TODAY, "pesan", "sms menunggu"] >= 1
    assert not DailyFigure.select().exists()


def test_what_is_over_is_kept_and_gives_the_same_figures(ani, cast):
    objected(cast)
    file(ani, cast.maju, Membership.get(Membership.kpj == "30145270001"))
    live = figures(cast.dewi.branch_id)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert keep_figures(clock.now()) >= 1
        assert DailyFigure.select().where(DailyFigure.label == "sanggahan").count() == 1
        assert figures(cast.dewi.branch_id) == live
        # Not counted anew: what is kept is what is shown.
        DailyFigure.update(value=41).where(DailyFigure.label == "tepat").execute()
        assert figures(cast.dewi.branch_id)[TODAY, "laporan", "tepat"] == 41


def test_counting_again_changes_nothing_and_puts_the_last_days_right(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        keep_figures(clock.now())
        before = sorted(DailyFigure.select().tuples(), key=lambda row: row[2:])
        keep_figures(clock.now())
        after = sorted(DailyFigure.select().tuples(), key=lambda row: row[2:])
        assert [row[1:] for row in after] == [row[1:] for row in before]
        Message.update(state="TERKIRIM", sent_at=clock.now()).execute()
        keep_figures(clock.now())
        found = figures(cast.dewi.branch_id)
        assert found[TODAY, "pesan", "sms terkirim"] == 1
        assert (TODAY, "pesan", "sms menunggu") not in found


def test_of_many_who_keep_a_day_at_once_nobody_fails(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    in_parallel(lambda _: keep_day(clock.today()), 8)
    rows = DailyFigure.select()
    assert rows.where(DailyFigure.label == "tepat").count() == 1
    assert rows.where(DailyFigure.label == queries.FIRST).count() == 1


def test_cases_are_looked_up_some_at_a_time(cast, monkeypatch):
    with db.write_transaction():
        for _ in range(5):
            audit.record(Event.CLAIM_RETURNED, chain=audit.ACCOUNTS, actor=cast.dewi,
                         subject=cast.siti.public_id, now=clock.now(), wrong=["amount"],
                         number=show_number(objected_number(cast)))
    counts = []
    for at_once in (500, 2):
        monkeypatch.setattr(counting, "AT_ONCE", at_once)
        with Statements() as statements:
            assert figures(cast.dewi.branch_id)[TODAY, "dikembalikan", "amount"] == 5
        counts.append(statements.count)
    assert counts[1] == counts[0] + 2


def objected_number(cast):
    return Case.create(kind="sanggahan", number=new_number(), branch=cast.dewi.branch_id,
                       opened_at=clock.now(), held_since=clock.now(), holder=None,
                       closed_at=clock.now()).number


def test_after_an_outage_every_day_is_made_up_for(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    later = clock.now() + timedelta(days=CORRECTED_DAYS + 20)
    with time_machine.travel(later):
        found, since = queries.figures_of(cast.dewi.branch_id, date(2026, 11, 1), later)
        assert since == clock.today() - timedelta(days=7)      # the page says so
        assert not found
        keep_figures(later)
        found, since = queries.figures_of(cast.dewi.branch_id, date(2026, 11, 1), later)
        assert since == date(2026, 11, 1)
        assert found[TODAY, "laporan", "tepat"] == 1


def test_a_day_begins_at_midnight_in_jakarta(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    Deactivation.update(filed_at=clock.start_of(date(2026, 11, 22))).execute()
    assert (TODAY, "laporan", "tepat") in figures(cast.dewi.branch_id)
    Deactivation.update(filed_at=clock.start_of(date(2026, 11, 22))
                        - timedelta(microseconds=1)).execute()
    assert ("2026-11-21", "laporan", "tepat") in figures(cast.dewi.branch_id)


def test_a_branch_sees_its_own_and_the_head_office_what_is_nobodys(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    assert not any(measure == "laporan" for _, measure, _ in figures(HEAD_OFFICE))
    Company.update(branch=None).where(Company.id == cast.maju.id).execute()
    for keep in (lambda: None, lambda: keep_figures(clock.now() + timedelta(days=1))):
        keep()
        assert figures(HEAD_OFFICE)[TODAY, "laporan", "tepat"] == 1
        assert (TODAY, "laporan", "tepat") not in figures(cast.dewi.branch_id)


def test_a_draft_is_not_counted(cast):
    with db.write_transaction():
        begin(cast.siti_at_maju, cast.siti, clock.now())
    assert Case.select().exists()
    assert not [key for key in figures(cast.dewi.branch_id) if key[1] == "kasus"]


def test_refusals_are_counted_by_what_was_refused_and_returns_by_what_was_wrong(cast):
    case = objected(cast)
    Objection.update(state="DITEGUHKAN", decided_at=clock.now()).execute()
    Case.update(holder=None, due_on=None, closed_at=clock.now()).execute()
    with db.write_transaction():
        audit.record(Event.CLAIM_RETURNED, chain=audit.ACCOUNTS, actor=cast.dewi,
                     subject=cast.siti.public_id, now=clock.now(),
                     number=show_number(case.number), wrong=["amount", "paper:KTP"])
    found = figures(cast.dewi.branch_id)
    assert found[TODAY, "ditolak", "sanggahan"] == 1
    assert found[TODAY, "dikembalikan", "amount"] == found[TODAY, "dikembalikan", "KTP"] == 1
    assert not [key for key in figures(HEAD_OFFICE) if key[1] in ("ditolak", "dikembalikan")]


def test_messages_to_nobody_are_none(cast):
    with db.write_transaction():
        outbox.write_to("sms", None, kind="otp:x", about=None, now=clock.now(), text="Kode",
                        expires_in=timedelta(minutes=10))
    assert not figures(cast.dewi.branch_id)


def test_what_is_ended_at_the_counter_is_a_report_and_no_case_beside_it(cast):
    Case.create(kind="loket", number=new_number(), branch=cast.dewi.branch_id, holder=None,
                opened_at=clock.now(), held_since=clock.now(), closed_at=clock.now())
    assert not figures(cast.dewi.branch_id)


def waiting(cast, since, due_on):
    now = clock.now()
    Case.create(kind="sanggahan", number=new_number(), branch=cast.dewi.branch_id, opened_at=now,
                held_since=since, holder="branch", due_on=due_on)


def test_the_queue_by_age_and_by_promise(cast):
    now, today = clock.now(), clock.today()
    for days, due in ((0, 0), (1, 1), (2, -1), (5, 2), (10, -1), (29, 1), (31, -1), (400, -1)):
        waiting(cast, now - timedelta(days=days), today + timedelta(days=due))
    Case.create(kind="sanggahan", number=new_number(), branch=cast.dewi.branch_id, opened_at=now,
                held_since=now, closed_at=now)
    assert queries.waiting_by_age(cast.dewi.branch_id, now) == [
        (1, 0), (1, 1), (1, 0), (0, 1), (1, 0), (0, 2)]
    assert queries.waiting_by_age(HEAD_OFFICE, now) == [(0, 0)] * 6


@pytest.mark.parametrize("days", [7, 365])
def test_a_report_asks_the_same_number_of_questions_whatever_there_is(app, cast, days):
    eka = Clerk(app).is_signed_in_as(cast.eka)
    with Statements() as few:
        eka.open(f"/cabang/laporan?hari={days}")
    for number in range(30):
        waiting(cast, clock.now() - timedelta(days=number), clock.today())
    with time_machine.travel(clock.now() + timedelta(days=3)):
        keep_figures(clock.now())
    with Statements() as many:
        eka.open(f"/cabang/laporan?hari={days}")
    assert many.count == few.count <= 15
    assert not Claim.select().exists()
