"""Laporan: how a branch is doing, in five charts. Nothing in them is personal."""

from flask import Blueprint, abort, request
from flask_login import current_user

from webapp import clock
from webapp.downloads import attachment
from webapp.htmx import show
from webapp.permissions import branch_only, found_or_404
from webapp.reports import queries, sheet
from webapp.reports.overview import reports_of
from webapp.reports.periods import DAYS, USUAL, period_of

blueprint = Blueprint("reports", __name__, url_prefix="/cabang/laporan")


@blueprint.get("")
@branch_only
def overview():
    """Five charts of a period, each with its table."""
    period, reports, counted_since = _reports()
    periods = [period_of(days, clock.today()) for days in DAYS]
    return show("reports/overview.html", period=period, periods=periods, reports=reports,
                counted_since=counted_since)


@blueprint.get("/unduh")
@branch_only
def download():
    """The table of one of them as a file."""
    period, reports, _ = _reports()
    wanted = request.args.get("grafik")
    report = found_or_404(next((one for one in reports if one.code == wanted), None))
    return attachment(sheet.build(report), sheet.name_of(report, period), "text/csv")


def _reports():
    """(the period that was asked for, its reports, since when they are whole or None)."""
    days = request.args.get("hari", USUAL, type=int)
    if days not in DAYS:
        abort(404)
    now, branch = clock.now(), current_user.branch_id
    period = period_of(days, clock.day_of(now))
    figures, since, waiting = queries.shown_at(branch, period.starts[0], now)
    reports = reports_of(period, figures, waiting)
    return period, reports, None if since == period.starts[0] else since
