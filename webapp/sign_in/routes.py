"""Masuk and Keluar."""

from functools import partial

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from webapp import clock, code_page, passwords, rate_limit, waiting
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.cookies import clear_cookies, give_cookies, own_path, visit
from webapp.demo.people import demo_sign_ins
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.permissions import (
    EVERY_STAGE,
    during,
    found_or_404,
    presented_session,
    public,
    signed_in,
)
from webapp.sign_in import service
from webapp.sign_in.entrance import enter
from webapp.sign_in.forms import SignInForm

blueprint = Blueprint("sign_in", __name__)

# What was done just before, as other journeys name it in the address.
DONE = {"daftar": ("Akun Anda sudah dibuat", "Silakan masuk."),
        "sandi": ("Kata sandi Anda sudah diganti", "Silakan masuk dengan kata sandi baru."),
        "keluar": ("Anda sudah keluar", "Akun dan kepesertaan Anda tidak berubah."),
        "semua": ("Anda sudah keluar dari semua perangkat",
                  "Akun dan kepesertaan Anda tidak berubah.")}
WRONG = "Akun atau kata sandi tidak cocok. Periksa lagi keduanya."


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def sign_in():
    """Ask who it is; the answer never tells whether the account exists."""
    form = SignInForm.of_request()
    if request.method == "GET":
        form.lanjut.data = request.args.get("lanjut", "")
    if not form.is_sent_and_valid():
        return _page(form, 422 if form.errors else 200)
    try:
        user, failures = service.check_password(form.account.data, form.password.data,
                                                visit=visit(), now=clock.now())
        return _go_on(user, failures, form.is_borrowed.data, own_path(form.lanjut.data) or "/")
    except service.Refused:
        form.password.errors = [WRONG]
        return _page(form, 422)
    except rate_limit.TooMany as wait:
        return waiting.until(wait.until, url_for(".sign_in"))
    except passwords.Busy:
        return problem(503)


@blueprint.route("/masuk/kode/<uuid:challenge_id>", methods=["GET", "POST"])
@public
def code(challenge_id):
    """A new device: ask for the code that was sent."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.SIGN_IN))
    here = url_for(".sign_in")
    words = code_page.Words(
        title="Perangkat baru", button="Masuk", restart=here, done=here, back=(here, "Masuk"),
        lead="Kami belum mengenal perangkat ini, jadi kami meminta kode.")
    spend = partial(challenges.use, challenge)
    return code_page.ask(challenge, lambda form: enter(challenge, spend), words,
                         challenges.channels_of(challenge.user))


@blueprint.get("/keluar")
@signed_in
@during(*EVERY_STAGE)
def sign_out():
    """Choose what to leave: this device, all devices, or the account."""
    return show("sign_in/sign_out.html", is_borrowed=presented_session().is_borrowed)


@blueprint.post("/keluar")
@public
def sign_out_here():
    """End this session, whether or not it is good still, and clear what the browser kept."""
    if current_user.is_authenticated:
        service.sign_out(presented_session(), clock.now())
    return clear_cookies(see_other(url_for(".sign_in", selesai="keluar")))


@blueprint.post("/keluar/semua")
@signed_in
@during(*EVERY_STAGE)
def sign_out_everywhere():
    """End every session of this user."""
    service.sign_out_everywhere(presented_session().user, clock.now())
    return clear_cookies(see_other(url_for(".sign_in", selesai="semua")))


def _go_on(user, failures, is_borrowed, onward):
    """Straight in on a device that is known, else by way of a second step."""
    challenge = service.second_step(user, visit=visit(), is_borrowed=is_borrowed, onward=onward,
                                    failures=failures, now=clock.now())
    if challenge is None:
        opened = service.open_session(user, visit=visit(), is_borrowed=is_borrowed,
                                      failures=failures, now=clock.now())
        return give_cookies(see_other(onward), opened)
    if challenge.purpose == Purpose.SIGN_IN_AUTHENTICATOR:
        return see_other(url_for("authenticator.sign_in", challenge_id=challenge.public_id))
    code_page.begin_with(challenge, challenges.channels_of(user))
    return see_other(url_for(".code", challenge_id=challenge.public_id))


def _page(form, status):
    if current_user.is_authenticated and request.method == "GET":
        return see_other(own_path(form.lanjut.data) or url_for("home.home"))
    kept = "isian=" in (form.lanjut.data or "")
    return show("sign_in/sign_in.html", status, form=form, kept=kept,
                done=DONE.get(request.args.get("selesai")),
                demo=demo_sign_ins() if current_app.config["DEMO"] else None)
