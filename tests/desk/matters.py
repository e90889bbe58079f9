"""One case of each kind that the desk decides, made by the services, about Siti at PT Maju."""

import json
from datetime import timedelta

from webapp import clock
from webapp.cases.deadlines import company_until
from webapp.clock import start_of
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.deactivations import Deactivation
from webapp.models.workers import Membership
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about, objection_of
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.requests.queries import request_numbered

VERDICT = "Slip gaji November cocok dengan kata pekerja."
WRONG = "Saya masih bekerja di sana sampai hari ini."


def rules():
    """Those in force today."""
    return rules_on(clock.today())


def last_day():
    """Twelve days ago: 10 November 2026 by the fixed clock."""
    return clock.today() - timedelta(days=12)


def asked(cast, user=None, membership=None):
    """A worker asks PT Maju to end the membership. Returns the request."""
    user, membership = user or cast.siti, membership or cast.siti_at_maju
    now = clock.now()
    request = requests.begin(Membership.get_by_id(membership.id), user, now)
    request = requests.keep_draft(request, reason="RSG", last_day=last_day(),
                                  note="Sudah pindah kota.", now=now)
    requests.send(request, user, version=request.version, rules=rules(), now=now)
    return request_numbered(request.id)


def escalated(cast, **who):
    """The same, which the company left unanswered until its time was over. Returns the case."""
    request = asked(cast, **who)
    long_ago = clock.now() - timedelta(days=20)
    over = company_until(clock.day_of(long_ago), rules())
    Case.update(due_on=over, opened_at=long_ago).where(Case.id == request.case_id).execute()
    DeactivationRequest.update(asked_at=long_ago).where(
        DeactivationRequest.id == request.id).execute()
    assert requests.escalate_overdue(start_of(over + timedelta(days=1)))
    return Case.get_by_id(request.case_id)


def reported(cast, membership=None, days_ago=0):
    """PT Maju reports somebody, so many days ago. Returns the deactivation."""
    now, clerk = clock.now(), cast.ani
    membership = Membership.get_by_id((membership or cast.siti_at_maju).id)
    draft = deactivations.save_draft(membership, clerk, reason="RSG", note="", document=None,
                                     last_day=last_day(), now=now)
    deactivations.file(draft, clerk, version=draft.version, company=cast.maju, rules=rules(),
                       now=now)
    if days_ago:
        Deactivation.update(filed_at=now - timedelta(days=days_ago)).where(
            Deactivation.id == draft.id).execute()
    return filed_of.one(cast.maju, draft.public_id)


def objected(cast, user=None, membership=None):
    """The same, and the worker objects. Returns the case."""
    user, membership = user or cast.siti, membership or cast.siti_at_maju
    report, now = reported(cast, membership), clock.now()
    membership = Membership.get_by_id(membership.id)
    report = deactivation_about(membership, report.public_id)
    objection = objections.begin(report, membership, user, now)
    objections.send(objection, user, version=objection.version, reason=WRONG, rules=rules(),
                    now=now)
    return Case.get_by_id(objection.case_id)


def corrected(cast, membership=None):
    """PT Maju asks the branch to take back what it can no longer undo. Returns the case."""
    report = reported(cast, membership, days_ago=8)
    deactivations.request_correction(report, cast.ani, reason="Yang berhenti orang lain.",
                                     company=cast.maju, rules=rules(), now=clock.now())
    return Case.select().where(Case.kind == "koreksi").order_by(Case.id.desc()).get()


MAKERS = {"permohonan": escalated, "sanggahan": objected, "koreksi": corrected}


def objection_about(case):
    """The objection of a case, as it is now."""
    return objection_of(case.id)


def url(case):
    """Where a case is at the desk."""
    return f"/cabang/kasus/{case.public_id}"


def fresh(case):
    """The case as it is now."""
    return Case.get_by_id(case.id)


def recorded(kind):
    """(actor, subject, details) of a kind's audit entries, oldest first."""
    return [(row.actor, row.subject, json.loads(row.details)) for row in
            AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)]
