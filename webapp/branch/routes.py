"""The branch desk: what waits for staff."""

from flask import Blueprint, render_template

from webapp import clock
from webapp.branch.queries import waiting_corrections
from webapp.permissions import branch_only

blueprint = Blueprint("branch", __name__, url_prefix="/cabang")

SHOWN = 50


@blueprint.get("")
@branch_only
def queue():
    """Correction requests that wait, oldest first."""
    return render_template("branch/queue.html", now=clock.now(),
                           corrections=list(waiting_corrections().limit(SHOWN)))
