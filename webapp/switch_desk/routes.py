"""A switch at the branch: what is asked for, the papers, and the decision."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.branch.ages import age_in_words
from webapp.branch.looks import look
from webapp.cases import service as cases
from webapp.cases.queries import statements_in
from webapp.cases.words import KINDS as CASE_KINDS
from webapp.cases.words import SIDES
from webapp.contributions.amounts import monthly
from webapp.deactivation.reasons import REASONS
from webapp.desk.presence import beside
from webapp.desk.service import may_hand_over
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show, wants_fragment
from webapp.marking_form import marking_form
from webapp.models.cases import AT_BRANCH, AT_WORKER, ESCALATED
from webapp.months import month_of
from webapp.papers.kinds import STATES
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import branch_only, found_or_404, fresh_factor
from webapp.requests.queries import request_of
from webapp.requests.words import clock_of
from webapp.switch import checklist
from webapp.switch.faults import CODES, label_of
from webapp.switch.papers import standing_of
from webapp.switch.queries import ending_of
from webapp.switch.words import SECTORS, parts_of, status_of, steps_of
from webapp.switch_desk import forms, service
from webapp.switch_desk.drafts import ENDPOINTS, REFUSE, RETURN, fields_of, typed_words
from webapp.switch_desk.outcomes import decision_on
from webapp.switch_desk.queries import switch_at

blueprint = Blueprint("switch_desk", __name__, url_prefix="/cabang/mandiri/<uuid:case_id>")


@blueprint.get("")
@branch_only
def case(case_id):
    """What the branch knows of a switch, and what can be done about it. While the company's answer
    is overdue, the branch decides that first."""
    switch = _switch(case_id)
    asked = request_of(switch.case_id)
    if asked and asked.state == ESCALATED:
        return see_other(url_for("desk.case", case_id=case_id))
    return _page(switch, asked)


@blueprint.route("/ambil", methods=["GET", "POST"])
@branch_only
def take(case_id):
    """Take it from the queue."""
    switch = _switch(case_id)
    if request.method == "POST":     # else somebody had to sign in first
        service.take(switch, current_user, clock.now())
    return _to(switch)


@blueprint.get("/kembalikan")
@branch_only
def give_back(case_id):
    """Mark exactly what is wrong."""
    switch = _switch(case_id)
    return _act_page("switch_desk/return.html", switch, _return_form(switch))


@blueprint.post("/kembalikan")
@branch_only
@fresh_factor
def give_back_now(case_id):
    """Return it with that; twice is once."""
    switch = _switch(case_id)
    form = _return_form(switch)
    if not form.is_sent_and_valid():
        return _act_page("switch_desk/return.html", switch, form)
    service.give_back(switch, _shown(), form.faults)
    return _to(switch)


@blueprint.get("/setujui")
@branch_only
def approve(case_id):
    """The papers one by one, the amount, and what follows."""
    return _approval_page(_switch(case_id))


@blueprint.post("/setujui")
@branch_only
@fresh_factor
def approve_now(case_id):
    """Grant it, with its first bill; twice is once."""
    switch = _switch(case_id)
    form = _approval_form(switch)
    if not form.is_sent_and_valid():
        return _approval_page(switch, form)
    try:
        service.approve(switch, _shown())
    except service.NotMet as missing:
        form.form_errors.extend(missing.sentences)
        return _approval_page(_switch(case_id), form)
    return _to(switch)


@blueprint.get("/tolak")
@branch_only
def refuse(case_id):
    """Why it is not granted."""
    switch = _switch(case_id)
    return _act_page("switch_desk/refuse.html", switch, _form(switch, forms.RefusalForm, REFUSE))


@blueprint.post("/tolak")
@branch_only
@fresh_factor
def refuse_now(case_id):
    """Refuse it; twice is once."""
    switch, form = _switch(case_id), forms.RefusalForm.of_request()
    if not form.is_sent_and_valid():
        return _act_page("switch_desk/refuse.html", switch, form)
    service.refuse(switch, _shown(), form.verdict.data)
    return _to(switch)


@blueprint.route("/simpan", methods=["GET", "POST"])
@branch_only
def keep(case_id):
    """Simpan dulu: what was typed waits for its officer, on whatever desk."""
    switch, now = _switch(case_id), clock.now()
    part = request.form.get("bagian", "")
    if request.method == "GET" or part not in ENDPOINTS:     # typed while the session had ended
        return _to(switch)
    _keep(switch, part)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(ENDPOINTS[part], case_id=case_id, tersimpan="y"))


@blueprint.errorhandler(cases.CaseChanged)
@blueprint.errorhandler(cases.NotAtBranch)
def changed(_):
    """A colleague or the worker was faster: both versions."""
    return _conflict()


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """A colleague has it: who, and since when."""
    return _conflict(error)


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """Nobody decides about what is their own."""
    return problem(403, "Bukan Anda yang memutuskan", "Rekan lain yang memutuskan tentang Anda.",
                   back=url_for("branch.queue"), back_text="Lihat antrean")


def _switch(case_id):
    """The branch's switch; on record that this officer has it open."""
    switch = found_or_404(switch_at(current_user.branch_id, case_id))
    look(switch.case, current_user, clock.now())
    return switch


def _shown():
    return service.Shown(version_shown(), request.form.get("case_version", 0, _number),
                         current_user, clock.now())


def _number(text):
    return int(text) if len(text) < 10 else 0


def _form(switch, form_class, part, **needs):
    """The form as it was sent; else with what its officer typed before, on whatever desk."""
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(switch.case,
                                                                         current_user)
    return form_class.of_request({name: typed for name, typed in (kept or {}).items()
                                  if name in fields_of(part)}, **needs)


def _return_form(switch):
    return _form(switch, marking_form(CODES, label_of), RETURN)


def _approval_form(switch):
    return forms.ApprovalForm.of_request(items=[
        item for item, state in standing_of(switch, ending_of(switch))
        if state in checklist.TO_BE_SEEN])


def _keep(switch, part):
    service.keep(switch, current_user, dict(request.form.lists()), fields_of(part), clock.now())


def _approval_page(switch, form=None):
    return _act_page("switch_desk/approve.html", switch, form or _approval_form(switch),
                     problems=service.problems_of(switch))


def _act_page(template, switch, form, **context):
    """The page of an act, for who may do it now; the switch's own page for others."""
    if not service.may_decide(switch, current_user) or (
            switch.case.owner_id not in (None, current_user.id)):
        return _to(switch)
    return show(template, form=form, switch=switch, case=switch.case,
                papers=box_for(switch.case, AT_BRANCH, current_user, (), can_add=False),
                is_kept="tersimpan" in request.args, **_facts(switch), **context)


def _facts(switch):
    month, ending = month_of(switch.starts_on), ending_of(switch)
    return {"parts": monthly(switch.income, switch.has_savings, switch.sector, month,
                             rules_on(month)), "parts_of": parts_of, "sectors": SECTORS,
            "standing": standing_of(switch, ending), "paper_states": STATES,
            "ending": ending, "reasons": REASONS}


def _page(switch, asked):
    now, found = clock.now(), switch.case
    today = clock.day_of(now)
    return show("switch_desk/case.html", switch=switch, state=status_of(switch),
                decision=decision_on(switch), today=today,
                steps=steps_of(switch, asked, switch.own, today, switch.worker.name),
                problems=service.problems_of(switch), age=age_in_words(found.held_since, now),
                promise=found.due_on and clock_of(found, today),
                may_decide=service.may_decide(switch, current_user),
                may_hand_over=may_hand_over(found, current_user),
                papers=box_for(found, AT_BRANCH, current_user, checklist.KINDS, can_add=True),
                **_facts(switch), **beside(found, current_user, now))


def _conflict(colleague=None):
    """What stands now, and what was typed here: it waits for its officer too."""
    switch = found_or_404(switch_at(current_user.branch_id, request.view_args["case_id"]))
    part = request.form.get("bagian", "")
    if part in ENDPOINTS:
        _keep(switch, part)
    return show("desk/changed.html", 409, case=switch.case, kinds=CASE_KINDS, taken=colleague,
                ended=decision_on(switch), sides=SIDES, names={AT_WORKER: switch.worker.name},
                last=next(reversed(list(statements_in(switch.case))), None),
                typed=typed_words(part, request.form),
                back=url_for(".case", case_id=switch.case.public_id))


def _to(switch):
    return see_other(url_for(".case", case_id=switch.case.public_id))
