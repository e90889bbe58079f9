"""Permohonan: what workers ask of their company, and their objections to its reports."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.cases import service as cases
from webapp.cases.queries import case_of_company, statements_in
from webapp.cases.words import KINDS as CASE_KINDS
from webapp.cases.words import SIDES
from webapp.company_cases import queries, story
from webapp.company_cases.forms import AnswerForm, RefusalForm
from webapp.deactivation.consequences import consequences
from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import REASONS
from webapp.deactivation.service import NotActive
from webapp.errors import problem
from webapp.forms import clean, version_shown
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.models.cases import (
    ASKED,
    AT_COMPANY,
    AT_WORKER,
    DONE,
    FILLED,
    HOLD_REQUESTS,
    OBJECTION,
    REQUEST,
    SWITCH,
)
from webapp.objections import service as objections
from webapp.objections.queries import objection_of
from webapp.objections.words import thread_of
from webapp.papers.kinds import proofs_of
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import employer_only, found_or_404
from webapp.radar.queries import MOST_COUNTED, count_unpaid
from webapp.rate_limit import TooMany
from webapp.requests import service
from webapp.requests.queries import request_of
from webapp.requests.words import clock_of
from webapp.switch.following import follow_case
from webapp.waiting import said_in
from webapp.workers import search_term

blueprint = Blueprint("company_cases", __name__,
                      url_prefix="/perusahaan/<uuid:company_id>/permohonan")

# In addresses: (heading, its rows, what is said above them).
PARTS = {
    "menunggu": ("Menunggu Anda", queries.waiting, ""),
    "sanggahan": ("Sanggahan yang diperiksa", queries.disputed,
                  "Kantor cabang yang memutuskan. Sampai saat itu Anda bisa menjawab, atau "
                  "membatalkan laporan Anda."),
    "lainnya": ("Lainnya", queries.others, ""),
}
# How somebody goes on afterwards is no business of the company's.
KINDS = CASE_KINDS | {SWITCH: CASE_KINDS[REQUEST]}
TYPED = {"reason": "Alasan penolakan", "answer": "Jawaban"}     # what is kept until it is sent


@blueprint.get("")
@employer_only
def case_list(company):
    """What waits for the company, then all the rest."""
    today, part = clock.today(), request.args.get("bagian")
    mark = queries.mark_in(search_term.unseal(request.args.get("setelah", ""), current_user,
                                              company))
    keys = [part] if part in PARTS and mark else PARTS
    return show("company_cases/case_list.html", is_first=not mark, kinds=KINDS,
                parts=[_part(company, key, mark) for key in keys], state_of=story.state_of,
                unpaid=count_unpaid(company, today), most_counted=MOST_COUNTED,
                left=partial(story.time_left, today=today), clock=partial(clock_of, today=today))


@blueprint.get("/<uuid:case_id>")
@employer_only
def case(company, case_id):
    """One request or objection, and what can be done about it."""
    found = _case(company, case_id)
    if found.kind in HOLD_REQUESTS:
        return _request_page(found)
    return _objection_page(found, AnswerForm.of_request(_typed(found, "answer")))


@blueprint.route("/<uuid:case_id>/setujui", methods=["GET", "POST"])
@employer_only
def approve(company, case_id):
    """Agree to a request. Pressing twice agrees once."""
    asked = _request(company, case_id)
    if request.method == "GET":     # who had to sign in first presses where the button stands
        return see_other(_url(company, case_id))
    try:
        service.approve(asked, current_user, version=version_shown(), now=clock.now())
    except service.CaseChanged:
        return _changed(company, case_id)
    except service.AlreadyDone:
        pass
    return forward(_url(company, case_id), lambda: _request_page(_case(company, case_id)))


@blueprint.route("/<uuid:case_id>/tolak", methods=["GET", "POST"])
@employer_only
def refuse(company, case_id):
    """Say no to a request, and why."""
    asked, now = _request(company, case_id), clock.now()
    if request.method == "GET" and asked.state not in (ASKED, FILLED):
        return see_other(_url(company, case_id))
    form = RefusalForm.of_request(_typed(asked.case, "reason"))
    if not form.is_sent_and_valid():
        return show("company_cases/refuse.html", form=form, asked=asked,
                    is_kept="tersimpan" in request.args)
    try:
        service.refuse(asked, current_user, version=version_shown(), reason=form.reason.data,
                       now=now)
    except service.CaseChanged:
        return _changed(company, case_id)
    except service.AlreadyDone:
        pass
    follow_case(asked.case_id, now)
    return forward(_url(company, case_id), lambda: _request_page(_case(company, case_id)))


@blueprint.route("/<uuid:case_id>/konfirmasi", methods=["GET", "POST"])
@employer_only
def confirm(company, case_id):
    """End the membership as the worker asked. Pressing twice gives the same receipt."""
    asked, now = _request(company, case_id), clock.now()
    rules = rules_on(clock.day_of(now))
    if request.method == "GET":
        return see_other(_url(company, case_id))
    if asked.state == FILLED and _fault(asked, rules):
        return _request_page(_case(company, case_id), 409)
    try:
        service.confirm(asked, current_user, version=version_shown(), company=company,
                        rules=rules, now=now)
    except (service.CaseChanged, NotActive):
        return _not_confirmed(company, case_id)
    follow_case(asked.case_id, now)
    return see_other(_receipt_url(company, _request(company, case_id).deactivation))


@blueprint.route("/<uuid:case_id>/jawaban", methods=["GET", "POST"])
@employer_only
def answer(company, case_id):
    """Write to the worker and the branch about an objection."""
    found = _case(company, case_id, OBJECTION)
    form = AnswerForm.of_request(_typed(found, "answer"))
    if not form.is_sent_and_valid():
        return _objection_page(found, form)
    try:
        objections.answer(objection_of(found), AT_COMPANY, current_user, form.answer.data,
                          clock.now())
    except objections.CaseChanged:
        return _changed(company, case_id)
    except TooMany as wait:
        return said_in(form, wait.until, partial(_objection_page, found, form))
    return forward(_url(company, case_id), lambda: _objection_page(found, AnswerForm()))


@blueprint.route("/<uuid:case_id>/simpan", methods=["GET", "POST"])
@employer_only
def keep(company, case_id):
    """Keep what was typed and not sent, for every browser of the clerk."""
    found, now = _case(company, case_id), clock.now()
    page = ".refuse" if found.kind in HOLD_REQUESTS else ".case"
    if request.method == "GET":
        return see_other(_url(company, case_id, page))
    if not _can_be_answered(found):
        if wants_fragment():
            return render_template("cases/_kept.html", is_too_late=True), 409
        return _changed(company, case_id)
    cases.keep_typed(found, current_user, {
        name: values for name, values in request.form.lists() if name in TYPED}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(_url(company, case_id, page, tersimpan="y"))


# Finding


def _case(company, case_id, *kinds):
    found = found_or_404(case_of_company(company, case_id))
    return found_or_404(found if not kinds or found.kind in kinds else None)


def _request(company, case_id):
    return request_of(_case(company, case_id, *HOLD_REQUESTS))


def _part(company, key, mark):
    title, find, lead = PARTS[key]
    rows, has_more = find(company, mark)
    older = has_more and url_for(
        ".case_list", company_id=company.public_id, bagian=key,
        setelah=search_term.seal(queries.mark_of(rows[-1]), current_user, company))
    return {"key": key, "title": title, "lead": lead, "rows": rows, "older_url": older}


def _typed(found, name):
    """What was typed in this field and not sent: over a sign-in, or in any browser."""
    if request.method == "POST":
        return None
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(found, current_user)
    return kept if kept and name in kept else None


def _can_be_answered(found):
    if found.kind in HOLD_REQUESTS:
        return found.holder == AT_COMPANY
    return found.objection.state == ASKED


def _fault(asked, rules):
    """Why the last day that the worker gave cannot be one any more, a sentence; or None."""
    return last_day_fault(asked.last_day, started_on=asked.membership.started_on,
                          name=asked.case.worker.name, today=rules.day, rules=rules)


def _url(company, case_id, page=".case", **place):
    return url_for(page, company_id=company.public_id, case_id=case_id, **place)


def _receipt_url(company, deactivation):
    return url_for("deactivation.receipt", company_id=company.public_id,
                   deactivation_id=deactivation.public_id)


# Answers


def _request_page(found, status=None):
    asked, today = request_of(found), clock.today()
    rules = rules_on(today)
    effects = consequences(asked.reason, asked.last_day, rules=rules, today=today,
                           birth_date=found.worker.birth_date) if asked.state == FILLED else None
    return show("company_cases/request.html", status, asked=asked, case=found, effects=effects,
                state=story.state_of(found), reason=REASONS[asked.reason], rules=rules,
                fault=_fault(asked, rules) if asked.state in (ASKED, FILLED) else None,
                steps=story.steps_of(asked, today), clock=found.due_on and clock_of(found, today),
                papers=box_for(found, AT_COMPANY, current_user, (), can_add=False))


def _objection_page(found, form, status=None):
    objection, today = objection_of(found), clock.today()
    reason = objection.deactivation.reason
    return show("company_cases/objection.html", status, form, objection=objection, case=found,
                state=story.state_of(found), reason=REASONS[reason], sides=SIDES,
                statements=thread_of(objection, statements_in(found)),
                is_kept="tersimpan" in request.args, verdict=story.verdict_of(objection),
                names={AT_WORKER: found.worker.name, AT_COMPANY: found.company.name},
                clock=found.due_on and clock_of(found, today),
                papers=box_for(found, AT_COMPANY, current_user, proofs_of(reason), can_add=True))


def _not_confirmed(company, case_id):
    """The receipt, where the first press made it; else who ended the membership, or what changed.
    """
    asked = _request(company, case_id)
    if asked.state != DONE or not asked.deactivation.is_standing:
        return _changed(company, case_id)
    made = asked.deactivation
    if made.filed_by_id == current_user.id:
        return see_other(_receipt_url(company, made))
    who = "Kantor cabang" if made.branch_id else made.filed_by.name
    return problem(409, f"{asked.case.worker.name} sudah dilaporkan berhenti",
                   f"{who} melaporkannya pada {clock.show_moment(made.filed_at)}. Anda tidak perlu "
                   "melakukan apa-apa lagi.", back=_receipt_url(company, made),
                   back_text="Lihat tanda terima")


def _changed(company, case_id):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    found = _case(company, case_id)
    if found.kind in HOLD_REQUESTS:
        what, stands = "Permohonan", story.standing_of(request_of(found))
    else:
        what, stands = "Sanggahan", story.verdict_of(objection_of(found))
    typed = [(label, clean(request.form.get(name, ""))) for name, label in TYPED.items()]
    lost = " Yang baru Anda tulis belum dikirim." if any(text for _, text in typed) else ""
    return show("cases/changed.html", 409, title=f"{what} ini sudah berubah",
                advice=f"{stands}{lost}", back=_url(company, case_id),
                back_text=f"Lihat {what.lower()}", typed=typed)
