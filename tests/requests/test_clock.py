"""The company's clock: 7 working days for each step, then the branch has it, by itself and once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.page import forget_tries, in_parallel
from webapp import audit, clock
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_request_of

FRIDAY = datetime(2026, 12, 18, 3, tzinfo=UTC)     # ten in the morning in Jakarta
LAST_DAY = date(2026, 12, 31)


def midnight_after(day):
    return clock.start_of(day + timedelta(days=1))


@pytest.fixture
def asked(cast):
    """Siti asked PT Maju on a Friday, a week before Christmas."""
    return ask(cast, FRIDAY)


def ask(cast, now, membership=None, user=None):
    membership, user = membership or cast.siti_at_maju, user or cast.siti
    request = service.begin(membership, user, now)
    request = service.keep_draft(request, reason="RSG", last_day=LAST_DAY, note="Pindah", now=now)
    service.send(request, user, version=request.version, rules=rules_on(clock.day_of(now)),
                 now=now)
    return open_request_of(membership)


def fresh(request):
    return DeactivationRequest.get_by_id(request.id), Case.get_by_id(request.case_id)


# Christmas is a national holiday; of the days around it none is, by the calendar's package.
@pytest.mark.parametrize(("sent", "last"), [
    (datetime(2026, 12, 18, 3, tzinfo=UTC), date(2026, 12, 30)),
    (datetime(2026, 12, 18, 16, 59, tzinfo=UTC), date(2026, 12, 30)),
    (datetime(2026, 12, 18, 17, 1, tzinfo=UTC), date(2026, 12, 30)),     # Saturday in Jakarta
    (datetime(2026, 11, 20, 3, tzinfo=UTC), date(2026, 12, 1)),
])
def test_seven_working_days_run_over_weekends_and_holidays(cast, sent, last):
    request, case = fresh(ask(cast, sent))
    assert (request.state, case.holder, case.due_on) == ("DIAJUKAN", "company", last)


def test_it_escalates_at_midnight_in_jakarta_and_not_a_second_before(asked):
    night = midnight_after(date(2026, 12, 30))
    assert service.escalate_overdue(night - timedelta(seconds=1)) == 0
    assert fresh(asked)[1].holder == "company"
    assert service.escalate_overdue(night) == 1
    request, case = fresh(asked)
    assert (request.state, case.holder) == ("ESKALASI_CABANG", "branch")
    # New Year, two weekends and Isra Mikraj (5 January) are not counted.
    assert case.due_on == date(2027, 1, 11)


def test_both_are_told_of_each_step(asked, cast):
    service.escalate_overdue(midnight_after(date(2026, 12, 30)))
    told = {(row.kind, row.channel, row.worker_id or row.user_id) for row in Message.select()}
    worker = cast.siti_at_maju.worker_id
    for step in ("case:request sent", "case:request escalated"):
        assert {(step, "sms", worker), (step, "email", worker),
                (step, "email", cast.ani.id), (step, "email", cast.budi.id)} <= told
    texts = [row.body for row in Message.select().where(Message.channel == "sms")]
    assert "Jawaban paling lambat 30 Desember 2026" in texts[0]
    assert "Kantor cabang mengambil alih, janjinya 11 Januari 2027" in texts[1]


def test_nothing_escalates_twice(asked):
    night = midnight_after(date(2026, 12, 30))
    assert service.escalate_overdue(night) == 1
    before = Message.select().count(), AuditEntry.select().count()
    assert service.escalate_overdue(night) == 0     # as after a restart
    assert service.escalate_overdue(night + timedelta(days=3)) == 0
    assert (Message.select().count(), AuditEntry.select().count()) == before


def test_four_processes_escalate_it_once(asked):
    night = midnight_after(date(2026, 12, 30))
    assert sum(in_parallel(lambda _: service.escalate_overdue(night), 4)) == 1
    assert Message.select().where(Message.kind == "case:request escalated").count() == 4


def test_the_form_starts_the_clock_anew(asked, cast):
    service.approve(asked, cast.ani, version=asked.version, now=FRIDAY)
    assert service.escalate_overdue(FRIDAY + timedelta(days=365)) == 0     # the worker's turn
    filled_at = datetime(2027, 1, 4, 3, tzinfo=UTC)
    request = open_request_of(cast.siti_at_maju)
    service.fill_in(request, cast.siti, version=request.version, address="Jalan Melati 3",
                    rules=rules_on(clock.day_of(filled_at)), now=filled_at)
    assert fresh(asked)[1].due_on == date(2027, 1, 14)
    assert service.escalate_overdue(midnight_after(date(2027, 1, 14))) == 1
    assert fresh(asked)[0].state == "ESKALASI_CABANG"


def test_all_the_evidence_goes_to_the_branch(asked, cast):
    service.approve(asked, cast.ani, version=asked.version, now=FRIDAY)
    request = open_request_of(cast.siti_at_maju)
    service.fill_in(request, cast.siti, version=request.version, address="Jalan Melati 3",
                    rules=rules_on(clock.day_of(FRIDAY)), now=FRIDAY)
    service.escalate_overdue(FRIDAY + timedelta(days=30))
    request = open_request_of(cast.siti_at_maju)
    assert (request.reason, request.last_day, request.note, request.address) == (
        "RSG", LAST_DAY, "Pindah", "Jalan Melati 3")
    assert request.case.branch_id == cast.maju.branch_id


def test_an_answer_and_the_clock_have_one_winner(cast):
    """The company approves while the clock runs out: 40 times, one of them has it."""
    night = midnight_after(date(2026, 12, 30))
    for _ in range(40):
        forget_tries(cast.siti, service.SENT, service.BEGUN)
        request = ask(cast, FRIDAY)

        def act(number, request=request):
            if number:
                return service.escalate_overdue(night)
            try:
                service.approve(request, User.get_by_id(cast.ani.id), version=request.version,
                                now=night)
            except service.CaseChanged:
                return 0
            return 1

        assert sum(in_parallel(act, 2)) == 1
        request, case = fresh(request)
        assert (request.state, case.holder) in (("DISETUJUI", "worker"),
                                                ("ESKALASI_CABANG", "branch"))
        service.withdraw(open_request_of(cast.siti_at_maju), cast.siti, version=request.version,
                         now=night)
    assert not list(audit.verify())


def test_the_branch_of_the_company_gets_it(cast):
    rahmat = cast.rahmat_at_lain
    rahmat.worker.user = cast.siti
    request = ask(cast, FRIDAY, membership=rahmat)
    assert request.case.branch_id == cast.lain.branch_id != cast.maju.branch_id
