"""Iuran: what is to be paid with which code, for which months, and what was paid."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.bills import service
from webapp.bills.codes import show_code
from webapp.bills.forms import MonthsForm
from webapp.bills.queries import bills_of, owns_of, unpaid_switch_of, waiting_bill_of
from webapp.bills.words import BILL_STATES, months_of, status_of
from webapp.contributions.arrears import lapses_on, unpaid_months
from webapp.htmx import see_other, show
from webapp.linking.service import link
from webapp.models.switches import LAPSED, PAID, Bill
from webapp.months import last_day_of, month_of
from webapp.paging import id_in, page_of
from webapp.parameters import rules_on
from webapp.permissions import worker_only
from webapp.rate_limit import TooMany
from webapp.switch.words import parts_of
from webapp.waiting import said_in

blueprint = Blueprint("bills", __name__, url_prefix="/iuran")

PAGE = 20     # of what was paid


@blueprint.get("")
@worker_only
def overview():
    """What there is to pay, how, and what was paid."""
    return _page()


@blueprint.route("/kode", methods=["GET", "POST"])
@worker_only
def code():
    """A fresh payment code: for a first contribution, or for so many months. The same press gives
    the same code."""
    if request.method == "GET":     # who had to sign in first presses where the button stands
        return see_other(url_for(".overview"))
    worker, form = link(current_user, clock.now()), _form()
    if worker is None or (form and not form.is_sent_and_valid()):
        return _page(form)
    try:
        service.new_bill(worker, current_user, form.count if form else 1, clock.now())
    except (service.NothingToPay, service.NotSoMany):     # it was paid meanwhile
        pass
    except TooMany as wait:
        form = form or MonthsForm(least=1, most=1)
        return said_in(form, wait.until, lambda status: _page(form, status))
    return see_other(url_for(".overview"))


@blueprint.route("/aktifkan", methods=["GET", "POST"])
@worker_only
def activate_again():
    """Aktifkan lagi: a code for this month alone."""
    worker = link(current_user, clock.now())
    if request.method == "GET" or worker is None:
        return see_other(url_for(".overview"))
    try:
        service.make_again(worker, current_user, clock.now())
    except service.NothingToPay:
        pass
    except TooMany as wait:
        form = MonthsForm(least=1, most=1)
        return said_in(form, wait.until, lambda status: _page(form, status))
    return see_other(url_for(".overview"))


def _own():
    worker = link(current_user, clock.now())
    return next(iter(owns_of(worker)), None) if worker else None


def _form():
    """The choice of months, where a membership runs and some can be paid; else None."""
    own, today = _own(), clock.today()
    if own is None or own.state == LAPSED:
        return None
    least, most = service.may_pay(own, today, rules_on(today))
    return MonthsForm.of_request(least=least, most=most) if most else None


def _page(form=None, status=None):
    worker, today = link(current_user, clock.now()), clock.today()
    before = request.args.get("sebelum", type=id_in)
    paid, has_more = page_of(bills_of(worker).where(Bill.state == PAID), Bill.id, before,
                             PAGE) if worker else ([], False)
    own = _own()
    following = own and service.next_month(own)
    bill = waiting_bill_of(worker) if worker else None
    return show(
        "bills/overview.html", status, form=form or _form(), own=own, paid=paid, today=today,
        bill=bill if bill and bill.expires_on >= today else None, is_first=not before,
        older=paid[-1].id if has_more else None, show_code=show_code, parts_of=parts_of,
        months_of=months_of, status_of=status_of, bill_states=BILL_STATES,
        switch=unpaid_switch_of(worker) if worker else None,
        next_month=following, next_due=own and last_day_of(max(following, month_of(today))),
        unpaid=unpaid_months(own.paid_until, today) if own and own.state != LAPSED else 0,
        lapses_on=own and lapses_on(own.paid_until, rules_on(today)))
