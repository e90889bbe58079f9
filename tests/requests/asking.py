"""Siti asks PT Maju, through the pages; the company and the branch answer by their services."""

from datetime import timedelta

from webapp import clock
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.companies import Company
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import request_numbered

ANSWERS = {"reason": "RSG", "last_day": "2026-11-30", "note": "Pindah ke Bandung"}


def begin(siti, membership):
    """Press Ajukan nonaktif; Siti stands before the draft."""
    siti.open(f"/kepesertaan/{membership.public_id}")
    return siti.send()


def drafted(siti, membership, **answers):
    """Siti stands before the check page."""
    begin(siti, membership)
    return siti.send(**{**ANSWERS, **answers})


def sent(siti, membership, **answers):
    """Siti stands before the request she has sent."""
    drafted(siti, membership, **answers)
    return siti.send()


def only_request():
    """The one there is, as it is now."""
    return request_numbered(DeactivationRequest.get().id)


def only_case():
    """Its case."""
    return Case.get()


def approved(siti, membership, clerk, **answers):
    """The company has agreed."""
    sent(siti, membership, **answers)
    service.approve(only_request(), clerk, version=only_request().version, now=clock.now())
    return only_request()


def filled(siti, membership, clerk, **answers):
    """The worker's form is with the company."""
    asked = approved(siti, membership, clerk, **answers)
    siti.open(f"/permohonan/{asked.case.public_id}")
    return siti.send("#fill-in", address="Jalan Melati 3, Bandung", is_checked="y")


def confirmed(siti, membership, clerk, **answers):
    """The company has confirmed: the membership is over."""
    filled(siti, membership, clerk, **answers)
    asked, now = only_request(), clock.now()
    return service.confirm(asked, clerk, version=asked.version, now=now,
                           company=Company.get_by_id(asked.case.company_id),
                           rules=rules_on(clock.day_of(now)))


def refused(siti, membership, clerk, reason="Masih ada serah terima."):
    """The company has said no."""
    sent(siti, membership)
    service.refuse(only_request(), clerk, version=only_request().version, reason=reason,
                   now=clock.now())


def escalated(siti, membership):
    """The company let its days pass."""
    sent(siti, membership)
    assert service.escalate_overdue(clock.now() + timedelta(days=30)) == 1
