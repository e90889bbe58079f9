"""Kepesertaan: every membership of a person, how it ended, and the proofs."""

from flask import Blueprint, current_app, url_for
from flask_login import current_user

from webapp import clock
from webapp.bills.queries import owns_of
from webapp.bills.words import status_of as own_status
from webapp.contributions.amounts import lowest
from webapp.deactivation.consequences import consequences
from webapp.deactivation.reasons import REASONS
from webapp.errors import problem
from webapp.home.queries import memberships_of_worker
from webapp.htmx import show
from webapp.linking.service import link
from webapp.memberships.queries import (
    latest_reports,
    membership_of_worker,
    other_active_companies,
    report_about,
    standing_of,
)
from webapp.memberships.words import filer_of, history_of, matters_of, status_of, undoer_of
from webapp.objections.queries import latest_objections, objection_to
from webapp.objections.service import can_object, last_objection_day
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, worker_only
from webapp.receipts.presentation import qr_of
from webapp.requests.queries import (
    asked_for,
    latest_requests,
    open_request_of,
    open_requests_of,
)
from webapp.requests.words import state_of
from webapp.switch.queries import open_switch_of
from webapp.switch.words import state_of as switch_state

blueprint = Blueprint("memberships", __name__, url_prefix="/kepesertaan")

MOST = 20     # of what happened to a membership, each kind


@blueprint.get("")
@worker_only
def memberships():
    """All of them in one view, whatever card number each has."""
    worker = link(current_user, clock.now())
    rows = list(memberships_of_worker(worker)) if worker else []
    standing = {row.membership_id: row for row in (standing_of(worker) if rows else ())}
    asked = {row.membership_id: row for row in (open_requests_of(worker) if rows else ())}
    return show("memberships/memberships.html", memberships=rows, standing=standing, asked=asked,
                own=next(iter(owns_of(worker)), None) if worker else None, own_status=own_status,
                switch=open_switch_of(worker) if worker else None, switch_state=switch_state,
                is_linked=worker is not None, today=clock.today(), filer_of=filer_of,
                status_of=status_of, state_of=state_of)


@blueprint.get("/<uuid:membership_id>")
@worker_only
def membership(membership_id):
    """One membership: whether it has ended, who said so, and what can be done."""
    found, today = _own(membership_id), clock.today()
    reports = latest_reports(found, MOST)
    standing = next((row for row in reports if row.is_standing), None)
    objections = latest_objections(found, MOST)
    return show(
        "memberships/membership.html", membership=found, standing=standing, today=today,
        asked=open_request_of(found), asked_for=standing and asked_for([standing]),
        objection=standing and objection_to(standing),
        object_until=standing and can_object(standing, today) and last_objection_day(standing),
        matters=matters_of(latest_requests(found, MOST), objections), filer_of=filer_of,
        status_of=status_of,
        history=history_of(found, reports, objections[::-1]) if reports else [],
        **(_ending(found, standing, today) if standing else {}))


@blueprint.get("/<uuid:membership_id>/tanda-terima/<uuid:deactivation_id>")
@worker_only
def receipt(membership_id, deactivation_id):
    """The worker's own receipt, with everything it says."""
    found = _own(membership_id)
    report = found_or_404(report_about(found, deactivation_id))
    return show(
        "memberships/receipt.html", membership=found, company=found.company, deactivation=report,
        receipt=report.receipt, reason=REASONS[report.reason], rules=_rules_of(report),
        lowest=lowest(rules_on(clock.today())), kpj=found.kpj, filer=filer_of(report),
        undoer=undoer_of(report),
        qr=qr_of(report.receipt, current_app.config["BASE_URL"]))


@blueprint.get("/<uuid:membership_id>/paklaring/<uuid:deactivation_id>")
@worker_only
def letter(membership_id, deactivation_id):
    """The work letter, once the company has approved it and while its report stands."""
    found = _own(membership_id)
    report = found_or_404(report_about(found, deactivation_id))
    back = {"back": url_for(".membership", membership_id=membership_id),
            "back_text": "Lihat kepesertaan"}
    if not report.is_standing:
        return problem(409, "Paklaring ini tidak berlaku lagi",
                       "Laporannya dibatalkan. Jika sudah dicetak, jangan dipakai.", **back)
    if not (report.letter and report.letter.approved_at):
        return problem(404, "Paklaring belum ada", "Perusahaan belum menyetujuinya. Tanyakan "
                       "kepada bagian HRD.", **back)
    return show(
        "memberships/letter.html", membership=found, company=found.company, deactivation=report,
        letter=report.letter, receipt=report.receipt, worker=found.worker,
        reason=REASONS[report.reason], qr=qr_of(report.receipt, current_app.config["BASE_URL"]))


def _own(membership_id):
    worker = link(current_user, clock.now())
    return found_or_404(worker and membership_of_worker(worker, membership_id))


def _ending(membership, report, today):
    """What the page says about a standing report."""
    rules = _rules_of(report)
    return {"reason": REASONS[report.reason], "rules": rules, "effects": consequences(
        report.reason, report.last_day, birth_date=membership.worker.birth_date, rules=rules,
        today=today), "elsewhere": other_active_companies(membership)}


def _rules_of(report):
    return rules_on(clock.day_of(report.filed_at))
