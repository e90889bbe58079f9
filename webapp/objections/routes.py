"""Sanggah: a worker's objection to a deactivation, from its draft to the decision."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.cases import service as cases
from webapp.cases.queries import case_of_worker, statements_in
from webapp.cases.words import OBJECTION_STATES, SIDES
from webapp.errors import problem
from webapp.forms import clean, version_shown
from webapp.home.queries import worker_of
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.memberships.queries import membership_of_worker, report_about
from webapp.memberships.words import said_of
from webapp.models.cases import ASKED, AT_WORKER, DRAFT, OBJECTION
from webapp.objections import service
from webapp.objections.forms import TYPED, AnswerForm, ObjectionForm
from webapp.objections.queries import deactivation_about, objection_of
from webapp.objections.words import decision_of, names_of, thread_of
from webapp.papers.kinds import (
    CONTRACT,
    DISMISSAL,
    KTP,
    OTHER,
    RESIGNATION,
    WORK_LETTER,
)
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, worker_only
from webapp.rate_limit import TooMany
from webapp.waiting import said_in

blueprint = Blueprint("objections", __name__)

BEGINNING = "/kepesertaan/<uuid:membership_id>/sanggah/<uuid:deactivation_id>"
PAPERS = (CONTRACT, WORK_LETTER, RESIGNATION, DISMISSAL, KTP, OTHER)


@blueprint.route(BEGINNING, methods=["GET", "POST"])
@worker_only
def begin(membership_id, deactivation_id):
    """Begin an objection, or go on with the one there is."""
    worker = worker_of(current_user)
    membership = found_or_404(worker and membership_of_worker(worker, membership_id))
    report = found_or_404(deactivation_about(membership, deactivation_id))
    here = {"membership_id": membership_id}
    if request.method == "GET":     # who had to sign in first comes back by this address
        return see_other(url_for("memberships.membership", **here))
    try:
        begun = service.begin(report, membership, current_user, clock.now())
    except service.TooLate:
        return _too_late(report, here)
    except service.NotStanding:
        return _no_longer_stands(here)
    return see_other(url_for(".case", case_id=begun.case.public_id))


@blueprint.route("/sanggahan/<uuid:case_id>", methods=["GET", "POST"])
@worker_only
def case(case_id):
    """The draft, and sending it; afterwards what was said, and what was decided."""
    objection, now = _own(case_id), clock.now()
    if request.method == "GET":
        return _page_of(objection)
    form = ObjectionForm.of_request()
    if objection.state == DRAFT and not form.is_sent_and_valid():
        return _draft_page(objection, form)
    here = {"membership_id": objection.deactivation.membership.public_id}
    try:
        service.send(objection, current_user, version=version_shown(), reason=form.reason.data,
                     rules=rules_on(clock.day_of(now)), now=now)
    except service.TooLate:
        return _too_late(objection.deactivation, here)
    except service.NotStanding:
        return _no_longer_stands(here)
    except service.CaseChanged:
        return _changed(_own(case_id))
    except TooMany as wait:
        return said_in(form, wait.until, partial(_draft_page, objection, form))
    except service.AlreadyDone:
        pass
    return _go_on(case_id)


@blueprint.route("/sanggahan/<uuid:case_id>/simpan", methods=["GET", "POST"])
@worker_only
def keep(case_id):
    """Keep what was typed and not sent, valid or not, for every device of the person."""
    objection = _own(case_id)
    if request.method == "GET":     # typed while the session had ended
        return _page_of(objection)
    wanted = {DRAFT: "reason", ASKED: "text"}.get(objection.state)
    if wanted not in request.form:
        if wants_fragment():
            return render_template("cases/_kept.html", is_too_late=True), 409
        return _changed(objection)
    now = clock.now()
    cases.keep_typed(objection.case, current_user, {wanted: request.form.getlist(wanted)}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".case", case_id=case_id, tersimpan="y"))


@blueprint.route("/sanggahan/<uuid:case_id>/jawab", methods=["GET", "POST"])
@worker_only
def answer(case_id):
    """Write to the company and the branch while the objection is open."""
    objection = _own(case_id)
    form = _answer_form(objection)
    if request.method == "GET" or (objection.state == ASKED and not form.is_sent_and_valid()):
        return _page_of(objection, form)
    try:
        service.answer(objection, AT_WORKER, current_user, form.text.data, clock.now())
    except service.CaseChanged:
        return _changed(_own(case_id))
    except TooMany as wait:
        return said_in(form, wait.until, partial(_thread_page, objection, form))
    return _go_on(case_id)


@blueprint.route("/sanggahan/<uuid:case_id>/tarik", methods=["GET", "POST"])
@worker_only
def withdraw(case_id):
    """Take the objection back: the report stands as it was."""
    objection = _own(case_id)
    here = url_for(".case", case_id=case_id)
    if request.method == "GET":
        if objection.case.closed_at:
            return see_other(here)
        return show("objections/withdraw.html", objection=objection)
    try:
        service.withdraw(objection, current_user, version=version_shown(), now=clock.now())
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.AlreadyDone:
        pass
    return see_other(here)


def _own(case_id):
    """The worker's own objection, as it is now."""
    worker = worker_of(current_user)
    found = found_or_404(worker and case_of_worker(worker, case_id))
    return found_or_404(objection_of(found) if found.kind == OBJECTION else None)


def _typed(objection, name):
    """What was typed in a field and not sent: over a sign-in, or on any device."""
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(
        objection.case, current_user)
    return kept if kept and name in kept else None


def _answer_form(objection):
    return AnswerForm.of_request(_typed(objection, "text"))


def _page_of(objection, form=None):
    """What an objection's address shows: the draft, or what was said so far."""
    if objection.state == DRAFT:
        return _draft_page(objection, ObjectionForm.of_request(_typed(objection, "reason")))
    return _thread_page(objection, form)


def _draft_page(objection, form, status=None):
    until = service.last_objection_day(objection.deactivation)
    return show("objections/draft.html", status, form=form, objection=objection, until=until,
                is_late=clock.today() > until, is_kept="tersimpan" in request.args,
                said=_said(objection), papers=_papers(objection))


def _thread_page(objection, form=None, status=None):
    case = objection.case
    return show(
        "objections/thread.html", status, form=form or _answer_form(objection), objection=objection,
        state=OBJECTION_STATES[objection.state], decision=decision_of(objection), sides=SIDES,
        said=_said(objection), names=names_of(case), papers=_papers(objection),
        statements=thread_of(objection, statements_in(case)) if objection.asked_at else [],
        is_kept="tersimpan" in request.args)


def _go_on(case_id):
    """To what was said, as it is now; the form for the next answer is empty."""
    return forward(url_for(".case", case_id=case_id),
                   lambda: _thread_page(_own(case_id), AnswerForm()))


def _said(objection):
    membership = objection.deactivation.membership
    return said_of(report_about(membership, objection.deactivation.public_id))


def _papers(objection):
    return box_for(objection.case, AT_WORKER, current_user, PAPERS, can_add=True)


def _too_late(report, here):
    until = clock.show_date(service.last_objection_day(report))
    return problem(409, "Waktu menyanggah sudah lewat",
                   f"Laporan ini bisa disanggah sampai {until}. Jika tetap keliru, datang ke "
                   "kantor cabang dengan KTP dan buktinya.",
                   back=url_for("memberships.membership", **here), back_text="Lihat kepesertaan")


def _no_longer_stands(here):
    return problem(409, "Laporan ini sudah tidak berlaku",
                   "Kepesertaan Anda aktif seperti semula, jadi tidak ada yang perlu disanggah.",
                   back=url_for("memberships.membership", **here), back_text="Lihat kepesertaan")


def _changed(objection):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    return show(
        "cases/changed.html", 409, title="Sanggahan ini sudah berubah",
        advice=f"Statusnya sekarang: {OBJECTION_STATES[objection.state][0].lower()}. Yang baru "
               "Anda tulis belum dikirim.", back_text="Lihat sanggahan",
        back=url_for(".case", case_id=objection.case.public_id),
        typed=[(label, clean(request.form.get(name, ""))) for name, label in TYPED.items()])
