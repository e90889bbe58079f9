"""Tenaga kerja: a company's workers, found and looked at."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.cases.words import KINDS
from webapp.companies.service import note_use
from webapp.company_cases.queries import cases_of_membership
from webapp.company_cases.story import state_of
from webapp.deactivation.queries import history_of
from webapp.deactivation.service import undoable_since
from webapp.htmx import forward, render, see_other, show, wants_fragment
from webapp.models.workers import ACTIVE, ENDED, NEW
from webapp.parameters import rules_on
from webapp.permissions import employer_only, found_or_404
from webapp.workers import search_term
from webapp.workers.queries import (
    count_by_status,
    found_in,
    membership_of,
    memberships_with_status,
    page_after,
)

blueprint = Blueprint("workers", __name__, url_prefix="/perusahaan/<uuid:company_id>/tenaga-kerja")

TABS = {"aktif": ACTIVE, "baru": NEW, "nonaktif": ENDED}
MOST_CHARACTERS = 64


@blueprint.get("")
@employer_only
def worker_list(company):
    """The list under Aktif, Baru or Nonaktif, or what a search found."""
    note_use(company, current_user, clock.now())
    term = search_term.unseal(request.args.get("cari", ""), current_user, company)
    if term:
        return _results(company, term)
    tab = request.args.get("status", "aktif")
    status = TABS.get(tab, ACTIVE)
    memberships = memberships_with_status(company, status, clock.today())
    rows, has_more = page_after(memberships, _mark(company))
    return render("workers/worker_list.html", "workers/_worker_results.html",
                  **_list_context(company, rows, has_more, tab=tab, status=status))


@blueprint.post("")
@employer_only
def search(company):
    """Take a search term in the body, where no log or history sees it; go on to its results."""
    term = " ".join(request.form.get("cari", "").split())[:MOST_CHARACTERS]
    here = {"company_id": company.public_id}
    if not term:
        return see_other(url_for(".worker_list", **here))
    url = url_for(".worker_list", cari=search_term.seal(term, current_user, company), **here)
    if "next" in request.form:     # asked from a receipt, which has no results to replace
        return forward(url, partial(_whole_results, company, term))
    return _results(company, term, push_url=url) if wants_fragment() else see_other(url)


@blueprint.get("/<uuid:membership_id>")
@employer_only
def worker(company, membership_id):
    """One worker of the company."""
    membership = found_or_404(membership_of.one(company, membership_id))
    history = list(history_of(membership))
    standing = next((row for row in history if row.is_standing), None)
    return render_template("workers/worker.html", membership=membership, worker=membership.worker,
                           history=history, standing=standing, today=clock.today(),
                           cases=list(cases_of_membership(company, membership)), kinds=KINDS,
                           state_of=state_of)


def _results(company, term, push_url=None):
    return render("workers/worker_list.html", "workers/_worker_results.html", push_url=push_url,
                  **_found(company, term))


def _whole_results(company, term):
    return show("workers/worker_list.html", **_found(company, term))


def _found(company, term):
    rows, has_more, assumed_typo = found_in(company, term, _mark(company))
    return _list_context(company, rows, has_more, term=term, assumed_typo=assumed_typo)


def _list_context(company, rows, has_more, *, term=None, tab=None, status=None,
                  assumed_typo=False):
    here, today = {"company_id": company.public_id, "status": tab}, clock.today()
    if term and (has_more or "setelah" in request.args):     # only then is it asked for again
        here["cari"] = search_term.seal(term, current_user, company)
    older = has_more and url_for(
        ".worker_list", setelah=search_term.seal_mark(rows[-1], current_user, company), **here)
    return {
        "rows": rows, "today": today, "term": term,
        "tab": tab, "shown_status": status, "assumed_typo": assumed_typo, "older_url": older,
        "first_url": request.args.get("setelah") and url_for(".worker_list", **here),
        "counts": None if term else count_by_status(company, today),
        "undoable_since": undoable_since(rules_on(today), today),
    }


def _mark(company):
    return search_term.unseal_mark(request.args.get("setelah", ""), current_user, company)
