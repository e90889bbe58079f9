"""Before a sensitive act: who is it, once more."""

from functools import partial

from flask import Blueprint, abort, request

from webapp import clock, passwords, waiting
from webapp.authenticator.queries import has_authenticator
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge
from webapp.challenges.service import AlreadyUsed
from webapp.cookies import give_session, own_path, site
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.kept_input import recall
from webapp.passkey import service as passkeys
from webapp.passkey.ceremony import NotGenuine
from webapp.passkey.queries import has_passkey
from webapp.permissions import presented_session, signed_in
from webapp.proof_forms import WRONG_APP_CODE
from webapp.rate_limit import TooMany
from webapp.sessions import is_fresh
from webapp.step_up import service
from webapp.step_up.forms import CodeForm, PasskeyProofForm, PasswordForm

blueprint = Blueprint("step_up", __name__)

WRONG_PASSWORD = "Kata sandi tidak cocok. Periksa lagi."  # noqa: S105 (a sentence)
WRONG_PASSKEY = "Passkey ini tidak cocok. Coba lagi, atau pakai cara lain di bawah."


@blueprint.route("/buktikan", methods=["GET", "POST"])
@signed_in
def prove():
    """Ask for the strongest proof there is; another way stands below a passkey."""
    session = presented_session()
    if session.is_renewed:     # proven already; the answer was lost
        return see_other(own_path(request.form.get("lanjut")) or "/")
    form, judge = _way_of(session.user)
    if request.method == "GET":
        form.lanjut.data = own_path(request.args.get("lanjut") or form.lanjut.data) or "/"
        if is_fresh(session, clock.now()):
            return see_other(form.lanjut.data)
    if "credential" in request.form:
        return _by_passkey(session, form)
    return judge(session, form) if form.is_sent_and_valid() else _page(session, form)


def _way_of(user):
    """What is asked for besides a passkey: the form, and who judges it."""
    kept = recall(user, clock.now())
    if has_authenticator(user):
        return CodeForm.of_request(kept), _by_code
    if user.is_staff:
        abort(403)
    return PasswordForm.of_request(kept), _by_password


def _by_passkey(session, other):
    form = PasskeyProofForm.of_request()
    try:
        if form.is_sent_and_valid():
            challenge = own_challenge.one(session.user, form.challenge_id, Purpose.PROVE)
            if not challenge:
                raise NotGenuine
            return _go_on(form, passkeys.prove(challenge, form.credential.data, session, site(),
                                               clock.now()))
    except (NotGenuine, AlreadyUsed):
        form.credential.errors = [WRONG_PASSKEY]
    return _page(session, other, by_passkey=form)


def _by_code(session, form):
    return _judged(session, form, form.code, service.prove_by_code,
                   WRONG_APP_CODE)


def _by_password(session, form):
    return _judged(session, form, form.password, service.prove_by_password, WRONG_PASSWORD)


def _judged(session, form, field, prove_by, wrong):
    try:
        return _go_on(form, prove_by(session, field.data, clock.now()))
    except service.Wrong:
        field.errors = [wrong]
        return _page(session, form)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_page, session, form))
    except passwords.Busy:
        return problem(503)


def _go_on(form, token):
    return give_session(see_other(own_path(form.lanjut.data) or "/"), token)


def _page(session, form, status=None, by_passkey=None):
    """The page; ``by_passkey`` is the form of a passkey that did not do."""
    asked = None
    if has_passkey(session.user):
        asked = passkeys.ask_to_prove(session.user, site(), clock.now())
    wrong = by_passkey or form
    onward = own_path(wrong.lanjut.data) or "/"
    return show("step_up/prove.html", form=form, wrong=wrong, asked=asked, onward=onward,
                status=status or (422 if wrong.errors else 200))
