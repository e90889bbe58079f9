"""Pekerja tanpa iuran: whoever may have left without a report, and a list made of them."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.htmx import see_other, show
from webapp.months import last_due_month, show_month, unpaid_months, unpaid_since
from webapp.parameters import rules_on
from webapp.permissions import employer_only
from webapp.radar import service
from webapp.radar.forms import ListForm
from webapp.radar.queries import chosen_of, is_anybody_paid, unpaid_at
from webapp.workers import search_term
from webapp.workers.queries import page_after

blueprint = Blueprint("radar", __name__, url_prefix="/perusahaan/<uuid:company_id>/tanpa-iuran")


@blueprint.route("", methods=["GET", "POST"])
@employer_only
def unpaid(company):
    """Who has had no contributions for months. What is ticked becomes a list, not applied yet."""
    now, until = clock.now(), _until()
    form = ListForm.of_request(kept_input.recall(current_user, now))
    if not form.is_sent_and_valid():
        return _page(company, form, until)
    found = unpaid_at(company, until).where(is_anybody_paid(company, until))
    try:
        made = service.prepare_list(company, current_user, chosen_of(found, **form.choice),
                                    reason=form.reason.data, today=clock.day_of(now), now=now)
    except service.NobodyChosen:     # somebody reported them, or has paid meanwhile
        return see_other(url_for(".unpaid", company_id=company.public_id))
    return see_other(url_for("uploads.upload", company_id=company.public_id,
                             upload_id=made.public_id))


def _until():
    """The last paid month of whoever is on the radar today, or an earlier one."""
    today = clock.today()
    return unpaid_since(today, rules_on(today)["radar.months"])


def _page(company, form, until):
    here, today = {"company_id": company.public_id}, clock.today()
    months = rules_on(today)["radar.months"]
    found = unpaid_at(company, until)
    after = search_term.unseal_mark(request.args.get("setelah", ""), current_user, company)
    rows, has_more = page_after(found, after)
    older = has_more and url_for(
        ".unpaid", setelah=search_term.seal_mark(rows[-1], current_user, company), **here)
    return show("radar/unpaid.html", form=form, rows=rows, older_url=older,
                first_url=after and url_for(".unpaid", **here), count=found.count(),
                is_anybody_paid=is_anybody_paid(company, until), months=months,
                last_due=show_month(last_due_month(today)), show_month=show_month,
                unpaid=lambda row: unpaid_months(row.contributed_until, today))
