"""Beralih ke Mandiri: what it costs, beginning it, how far it has come, taking it back."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.bills.queries import owns_of, waiting_bill_of
from webapp.claims.faults import faults_of
from webapp.contributions.amounts import lowest
from webapp.contributions.quotes import quote
from webapp.deactivation.reasons import REASONS
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show
from webapp.linking.service import link
from webapp.models.cases import AT_WORKER
from webapp.models.switches import DRAFT, RETURNED, REVIEWED, SUBMITTED
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, public, worker_only
from webapp.rate_limit import TooMany
from webapp.requests.queries import request_of
from webapp.switch import service
from webapp.switch.drafts import next_page
from webapp.switch.faults import label_of
from webapp.switch.own import own_switch
from webapp.switch.papers import lacking
from webapp.switch.queries import (
    ending_of,
    membership_to_leave,
    open_switch_of,
    switches_of,
    to_begin_with,
)
from webapp.switch.states import TAKEN_BACK_FROM
from webapp.switch.words import SECTORS, parts_of, state_of, status_of, steps_of
from webapp.switch_form import QuoteForm
from webapp.waiting import seconds_until, when

blueprint = Blueprint("switch", __name__, url_prefix="/mandiri")

EARLIER = 10     # switches that are over, on the overview


@blueprint.route("", methods=["GET", "POST"])
@worker_only
def overview():
    """What going on alone costs, before anything is filled in; and where it is begun."""
    worker = link(current_user, clock.now())
    form = QuoteForm.of_request()
    running = worker and open_switch_of(worker)
    owns = owns_of(worker) if worker else []
    return show("switch/overview.html", form=form, quote=_quoted(form), is_linked=bool(worker),
                running=running, state_of=state_of, own=owns[0] if owns else None,
                status_of=status_of,
                memberships=to_begin_with(worker) if worker and not running else [],
                over=_over(worker, running) if worker else [], **_needs())


@blueprint.route("/hitung", methods=["GET", "POST"])
@public
def calculate():
    """The same without signing in; the income stands in no address."""
    form = QuoteForm.of_request()
    return show("switch/calculate.html", form=form, quote=_quoted(form), **_needs())


@blueprint.route("/mulai/<uuid:membership_id>", methods=["GET", "POST"])
@worker_only
def begin(membership_id):
    """Begin a switch from this membership, or go on with the one there is."""
    worker = link(current_user, clock.now())
    membership = found_or_404(worker and membership_to_leave(worker, membership_id))
    if request.method == "GET":     # who had to sign in first comes back by this address
        return see_other(url_for(".overview"))
    try:
        begun = service.begin(worker, current_user, membership, clock.now())
    except service.AlreadyOwn:
        return see_other(url_for("bills.overview"))
    except service.Frozen:
        return _frozen()
    except TooMany as wait:
        return _too_many(wait.until)
    return see_other(_url(begun))


@blueprint.get("/<uuid:case_id>")
@worker_only
def case(case_id):
    """How far a switch has come; a draft is gone on with."""
    switch = own_switch(current_user, case_id)
    if switch.state != DRAFT:
        return _status_page(switch)
    return see_other(f"{_url(switch)}/{next_page(switch, current_user, clock.today())}")


@blueprint.route("/<uuid:case_id>/batal", methods=["GET", "POST"])
@worker_only
def withdraw(case_id):
    """Take a switch back, sent or not, until its first contribution is paid."""
    switch = own_switch(current_user, case_id)
    if request.method == "GET":
        if switch.state not in TAKEN_BACK_FROM:
            return see_other(_url(switch))
        return show("switch/withdraw.html", switch=switch, here=_url(switch),
                    ending=ending_of(switch))
    try:
        service.withdraw(switch, current_user, version=version_shown(), now=clock.now())
    except service.CaseChanged:
        return _changed(own_switch(current_user, case_id))
    except service.AlreadyDone:
        pass
    return see_other(_url(switch) if switch.submitted_at else url_for(".overview"))


def _needs():
    rules = rules_on(clock.today())
    return {"lowest": lowest(rules), "parts_of": parts_of, "most_owed": rules["bpu.owed_months"]}


def _quoted(form):
    """The ``Quote`` of what was typed, or None."""
    if not form.is_sent_and_valid():
        return None
    return quote(form.income.data, form.sector.data, clock.today(), rules_on)


def _over(worker, running):
    rows = switches_of(worker).limit(EARLIER + 1)
    return [row for row in rows if (running is None or row.id != running.id)
            and row.submitted_at][:EARLIER]


def _status_page(switch):
    today, asked, ending = clock.today(), request_of(switch.case_id), ending_of(switch)
    # What of it staff marked, only while it waits to be put right.
    faults = faults_of(switch) if switch.state == RETURNED else {}
    return show(
        "switch/status.html", switch=switch, here=_url(switch), standing=status_of(switch),
        steps=steps_of(switch, asked, switch.own, today) if switch.submitted_at else [],
        asked=asked, ending=ending, sectors=SECTORS, reasons=REASONS,
        lacking=lacking(switch, ending) if switch.state in (SUBMITTED, REVIEWED) else [],
        faults=[(label_of(code), sentence) for code, sentence in faults.items()],
        bill=waiting_bill_of(switch.worker_id), can_withdraw=switch.state in TAKEN_BACK_FROM,
        papers=box_for(switch.case, AT_WORKER, current_user, (), can_add=False))


def _url(switch):
    return url_for(".case", case_id=switch.case.public_id)


def _changed(switch):
    """It is not any more as the page showed it."""
    return problem(409, "Peralihan ini sudah berubah",
                   f"Statusnya sekarang: {state_of(switch)}. Buka lagi sebelum melanjutkan.",
                   back=_url(switch), back_text="Lihat peralihan")


def _frozen():
    return problem(409, "Anda tercatat meninggal dunia",
                   "Selama catatan itu berlaku, kepesertaan baru tidak bisa dimulai. Jika keliru, "
                   "sanggah di Kepesertaan, atau datang ke kantor cabang dengan KTP.",
                   back=url_for("memberships.memberships"), back_text="Lihat kepesertaan")


def _too_many(until):
    body, status, headers = problem(
        429, "Hari ini sudah cukup banyak", f"Bisa mulai lagi {when(until)}.",
        back=url_for(".overview"), back_text="Lihat Beralih ke Mandiri")
    return body, status, {**headers, "Retry-After": str(seconds_until(until))}
