"""The first page, and the worker's Beranda and Pesan."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.home.queries import deactivations_of_worker, memberships_of_worker, worker_of
from webapp.messages.queries import messages_of
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
    return render_template(
        "home/beranda.html", worker=worker, memberships=memberships, today=clock.today(),
        deactivations=deactivations_of_worker(memberships),
        messages=list(messages_of(worker).limit(3)) if worker else [])


@blueprint.get("/pesan")
@worker_only
def messages():
    """Every message that was really sent, so that a false one can be told apart."""
    worker = worker_of(current_user)
    return render_template("home/messages.html",
                           messages=list(messages_of(worker).limit(100)) if worker else [])
