"""Siti asks PT Maju, or objects to what it reported."""

from datetime import date, timedelta

from webapp import clock
from webapp.cases.service import open_case
from webapp.deactivation import service as deactivations
from webapp.models.cases import AT_WORKER, REQUEST, Case, DeactivationRequest
from webapp.models.workers import Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about, objection_of
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_request_of

LAST_DAY = date(2026, 11, 30)


def ask(cast, now, membership=None, last_day=LAST_DAY):
    """A request as it reaches the company."""
    membership = membership or cast.siti_at_maju
    request = service.begin(membership, cast.siti, now)
    request = service.keep_draft(request, reason="RSG", last_day=last_day, now=now,
                                 note="Pindah ke Bandung")
    service.send(request, cast.siti, version=request.version, now=now,
                 rules=rules_on(clock.day_of(now)))
    return open_request_of(membership)


def fill_in(cast, now, **how):
    """A request whose form waits to be confirmed."""
    request = ask(cast, now, **how)
    service.approve(request, cast.budi, version=request.version, now=now)
    request = open_request_of(request.membership_id)
    service.fill_in(request, cast.siti, version=request.version, address="Jl. Melati 5, Bandung",
                    rules=rules_on(clock.day_of(now)), now=now)
    return open_request_of(request.membership_id)


def report(cast, now, user=None, last_day=None, membership=None):
    """Somebody is reported to have left: Siti by Budi, unless it is said. Returns the deactivation.
    """
    user, rules = user or cast.budi, rules_on(clock.day_of(now))
    membership = Membership.get_by_id((membership or cast.siti_at_maju).id)
    draft = deactivations.save_draft(
        membership, user, reason="RSG", note="", document=None, now=now,
        last_day=last_day or clock.day_of(now) - timedelta(days=2))
    deactivations.file(draft, user, version=draft.version, company=membership.company, rules=rules,
                       now=now)
    return deactivation_about(membership, draft.public_id)


def dispute(cast, now, **how):
    """The worker objects to a report. Returns the objection."""
    return object_to(cast, report(cast, now, **how), now)


def object_to(cast, made, now):
    """The same for what was reported already."""
    objection = objections.begin(made, Membership.get_by_id(made.membership_id), cast.siti, now)
    objections.send(objection, cast.siti, version=objection.version, now=now,
                    reason="Saya masih bekerja di sana.", rules=rules_on(clock.day_of(now)))
    return objection_of(objection.case_id)


def place_of(case, company):
    """Where the company reads a case."""
    return f"/perusahaan/{company.public_id}/permohonan/{case.public_id}"


def many_cases(cast, count, now, holder="company"):
    """Requests of as many further workers, as lists need them."""
    for number in range(count):
        worker = Worker(name=f"Pekerja {number:04}", birth_date=date(1990, 1, 1), created_at=now,
                        nik_index=f"{number:032}", nik_sealed=b"x")
        worker.save(force_insert=True)
        membership = Membership.create(
            company=cast.maju, worker=worker, kpj=f"7{number:010}", name_key=worker.name.lower(),
            started_on=date(2021, 5, 1))
        case = open_case(REQUEST, branch=cast.maju.branch_id, opened_by=cast.siti, now=now,
                         holder=holder, company=cast.maju, membership=membership, worker=worker,
                         due_on=clock.day_of(now) + timedelta(days=1 + number % 9))
        DeactivationRequest.create(
            case=case, membership=membership, reason="RSG", last_day=LAST_DAY, asked_at=now,
            state="DISETUJUI" if holder == AT_WORKER else "DIAJUKAN")


def state_of(asked):
    """The request's state and who must act."""
    case = Case.get_by_id(asked.case.id)
    return DeactivationRequest.get_by_id(asked.row.id).state, case.holder
