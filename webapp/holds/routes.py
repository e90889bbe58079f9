"""Hentikan pencairan: for whoever got the message that something was changed, and did not do it."""

from functools import partial

from flask import Blueprint, request, url_for

from webapp import clock
from webapp.holds import service
from webapp.holds.forms import StopForm
from webapp.htmx import see_other, show
from webapp.permissions import public
from webapp.rate_limit import TooMany
from webapp.waiting import said_in

blueprint = Blueprint("holds", __name__)

NOTHING = ("Tidak ada pencairan yang bisa dihentikan dengan kode ini. Mungkin salah ketik, atau "
           "waktunya sudah lewat. Datang ke kantor cabang dengan KTP.")


@blueprint.route("/hentikan-pencairan", methods=["GET", "POST"])
@public
def stop():
    """Take the code of a message, from whoever has it."""
    form = StopForm.of_request()
    if not form.is_sent_and_valid():
        return _page(form)
    try:
        service.stop(form.number, address=request.remote_addr or "", now=clock.now())
    except service.NothingToStop:
        form.code.errors = [NOTHING]
        return _page(form)
    except TooMany as wait:
        return said_in(form, wait.until, partial(_page, form))
    return see_other(url_for(".stopped"))


@blueprint.get("/hentikan-pencairan/selesai")
@public
def stopped():
    """Say what is stopped, and how it goes on."""
    return show("holds/stopped.html")


def _page(form, status=None):
    return show("holds/stop.html", status, form=form)
