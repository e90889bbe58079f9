"""Jejak audit: for managers; every look into it is itself recorded."""

import json
from datetime import timedelta
from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import audit, clock
from webapp.audit_desk import queries, service
from webapp.audit_desk.forms import SearchForm
from webapp.audit_desk.words import happened, problem_of
from webapp.errors import problem
from webapp.formats import Malformed, parse_date
from webapp.htmx import see_other, show
from webapp.paging import id_in
from webapp.permissions import branch_only, found_or_404

blueprint = Blueprint("audit_desk", __name__, url_prefix="/cabang/audit")

MOST_FOUND = 100     # entries about one matter
OF_ALL_BRANCHES = ("Catatan akun dan petugas memuat semua kantor. Cari nomor kasusnya di Jejak "
                   "audit.")


class NotManager(Exception):
    """Only managers look into the trail."""


@blueprint.get("")
@branch_only
def overview():
    """How the trail stands, and its chains."""
    _managers_only()
    service.look(current_user, clock.now(), page="chains")
    return _overview(SearchForm())


@blueprint.post("/periksa")
@branch_only
def check():
    """Verify the newest entries now."""
    _managers_only()
    service.check_newest(current_user, clock.now())
    return see_other(url_for(".overview"))


@blueprint.get("/periksa")
@branch_only
def checked():
    """Whoever reloads that address sees how it stands."""
    return see_other(url_for(".overview"))


@blueprint.route("/cari", methods=["GET", "POST"])
@branch_only
def search():
    """What was recorded about a case or a receipt."""
    _managers_only()
    form = SearchForm.of_request()
    if not form.is_sent_and_valid():
        return _overview(form)
    matter = queries.matter_numbered(current_user, form.number.data)
    if matter is None:
        form.number.errors = ["Tidak ada kasus atau tanda terima bernomor ini di kantor cabang "
                              "Anda. Periksa lagi nomornya."]
        return _overview(form)
    service.look_at(matter, current_user, clock.now())
    entries = queries.entries_about(matter, MOST_FOUND)
    return show("audit_desk/matter.html", matter=matter, most=MOST_FOUND, **_told(entries))


@blueprint.get("/akun")
@branch_only
def accounts():
    """What happened to accounts, and at the desk, at all branches."""
    _managers_only()
    if not queries.may_see_accounts(current_user):
        return problem(403, "Hanya untuk manajemen kantor pusat", OF_ALL_BRANCHES,
                       back=url_for(".overview"), back_text="Jejak audit")
    return _entries("Akun dan petugas", audit.ACCOUNTS, url_for(".accounts"),
                    queries.account_entries)


@blueprint.get("/perusahaan/<uuid:chain_id>")
@branch_only
def company(chain_id):
    """What happened at a company of the branch."""
    _managers_only()
    found = found_or_404(queries.company_with(current_user, chain_id))
    return _entries(found.name, audit.company_chain(found), url_for(".company", chain_id=chain_id),
                    partial(queries.company_entries, found))


@blueprint.errorhandler(NotManager)
def not_manager(_):
    """Who may, and what others do."""
    return problem(403, "Jejak audit hanya untuk manajemen",
                   "Minta manajemen kantor cabang Anda untuk melihatnya.",
                   back=url_for("branch.queue"), back_text="Antrean")


def _managers_only():
    if not queries.may_see(current_user):
        raise NotManager


def _overview(form):
    after = request.args.get("setelah", type=id_in)
    companies, has_more = queries.companies_page(current_user, after)
    whole, newest = queries.last_checks()
    return show("audit_desk/overview.html", form=form, whole=whole, newest=newest,
                faults={check.id: queries.faults_of(check) for check in (whole, newest) if check},
                problem_of=problem_of, most=service.NEWEST, companies=companies,
                accounts=queries.count_of_accounts(),
                may_see_accounts=queries.may_see_accounts(current_user), is_first=not after,
                after=companies[-1][0].id if has_more else None)


def _entries(title, name, here, page_of):
    before, typed = request.args.get("sebelum", type=id_in), request.args.get("hari", "")
    day = _day_in(typed)
    service.look(current_user, clock.now(), page="entries", of=name, day=typed if day else "")
    entries, older = page_of(before, day and day + timedelta(days=1))
    return show("audit_desk/chain.html", title=title, here=here, typed=typed, day=day,
                is_wrong=bool(typed) and not day, is_first=not before,
                older=older, **_told(entries))


def _day_in(typed):
    try:
        return parse_date(typed) if typed else None
    except Malformed:
        return None


def _told(entries):
    """What templates need to put entries into words."""
    told = []
    for entry in entries:
        details = json.loads(entry.details)
        told.append((entry, queries.place_of(entry), happened(entry.kind, details),
                     details.get("number", "")))
    return {"told": told, "actors": queries.actors_of(entries)}
