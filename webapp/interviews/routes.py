"""The worker chooses when to be met at the branch."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.cases.service import CaseChanged
from webapp.claims.own import own_claim
from webapp.claims.queries import interview_of
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show
from webapp.interviews import service
from webapp.interviews.forms import SlotForm
from webapp.interviews.queries import taken_at
from webapp.interviews.slots import days_ahead, free_slots, may_change
from webapp.models.claims import INTERVIEW
from webapp.parameters import rules_on
from webapp.permissions import worker_only

blueprint = Blueprint("interviews", __name__, url_prefix="/pencairan/<uuid:case_id>/wawancara")


@blueprint.route("", methods=["GET", "POST"])
@worker_only
def choose(case_id):
    """The free slots of the next days; choosing again is changing it."""
    claim, now = _claim(case_id), clock.now()
    rules, days = rules_on(clock.day_of(now)), _free(claim, now)
    form = SlotForm.of_request(kept_input.recall(current_user, now), days=days)
    if claim.state != INTERVIEW:
        return see_other(_url(claim))
    if not form.is_sent_and_valid():
        return _page(claim, form, days)
    try:
        service.book(claim, current_user, form.chosen, version=version_shown(), rules=rules,
                     now=now)
    except service.SlotTaken:
        form.slot.errors = ["Waktu ini baru saja penuh. Pilih waktu lain."]
        return _page(_claim(case_id), form, _free(claim, now))
    return see_other(_url(claim))


@blueprint.route("/batal", methods=["GET", "POST"])
@worker_only
def cancel(case_id):
    """Give the slot back, until the day before."""
    claim, now = _claim(case_id), clock.now()
    here = url_for(".choose", case_id=case_id)
    interview = interview_of(claim)
    if request.method == "POST":
        service.cancel(claim, current_user, version=version_shown(), now=now,
                       rules=rules_on(clock.day_of(now)))
        return see_other(here)
    if claim.state != INTERVIEW or not interview:
        return see_other(here)
    return show("interviews/cancel.html", claim=claim, interview=interview)


@blueprint.errorhandler(CaseChanged)
def changed(_):
    """The branch or another tab was faster."""
    return problem(409, "Pencairan ini baru saja berubah",
                   "Waktu wawancara tidak diubah. Buka pencairannya untuk melihat yang berlaku "
                   "sekarang.", back=_here(), back_text="Lihat pencairan")


@blueprint.errorhandler(service.TooLate)
def too_late(_):
    """Somebody waits at the branch today."""
    return problem(409, "Wawancaranya hari ini", "Waktunya tidak bisa diganti lagi. Jika Anda "
                   "tidak datang, Anda bisa memilih waktu lain sesudahnya.", back=_here(),
                   back_text="Lihat pencairan")


def _claim(case_id):
    return own_claim(current_user, case_id)


def _free(claim, now):
    today = clock.day_of(now)
    return free_slots(today, taken_at(claim.case.branch_id, now, claim), rules_on(today))


def _here():
    return url_for("claims.case", **request.view_args)


def _url(claim):
    return url_for("claims.case", case_id=claim.case.public_id)


def _page(claim, form, days):
    now, interview = clock.now(), interview_of(claim)
    rules = rules_on(clock.day_of(now))
    return show("interviews/choose.html", form=form, claim=claim, interview=interview, now=now,
                days=form.days(days), last_day=days_ahead(clock.day_of(now), rules)[-1],
                may_change=not interview or may_change(interview.starts_at, now, rules))
