"""Profil, and what one changes there."""

import json
from functools import partial
from uuid import UUID

from flask import Blueprint, abort, current_app, request, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input, passwords, sessions, waiting
from webapp.accounts.contacts import mask
from webapp.authenticator.queries import has_authenticator
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.cookies import clear_cookies, give_session
from webapp.errors import problem
from webapp.home.queries import worker_of
from webapp.htmx import see_other, show
from webapp.paging import id_in
from webapp.passkey.queries import passkeys_of
from webapp.permissions import found_or_404, fresh_factor, presented_session, public, signed_in
from webapp.profile import service
from webapp.profile.browsers import in_words
from webapp.profile.forms import REMINDERS, AddressForm, PasswordForm, ReminderForm
from webapp.profile.history import gathered
from webapp.profile.queries import history_page, own_session, personal_words
from webapp.rate_limit import TooMany
from webapp.sign_in.service import sign_out

blueprint = Blueprint("profile", __name__, url_prefix="/profil")

# What was just done, as the page that one comes back to says it.
DONE = {"sandi": "Kata sandi sudah diganti", "alamat": "Alamat sudah disimpan",
        "pengingat": "Pengingat sudah disimpan", "phone": "Nomor ponsel sudah terpasang",
        "email": "Email sudah terpasang", "phone-terbukti": "Nomor ponsel sudah dibuktikan",
        "email-terbukti": "Email sudah dibuktikan", "autentikator": "Autentikator sudah dilepas"}


@blueprint.get("")
@signed_in
def profile():
    """Who one is, what one may change, and the way out."""
    return show("profile/profile.html", worker=worker_of(current_user),
                has_app=has_authenticator(current_user),
                passkey_count=len(passkeys_of(current_user)),
                reminder=current_user.reminder_months and dict(REMINDERS)[
                    str(current_user.reminder_months)],
                done=DONE.get(request.args.get("selesai")))


@blueprint.route("/sandi", methods=["GET", "POST"])
@signed_in
def password():
    """Change the password; every other session ends."""
    session = presented_session()
    if current_user.password_hash is None:
        return see_other(url_for("recovery.forgot_password"))
    if session.is_renewed:     # done already; the answer was lost
        return _done("sandi")
    form = PasswordForm.of_request(personal=personal_words(current_user))
    if not form.is_sent_and_valid():
        return _password_page(form)
    try:
        token = service.change_password(current_user, session, now=clock.now(),
                                        current=form.password.data, new=form.new_password.data)
    except service.WrongPassword:
        form.password.errors = ["Ini bukan kata sandi Anda sekarang. Periksa lagi."]
        return _password_page(form)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_password_page, form))
    except passwords.Busy:
        return problem(503)
    except service.Outdated:
        return problem(409, "Kata sandi ini baru saja diganti",
                       "Anda menggantinya di tempat lain. Masuk lagi dengan yang baru.")
    return give_session(_done("sandi"), token)


@blueprint.route("/alamat", methods=["GET", "POST"])
@signed_in
def address():
    """Say where one lives, or leave it empty."""
    now = clock.now()
    form = AddressForm.of_request(kept_input.recall(current_user, now),
                                  address=current_user.address)
    if not form.is_sent_and_valid():
        return show("profile/address.html", form=form)
    service.change_address(presented_session(), form.address.data, now)
    return _done("alamat")


@blueprint.route("/pengingat", methods=["GET", "POST"])
@signed_in
def reminder():
    """Choose how often to be reminded of a new password, or not at all."""
    now = clock.now()
    form = ReminderForm.of_request(kept_input.recall(current_user, now),
                                   months=str(current_user.reminder_months or 0))
    if not form.is_sent_and_valid():
        return show("profile/reminder.html", form=form)
    service.change_reminder(presented_session(), int(form.months.data) or None, now)
    return _done("pengingat")


@blueprint.get("/perangkat")
@signed_in
def devices():
    """The sessions that are open, and ending one or all of them."""
    ended = request.args.get("selesai", type=UUID)
    this = presented_session()
    rows = sessions.open_sessions(current_user, clock.now())
    return show("profile/devices.html", this=this, in_words=in_words,
                ended=ended and own_session(current_user, ended),
                rows=sorted(rows, key=lambda row: row.id != this.id))


@blueprint.post("/perangkat/<uuid:session_id>/keluarkan")
@signed_in
def end_session(session_id):
    """End one of one's own sessions. Doing it twice is the same as once."""
    sign_out(found_or_404(own_session(current_user, session_id)), clock.now())
    return see_other(url_for(".devices", selesai=session_id))


@blueprint.get("/riwayat")
@signed_in
def history():
    """What happened to the account, newest first, a page at a time."""
    before = request.args.get("sebelum", type=id_in)
    rows, has_more = history_page(current_user, before)
    return show("profile/history.html", rows=gathered(rows), is_first=not before,
                older=rows[-1].id if has_more else None)


@blueprint.get("/data")
@signed_in
def data():
    """What is held about the person."""
    return show("profile/data.html")


@blueprint.post("/data")
@signed_in
@fresh_factor
def download_data():
    """All of it as a file."""
    text = json.dumps(service.download(current_user, clock.now()), ensure_ascii=False, indent=1)
    return current_app.response_class(text, mimetype="application/json", headers={
        "Content-Disposition": "attachment; filename=purna-data-saya.json"})


@blueprint.get("/data/layar")
@signed_in
@fresh_factor
def data_on_screen():
    """All of it in words, to be read or printed."""
    now = clock.now()
    return show("profile/data_on_screen.html", now=now,
                sections=service.data_on_screen(current_user, now))


@blueprint.get("/bukan-saya")
@signed_in
def not_me():
    """Say what taking the account back does."""
    return show("profile/not_me.html")


@blueprint.post("/bukan-saya")
@signed_in
def take_back():
    """End everything at once and go on to a new password."""
    challenge, targets = service.not_me(current_user, clock.now())
    if challenge is None:
        return clear_cookies(see_other(url_for(".taken_back")))
    code_page.begin_with(challenge, targets)
    return clear_cookies(see_other(url_for(".code_sent", challenge_id=challenge.public_id)))


@blueprint.get("/bukan-saya/<uuid:challenge_id>")
@public
def code_sent(challenge_id):
    """What was done, and where the code for a new password went."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.RESET_PASSWORD))
    if not service.is_after_not_me(challenge):
        abort(404)
    return show("profile/code_sent.html", challenge=challenge,
                sent_to=challenge.target and mask(challenge.channel, challenge.target))


@blueprint.get("/bukan-saya/selesai")
@public
def taken_back():
    """Where one goes on whose contacts are too new to be sent a code."""
    return show("profile/taken_back.html")


def _password_page(form, status=None):
    return show("profile/password.html", status, form=form)


def _done(what):
    return see_other(url_for(".profile", selesai=what))
