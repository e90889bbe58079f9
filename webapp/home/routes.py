"""The first page, and the worker's Beranda and Pesan."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.home.queries import deactivations_of_worker, memberships_of_worker, worker_of
from webapp.messages.queries import sent_messages_of, shown_body
from webapp.parameters import rules_on
from webapp.permissions import public, worker_only

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home():
    """What Purna is, or straight to one's own first page."""
    if not current_user.is_authenticated:
        return render_template("home/welcome.html")
    if current_user.is_employer:
        return redirect(url_for("companies.company_list"), code=303)
    if current_user.is_worker:
        return redirect(url_for(".beranda"), code=303)
    return redirect(url_for("branch.queue"), code=303)


@blueprint.get("/beranda")
@worker_only
def beranda():
    """What needs the worker now, then memberships and the latest messages."""
    worker = worker_of(current_user)
    memberships = list(memberships_of_worker(worker)) if worker else []
    deactivations, today = deactivations_of_worker(memberships), clock.today()
    return render_template(
        "home/beranda.html", memberships=memberships, deactivations=deactivations, today=today,
        objectionable=_objectionable(deactivations, today), messages=_messages(worker, 3))


@blueprint.get("/pesan")
@worker_only
def messages():
    """Every message that was really sent, so that a false one can be told apart."""
    return render_template("home/messages.html", shown_body=shown_body,
                           messages=_messages(worker_of(current_user), 100))


def _messages(worker, most):
    return list(sent_messages_of(worker, clock.now()).limit(most)) if worker else []


def _objectionable(deactivations, today):
    """The last day on which the worker may object, for each membership where that is not over:
    dict by id."""
    until = {number: _last_objection_day(report) for number, report in deactivations.items()}
    return {number: day for number, day in until.items() if day >= today}


def _last_objection_day(deactivation):
    filed_on = clock.day_of(deactivation.filed_at)
    return filed_on + timedelta(days=rules_on(filed_on)["deactivation.objection_days"])
