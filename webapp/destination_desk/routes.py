"""Pemeriksaan rekening: two names side by side, and whether the account is the person's."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, kept_input, waiting
from webapp.branch.ages import age_in_words
from webapp.branch.looks import look
from webapp.cases import service as cases
from webapp.cases.queries import case_at
from webapp.cases.words import KINDS, SIDES
from webapp.desk.outcomes import Outcome
from webapp.desk.presence import beside
from webapp.desk.service import may_hand_over
from webapp.destination_desk import service
from webapp.destination_desk.forms import AcceptForm, NumberForm, RefuseForm
from webapp.destinations.queries import destination_of_case, is_change, others_with
from webapp.destinations.words import PROVIDERS, STATES, label
from webapp.forms import version_shown
from webapp.htmx import see_other, show
from webapp.models.cases import AT_BRANCH, DESTINATION
from webapp.models.claims import LINKED
from webapp.papers.kinds import BANK_BOOK, KTP, OTHER
from webapp.papers.queries import box_for
from webapp.permissions import branch_only, found_or_404, fresh_factor
from webapp.rate_limit import TooMany

blueprint = Blueprint("destination_desk", __name__, url_prefix="/cabang/rekening/<uuid:case_id>")

PAPERS = (BANK_BOOK, KTP, OTHER)


@blueprint.get("")
@branch_only
def case(case_id):
    """The two names, and what else tells whose it is."""
    return _page(_looked_at(case_id))


@blueprint.post("")
@branch_only
@fresh_factor
def decide(case_id):
    """Link it or refuse; deciding twice is the same as once."""
    found, now = _looked_at(case_id), clock.now()
    accept, refuse = AcceptForm.of_request(), RefuseForm.of_request()
    form = accept if request.form.get("putusan") == "terima" else refuse
    if not form.is_sent_and_valid():
        return _page(found, accept=accept, refuse=refuse)
    if form is accept:
        service.accept(found, current_user, version=version_shown(), now=now)
    else:
        service.refuse(found, current_user, version=version_shown(), now=now,
                       verdict=refuse.verdict.data)
    return see_other(url_for(".case", case_id=case_id))


@blueprint.post("/nomor")
@branch_only
@fresh_factor
def show_number(case_id):
    """The same page with the full number; the reason is recorded."""
    found, form = _looked_at(case_id), NumberForm.of_request()
    if not form.is_sent_and_valid():
        return _page(found, reveal=form)
    try:
        number = service.reveal_number(found, current_user, form.reason.data, clock.now())
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_page, found, reveal=form))
    return _page(found, number=number)


@blueprint.get("/nomor")
@branch_only
def hidden_number(case_id):
    """Whoever reloads or keeps that address: a full number is at none, so back to the case."""
    return see_other(url_for(".case", case_id=case_id))


@blueprint.errorhandler(cases.CaseChanged)
def changed(_):
    """A colleague or the person was faster: both versions."""
    return _conflict(_found(request.view_args["case_id"]))


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """A colleague has it: who, and since when."""
    return _conflict(_found(request.view_args["case_id"]), error)


def _found(case_id):
    found = found_or_404(case_at(current_user.branch_id, case_id))
    found_or_404(found.kind == DESTINATION)
    return found


def _looked_at(case_id):
    """The branch's case; on record that this officer has it open."""
    found = _found(case_id)
    look(found, current_user, clock.now())
    return found


def _page(found, status=None, *, accept=None, refuse=None, reveal=None, number=None):
    """The case; one of the forms may have errors."""
    accept, reveal, now = accept or AcceptForm(), reveal or NumberForm(), clock.now()
    refuse = refuse or _typed(found)
    destination = destination_of_case(found)
    wrong = [form for form in (accept, reveal) if form.errors]
    return show("destination_desk/case.html", status, form=(wrong or [refuse])[0], accept=accept,
                refuse=refuse, reveal=reveal, number=number, destination=destination, kinds=KINDS,
                provider=PROVIDERS[destination.provider], label=label(destination),
                state=STATES[destination.state], others_with=others_with(destination),
                is_change=is_change(destination.user, destination),
                ended=_outcome(found, destination), age=age_in_words(found.held_since, now),
                may_decide=service.may_decide(found, current_user),
                may_hand_over=may_hand_over(found, current_user),
                papers=box_for(found, AT_BRANCH, current_user, PAPERS, can_add=True),
                **beside(found, current_user, now))


def _typed(found):
    """The reason that its officer wrote before, over a sign-in or while a colleague was faster."""
    kept = (kept_input.recall(current_user, clock.now())
            or cases.typed_in(found, current_user))
    return RefuseForm(MultiDict(kept) if kept else None)


def _outcome(found, destination):
    """What became of it; None while it is open."""
    if not found.closed_at:
        return None
    if not destination.checked_by:
        return Outcome(destination.state, "menutup pemeriksaan ini: tidak jadi disambungkan",
                       destination.user, found.closed_at)
    linked = destination.verdict is None
    return Outcome(LINKED if linked else destination.state,
                   "menyambungkannya" if linked else "tidak menyambungkannya",
                   destination.checked_by, found.closed_at, destination.verdict or "")


def _conflict(found, error=None):
    """What stands now, and what was typed here."""
    typed = request.form.get("verdict", "").strip()
    return show("desk/changed.html", 409, case=found, kinds=KINDS, taken=error, names={},
                ended=_outcome(found, destination_of_case(found)), sides=SIDES, last=None,
                typed=[("Alasan penolakan", typed)] if typed else [],
                back=url_for(".case", case_id=found.public_id))
