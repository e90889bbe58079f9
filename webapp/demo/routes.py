"""Demo mode's window on what was sent. Not part of production at all."""

from flask import Blueprint, render_template

from webapp.demo.queries import newest_messages
from webapp.messages.queries import shown_body
from webapp.permissions import public

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

SHOWN = 50


@blueprint.get("/pesan")
@public
def messages():
    """The newest messages with their texts, sent or waiting."""
    return render_template("demo/messages.html", shown_body=shown_body,
                           messages=list(newest_messages().limit(SHOWN)))
