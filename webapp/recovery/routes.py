"""Lupa sandi and Lupa akun: one answer for everybody, and the rest by message to the owner."""

from functools import partial

from flask import Blueprint, url_for

from webapp import clock, code_page, passwords, waiting
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.cookies import form_cookie, give_device, visit
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.models.messages import EMAIL, SMS
from webapp.permissions import found_or_404, public
from webapp.rate_limit import TooMany
from webapp.recovery import service
from webapp.recovery.forms import ForgottenAccountForm, ForgottenPasswordForm, NewPasswordForm

blueprint = Blueprint("recovery", __name__)

SENT = "Jika data itu cocok dengan sebuah akun, kami sudah mengirim kode."
SENT_AFTER_NOT_ME = "Kami sudah mengirim kode ke kontak Anda."
LOOK = {SMS: "Periksa SMS di ponsel Anda.", EMAIL: "Periksa email Anda."}


@blueprint.route("/lupa-sandi", methods=["GET", "POST"])
@public
def forgot_password():
    """Ask which account it is; the answer never tells whether there is one."""
    form = ForgottenPasswordForm.of_request()
    if not form.is_sent_and_valid():
        return show("recovery/forgot_password.html", form=form)
    try:
        challenge = service.ask_for_reset(form.account.data, form.channel.data, now=clock.now(),
                                          address=visit().address, browser=form_cookie())
    except TooMany as wait:
        return waiting.until(wait.until, url_for(".forgot_password"))
    return see_other(url_for(".code", challenge_id=challenge.public_id))


@blueprint.route("/lupa-sandi/<uuid:challenge_id>", methods=["GET", "POST"])
@public
def code(challenge_id):
    """The code and the new password on one page; the password is looked at first."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.RESET_PASSWORD))
    here, sign_in = url_for(".forgot_password"), url_for("sign_in.sign_in")
    words = code_page.Words(
        title="Kata sandi baru", button="Simpan kata sandi baru", restart=here, done=sign_in,
        back=(here, "Lupa sandi"), page="recovery/code.html",
        sent=f"{SENT_AFTER_NOT_ME if service.channels_named(challenge) else SENT} "
             f"{LOOK.get(challenge.channel, '')}")
    return code_page.ask(challenge, partial(_reset, challenge), words,
                         service.targets_of(challenge), form_class=NewPasswordForm,
                         send=lambda channel: service.send_again(challenge, channel, clock.now()),
                         personal=[challenges.bound_to(challenge).get("account")])


@blueprint.route("/lupa-akun", methods=["GET", "POST"])
@public
def forgot_account():
    """Ask who somebody is; what the account is called goes to its owner alone."""
    form = ForgottenAccountForm.of_request()
    if not form.is_sent_and_valid():
        return show("recovery/forgot_account.html", form=form)
    try:
        service.send_ways_in(form.nik.data, form.birth_date.data, address=visit().address,
                             now=clock.now())
    except TooMany as wait:
        return waiting.until(wait.until, url_for(".forgot_account"))
    return see_other(url_for(".account_told"))


@blueprint.get("/lupa-akun/terkirim")
@public
def account_told():
    """What happens next, whether or not anything was sent."""
    return show("recovery/account_told.html")


def _reset(challenge, form):
    """The code was right: now the owner's own data may be compared with the password."""
    try:
        weakness = service.weakness_for(challenge.user, form.new_password.data)
        if weakness:
            form.new_password.errors = [weakness]
            return None
        device = service.reset_password(
            challenge, form.new_password.data, device=visit().device,
            is_borrowed=form.is_borrowed.data, now=clock.now())
    except passwords.Busy:
        return problem(503)
    done = see_other(url_for("sign_in.sign_in", selesai="sandi"))
    return give_device(done, device) if device else done
