"""Formulir pengaduan: sending it, reading the answers, answering; with and without an account."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, waiting
from webapp.blocks.queries import block_in_force
from webapp.cases.queries import statements_in
from webapp.cases.words import SIDES
from webapp.complaints import service
from webapp.complaints.forms import AnswerForm, ComplaintForm, TrackForm, VisitorForm
from webapp.complaints.messages import show_secret
from webapp.complaints.queries import (
    branch_to_judge,
    branches,
    complaint_of,
    complaint_with,
    complaints_of,
    key_of,
    nearest_branch,
)
from webapp.complaints.tracking import find
from webapp.complaints.words import ABOUT_BLOCK, STATES, holder_of, names_of, steps_of
from webapp.cookies import form_cookie
from webapp.htmx import see_other, show
from webapp.models.cases import AT_WORKER
from webapp.models.people import BLOCKED, NEEDS_AUTHENTICATOR
from webapp.papers.kinds import KK, KTP, OTHER
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import (
    MAY_COMPLAIN,
    during,
    found_or_404,
    presented_session,
    public,
    signed_in,
    takes_files,
)
from webapp.rate_limit import TooMany

blueprint = Blueprint("complaints", __name__, url_prefix="/pengaduan")

LETTERS_SHOWN_FOR = timedelta(hours=1)
SENT_BEFORE = ("Pengaduan sebelumnya sudah terkirim. Yang ini berbeda: kirim lagi sebagai "
               "pengaduan baru. Lampirannya pilih lagi.")
WRONG = "Nomor dan huruf rahasia ini tidak cocok. Periksa lagi keduanya pada pesan kami."


@blueprint.route("", methods=["GET", "POST"])
@public
@takes_files
def complain():
    """Ask what happened; without an account also who it is, and where the answer goes."""
    block = _own_block()
    form = _complaint_form(block)
    if not form.is_sent_and_valid():
        return _form_page(form)
    try:
        service.send(_report(form, block), _user(), key=key_of(_owner(), form.key.data),
                     files=form.bodies, address=request.remote_addr or "", now=clock.now())
    except service.Refused as refusal:
        form.files.errors = [str(refusal)]
        return _form_page(form)
    except service.SentOtherwise:
        return _as_new(form)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_form_page, form))
    return see_other(url_for(".sent", key=form.key.data))


@blueprint.get("/terkirim/<uuid:key>")
@public
def sent(key):
    """The number, and what happens next; only to whoever sent it, in that browser."""
    complaint = found_or_404(complaint_with(key_of(_owner(), str(key))))
    is_new = clock.now() < complaint.sent_at + LETTERS_SHOWN_FOR
    letters = show_secret(complaint.secret) if is_new and not complaint.user_id else ""
    return show("complaints/sent.html", complaint=complaint, letters=letters)


@blueprint.get("/<uuid:case_id>")
@signed_in
@during(*MAY_COMPLAIN)
def ticket(case_id):
    """What was said so far, who has it, until when."""
    return _ticket_page(_own(case_id), _answer_form(kept_input.recall(current_user, clock.now())))


@blueprint.route("/<uuid:case_id>/jawab", methods=["GET", "POST"])
@signed_in
@during(*MAY_COMPLAIN)
def answer(case_id):
    """Answer the office, or add something."""
    complaint = _own(case_id)
    form = _answer_form(kept_input.recall(current_user, clock.now()))
    if not form.is_sent_and_valid():
        return _ticket_page(complaint, form)
    return (_answered(complaint, form, partial(_ticket_page, complaint, form))
            or see_other(url_for(".ticket", case_id=case_id)))


@blueprint.route("/lacak", methods=["GET", "POST"])
@public
def track():
    """Ask for number and letters, and show the complaint."""
    return _tracked(TrackForm.of_request(), _found_page)


@blueprint.route("/lacak/jawab", methods=["GET", "POST"])
@public
@takes_files
def answer_tracked():
    """Answer without an account: number and letters come with the answer."""
    if request.method == "GET":
        return see_other(url_for(".track"))
    return _tracked(TrackForm.of_request(), _answer_of_visitor)


def _answer_of_visitor(complaint, track_form):
    form = _answer_form()
    page = partial(_found_page, complaint, track_form, form)
    if not form.is_sent_and_valid():
        return page()
    return _answered(complaint, form, page) or see_other(url_for(".track", terkirim="y"))


def _tracked(form, make_page):
    """A page about the complaint that number and letters name; else the form that asks for them."""
    if not form.is_sent_and_valid():
        return _track_page(form)
    try:
        complaint = find(form.number.data, form.secret.data, now=clock.now(),
                         address=request.remote_addr or "")
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_track_page, form))
    if complaint is None:
        form.form_errors.append(WRONG)
        return _track_page(form)
    return make_page(complaint, form)


def _answered(complaint, form, page):
    """Take the answer; the page that says why it could not be taken, else None."""
    try:
        service.answer(complaint, _user(), form.text.data, form.bodies, clock.now())
    except service.Refused as refusal:
        form.files.errors = [str(refusal)]
        return page()
    except service.CaseChanged:
        return _over(form.text.data)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, lambda status: page(status=status))
    return None


def _over(text):
    """It was decided meanwhile; what was typed can be copied."""
    return show("cases/changed.html", 409, title="Pengaduan ini sudah diputuskan",
                advice="Yang baru Anda tulis tidak terkirim.", typed=[("Jawaban", text)],
                back=url_for(".complain"), back_text="Formulir pengaduan")


def _user():
    """Whose account it is; None without one, and for staff whose second factor is still to come."""
    session = presented_session() if current_user.is_authenticated else None
    return session.user if session and session.stage != NEEDS_AUTHENTICATOR else None


def _owner():
    """What tells the account, or else the browser, from others."""
    if _user():
        return _user().public_id.hex
    return form_cookie() or request.cookies.get(current_app.config["COOKIE_NAMES"]["session"], "")


def _own_block():
    """The block of whoever asks, if the account is blocked."""
    user = _user()
    block = user and user.state == BLOCKED and block_in_force.one(user)
    return block or None


def _own(case_id):
    return found_or_404(complaint_of(current_user, case_id))


def _complaint_form(block):
    form_class = ComplaintForm if _user() else VisitorForm
    form = form_class.of_request(most=_most_bytes(), branches=() if block else list(branches()))
    if request.method == "GET":
        form.subject.data = ABOUT_BLOCK if block else None
        nearest = None if block or not _user() else nearest_branch(_user())
        form.branch.data = next((code for code, row in form.branches.items()
                                 if row.id == nearest), "")
    return form


def _answer_form(kept=None):
    return AnswerForm.of_request(kept, most=_most_bytes())


def _most_bytes():
    return rules_on(clock.today())["document.max_bytes"]


def _report(form, block):
    branch = branch_to_judge(block) if block else form.branches[form.branch.data].id
    is_about_it = block and form.subject.data == ABOUT_BLOCK
    contact = {} if _user() else {"name": form.name.data, "phone": form.phone.data or None,
                                  "email": form.email.data or None}
    return service.Report(form.words, form.story.data, branch, block if is_about_it else None,
                          **contact)


def _as_new(form):
    """The form with a key of its own, and where to read what was sent before."""
    earlier = url_for(".sent", key=form.key.data)
    form.renew(SENT_BEFORE)
    return _form_page(form, earlier=earlier)


def _form_page(form, status=None, earlier=None):
    mine = list(complaints_of(_user())) if _user() else []
    return show("complaints/form.html", status, form=form, mine=mine, states=STATES,
                earlier=earlier, most=_most_bytes(),
                days=rules_on(clock.today())["branch.complaint_working_days"])


def _ticket_page(complaint, form, status=None):
    papers = box_for(complaint.case, AT_WORKER, _user(), (OTHER, KTP, KK), can_add=True)
    return show("complaints/ticket.html", status, form=form, papers=papers,
                **_shown(complaint))


def _found_page(complaint, track_form, form=None, status=None):
    form = form or AnswerForm(most=_most_bytes())
    return show("complaints/found.html", status, form=form, opened=track_form,
                most=_most_bytes(), **_shown(complaint))


def _shown(complaint):
    return {"complaint": complaint, "state": STATES[complaint.state],
            "steps": steps_of(complaint, clock.today()), "holder": holder_of(complaint),
            "statements": statements_in(complaint.case), "sides": SIDES,
            "names": {**names_of(complaint.case), AT_WORKER: "Anda"}}


def _track_page(form, status=None):
    return show("complaints/track.html", status, form=form, is_answered="terkirim" in request.args)
