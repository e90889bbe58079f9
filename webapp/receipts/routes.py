"""Periksa tanda terima: for anybody, without signing in."""

from urllib.parse import unquote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from wtforms import StringField

from webapp import clock
from webapp.claims.words import STATES as CLAIM_STATES
from webapp.errors import problem
from webapp.forms import AppForm, MaxCharacters, Required
from webapp.permissions import public
from webapp.rate_limit import RECEIPT_CHECK_ADDRESS, TooMany, count_try
from webapp.receipts.queries import claim_receipt_numbered, receipt_numbered
from webapp.receipts.service import signer
from webapp.receipts.signing import NotGenuine, parse_number, show_number, verify

blueprint = Blueprint("receipts", __name__)

NOT_A_NUMBER = "Nomor ini tidak lengkap atau salah ketik. Contoh yang benar: N7K4-22QD-8MX2."


class CheckForm(AppForm):
    """A receipt number, or the whole text of a QR code."""

    code = StringField("Nomor tanda terima atau isi kode QR",
                       [Required("Ketik nomor tanda terima."), MaxCharacters(600)])


@blueprint.route("/periksa", methods=["GET", "POST"])
@public
def check_form():
    """Ask for the number; a whole QR text is checked against our keys first."""
    form = CheckForm.of_request()
    if not form.is_sent_and_valid():
        return render_template("receipts/check_form.html", form=form), 422 if form.errors else 200
    typed = unquote(form.code.data)
    signed = typed.rpartition("#")[2]
    if ";" in signed:
        return _check_signed(form, signed)
    number = parse_number(typed.rstrip("/").rpartition("/")[2])
    if not number:
        form.code.errors = [NOT_A_NUMBER]
        return render_template("receipts/check_form.html", form=form), 422
    return redirect(url_for(".check", number=show_number(number)), code=303)


@blueprint.get("/periksa/<number>")
@public
def check(number):
    """The present state of a receipt: status and masked names, nothing more."""
    try:
        count_try(RECEIPT_CHECK_ADDRESS, request.remote_addr or "", clock.now())
    except TooMany:
        return problem(429)
    plain = parse_number(number)
    found = plain and receipt_numbered.one(plain)
    of_claim = plain and not found and claim_receipt_numbered.one(plain)
    if of_claim:
        return render_template("receipts/check_claim.html", receipt=of_claim,
                               state=CLAIM_STATES[of_claim.claim.state])
    if not found:
        return problem(404, "Tanda terima tidak ditemukan",
                       "Periksa lagi nomornya. Jika nomornya benar, tanda terima itu tidak "
                       "dibuat oleh Purna.", back=url_for(".check_form"),
                       back_text="Ketik nomor lain")
    return render_template("receipts/check.html", receipt=found)


@blueprint.get("/kunci-publik")
@public
def public_key():
    """The key that receipts are signed with, for checking offline."""
    return render_template("receipts/public_key.html", pem=signer().public_pem(),
                           fingerprint=signer().fingerprint())


@blueprint.get("/kunci-publik.pem")
@public
def public_key_file():
    """The same key as a file."""
    return Response(signer().public_pem(), mimetype="application/x-pem-file",
                    headers={"Cache-Control": "public, max-age=3600"})


def _check_signed(form, signed):
    try:
        fields = verify(signed, signer().public_pem())
    except NotGenuine:
        form.code.errors = ["Isi kode QR ini tidak asli atau sudah diubah. Jangan dipercaya."]
        return render_template("receipts/check_form.html", form=form), 422
    return redirect(url_for(".check", number=fields[0]), code=303)
