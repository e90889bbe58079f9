"""Demo mode's window on what was sent. Not part of production at all."""

from flask import Blueprint, current_app, render_template

from webapp.demo.mailbox import Mailbox
from webapp.messages.delivery import DemoDelivery
from webapp.permissions import public

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

SHOWN = 50


def open_mailbox(setup):
    """Let what this process delivers in demo mode arrive where the page looks."""
    DemoDelivery.mailbox = Mailbox(setup.app.config["DATA"])


blueprint.record(open_mailbox)


@blueprint.get("/pesan")
@public
def messages():
    """The newest messages as their receivers see them, codes included."""
    mailbox = Mailbox(current_app.config["DATA"])
    return render_template("demo/messages.html", letters=mailbox.newest()[:SHOWN])
