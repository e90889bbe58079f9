"""Paklaring: approve it, look at it, print it."""

from flask import Blueprint, abort, current_app, render_template, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.deactivation.queries import filed_of
from webapp.deactivation.reasons import REASONS
from webapp.errors import problem
from webapp.htmx import render, see_other
from webapp.paklaring import service
from webapp.paklaring.forms import WorkLetterForm
from webapp.paklaring.queries import letter_of
from webapp.permissions import employer_only, found_or_404
from webapp.receipts.presentation import qr_of

blueprint = Blueprint("paklaring", __name__, url_prefix="/perusahaan/<uuid:company_id>")


@blueprint.route("/nonaktif/<uuid:deactivation_id>/paklaring", methods=["GET", "POST"])
@employer_only
def letter(company, deactivation_id):
    """The letter's last details and its approval; once approved, the letter itself."""
    deactivation = found_or_404(filed_of.one(company, deactivation_id))
    draft = letter_of.one(deactivation) or abort(404)
    if not deactivation.is_standing:
        return _no_longer_valid(company, deactivation)
    if draft.approved_at:
        return _letter_page(deactivation, draft)
    kept = kept_input.recall(current_user, clock.now())
    form = WorkLetterForm.of_request(kept, **({} if kept else {"position": draft.position}))
    if not form.is_sent_and_valid():
        return render("paklaring/approve.html", "paklaring/_approve_form.html",
                      422 if form.errors else 200, form=form, deactivation=deactivation,
                      worker=deactivation.membership.worker)
    try:
        service.approve(draft, current_user, company=company, now=clock.now(), **form.data)
    except service.NotApproved:
        pass     # a second press, or a colleague was first: the page that follows says so
    return see_other(url_for(".letter", company_id=company.public_id,
                             deactivation_id=deactivation_id))


def _no_longer_valid(company, deactivation):
    return problem(409, "Laporan ini sudah dibatalkan",
                   "Paklaring dari laporan ini tidak berlaku lagi. Jika sudah dicetak, jangan "
                   "dipakai.", back=url_for("deactivation.receipt", company_id=company.public_id,
                                            deactivation_id=deactivation.public_id),
                   back_text="Lihat tanda terima")


def _letter_page(deactivation, letter):
    receipt = deactivation.receipt
    return render_template(
        "paklaring/letter.html", deactivation=deactivation, letter=letter, receipt=receipt,
        worker=deactivation.membership.worker, membership=deactivation.membership,
        reason=REASONS[deactivation.reason], qr=qr_of(receipt, current_app.config["BASE_URL"]))
