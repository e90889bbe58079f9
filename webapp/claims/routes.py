"""Pencairan: what a worker has claimed, choosing what to claim, following it, taking it back."""

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.claims import service
from webapp.claims.faults import faults_of
from webapp.claims.faults import label_of as fault_label
from webapp.claims.forms import OWN_KINDS, KindForm
from webapp.claims.judgement import all_kinds_judged, judged
from webapp.claims.own import own_claim
from webapp.claims.progress import next_step
from webapp.claims.queries import (
    decided_lately,
    draft_of,
    interview_of,
    over_of,
    papers_by_kind,
    payouts_of,
    receipt_for,
    unfinished_of,
)
from webapp.claims.words import (
    MAY_WITHDRAW,
    STATES,
    amount_of,
    due_of,
    holder_of,
    interview_to_come,
    label_of,
    next_of,
    standing_of,
    steps_of,
    usual_of,
)
from webapp.destinations.queries import coming_of, linked_of
from webapp.destinations.words import label as destination_label
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.holds.queries import held_until, is_stopped
from webapp.htmx import see_other, show
from webapp.linking.service import link
from webapp.models.cases import AT_WORKER
from webapp.models.claims import APPROVED, DRAFT, EXPORTED, FAILED, Claim
from webapp.paging import id_in, page_of
from webapp.papers.queries import box_for
from webapp.permissions import worker_only
from webapp.rate_limit import TooMany
from webapp.receipts.presentation import qr_of
from webapp.waiting import seconds_until, when

blueprint = Blueprint("claims", __name__, url_prefix="/pencairan")

PAGE = 20     # of what is over
NEEDS = {"label_of": label_of, "amount_of": amount_of, "states": STATES,
         "interview_to_come": interview_to_come}


@blueprint.get("")
@worker_only
def claims():
    """What runs, what is over, and where a new one begins."""
    worker = link(current_user, clock.now())
    before = request.args.get("sebelum", type=id_in)
    over, has_more = page_of(over_of(worker), Claim.id, before, PAGE) if worker else ([], False)
    unfinished = unfinished_of(worker) if worker else []
    return show("claims/claims.html", is_linked=worker is not None, over=over,
                running=[claim for claim in unfinished if claim.state != DRAFT],
                draft=next((claim for claim in unfinished if claim.state == DRAFT), None),
                is_first=not before, older=over[-1].id if has_more else None,
                destination=linked_of(current_user), coming=coming_of(current_user),
                destination_label=destination_label, due_of=due_of, today=clock.today(), **NEEDS)


@blueprint.route("/daftar", methods=["GET", "POST"])
@worker_only
def choose():
    """Choose what to claim; the draft there is is gone on with, or given up for it."""
    now = clock.now()
    worker = link(current_user, now)
    if worker is None:
        return see_other(url_for(".claims"))
    form = KindForm.of_request(kept_input.recall(current_user, now),
                               instead_of=request.args.get("ulang", ""))
    if not form.is_sent_and_valid():
        return _choice_page(worker, form)
    try:
        begun = service.begin(worker, current_user, form.kind.data, now, instead_of=form.draft)
    except service.CaseChanged:
        return see_other(url_for(".choose"))
    except TooMany as wait:
        return _too_many(wait.until)
    return see_other(f"{_url(begun)}/syarat")


@blueprint.get("/<uuid:case_id>")
@worker_only
def case(case_id):
    """How far a claim has come; a draft is gone on with."""
    claim = _own(case_id)
    if claim.state != DRAFT:
        return _status_page(claim)
    judgement = judged(claim, clock.today())
    return see_other(f"{_url(claim)}/{next_step(claim, judgement, papers_by_kind(claim))}")


@blueprint.get("/<uuid:case_id>/tanda-terima")
@worker_only
def receipt(case_id):
    """The receipt, with the letters that show the claim's state without signing in."""
    claim = _own(case_id)
    found = receipt_for(claim)
    if found is None:
        return see_other(_url(claim))
    return show("claims/receipt.html", claim=claim, receipt=found, here=_url(claim),
                destination_label=destination_label, **NEEDS,
                qr=qr_of(found, current_app.config["BASE_URL"]))


@blueprint.route("/<uuid:case_id>/batal", methods=["GET", "POST"])
@worker_only
def withdraw(case_id):
    """Take a claim back, sent or not, until it is approved."""
    claim = _own(case_id)
    if request.method == "GET":
        if claim.state not in (DRAFT, *MAY_WITHDRAW):
            return see_other(_url(claim))
        return show("claims/withdraw.html", claim=claim, here=_url(claim), **NEEDS)
    try:
        service.withdraw(claim, current_user, version=version_shown(), now=clock.now())
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.AlreadyDone:
        pass
    return see_other(_url(claim) if claim.submitted_at else url_for(".claims"))


@blueprint.errorhandler(service.OtherDraft)
def other_draft(other):
    """A draft is there already: go on with it, or give it up."""
    return _other_draft(other.claim)


@blueprint.errorhandler(service.HeirsDraft)
def heirs_draft(_):
    """The branch serves the heirs of whoever this is said to be."""
    return problem(409, "Kantor cabang sedang melayani ahli waris",
                   "Anda tercatat meninggal dunia, dan ahli waris sedang mendaftarkan pencairan. "
                   "Jika ini keliru, datang ke kantor cabang dengan KTP.",
                   back=url_for(".claims"), back_text="Lihat pencairan")


def _own(case_id):
    return own_claim(current_user, case_id)


def _url(claim):
    return url_for(".case", case_id=claim.case.public_id)


def _choice_page(worker, form):
    today, draft = clock.today(), draft_of(worker)
    is_restart = draft and form.draft == draft.case.public_id
    if draft and not is_restart and not service.is_untouched(draft) and not form.errors:
        return _other_draft(draft, 200)
    verdicts = all_kinds_judged(worker, today, [kind.code for kind in OWN_KINDS])
    return show("claims/choose.html", form=form, is_restart=is_restart, groups=(
        ("Biaya", [kind for kind in OWN_KINDS if not kind.is_savings]),
        ("Jaminan hari tua (JHT)", [kind for kind in OWN_KINDS if kind.is_savings])),
        standing={code: standing_of(verdict) for code, verdict in verdicts.items()})


def _other_draft(draft, status=409):
    return show("claims/other_draft.html", status, draft=draft, here=_url(draft), **NEEDS)


def _status_page(claim):
    today, now = clock.today(), clock.now()
    interview, payouts = interview_of(claim), list(payouts_of(claim))
    is_paying = claim.state in (APPROVED, FAILED)
    return show(
        "claims/status.html", claim=claim, here=_url(claim), interview=interview,
        holder=holder_of(claim, interview is not None), due=due_of(claim, today),
        was_bounced=bool(payouts),
        next=next_of(claim, interview is not None, any(one.state == EXPORTED for one in payouts)),
        steps=steps_of(claim, today, interview, payouts),
        usual=usual_of(decided_lately(claim.case.branch_id, now)),
        faults=[(fault_label(code), sentence) for code, sentence in faults_of(claim).items()],
        held_until=is_paying and held_until(current_user, now),
        is_stopped=is_paying and is_stopped(current_user), receipt=receipt_for(claim),
        destination_label=destination_label, can_withdraw=claim.state in MAY_WITHDRAW,
        papers=box_for(claim.case, AT_WORKER, current_user, (), can_add=False), **NEEDS)


def _changed(claim):
    """It is not any more as the page showed it."""
    return problem(409, "Pencairan ini sudah berubah",
                   f"Statusnya sekarang: {STATES[claim.state][0].lower()}. Buka lagi sebelum "
                   "melanjutkan.", back=_url(claim), back_text="Lihat pencairan")


def _too_many(until):
    body, status, headers = problem(
        429, "Pencairan hari ini sudah cukup banyak",
        f"Bisa mulai lagi {when(until)}. Yang sudah terdaftar tetap berjalan.",
        back=url_for(".claims"), back_text="Lihat pencairan")
    return body, status, {**headers, "Retry-After": str(seconds_until(until))}
