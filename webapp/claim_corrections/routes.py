"""Perbaiki: the marked fields and papers of a claim that staff sent back, and those alone."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge
from webapp.claim_form import ClaimForm
from webapp.claims import correcting, sending
from webapp.claims.faults import (
    DESTINATION,
    FIELDS,
    LABELS,
    faults_of,
    label_of,
    papers_among,
)
from webapp.claims.judgement import judged
from webapp.claims.own import own_claim
from webapp.claims.progress import least_of_reason
from webapp.claims.words import STATES
from webapp.destinations.queries import coming_of, linked_of
from webapp.destinations.words import label as destination_label
from webapp.eligibility.judging import judge
from webapp.errors import problem
from webapp.forms import clean, version_shown
from webapp.htmx import see_other, show, wants_fragment
from webapp.models.cases import AT_WORKER
from webapp.models.claims import RETURNED
from webapp.papers.kinds import known
from webapp.papers.needed import needed_by_claim
from webapp.papers.queries import box_for
from webapp.permissions import found_or_404, presented_session, worker_only
from webapp.profile.service import change_address

blueprint = Blueprint("claim_corrections", __name__,
                      url_prefix="/pencairan/<uuid:case_id>/perbaiki")


@blueprint.route("", methods=["GET", "POST"])
@worker_only
def correct(case_id):
    """Ask for what is marked; send it back, with a code where amount or account change."""
    claim, now = _own(case_id), clock.now()
    here = url_for("claims.case", case_id=case_id)
    if claim.state != RETURNED and request.method == "GET":
        return see_other(here)
    form = _form_of(claim)
    if claim.state == RETURNED and not form.is_sent_and_valid():
        return _page(claim, form)
    try:
        return _taken(claim, form, now)
    except correcting.NotEligible as refusal:
        form.say(refusal.verdict)
        return _page(_own(case_id), form)
    except cases.CaseChanged:
        return _changed(_own(case_id))
    except AlreadyDone:
        return see_other(here)


@blueprint.route("/simpan", methods=["GET", "POST"])
@worker_only
def keep(case_id):
    """Keep what was typed and not sent, valid or not, for every device of the person."""
    claim, now = _own(case_id), clock.now()
    if claim.state != RETURNED:
        if wants_fragment() and request.method == "POST":
            return render_template("cases/_kept.html", is_too_late=True), 409
        return see_other(url_for("claims.case", case_id=case_id))
    if request.method == "GET":     # typed while the session had ended
        return _page(claim, _form_of(claim))
    cases.keep_typed(claim.case, current_user, {
        name: request.form.getlist(name) for name in _wanted(claim) if name in request.form}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".correct", case_id=case_id, tersimpan="y"))


@blueprint.route("/kode/<uuid:challenge_id>", methods=["GET", "POST"])
@worker_only
def code(case_id, challenge_id):
    """Ask for the code of a correction that changes the amount or the account."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id, Purpose.SEND_CLAIM))
    claim, done = _own(case_id), url_for("claims.case", case_id=case_id)
    if sending.about(challenge) != (sending.CORRECT, claim.case.public_id.hex):
        return found_or_404(None)
    if not challenge.used_at and not sending.is_still_bound(challenge, claim):
        return _dead(claim)
    here = url_for(".correct", case_id=case_id)
    words = code_page.Words(
        title="Kode untuk perbaikan", button="Kirim perbaikan", restart=here, done=done,
        lead=f"Sesudah perbaikan: {challenges.bound_to(challenge)['to'].replace('*', '•')}.",
        back=(here, "Perbaiki"))
    return code_page.ask(challenge, partial(_send, challenge, claim), words,
                         sending.targets_of(current_user, clock.now()))


def _send(challenge, claim, _form):
    """The code was right: the claim goes back to the branch."""
    try:
        correcting.correct_with_code(challenge, current_user, now=clock.now())
    except (sending.Outdated, correcting.NotEligible):
        sending.end_code(current_user, clock.now())
        return _dead(claim)
    return see_other(url_for("claims.case", case_id=claim.case.public_id))


def _taken(claim, form, now):
    """What was filled in is sent, or waits for its code."""
    answers = form.answers
    goal = correcting.goal_of(claim, current_user) if claim.state == RETURNED else None
    needs_code = goal is not None and correcting.needs_code(claim, answers, goal)
    if needs_code and version_shown() != claim.version:
        raise cases.CaseChanged
    if claim.state == RETURNED and answers.get("address", current_user.address) != (
            current_user.address):
        change_address(presented_session(), answers["address"], now)
    here = {"case_id": claim.case.public_id}
    if not needs_code:
        correcting.correct(claim, current_user, version=version_shown(), answers=answers, now=now)
        return see_other(url_for("claims.case", **here))
    verdict = correcting.judge_corrected(claim, answers, now)
    if not verdict.may_be_sent:
        raise correcting.NotEligible(verdict)
    challenge = correcting.ready_for_code(claim, current_user, answers, goal, now)
    code_page.begin_with(challenge, sending.targets_of(current_user, now))
    return see_other(url_for(".code", challenge_id=challenge.public_id, **here))


def _own(case_id):
    return own_claim(current_user, case_id)


def _wanted(claim):
    """The fields that are marked."""
    faults = faults_of(claim)
    return [name for name in FIELDS if name in faults]


def _form_of(claim):
    wanted = _wanted(claim)
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(
        claim.case, current_user)
    typed = kept if kept and any(name in kept for name in wanted) else None
    row = {} if typed else {name: getattr(claim, name, None) for name in wanted}
    if "address" in row:
        row["address"] = current_user.address
    judgement = judged(claim, clock.today())
    least = least_of_reason(claim, judgement.rules)
    stands = {name: getattr(claim, name) for name in ("treated_on", "receipt_total", "amount")}
    missing = correcting.still_missing(claim, current_user) if claim.state == RETURNED else ()
    return ClaimForm.of_request(
        typed, wanted=wanted, least=least, missing=missing,
        judge=lambda **said: judge(claim.kind, judgement.facts, judgement.rules,
                                   **(stands | said)), **row)


def _page(claim, form):
    faults = faults_of(claim)
    kinds = known(papers_among(faults))
    box = box_for(claim.case, AT_WORKER, current_user, kinds, can_add=True)
    box.needed = needed_by_claim(claim, None)
    return show(
        "claim_corrections/correct.html", form=form, claim=claim, label_of=label_of,
        here=url_for("claims.case", case_id=claim.case.public_id), faults=faults,
        fields=_wanted(claim), is_kept="tersimpan" in request.args,
        papers=box if kinds else None,
        asks_destination=DESTINATION in faults, goal=correcting.goal_of(claim, current_user),
        linked=linked_of(current_user), coming=coming_of(current_user),
        destination_label=destination_label)


def _dead(claim):
    """What the code was for is not as it was."""
    if claim.state != RETURNED:
        return see_other(url_for("claims.case", case_id=claim.case.public_id))
    return problem(409, "Kode yang tadi tidak berlaku lagi",
                   "Isian, dokumen, atau rekening berubah sesudah kode dikirim. Perbaikan belum "
                   "terkirim. Periksa lagi, lalu minta kode baru.",
                   back=url_for(".correct", case_id=claim.case.public_id), back_text="Perbaiki")


def _changed(claim):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    return show(
        "cases/changed.html", 409, title="Pencairan ini sudah berubah",
        advice=f"Statusnya sekarang: {STATES[claim.state][0].lower()}. Perbaikan Anda belum "
               "terkirim.", back_text="Lihat pencairan",
        back=url_for("claims.case", case_id=claim.case.public_id),
        typed=[(label, clean(request.form.get(name, ""))) for name, label in LABELS.items()])
