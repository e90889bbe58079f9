"""Masuk and Keluar."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock, passwords, rate_limit
from webapp.demo.people import demo_sign_ins
from webapp.errors import problem
from webapp.htmx import see_other
from webapp.permissions import presented_session, public, signed_in
from webapp.sign_in import service
from webapp.sign_in.forms import SignInForm

blueprint = Blueprint("sign_in", __name__)

WRONG = "Email atau kata sandi tidak cocok. Periksa lagi keduanya."


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
def sign_in():
    """Ask for e-mail and password; the answer never tells whether the account exists."""
    form = SignInForm.of_request()
    if request.method == "GET":
        form.lanjut.data = request.args.get("lanjut", "")
    if not form.is_sent_and_valid():
        return _page(form, 422 if form.errors else 200)
    try:
        _, token = service.sign_in(
            form.email.data, form.password.data, address=request.remote_addr or "",
            browser=request.headers.get("User-Agent", ""), now=clock.now(),
            presented=presented_session())
    except service.Refused:
        form.password.errors = [WRONG]
        return _page(form, 422)
    except rate_limit.TooMany as wait:
        return _wait(wait.until)
    except passwords.Busy:
        return problem(503)
    return _with_cookie(see_other(_safe_path(form.lanjut.data) or url_for("home.home")), token)


@blueprint.get("/keluar")
@signed_in
def sign_out():
    """Choose what to leave: this device, or all devices."""
    return render_template("sign_in/sign_out.html")


@blueprint.post("/keluar")
@public
def sign_out_here():
    """End this session, whether or not it is good still, and clear what the browser kept."""
    if current_user.is_authenticated:
        service.sign_out(presented_session(), clock.now())
    return _goodbye()


@blueprint.post("/keluar/semua")
@signed_in
def sign_out_everywhere():
    """End every session of this user."""
    service.sign_out_everywhere(presented_session().user, clock.now())
    return _goodbye()


def _page(form, status):
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_safe_path(form.lanjut.data) or url_for("home.home"), code=303)
    kept = "isian=" in (form.lanjut.data or "")
    return render_template("sign_in/sign_in.html", form=form, kept=kept,
                           demo=demo_sign_ins() if current_app.config["DEMO"] else None), status


def _wait(until):
    seconds = max(1, round((until - clock.now()).total_seconds()))
    minutes = -(-seconds // 60)
    body, status, headers = problem(
        429, "Terlalu banyak percobaan masuk",
        f"Tunggu {minutes} menit, lalu coba lagi. Perangkat yang sudah masuk tetap bisa dipakai.",
        back=url_for("sign_in.sign_in"))
    return body, status, {**headers, "Retry-After": str(seconds)}


def _safe_path(path):
    """A path of our own, or None: never another host, whatever slashes it is spelled with."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return None
    return path if path.isprintable() and "\\" not in path else None


def _with_cookie(response, token):
    response.set_cookie(current_app.config["COOKIE_NAMES"]["session"], token,
                        secure=current_app.config["SECURE_COOKIES"], httponly=True,
                        samesite="Lax", path="/")
    return response


def _goodbye():
    response = see_other(url_for("sign_in.sign_in"))
    for name in current_app.config["COOKIE_NAMES"].values():
        response.delete_cookie(name, secure=current_app.config["SECURE_COOKIES"], httponly=True,
                               samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
