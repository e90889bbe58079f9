"""A case at the branch: what each side says and handed in, who else is at it, and the decision."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, kept_input
from webapp.branch.ages import age_in_words
from webapp.branch.looks import look
from webapp.cases import service as cases
from webapp.cases.queries import statements_in
from webapp.cases.words import KINDS, SIDES
from webapp.deactivation import corrections
from webapp.deactivation.consequences import consequences
from webapp.deactivation.reasons import REASONS
from webapp.desk import queries, service
from webapp.desk.decisions import DECISIONS, END, decision_coded
from webapp.desk.forms import AnswerForm, DecisionForm, HandOverForm
from webapp.desk.outcomes import STATES, outcome, steps
from webapp.desk.presence import beside, owner_code, presence
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show, wants_fragment
from webapp.memberships.queries import other_active_companies
from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    CLAIM,
    COMPLAINT,
    DESTINATION,
    ESCALATED,
    HOLD_REQUESTS,
    OBJECTION,
    SWITCH,
)
from webapp.objections import service as objections
from webapp.papers.kinds import ALL
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import asked_by_itself, branch_only, found_or_404, fresh_factor
from webapp.rate_limit import TooMany
from webapp.requests.words import clock_of
from webapp.switch.following import follow_case
from webapp.waiting import until

blueprint = Blueprint("desk", __name__, url_prefix="/cabang/kasus/<uuid:case_id>")

LABELS = {"verdict": "Alasan putusan", "answer": "Jawaban kantor cabang"}


@blueprint.get("")
@branch_only
def case(case_id):
    """What the branch knows of a case, and what can be done about it."""
    found = _found(case_id)
    if found.kind not in DECISIONS or _is_reviewed(found):
        return see_other(_own_page_of(found))
    look(found, current_user, clock.now())
    return _page(found)


@blueprint.get("/siapa")
@branch_only
@asked_by_itself
def others(case_id):
    """Who else has the case open, and whether it is still as it was shown."""
    found = _looked_at(case_id)
    if not wants_fragment():
        return _to(found)
    shown = presence(found, current_user, clock.now(), version=request.args.get("versi"),
                     since=request.args.get("sejak", 0, _unix_seconds))
    if shown["asks_again"] and request.args.get("siapa") == shown["who"]:
        return "", 204     # nothing new to read out
    return render_template("desk/_others.html", **shown)


@blueprint.route("/ambil", methods=["GET", "POST"])
@branch_only
def take(case_id):
    """Take it from the queue."""
    found = _looked_at(case_id)
    if request.method == "POST":     # else somebody had to sign in first
        service.take(found, current_user, clock.now())
    return _to(found)


@blueprint.route("/serahkan", methods=["GET", "POST"])
@branch_only
def hand_over(case_id):
    """Give it to a colleague, or back to the queue."""
    found, now = _looked_at(case_id), clock.now()
    form = HandOverForm.of_request(kept_input.recall(current_user, now), officer=current_user,
                                   colleagues=list(queries.colleagues(current_user, found)))
    if not form.is_sent_and_valid():
        if not service.may_hand_over(found, current_user):
            raise service.NotYours if found.holder == AT_BRANCH else cases.NotAtBranch
        return show("desk/hand_over.html", form=form, case=found, kinds=KINDS,
                    back=_url(found), owner=owner_code(found))
    if request.form.get("owner") != owner_code(found):
        raise cases.CaseChanged
    service.hand_over(found, current_user, form.user, owner_shown=found.owner_id, now=now)
    return see_other(url_for("branch.queue"))


@blueprint.route("/jawab", methods=["GET", "POST"])
@branch_only
def answer(case_id):
    """Write to worker and company."""
    found = _looked_at(case_id, OBJECTION)
    form = _typed(found, AnswerForm) if request.method == "GET" else AnswerForm.of_request()
    if not form.is_sent_and_valid():
        return _page(found, answer=form)
    service.answer(found, current_user, form.answer.data, clock.now())
    return _to(found)


@blueprint.route("/simpan", methods=["GET", "POST"])
@branch_only
def keep(case_id):
    """Simpan dulu: what was typed waits for its officer, on whatever desk."""
    found, now = _looked_at(case_id, *DECISIONS), clock.now()
    if request.method == "GET":     # typed while the session had ended
        return _page(found)
    service.keep(found, current_user, request.form, now)
    if not wants_fragment():
        return see_other(url_for(".case", case_id=case_id, tersimpan="y"))
    part = "answer" if "answer" in request.form else "verdict"
    return render_template(f"desk/_saved_{part}.html", saved_at=now)


@blueprint.post("")
@branch_only
@fresh_factor
def decide(case_id):
    """Decide; deciding twice is the same as once."""
    found, form = _looked_at(case_id, *DECISIONS), DecisionForm.of_request()
    decision = found_or_404(decision_coded(found.kind, request.form.get("putusan")))
    if not form.is_sent_and_valid():
        return _page(found, decision=form)
    return _decided(decision, found, form.verdict.data)


@blueprint.get("/nonaktifkan")
@branch_only
def end(case_id):
    """What follows when the branch ends the membership, before it does."""
    found = _looked_at(case_id, *HOLD_REQUESTS)
    asked, today = queries.matter_of(found), clock.today()
    if asked.state != ESCALATED or not service.may_decide(found, asked, current_user):
        return _to(found)
    rules = rules_on(today)
    effects = consequences(asked.reason, asked.last_day, birth_date=found.worker.birth_date,
                           rules=rules, today=today)
    return show("desk/end.html", case=found, asked=asked, reason=REASONS[asked.reason],
                effects=effects, rules=rules, back=_url(found),
                elsewhere=other_active_companies(found.membership))


@blueprint.post("/nonaktifkan")
@branch_only
@fresh_factor
def end_now(case_id):
    """End it; pressing twice gives the same receipt."""
    return _decided(END, _looked_at(case_id, *HOLD_REQUESTS), "")


@blueprint.errorhandler(cases.CaseChanged)
@blueprint.errorhandler(cases.NotAtBranch)
def changed(_):
    """A colleague, the worker or the company was faster: both versions."""
    return _conflict(_found(request.view_args["case_id"]))


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """A colleague has it: who, and since when."""
    return _conflict(_found(request.view_args["case_id"]), error)


@blueprint.errorhandler(TooMany)
def wrote_too_often(wait):
    """So many answers in an hour nobody means."""
    return until(wait.until, url_for(".case", **request.view_args))


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """Whose case it is may give it away, or a supervisor; only these decide about recoveries."""
    return problem(403, "Kasus ini bukan untuk Anda",
                   "Yang memegangnya bisa menyerahkannya kepada Anda. Penyelia dan manajemen "
                   "juga bisa. Pemulihan akun diputuskan oleh penyelia atau manajemen.",
                   back=url_for(".case", **request.view_args), back_text="Lihat kasusnya")


@blueprint.errorhandler(objections.OwnReport)
@blueprint.errorhandler(corrections.OwnReport)
def own_report(_):
    """Nobody judges a report of their own."""
    return problem(403, "Laporan ini Anda sendiri yang membuat",
                   "Rekan lain yang memutuskan apakah laporan itu benar. Serahkan kasusnya. "
                   "Yang Anda tulis masih tersimpan.",
                   back=url_for(".hand_over", **request.view_args), back_text="Serahkan kasus")


def _found(case_id):
    return found_or_404(queries.case_shown_at(current_user.branch_id, case_id))


def _looked_at(case_id, *kinds):
    """The branch's case, of one of these kinds; on record that this officer has it open."""
    found = _found(case_id)
    found_or_404(not kinds or found.kind in kinds)
    found_or_404(not kinds or found.kind != SWITCH or queries.matter_of(found))
    look(found, current_user, clock.now())
    return found


def _decided(decision, found, reason):
    now = clock.now()
    service.decide(decision, found, current_user, reason=reason, now=now,
                   version=version_shown(),
                   rules=rules_on(clock.day_of(now)))
    follow_case(found.id, now)
    return _to(found)


def _page(found, decision=None, answer=None):
    """The case; one of the forms may have errors."""
    matter, now = queries.matter_of(found), clock.now()
    wrong = [form for form in (decision, answer) if form is not None and form.errors]
    today = clock.day_of(now)
    return show("desk/case.html", form=wrong[0] if wrong else DecisionForm(),
                matter=matter, kinds=KINDS, kind=KINDS[found.kind], sides=SIDES,
                state=STATES[found.kind][matter.state], steps=steps(found, matter),
                ended=outcome(found, matter), age=age_in_words(found.held_since, now),
                promise=found.due_on and clock_of(found, today), today=today,
                decision=decision or _typed(found, DecisionForm),
                answer=answer or _typed(found, AnswerForm), decisions=DECISIONS[found.kind],
                may_decide=service.may_decide(found, matter, current_user),
                may_hand_over=service.may_hand_over(found, current_user),
                statements=list(statements_in(found)), names=_names(found),
                reasons=REASONS, standing=queries.standing_of(found.membership),
                earlier=list(queries.earlier_about(found)),
                papers=box_for(found, AT_BRANCH, current_user, ALL, can_add=True),
                is_saved="tersimpan" in request.args, **beside(found, current_user, now))


def _conflict(found, taken=None):
    """What stands now, and what was typed here."""
    ended = None
    if found.kind in DECISIONS and not _is_reviewed(found):
        ended = outcome(found, queries.matter_of(found))
    typed = [(LABELS[name], text) for name, text in request.form.items()
             if name in LABELS and text.strip()]
    return show("desk/changed.html", 409, case=found, kinds=KINDS, ended=ended, taken=taken,
                typed=typed, last=next(reversed(list(statements_in(found))), None),
                names=_names(found), sides=SIDES, back=_url(found))


def _typed(found, form_class):
    """A form with what its officer typed before: over a sign-in, or on another desk."""
    kept = (kept_input.recall(current_user, clock.now())
            or cases.typed_in(found, current_user))
    return form_class(MultiDict(kept) if kept else None)


def _names(found):
    return {AT_WORKER: found.worker and found.worker.name,
            AT_COMPANY: found.company and found.company.name}


def _own_page_of(found):
    """Where a recovery, a claim, a destination or a walk-in has its page."""
    if found.kind == CLAIM:
        return url_for("claim_desk.case", case_id=found.public_id)
    if found.kind == SWITCH:
        return url_for("switch_desk.case", case_id=found.public_id)
    if found.kind == COMPLAINT:
        return url_for("complaint_desk.case", case_id=found.public_id)
    if found.kind == DESTINATION:
        return url_for("destination_desk.case", case_id=found.public_id)
    if found.recovery_id:
        return url_for("recovery_desk.case", recovery_id=found.recovery.public_id)
    return url_for("walk_in.form", case_id=found.public_id)


def _is_reviewed(found):
    """Whether it is a switch of which the branch decides more than what it asked the company."""
    asked = queries.matter_of(found) if found.kind == SWITCH else None
    return found.kind == SWITCH and (asked is None or asked.state != ESCALATED)


def _to(found):
    return see_other(_url(found))


def _url(found):
    return url_for(".case", case_id=found.public_id)


def _unix_seconds(text):
    """A moment as the page carries it: ten digits; a longer number is none."""
    return int(text) if len(text) < 11 else 0
