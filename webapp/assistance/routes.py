"""Bantuan saya: each assistance with its schedule, where it stands, and its history."""

from flask import Blueprint, request
from flask_login import current_user

from webapp import clock
from webapp.assistance.queries import assistance_of, steps_of
from webapp.assistance.states import UNFINISHED
from webapp.assistance.words import STATES, history_of, next_of, schedule_of
from webapp.destinations.queries import linked_of
from webapp.destinations.words import label as destination_label
from webapp.holds.queries import held_until, is_stopped
from webapp.home.queries import worker_of
from webapp.htmx import show
from webapp.models.programmes import Assistance
from webapp.paging import id_in, page_of
from webapp.permissions import worker_only

blueprint = Blueprint("assistance", __name__, url_prefix="/bantuan-saya")

PAGE = 10


@blueprint.get("")
@worker_only
def assistance():
    """All that this person was granted, the newest first."""
    worker, now = worker_of(current_user), clock.now()
    before = request.args.get("sebelum", type=id_in)
    rows, has_more = (page_of(assistance_of(worker), Assistance.id, before, PAGE) if worker
                      else ([], False))
    steps = steps_of(rows)
    is_expecting = any(row.state in UNFINISHED for row in rows)
    return show("assistance/assistance.html", rows=rows, is_first=not before, states=STATES,
                older=rows[-1].id if has_more else None, is_expecting=is_expecting,
                history={row.id: history_of(steps[row.id]) for row in rows}, next_of=next_of,
                schedule_of=schedule_of, linked=linked_of(current_user),
                destination_label=destination_label,
                held_until=is_expecting and held_until(current_user, now),
                is_stopped=is_expecting and is_stopped(current_user))
