"""The authenticator app: asked for at sign-in, set up, replaced and removed."""

from functools import partial

from flask import Blueprint, abort, request, url_for

from webapp import clock, otp, qr, waiting
from webapp.authenticator import service
from webapp.authenticator.forms import EnrolForm, RecoveryCodeForm, is_recovery_code
from webapp.authenticator.queries import authenticator_of, codes_left, has_authenticator
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.cookies import give_session, own_path
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.models.people import NEEDS_AUTHENTICATOR
from webapp.permissions import (
    during,
    found_or_404,
    fresh_factor,
    presented_session,
    public,
    signed_in,
)
from webapp.proof_forms import WRONG_APP_CODE, AppCodeForm
from webapp.rate_limit import TooMany
from webapp.sign_in.entrance import enter

blueprint = Blueprint("authenticator", __name__)

WRONG_RECOVERY = "Kode pemulihan tidak cocok atau sudah dipakai. Periksa, atau pakai yang lain."


@blueprint.route("/masuk/autentikator/<uuid:challenge_id>", methods=["GET", "POST"])
@public
def sign_in(challenge_id):
    """The password was right: ask for the app's code, or for a recovery code."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.SIGN_IN_AUTHENTICATOR))
    here = url_for("sign_in.sign_in")
    if challenge.used_at:
        return see_other(here)
    if challenges.is_over(challenge, clock.now()):
        return problem(410, "Waktunya sudah habis", "Mulai lagi dari awal.", back=here,
                       back_text="Masuk")
    by_recovery = _is_by_recovery(challenge.user)
    form = (RecoveryCodeForm if by_recovery else AppCodeForm).of_request()
    if not form.is_sent_and_valid():
        return _sign_in_page(challenge, form, by_recovery)
    try:
        challenges.count_proof(challenge, clock.now())
        return _entered(challenge, form.code.data, by_recovery)
    except service.WrongCode:
        form.code.errors = [WRONG_RECOVERY if by_recovery else WRONG_APP_CODE]
        return _sign_in_page(challenge, form, by_recovery)
    except challenges.AlreadyUsed:
        return see_other(here)
    except TooMany as wait:
        return waiting.said_in(form, wait.until,
                               partial(_sign_in_page, challenge, form, by_recovery))


def _is_by_recovery(user):
    """Whether a recovery code is asked for: somebody chose to, typed one, or has no app."""
    return ("pemulihan" in request.args or is_recovery_code(request.form.get("code"))
            or not has_authenticator(user))


def _entered(challenge, typed, by_recovery):
    """The session, with the one proof or the other; a recovery code leads to a new app."""
    if not by_recovery:
        return enter(challenge, lambda now: service.sign_in_by_step(challenge, typed, now))
    onward = challenges.bound_to(challenge)["onward"]
    return enter(challenge, lambda now: service.sign_in_by_recovery_code(challenge, typed, now),
                 url_for(".enrol", lanjut=onward))


def _sign_in_page(challenge, form, by_recovery, status=None):
    return show("authenticator/sign_in.html", status, form=form, challenge=challenge,
                by_recovery=by_recovery, has_app=has_authenticator(challenge.user))


@blueprint.route("/profil/autentikator", methods=["GET", "POST"])
@signed_in
@during(NEEDS_AUTHENTICATOR)
@fresh_factor
def enrol():
    """Set the app up; once it is, how it stands."""
    session = presented_session()
    standing = authenticator_of(session.user)
    if not standing or session.is_renewed or session.stage == NEEDS_AUTHENTICATOR:
        return _set_up(session, url_for(".enrol"))
    if request.method == "POST":     # the button was pressed twice
        return see_other(url_for(".enrol"))
    return show("authenticator/standing.html", authenticator=standing,
                left=codes_left(session.user), onward=own_path(request.args.get("lanjut")))


@blueprint.route("/profil/autentikator/ganti", methods=["GET", "POST"])
@signed_in
@fresh_factor
def replace():
    """Set up another app; the one in use works until then."""
    return _set_up(presented_session(), url_for(".replace"))


@blueprint.route("/profil/autentikator/lepas", methods=["GET", "POST"])
@signed_in
@fresh_factor
def remove():
    """Sign in without the app from now on; not for staff."""
    session = presented_session()
    if session.user.is_staff:
        abort(403)
    if request.method == "POST":
        service.remove(session, clock.now())
        return see_other(url_for("profile.profile", selesai="autentikator"))
    if has_authenticator(session.user):
        return show("authenticator/remove.html")
    return see_other(url_for(".enrol"))


@blueprint.route("/profil/kode-pemulihan", methods=["GET", "POST"])
@signed_in
@fresh_factor
def codes():
    """Ten new recovery codes, shown this once."""
    session = presented_session()
    if not has_authenticator(session.user):
        return see_other(url_for(".enrol"))
    if request.method == "GET":
        return show("authenticator/new_codes.html", left=codes_left(session.user))
    return _codes_page(service.renew_codes(session, clock.now()), url_for(".enrol"))


def _set_up(session, here):
    """The page with the secret; with the app's first code, the recovery codes."""
    form, now = EnrolForm.of_request(), clock.now()
    onward = own_path(form.lanjut.data) or url_for(".enrol")
    if session.is_renewed:     # done already; the codes were lost with the answer
        return _codes_page(service.renew_codes(session, now), onward)
    if request.method == "GET":
        form.lanjut.data = request.args.get("lanjut", "")
    enrolment = service.enrolment(session, now)
    if not form.is_sent_and_valid():
        return _set_up_page(form, enrolment, here)
    try:
        made, token = service.confirm(enrolment, session, form.code.data, now)
    except service.WrongCode:
        form.code.errors = [WRONG_APP_CODE]
        return _set_up_page(form, enrolment, here)
    except challenges.AlreadyUsed:
        return see_other(url_for(".enrol"))
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_set_up_page, form, enrolment, here))
    return give_session(_codes_page(made, onward), token)


def _set_up_page(form, enrolment, here, status=None):
    secret, user = service.secret_of(enrolment), enrolment.user
    uri = otp.provisioning_uri(secret, user.email or user.phone)
    return show("authenticator/enrol.html", status, form=form, here=here, uri=uri,
                secret=otp.show_secret(secret),
                qr=qr.drawing(uri, "Kode QR untuk aplikasi autentikator"))


def _codes_page(made, onward):
    return show("authenticator/codes.html", codes=made, onward=onward)
