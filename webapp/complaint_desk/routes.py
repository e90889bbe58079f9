"""Pengaduan at the desk: what somebody says, what is asked back, and the decision."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, kept_input
from webapp.blocks.words import REASONS
from webapp.branch.ages import age_in_words
from webapp.branch.looks import look
from webapp.cases import service as cases
from webapp.cases.queries import case_at, statements_in
from webapp.cases.words import KINDS, SIDES
from webapp.complaint_desk import service
from webapp.complaint_desk.forms import QuestionForm, VerdictForm
from webapp.complaints.queries import complaint_in
from webapp.complaints.words import DESK_STATES, names_of
from webapp.desk.outcomes import Outcome
from webapp.desk.presence import beside
from webapp.desk.service import may_hand_over
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show, wants_fragment
from webapp.models.blocks import GRANTED, REFUSED
from webapp.models.cases import AT_BRANCH, COMPLAINT
from webapp.papers.kinds import ALL
from webapp.papers.queries import box_for
from webapp.permissions import branch_only, found_or_404, fresh_factor

blueprint = Blueprint("complaint_desk", __name__, url_prefix="/cabang/pengaduan/<uuid:case_id>")

DECISIONS = {"kabulkan": GRANTED, "tolak": REFUSED}
DONE = {GRANTED: "mengabulkan pengaduan ini", REFUSED: "menolak pengaduan ini"}
LABELS = {"question": "Pertanyaan kepada pelapor", "verdict": "Jawaban dan alasannya"}


@blueprint.get("")
@branch_only
def case(case_id):
    """What somebody complains about, and what was said since."""
    return _page(_looked_at(case_id))


@blueprint.post("")
@branch_only
@fresh_factor
def decide(case_id):
    """Grant or refuse it; deciding twice is the same as once."""
    found, form = _looked_at(case_id), VerdictForm.of_request()
    state = found_or_404(DECISIONS.get(request.form.get("putusan")))
    if not form.is_sent_and_valid():
        return _page(found, verdict=form)
    service.decide(complaint_in(found), current_user, state, form.verdict.data,
                   version=version_shown(), now=clock.now())
    return _to(found)


@blueprint.route("/tanya", methods=["GET", "POST"])
@branch_only
def ask(case_id):
    """Ask whoever complained."""
    found = _looked_at(case_id)
    form = _typed(found, QuestionForm) if request.method == "GET" else QuestionForm.of_request()
    if not form.is_sent_and_valid():
        return _page(found, question=form)
    service.ask(complaint_in(found), current_user, form.question.data, version=version_shown(),
                now=clock.now())
    return _to(found)


@blueprint.route("/simpan", methods=["GET", "POST"])
@branch_only
def keep(case_id):
    """Simpan dulu: what was typed waits for its officer, on whatever desk."""
    found, now = _looked_at(case_id), clock.now()
    if request.method == "GET":     # typed while the session had ended
        return _page(found)
    service.keep(found, current_user, {name: request.form.getlist(name) for name in LABELS
                                       if name in request.form}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".case", case_id=case_id, tersimpan="y"))


@blueprint.errorhandler(cases.CaseChanged)
@blueprint.errorhandler(cases.NotAtBranch)
def changed(_):
    """A colleague or the person was faster: both versions."""
    return _conflict(_found(request.view_args["case_id"]))


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """A colleague has it: who, and since when."""
    return _conflict(_found(request.view_args["case_id"]), error)


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """Who blocked an account does not judge whether that was right, nor question its owner."""
    return problem(403, "Rekan lain yang menangani",
                   "Pengaduan tentang blokir ditangani rekan yang tidak ikut memblokir, dan "
                   "diputuskan manajemen. Serahkan kasusnya.",
                   back=url_for(".case", **request.view_args), back_text="Lihat pengaduannya")


def _found(case_id):
    found = found_or_404(case_at(current_user.branch_id, case_id))
    return found_or_404(found if found.kind == COMPLAINT else None)


def _looked_at(case_id):
    """The branch's case; on record that this officer has it open."""
    found = _found(case_id)
    look(found, current_user, clock.now())
    return found


def _page(found, status=None, *, verdict=None, question=None):
    """The case; one of the forms may have errors."""
    complaint, now = complaint_in(found), clock.now()
    wrong = [form for form in (verdict, question) if form is not None and form.errors]
    block = complaint.block if complaint.block_id else None
    return show("complaint_desk/case.html", status, form=(wrong or [VerdictForm()])[0],
                complaint=complaint, kinds=KINDS, state=DESK_STATES[complaint.state],
                verdict=verdict or _typed(found, VerdictForm), block=block,
                reason=block and REASONS[block.reason],
                question=question or _typed(found, QuestionForm), ended=_outcome(complaint),
                age=age_in_words(found.held_since, now), names=names_of(found), sides=SIDES,
                statements=statements_in(found), may_act=service.may_act(found, current_user),
                may_ask=service.may_ask(complaint, current_user),
                may_judge=service.may_judge(complaint, current_user),
                may_hand_over=may_hand_over(found, current_user),
                papers=box_for(found, AT_BRANCH, current_user, ALL, can_add=True),
                is_saved="tersimpan" in request.args, **beside(found, current_user, now))


def _typed(found, form_class):
    """A form with what its officer typed before: over a sign-in, or on another desk."""
    kept = (kept_input.recall(current_user, clock.now())
            or cases.typed_in(found, current_user))
    return form_class(MultiDict(kept) if kept else None)


def _outcome(complaint):
    """What became of it; None while it is open."""
    if not complaint.decided_at:
        return None
    return Outcome(complaint.state, DONE[complaint.state], complaint.decided_by,
                   complaint.decided_at, complaint.verdict)


def _conflict(found, error=None):
    """What stands now, and what was typed here."""
    typed = [(LABELS[name], request.form[name]) for name in LABELS
             if request.form.get(name, "").strip()]
    return show("desk/changed.html", 409, case=found, kinds=KINDS, taken=error, sides=SIDES,
                names=names_of(found), ended=_outcome(complaint_in(found)), typed=typed,
                last=next(reversed(statements_in(found)), None), back=_url(found))


def _to(found):
    return see_other(_url(found))


def _url(found):
    return url_for(".case", case_id=found.public_id)
