"""What the judging needs to know of a person, read with three statements."""

from peewee import JOIN

from webapp.clock import day_of
from webapp.contributions.arrears import covered_until
from webapp.eligibility.kinds import KINDS, PARTIAL
from webapp.eligibility.question import Facts, Service
from webapp.models.cases import ASKED, Case, Objection
from webapp.models.claims import GRANTED, OPEN_CLAIM, PAID, Claim, Savings
from webapp.models.companies import Company
from webapp.models.deactivations import STANDING, Deactivation
from webapp.models.switches import BEHIND, LAPSED, OwnMembership
from webapp.models.workers import ACTIVE, ENDED, Membership, Worker
from webapp.prepared import prepared

NONE = 0     # no claim has this number
OWN = "Mandiri (BPU)"     # as it stands where a company's name would


def facts_of(worker, today, *, without=None):
    """The ``Facts`` of a person on a day.

    Inside a write transaction that locked the savings they are what a decision may rest on.

    :param without: the ``Claim`` that is judged: its own kind and amount do not count against it.
    """
    of_own = _savings_and_owns.rows(worker.id)
    services = (*(_service(row) for row in _memberships.rows(worker.id)),
                *(_own_service(row.own, today) for row in of_own if row.own))
    savings = of_own[0].savings if of_own else None
    claims = _claims.rows(worker.id, without.id if without else NONE)
    open_kinds = frozenset(claim.kind for claim in claims if claim.state in OPEN_CLAIM)
    return Facts(
        today=today, birth_date=worker.birth_date, memberships=services,
        is_dead=any(service.reason == "MGL" for service in services),
        credited=savings and savings.credited, taken=_taken(savings, without),
        as_of=savings and savings.as_of, partial_on=_partial_on(savings, claims),
        open_kinds=open_kinds, reserved=sum(map(_reserved, claims)))


def _service(row):
    end = row.end
    objection = end and end.objection
    return Service(row.id, row.company.name, row.status, row.started_on, row.ended_on,
                   *((end.id, end.reason, end.last_day, end.state) if end else ()),
                   disputed_on=objection and day_of(objection.asked_at),
                   decided_by=objection and objection.decided_in.due_on)


def _own_service(row, today):
    """A membership of one's own: while it is behind, to the end of what was paid. A claim that
    rests on it rests on the card it keeps."""
    ended_on = row.ended_on
    if row.state == BEHIND:
        ended_on = covered_until(row.paid_until, BEHIND, today)
    return Service(row.continues_id, OWN, ENDED if row.state == LAPSED else ACTIVE, row.started_on,
                   ended_on, is_own=True)


def _taken(savings, without):
    if not savings:
        return 0
    own = (without.approved if without and without.state in GRANTED
           and KINDS[without.kind].is_savings else 0)
    return savings.taken - own


def _reserved(claim):
    """What an open claim asks of the savings; once granted it stands in what was taken."""
    if claim.state in GRANTED or not KINDS[claim.kind].is_savings:
        return 0
    return claim.amount


def _partial_on(savings, claims):
    """When a part was taken first: as the fund says, or by a claim that was granted."""
    days = [day_of(claim.approved_at) for claim in claims
            if claim.kind in PARTIAL and claim.state in GRANTED]
    if savings and savings.partial_on:
        days.append(savings.partial_on)
    return min(days, default=None)


@prepared
def _memberships(worker):
    """The memberships of a worker with their companies and the ends that stand, those with the
    objection that waits for the branch."""
    return (Membership.select(Membership, Company.id, Company.name, Deactivation.id,
                              Deactivation.reason, Deactivation.last_day, Deactivation.state,
                              Objection.asked_at, Case.id, Case.due_on)
            .join(Company).switch(Membership)
            .join(Deactivation, JOIN.LEFT_OUTER, attr="end",
                  on=((Deactivation.membership == Membership.id)
                      & (Deactivation.state << STANDING)))
            .join(Objection, JOIN.LEFT_OUTER, attr="objection",
                  on=((Objection.deactivation == Deactivation.id) & (Objection.state == ASKED)))
            .join(Case, JOIN.LEFT_OUTER, on=(Objection.case == Case.id), attr="decided_in")
            .where(Membership.worker == worker).order_by(Membership.id))


@prepared
def _savings_and_owns(worker):
    """The savings of a worker, with each membership of their own: at least one row."""
    return (Worker.select(Worker.id, Savings, OwnMembership)
            .join(Savings, JOIN.LEFT_OUTER, attr="savings").switch(Worker)
            .join(OwnMembership, JOIN.LEFT_OUTER, attr="own")
            .where(Worker.id == worker).order_by(OwnMembership.id))


@prepared
def _claims(worker, without):
    """What a worker has sent and was not refused, but for one."""
    return (Claim.select(Claim.id, Claim.kind, Claim.state, Claim.amount, Claim.approved_at)
            .where(Claim.worker == worker, Claim.id != without,
                   Claim.state << (*OPEN_CLAIM, PAID)))
