"""A claim at the branch: what is asked for, whether it may be paid, and the decision."""


from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, waiting
from webapp.branch.looks import look
from webapp.branch.queries import person_in
from webapp.branch.service import reveal_nik
from webapp.cases import service as cases
from webapp.cases.queries import statements_in
from webapp.cases.words import KINDS as CASE_KINDS
from webapp.cases.words import SIDES
from webapp.claim_desk import forms, granting, queries, service
from webapp.claim_desk.drafts import PARTS, fields_of, typed_words
from webapp.claim_desk.facts import facts_for
from webapp.claim_desk.outcomes import decision_on
from webapp.claim_desk.rights import NotYours, may_check, may_confirm, may_meet, may_refuse
from webapp.claims import faults
from webapp.claims.judgement import judged
from webapp.deactivation.claimed import Claimed
from webapp.desk.presence import beside
from webapp.desk.service import may_hand_over
from webapp.eligibility.kinds import KINDS
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.heirs.queries import heirs_claim_at
from webapp.htmx import see_other, show, wants_fragment
from webapp.marking_form import marking_form
from webapp.models.cases import AT_BRANCH, AT_WORKER
from webapp.models.claims import IN_REVIEW
from webapp.papers.queries import box_for
from webapp.permissions import branch_only, found_or_404, fresh_factor
from webapp.rate_limit import TooMany
from webapp.reveal_form import RevealForm

blueprint = Blueprint("claim_desk", __name__, url_prefix="/cabang/pencairan/<uuid:case_id>")


@blueprint.get("")
@branch_only
def case(case_id):
    """What the branch knows of a claim, and what can be done about it. What an officer begins for
    heirs has a page of its own."""
    begun = heirs_claim_at(current_user.branch_id, case_id)
    if begun and not begun.submitted_at:
        return see_other(url_for("heirs.form", case_id=case_id))
    return _page(_claim(case_id))


@blueprint.route("/ambil", methods=["GET", "POST"])
@branch_only
def take(case_id):
    """Ambil dan periksa."""
    claim = _claim(case_id)
    if request.method == "POST":     # else somebody had to sign in first
        service.take_up(claim, current_user, clock.now())
    return _to(claim)


@blueprint.post("/nik")
@branch_only
def show_nik(case_id):
    """The same page with the full NIK, for a reason that is recorded."""
    claim, form = _claim(case_id), RevealForm.of_request()
    if not form.is_sent_and_valid():
        return _page(claim, reveal=form)
    try:
        nik = reveal_nik(person_in(claim.case), current_user, form.reason.data, clock.now())
    except TooMany as wait:
        return waiting.said_in(form, wait.until,
                               lambda status: _page(claim, status, reveal=form))
    return _page(claim, full_nik=nik)


@blueprint.post("/rekening")
@branch_only
@fresh_factor
def show_account(case_id):
    """The same page with where the money goes in full, for a reason that is recorded."""
    claim, form = _claim(case_id), forms.AccountForm.of_request()
    if not form.is_sent_and_valid():
        return _page(claim, account=form)
    try:
        service.reveal_account(claim, current_user, form.purpose.data, clock.now())
    except TooMany as wait:
        return waiting.said_in(form, wait.until,
                               lambda status: _page(claim, status, account=form))
    return _page(claim, is_account_shown=True)


@blueprint.get("/nik")
@branch_only
def hidden_nik(case_id):
    """Whoever reloads or keeps that address: a full NIK is at none, so back to the claim."""
    return _to(_claim(case_id))


@blueprint.get("/rekening")
@branch_only
def hidden_account(case_id):
    """The same of the payout data."""
    return _to(_claim(case_id))


@blueprint.get("/kembalikan")
@branch_only
def give_back(case_id):
    """Mark exactly what is wrong."""
    return _return_page(_claim(case_id))


@blueprint.post("/kembalikan")
@branch_only
@fresh_factor
def give_back_now(case_id):
    """Return it with that; twice is once."""
    claim = _claim(case_id)
    form = _return_form(claim)
    if not form.is_sent_and_valid():
        return _return_page(claim, form)
    service.give_back(claim, _shown(), form.faults)
    return _to(claim)


@blueprint.get("/setujui")
@branch_only
def approve(case_id):
    """The papers one by one, the amount, and what follows."""
    return _approval_page(_claim(case_id))


@blueprint.post("/setujui")
@branch_only
@fresh_factor
def approve_now(case_id):
    """Grant it, or be the first of two who do; twice is once."""
    claim = _claim(case_id)
    form = _approval_form(claim)
    if not form.is_sent_and_valid():
        return _approval_page(claim, form)
    try:
        granting.approve(claim, _shown(), amount=form.granted, why_less=form.why_less)
    except granting.NotMet as missing:
        form.form_errors.extend(missing.sentences)
        return _approval_page(_claim(case_id), form)
    return _to(claim)


@blueprint.get("/tolak")
@branch_only
def refuse(case_id):
    """Why it is not granted."""
    claim = _claim(case_id)
    return _act_page("claim_desk/refuse.html", claim, _form(claim, forms.RefusalForm, "tolak"),
                     may_refuse)


@blueprint.post("/tolak")
@branch_only
@fresh_factor
def refuse_now(case_id):
    """Refuse it; twice is once."""
    claim, form = _claim(case_id), forms.RefusalForm.of_request()
    if not form.is_sent_and_valid():
        return _act_page("claim_desk/refuse.html", claim, form, may_refuse)
    service.refuse(claim, _shown(), form.verdict.data)
    return _to(claim)


@blueprint.get("/wawancara")
@branch_only
def ask_interview(case_id):
    """What follows when the person is to be met."""
    claim = _claim(case_id)
    if not service.may_ask_interview(claim, clock.today()):
        return _to(claim)
    return _act_page("claim_desk/ask_interview.html", claim, None, may_check)


@blueprint.post("/wawancara")
@branch_only
@fresh_factor
def ask_interview_now(case_id):
    """Ask for it: the person chooses a slot."""
    claim = _claim(case_id)
    service.ask_interview(claim, _shown())
    return _to(claim)


@blueprint.get("/wawancara/selesai")
@branch_only
def met(case_id):
    """What was found when the person was met."""
    claim = _claim(case_id)
    return _act_page("claim_desk/met.html", claim, _form(claim, forms.MetForm, "wawancara"),
                     may_meet)


@blueprint.post("/wawancara/selesai")
@branch_only
@fresh_factor
def met_now(case_id):
    """Note it: the decision is next."""
    claim, form = _claim(case_id), forms.MetForm.of_request()
    if not form.is_sent_and_valid():
        return _act_page("claim_desk/met.html", claim, form, may_meet)
    service.note_interview(claim, _shown(), form.note.data)
    return _to(claim)


@blueprint.get("/kedua")
@branch_only
def confirm(case_id):
    """What the first granted; agree to it, or let it be looked at again."""
    return _second_page(_claim(case_id))


@blueprint.post("/kedua")
@branch_only
@fresh_factor
def confirm_now(case_id):
    """Agree as the second; twice is once."""
    claim, form = _claim(case_id), forms.SecondForm.of_request()
    if not form.is_sent_and_valid():
        return _second_page(claim, second=form)
    try:
        granting.confirm(claim, _shown())
    except granting.NotMet as missing:
        form.form_errors.extend(missing.sentences)
        return _second_page(_claim(case_id), second=form)
    return _to(claim)


@blueprint.get("/kedua/kembalikan")
@branch_only
def send_back(case_id):
    """Where somebody comes back to who had to prove who they are meanwhile."""
    return _second_page(_claim(case_id))


@blueprint.post("/kedua/kembalikan")
@branch_only
@fresh_factor
def send_back_now(case_id):
    """Let the first look at it again."""
    claim, form = _claim(case_id), forms.SendBackForm.of_request()
    if not form.is_sent_and_valid():
        return _second_page(claim, back=form)
    granting.send_back(claim, _shown(), form.reason.data)
    return _to(claim)


@blueprint.route("/simpan", methods=["GET", "POST"])
@branch_only
def keep(case_id):
    """Simpan dulu: what was typed waits for its officer, on whatever desk."""
    claim, now = _claim(case_id), clock.now()
    part = request.form.get("bagian", "")
    if request.method == "GET" or part not in PARTS:     # typed while the session had ended
        return _to(claim)
    _keep(claim, part)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(PARTS[part].endpoint, case_id=case_id, tersimpan="y"))


@blueprint.errorhandler(cases.CaseChanged)
@blueprint.errorhandler(cases.NotAtBranch)
def changed(_):
    """A colleague or the worker was faster: both versions."""
    return _conflict()


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """A colleague has it: who, and since when."""
    return _conflict(error)


@blueprint.errorhandler(NotYours)
def not_yours(_):
    """Two people where two must agree, and nobody about what is their own."""
    return problem(403, "Bukan Anda yang memutuskan",
                   "Yang mendaftarkan atau sudah menyetujui tidak memutuskan sendiri. Untuk orang "
                   "kedua, minta penyelia atau manajemen membuka antrean.",
                   back=url_for(".case", **request.view_args), back_text="Lihat pencairan")


@blueprint.app_errorhandler(Claimed)
def claimed(_):
    """A report on which money was granted is not taken back (rules §1)."""
    return problem(409, "Pencairan atas laporan ini sudah disetujui",
                   "Karena itu laporan ini tidak bisa dibatalkan lagi. Jika ada yang keliru, "
                   "hubungi penyelia di kantor cabang.")


def _claim(case_id):
    """The branch's claim; on record that this officer has it open."""
    claim = found_or_404(queries.claim_at(current_user.branch_id, case_id))
    look(claim.case, current_user, clock.now())
    return claim


def _shown():
    return service.Shown(version_shown(), request.form.get("case_version", 0, _number),
                         current_user, clock.now())


def _number(text):
    return int(text) if len(text) < 10 else 0


def _form(claim, form_class, part, **needs):
    """The form as it was sent; else with what its officer typed before, on whatever desk."""
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(claim.case, current_user)
    names = fields_of(part, claim)
    return form_class.of_request({name: typed for name, typed in (kept or {}).items()
                                  if name in names}, **needs)


def _keep(claim, part):
    service.keep(claim, current_user, dict(request.form.lists()), fields_of(part, claim),
                 clock.now())


def _return_form(claim):
    return _form(claim, marking_form(_codes(claim), faults.label_of), "kembalikan")


def _codes(claim):
    codes = faults.codes_for(claim.kind, judged(claim, clock.today()).verdict.papers)
    if not KINDS[claim.kind].by_heirs:
        return codes
    return [code for code in codes if code == faults.DESTINATION or code.startswith(faults.PAPER)]


def _approval_form(claim):
    verdict = judged(claim, clock.today()).verdict
    return _form(claim, forms.ApprovalForm, "setujui", papers=verdict.papers, asked=claim.amount,
                 is_entered=KINDS[claim.kind].is_entered, amount=claim.amount,
                 must_accept=claim.destination.state == IN_REVIEW and not claim.destination.user_id)


def _return_page(claim, form=None):
    return _act_page("claim_desk/return.html", claim, form or _return_form(claim), may_check)


def _approval_page(claim, form=None):
    return _act_page("claim_desk/approve.html", claim, form or _approval_form(claim), may_check,
                     **facts_for(claim, current_user, clock.now()))


def _second_page(claim, second=None, back=None):
    back = back or _form(claim, forms.SendBackForm, "kedua")
    second = second or forms.SecondForm()
    return _act_page("claim_desk/second.html", claim, back if back.errors else second, may_confirm,
                     second=second, back_form=back,
                     **facts_for(claim, current_user, clock.now()))


def _act_page(template, claim, form, may, **context):
    """The page of an act, for who may do it now; the claim's own page for others."""
    if not may(claim, current_user) or claim.case.owner_id not in (None, current_user.id):
        return _to(claim)
    return show(template, form=form, claim=claim, case=claim.case,
                papers=box_for(claim.case, AT_BRANCH, current_user, (), can_add=False),
                is_kept="tersimpan" in request.args, **context)


def _page(claim, status=None, reveal=None, account=None, **shown):
    now, found = clock.now(), claim.case
    wrong = [form for form in (reveal, account) if form is not None and form.errors]
    offered = (*KINDS[claim.kind].papers, *KINDS[claim.kind].other_papers)
    return show("claim_desk/case.html", status, form=wrong[0] if wrong else None, claim=claim,
                nik=claim.worker.nik, reveal_url=url_for(".show_nik", case_id=found.public_id),
                reveal=reveal or RevealForm(), account=account or forms.AccountForm(),
                decision=decision_on(claim), statements=list(statements_in(found)),
                may_check=may_check(claim, current_user),
                may_confirm=may_confirm(claim, current_user),
                may_meet=may_meet(claim, current_user),
                may_hand_over=may_hand_over(found, current_user),
                papers=box_for(found, AT_BRANCH, current_user, offered, can_add=True),
                **shown, **facts_for(claim, current_user, now), **beside(
                    found, current_user, now))


def _conflict(colleague=None):
    """What stands now, and what was typed here: it waits for its officer too."""
    claim = found_or_404(queries.claim_at(current_user.branch_id, request.view_args["case_id"]))
    part = request.form.get("bagian", "")
    if part in PARTS:
        _keep(claim, part)
    return show("desk/changed.html", 409, case=claim.case, kinds=CASE_KINDS, taken=colleague,
                ended=decision_on(claim), sides=SIDES, names={AT_WORKER: claim.worker.name},
                last=next(reversed(list(statements_in(claim.case))), None),
                typed=typed_words(part, claim, request.form),
                back=url_for(".case", case_id=claim.case.public_id))


def _to(claim):
    return see_other(url_for(".case", case_id=claim.case.public_id))
