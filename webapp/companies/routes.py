"""Pilih perusahaan."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from webapp.companies.queries import companies_named, companies_of
from webapp.forms import clean
from webapp.htmx import render
from webapp.permissions import employer_only

blueprint = Blueprint("companies", __name__)

SHOWN = 50


@blueprint.get("/perusahaan")
@employer_only
def company_list():
    """The clerk's companies, last used first; with only one, straight to its workers."""
    text = clean(request.args.get("nama", ""))[:100]
    companies = list(companies_named(current_user, text).limit(SHOWN))
    if len(companies) == 1 and not text and companies_of(current_user).count() == 1:
        return redirect(url_for("workers.worker_list", company_id=companies[0].public_id), 303)
    return render("companies/company_list.html", "companies/_company_results.html",
                  companies=companies, text=text)
