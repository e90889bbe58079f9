"""Passkeys: signing in with one, and those a person has."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, waiting
from webapp.authenticator.queries import has_authenticator
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with, own_challenge
from webapp.challenges.service import AlreadyUsed, bound_to
from webapp.cookies import give_cookies, own_path, site, visit
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.kept_input import recall
from webapp.passkey import service
from webapp.passkey.ceremony import NotGenuine
from webapp.passkey.forms import NewPasskeyForm, SignInForm
from webapp.passkey.queries import own_passkey, passkeys_of
from webapp.permissions import found_or_404, fresh_factor, presented_session, public, signed_in
from webapp.rate_limit import TooMany
from webapp.sign_in.entrance import closed_to_them
from webapp.sign_in.service import Refused

blueprint = Blueprint("passkey", __name__)

WRONG = "Passkey ini tidak cocok. Coba lagi, atau masuk dengan kata sandi."
NOT_MADE = "Passkey belum jadi dipasang. Coba lagi."
KNOWN = "Passkey ini sudah terpasang."
ENOUGH = f"Paling banyak {service.MOST} passkey. Hapus dulu yang tidak dipakai lagi."


@blueprint.route("/masuk/passkey", methods=["GET", "POST"])
@public
def sign_in():
    """Ask for any passkey of ours; it is two factors at once."""
    if current_user.is_authenticated and request.method == "GET":
        return see_other("/")
    form = SignInForm.of_request()
    try:
        return _entered(form) if form.is_sent_and_valid() else _sign_in_page(form)
    except (NotGenuine, AlreadyUsed):
        form.credential.errors = [WRONG]
        return _sign_in_page(form)
    except Refused:
        return closed_to_them()
    except TooMany as wait:
        return waiting.until(wait.until, url_for("sign_in.sign_in"))


def _entered(form):
    challenge = challenge_with.one(form.challenge_id, Purpose.SIGN_IN_PASSKEY)
    if not challenge:
        raise NotGenuine
    opened = service.sign_in(challenge, form.credential.data, site(), visit=visit(),
                             is_borrowed=form.is_borrowed.data, now=clock.now())
    return give_cookies(see_other(own_path(bound_to(challenge)["onward"]) or "/"), opened)


def _sign_in_page(form):
    onward = own_path(request.args.get("lanjut"))
    try:
        asked = service.ask_to_sign_in(site(), visit().address, clock.now(), onward or "/")
    except TooMany as wait:
        return waiting.until(wait.until, url_for("sign_in.sign_in"))
    return show("passkey/sign_in.html", form=form, asked=asked, onward=onward)


@blueprint.get("/profil/passkey")
@signed_in
def passkeys():
    """The passkeys this person has."""
    return show("passkey/passkeys.html", most=service.MOST,
                passkeys=passkeys_of(presented_session().user))


@blueprint.route("/profil/passkey/tambah", methods=["GET", "POST"])
@signed_in
@fresh_factor
def add():
    """Make a passkey on this device, where it is the person's own."""
    session = presented_session()
    if session.is_borrowed:
        return problem(403, "Ini ponsel orang lain",
                       "Passkey akan tertinggal di ponsel ini. Buat di ponsel Anda sendiri.",
                       back=url_for(".passkeys"))
    user = session.user
    form = NewPasskeyForm.of_request(recall(user, clock.now()))
    if not form.name.data and request.method == "GET":
        form.name.data = f"Passkey {len(passkeys_of(user)) + 1}"
    if form.is_sent_and_valid():
        fault = _not_added(session, form)
        if not fault:
            return see_other(url_for(".passkeys"))
        form.credential.errors = [fault]
    asked = service.ask_for_new(user, site(), clock.now())
    return show("passkey/add.html", form=form, asked=asked)


def _not_added(session, form):
    """Register it, or say why not."""
    challenge = own_challenge.one(session.user, form.challenge_id, Purpose.ADD_PASSKEY)
    try:
        if not challenge:
            return NOT_MADE
        service.add(challenge, form.credential.data, form.name.data, session, site(),
                    clock.now())
    except (NotGenuine, AlreadyUsed):
        return NOT_MADE
    except service.AlreadyThere:
        return KNOWN
    except service.TooManyPasskeys:
        return ENOUGH
    return None


@blueprint.route("/profil/passkey/<uuid:passkey_id>/hapus", methods=["GET", "POST"])
@signed_in
@fresh_factor
def remove(passkey_id):
    """Let one open nothing any more."""
    session = presented_session()
    passkey = own_passkey(session.user, passkey_id)
    if request.method == "GET":
        return show("passkey/remove.html", passkey=found_or_404(passkey),
                    others=len(passkeys_of(session.user)) - 1,
                    has_app=has_authenticator(session.user))
    if passkey:     # pressed twice is removed once
        service.remove(passkey, session, clock.now())
    return see_other(url_for(".passkeys"))
