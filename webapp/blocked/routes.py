"""The one page of somebody whose account is blocked."""

from flask import Blueprint, url_for
from flask_login import current_user

from webapp import clock
from webapp.bills.codes import show_code
from webapp.bills.queries import running_own_of, unpaid_switch_of, waiting_bill_of
from webapp.blocks.ending import end_if_over
from webapp.blocks.queries import block_in_force
from webapp.blocks.words import REASONS
from webapp.complaints.queries import complaints_of
from webapp.complaints.words import STATES
from webapp.home.queries import worker_of
from webapp.htmx import see_other, show
from webapp.models.people import BLOCKED, CLOSING, IS_BLOCKED
from webapp.permissions import during, presented_session, signed_in

blueprint = Blueprint("blocked", __name__)


@blueprint.get("/diblokir")
@signed_in
@during(IS_BLOCKED)
def reason():
    """Why, until when, and what one can do about it."""
    user = presented_session().user
    if user.state != BLOCKED:
        return see_other(url_for("home.home"))
    block = block_in_force.one(user)
    if block and block.until < clock.today():
        end_if_over(user, clock.now())
        return see_other(url_for("sign_in.sign_in", selesai="dibuka"))
    bill, pays_alone = _to_pay(user)
    return show("blocked/reason.html", block=block, bill=bill, pays_alone=pays_alone,
                show_code=show_code, reason=block and REASONS[block.reason],
                is_closing=bool(block) and block.state_before == CLOSING,
                complaints=list(complaints_of(current_user)), states=STATES)


def _to_pay(user):
    """(the bill that can be paid now or None, whether this person pays for themselves): cover must
    not end because a page cannot be opened."""
    worker = worker_of(user)
    if worker is None:
        return None, False
    bill = waiting_bill_of(worker)
    return (bill if bill and bill.expires_on >= clock.today() else None,
            bool(running_own_of(worker) or unpaid_switch_of(worker)))
