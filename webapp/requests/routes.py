"""Ajukan nonaktif: a worker's request to the company, from its draft to the receipt."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.queries import case_of_worker
from webapp.deactivation.consequences import consequences
from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import FOR_WORKERS, REASONS
from webapp.errors import problem
from webapp.forms import clean, version_shown
from webapp.home.queries import worker_of
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.memberships.queries import membership_of_worker, other_active_companies
from webapp.models.cases import APPROVED, ASKED, AT_WORKER, DRAFT, FILLED, REQUEST
from webapp.papers.kinds import KINDS, proofs_of
from webapp.papers.needed import needed_by_request
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, worker_only
from webapp.rate_limit import TooMany
from webapp.requests import service
from webapp.requests.forms import HINTS, TYPED, FilledForm, RequestForm, missing_words
from webapp.requests.queries import missing_papers, request_of
from webapp.requests.words import STATES, clock_of, phrase_of, standing_of, steps_of
from webapp.waiting import seconds_until, when

blueprint = Blueprint("requests", __name__)


@blueprint.route("/kepesertaan/<uuid:membership_id>/ajukan", methods=["GET", "POST"])
@worker_only
def begin(membership_id):
    """Begin a request, or go on with the one there is."""
    worker = worker_of(current_user)
    membership = found_or_404(worker and membership_of_worker(worker, membership_id))
    if request.method == "GET":     # who had to sign in first comes back by this address
        return see_other(_to(membership)["back"])
    try:
        begun = service.begin(membership, current_user, clock.now())
    except service.NotActive:
        return _not_active(membership)
    except TooMany as wait:
        return _too_many(membership, wait.until)
    return see_other(url_for(".case", case_id=begun.case.public_id))


@blueprint.route("/permohonan/<uuid:case_id>", methods=["GET", "POST"])
@worker_only
def case(case_id):
    """The draft, the form that is due, or how far it has come."""
    asked = _own(case_id)
    if request.method == "GET":
        return _page_of(asked)
    if asked.state != DRAFT:
        return _changed(asked)
    form = _draft_form(asked)
    if not form.is_sent_and_valid():
        return _draft_page(asked, form)
    asked = service.keep_draft(asked, reason=form.reason.data, last_day=form.last_day.data,
                               note=form.note.data, now=clock.now())
    if asked.state != DRAFT:     # sent, or over, while this was under way
        return _changed(asked)
    return forward(url_for(".check", case_id=case_id), partial(_check_page, asked))


@blueprint.route("/permohonan/<uuid:case_id>/simpan", methods=["GET", "POST"])
@worker_only
def keep(case_id):
    """Keep what was typed and not sent, valid or not, for every device of the person."""
    asked = _own(case_id)
    if request.method == "GET":     # typed while the session had ended
        return _page_of(asked)
    if asked.state not in (DRAFT, APPROVED):
        if wants_fragment():
            return render_template("cases/_kept.html", is_too_late=True), 409
        return _changed(asked)
    now = clock.now()
    cases.keep_typed(asked.case, current_user, {
        name: values for name, values in request.form.lists() if name in TYPED}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".case", case_id=case_id, tersimpan="y"))


@blueprint.route("/permohonan/<uuid:case_id>/periksa", methods=["GET", "POST"])
@worker_only
def check(case_id):
    """Show what will follow, then send it. Sending twice is the same as once."""
    asked, now = _own(case_id), clock.now()
    here = url_for(".case", case_id=case_id)
    if asked.state == DRAFT and not _is_complete(asked, clock.day_of(now)):
        return see_other(here)
    if request.method == "GET":
        return _check_page(asked) if asked.state == DRAFT else see_other(here)
    try:
        service.send(asked, current_user, version=version_shown(),
                     rules=rules_on(clock.day_of(now)), now=now)
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.NotActive:
        return _not_active(asked.membership)
    except TooMany as wait:
        return _too_many(asked.membership, wait.until)
    except service.AlreadyDone:
        pass
    return forward(here, lambda: _status_page(_own(case_id)))


@blueprint.route("/permohonan/<uuid:case_id>/formulir", methods=["GET", "POST"])
@worker_only
def fill_in(case_id):
    """Formulir nonaktif, after the company has agreed."""
    asked, now = _own(case_id), clock.now()
    here = url_for(".case", case_id=case_id)
    if request.method == "GET" and asked.state != APPROVED:
        return see_other(here)
    form = _filled_form(asked)
    if asked.state == APPROVED and not form.is_sent_and_valid():
        return _form_page(asked, form)
    try:
        service.fill_in(asked, current_user, version=version_shown(), address=form.address.data,
                        rules=rules_on(clock.day_of(now)), now=now)
    except service.PapersMissing as papers:     # taken back since the form was looked at
        form.papers.errors = [missing_words(_labels(papers.kinds))]
        return _form_page(_own(case_id), form)
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.AlreadyDone:
        pass
    return forward(here, lambda: _status_page(_own(case_id)))


@blueprint.route("/permohonan/<uuid:case_id>/tarik", methods=["GET", "POST"])
@worker_only
def withdraw(case_id):
    """Take the request back, sent or not."""
    asked = _own(case_id)
    here = url_for(".case", case_id=case_id)
    if request.method == "GET":
        if asked.case.closed_at:
            return see_other(here)
        return show("requests/withdraw.html", asked=asked)
    try:
        service.withdraw(asked, current_user, version=version_shown(), now=clock.now())
    except service.CaseChanged:
        return _changed(_own(case_id))
    except service.AlreadyDone:
        pass
    return see_other(here)


def _own(case_id):
    """The worker's own request, as it is now."""
    worker = worker_of(current_user)
    found = found_or_404(worker and case_of_worker(worker, case_id))
    return found_or_404(request_of(found) if found.kind == REQUEST else None)


def _typed(asked, *names):
    """What was typed in these fields and not sent: over a sign-in, or on any device."""
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(asked.case, current_user)
    return kept if kept and any(name in kept for name in names) else None


def _draft_form(asked):
    typed = _typed(asked, "reason", "last_day", "note")
    row = {} if typed else {"reason": asked.reason, "last_day": asked.last_day,
                            "note": asked.note}
    today = clock.today()
    return RequestForm.of_request(typed, started_on=asked.membership.started_on, today=today,
                                  rules=rules_on(today), **row)


def _filled_form(asked):
    typed = _typed(asked, "address")
    row = {} if typed else {"address": asked.address or current_user.address}
    return FilledForm.of_request(typed, missing=_labels(missing_papers(asked)), **row)


def _labels(kinds):
    """Kinds of paper as they stand in a sentence."""
    return [KINDS[kind].label.lower() for kind in kinds]


def _is_complete(asked, today):
    """Whether a draft can be sent as it stands: a membership's beginning may have changed."""
    return asked.last_day and asked.reason in (one.code for one in FOR_WORKERS) and (
        last_day_fault(asked.last_day, started_on=asked.membership.started_on, name="Anda",
                       today=today, rules=rules_on(today)) is None)


def _page_of(asked):
    """What a request's address shows: the form that is due, or how far it has come."""
    if asked.state == DRAFT:
        return _draft_page(asked, _draft_form(asked))
    if asked.state == APPROVED:
        return _form_page(asked, _filled_form(asked))
    return _status_page(asked)


def _draft_page(asked, form):
    return show("requests/draft.html", form=form, asked=asked, hints=HINTS, rules=form.rules,
                is_kept="tersimpan" in request.args)


def _check_page(asked):
    today = clock.today()
    rules = rules_on(today)
    effects = consequences(asked.reason, asked.last_day, rules=rules, today=today,
                           birth_date=asked.case.worker.birth_date)
    return show("requests/check.html", asked=asked, reason=REASONS[asked.reason],
                phrase=phrase_of(asked.reason), effects=effects, rules=rules,
                elsewhere=other_active_companies(asked.membership),
                until=deadlines.company_until(today, rules))


def _form_page(asked, form):
    box = _papers(asked)
    box.needed = needed_by_request(asked)
    return show("requests/fill_in.html", form=form, asked=asked, reason=REASONS[asked.reason],
                must_have=REASONS[asked.reason].proof_required, papers=box,
                is_kept="tersimpan" in request.args)


def _status_page(asked):
    today = clock.today()
    return show("requests/status.html", asked=asked, reason=REASONS.get(asked.reason),
                state=STATES[asked.state], steps=steps_of(asked, today),
                clock=asked.case.due_on and clock_of(asked.case, today),
                papers=_papers(asked) if asked.asked_at else None,
                can_withdraw=asked.state in (ASKED, FILLED) or asked.case.holder == "branch")


def _papers(asked):
    return box_for(asked.case, AT_WORKER, current_user, proofs_of(asked.reason), can_add=True)


def _not_active(membership):
    return problem(409, "Kepesertaan ini sudah dilaporkan berakhir",
                   "Tidak ada yang perlu diajukan lagi. Jika laporannya keliru, sanggah dari "
                   "halaman kepesertaan.", **_to(membership))


def _too_many(membership, until):
    body, status, headers = problem(
        429, "Permohonan hari ini sudah cukup banyak",
        f"Isian Anda masih tersimpan. Bisa lagi {when(until)}.", **_to(membership))
    return body, status, {**headers, "Retry-After": str(seconds_until(until))}


def _to(membership):
    """The way back, as ``problem`` takes it."""
    return {"back": url_for("memberships.membership", membership_id=membership.public_id),
            "back_text": "Lihat kepesertaan"}


def _changed(asked):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    return show(
        "cases/changed.html", 409, title="Permohonan ini sudah berubah",
        advice=f"{standing_of(asked)} Yang baru Anda tulis belum dikirim.",
        back=url_for(".case", case_id=asked.case.public_id),
        back_text="Lihat permohonan",
        typed=[(label, clean(request.form.get(name, ""))) for name, label in TYPED.items()])
