"""Lacak without signing in: the state, who has it, until when, what next; nothing personal."""

from functools import partial

from flask import Blueprint, request
from flask_login import current_user

from webapp import clock, waiting
from webapp.claims.queries import decided_lately, interview_of, is_at_bank
from webapp.claims.words import BRANCH, STATES, due_of, holder_of, next_of, usual_of
from webapp.htmx import show
from webapp.permissions import public
from webapp.rate_limit import TooMany
from webapp.tracking import service
from webapp.tracking.forms import TrackForm

blueprint = Blueprint("tracking", __name__)

WRONG = ("Nomor dan huruf rahasia ini tidak cocok. Periksa lagi keduanya pada tanda terima atau "
         "email.")


@blueprint.route("/lacak", methods=["GET", "POST"])
@public
def track():
    """Ask for number and letters, and tell how far the claim is."""
    form = TrackForm.of_request()
    if not form.is_sent_and_valid():
        return _page(form)
    now = clock.now()
    try:
        claim = service.find(form.number.data, form.secret.data, now=now,
                             address=request.remote_addr or "")
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_page, form))
    if claim is None:
        form.form_errors.append(WRONG)
        return _page(form)
    return _found(claim, now)


def _found(claim, now):
    is_booked = interview_of(claim) is not None
    holder = holder_of(claim, is_booked)
    return show("tracking/found.html", claim=claim, state=STATES[claim.state],
                holder=claim.case.branch.name if holder == BRANCH else holder,
                due=due_of(claim, clock.day_of(now)),
                next=next_of(claim, is_booked, is_at_bank(claim)),
                usual=holder == BRANCH and usual_of(decided_lately(claim.case.branch_id, now)))


def _page(form, status=None):
    return show("tracking/track.html", status, form=form, is_worker=(
        current_user.is_authenticated and current_user.is_worker))
