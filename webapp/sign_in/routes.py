"""Masuk and Keluar."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from webapp import clock, code_page, passwords, rate_limit, waiting
from webapp.accounts.contacts import mask
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.closure.queries import waiting_closure
from webapp.cookies import (
    begun_registration,
    clear_cookies,
    form_cookie,
    give_cookies,
    own_path,
    visit,
)
from webapp.demo.people import demo_sign_ins
from webapp.errors import problem
from webapp.formats import show_phone
from webapp.htmx import see_other, show
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import CLOSING
from webapp.permissions import (
    EVERY_STAGE,
    during,
    found_or_404,
    presented_session,
    public,
    signed_in,
)
from webapp.registration.service import proven_contact
from webapp.sessions import BORROWED_LIFE
from webapp.sign_in import service
from webapp.sign_in.entrance import enter
from webapp.sign_in.forms import SignInForm

blueprint = Blueprint("sign_in", __name__)

# What was done just before, as other journeys name it in the address.
DONE = {"daftar": ("Akun Anda sudah dibuat",
                   "Masuk dengan nomor ponsel atau email yang tadi menerima kode."),
        "sandi": ("Kata sandi Anda sudah diganti", "Silakan masuk dengan kata sandi baru."),
        "keluar": ("Anda sudah keluar", "Akun dan kepesertaan Anda tidak berubah."),
        "dibuka": ("Akun Anda tidak diblokir lagi", "Masuk lagi untuk melanjutkan."),
        "menunggu-tutup": ("Anda sudah keluar", "Akun Anda tetap akan ditutup pada waktunya. "
                                                "Untuk membatalkan, masuk lagi."),
        "semua": ("Anda sudah keluar dari semua perangkat",
                  "Akun dan kepesertaan Anda tidak berubah.")}
PROVEN = {SMS: "Masuk dengan nomor ponsel {}.", EMAIL: "Masuk dengan email {}."}
TO_PROVE = {SMS: " Email Anda bisa dipakai untuk masuk sesudah dibuktikan di Profil.",
            EMAIL: " Nomor ponsel Anda bisa dipakai untuk masuk sesudah dibuktikan di Profil."}
OVER = "Waktu masuk Anda sudah habis"
OUT = "Anda sudah keluar dari perangkat ini"
KEPT = "Masuk lagi untuk melanjutkan. Isian Anda masih kami simpan."
LOST = "Isian tadi tidak disimpan. Masuk lagi, lalu isi sekali lagi."
MINUTE = timedelta(minutes=1)
WRONG = "Akun atau kata sandi tidak cocok. Periksa lagi keduanya."


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def sign_in():
    """Ask who it is; the answer never tells whether the account exists."""
    form = SignInForm.of_request()
    if request.method == "GET":
        form.lanjut.data = request.args.get("lanjut", "")
        form.account.data = _name_just_proven()
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
        return waiting.said_in(form, wait.until, partial(_page, form))
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
    return show("sign_in/sign_out.html", is_borrowed=presented_session().is_borrowed,
                closure=waiting_closure.one(current_user))


@blueprint.post("/keluar")
@public
def sign_out_here():
    """End this session, whether or not it is good still, and clear what the browser kept."""
    done = _left("keluar")
    if current_user.is_authenticated:
        service.sign_out(presented_session(), clock.now())
    return clear_cookies(see_other(url_for(".sign_in", selesai=done)))


@blueprint.post("/keluar/semua")
@signed_in
@during(*EVERY_STAGE)
def sign_out_everywhere():
    """End every session of this user."""
    done = _left("semua")
    service.sign_out_everywhere(presented_session().user, clock.now())
    return clear_cookies(see_other(url_for(".sign_in", selesai=done)))


def _left(done):
    """What Masuk says to whoever left: that a closure goes on, where one waits."""
    is_closing = current_user.is_authenticated and current_user.state == CLOSING
    return "menunggu-tutup" if is_closing else done


def _go_on(user, failures, is_borrowed, onward):
    """Straight in on a device that is known, else by way of a second step."""
    challenge = service.second_step(user, visit=visit(), browser=form_cookie(),
                                    is_borrowed=is_borrowed, onward=onward, failures=failures,
                                    now=clock.now())
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
    return show("sign_in/sign_in.html", status, form=form, done=_done(),
                ended=_how_it_ended(form), borrowed_minutes=BORROWED_LIFE // MINUTE,
                demo=demo_sign_ins() if current_app.config["DEMO"] else None)


def _done():
    """(title, sentence) about what was done just before, or None."""
    proven = _just_registered()
    if not proven:
        return DONE.get(request.args.get("selesai"))
    channel, address, has_other = proven
    sentence = PROVEN[channel].format(mask(channel, address))
    return DONE["daftar"][0], sentence + (TO_PROVE[channel] if has_other else "")


def _name_just_proven():
    """What the account this browser just made can be called, as it is typed; empty for none."""
    channel, address, _ = _just_registered() or (None, "", None)
    return show_phone(address) if channel == SMS else address


def _just_registered():
    """What ``registration.proven_contact`` says of the account this browser just made, or None."""
    begun = request.args.get("selesai") == "daftar" and begun_registration()
    challenge = begun and challenge_with.one(begun, Purpose.REGISTER)
    return challenge and proven_contact(challenge, visit().device, clock.now())


def _how_it_ended(form):
    """(title, sentence) about the session this browser had until now, or None."""
    session, is_kept = presented_session(), "isian=" in (form.lanjut.data or "")
    is_lost = request.args.get("isian") == "hilang"
    if request.method == "POST" or "selesai" in request.args or not (session or is_kept or is_lost):
        return None
    title = OVER if session and not session.ended_at else OUT
    if is_lost:
        return title, LOST
    return title, KEPT if is_kept else "Masuk lagi untuk melanjutkan."
