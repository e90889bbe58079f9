"""The authenticator app: asked for at sign-in, set up, replaced and removed."""

from flask import Blueprint, abort, render_template, request, url_for

from webapp import clock, waiting
from webapp.authenticator import service
from webapp.authenticator.forms import AppCodeForm, RecoveryCodeForm
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.errors import problem
from webapp.htmx import see_other
from webapp.models.people import NEEDS_AUTHENTICATOR
from webapp.permissions import during, found_or_404, public, signed_in
from webapp.rate_limit import TooMany
from webapp.sign_in.entrance import enter

blueprint = Blueprint("authenticator", __name__)

WRONG = "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi."
WRONG_RECOVERY = "Kode pemulihan tidak cocok atau sudah dipakai. Periksa lagi, atau pakai yang lain."


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
    by_recovery = "pemulihan" in request.args
    form = (RecoveryCodeForm if by_recovery else AppCodeForm).of_request()
    if not form.is_sent_and_valid():
        return _sign_in_page(challenge, form, by_recovery)
    try:
        challenges.count_wrong(challenge, clock.now())
        return _entered(challenge, form.code.data, by_recovery)
    except service.WrongCode:
        form.code.errors = [WRONG_RECOVERY if by_recovery else WRONG]
        return _sign_in_page(challenge, form, by_recovery)
    except challenges.AlreadyUsed:
        return see_other(here)
    except TooMany as wait:
        return waiting.until(wait.until, here)


def _entered(challenge, typed, by_recovery):
    """The session, with the one proof or the other; a recovery code leads to a new app."""
    if not by_recovery:
        return enter(challenge, lambda now: service.sign_in_by_step(challenge, typed, now))
    onward = challenges.bound_to(challenge)["onward"]
    return enter(challenge, lambda now: service.sign_in_by_recovery_code(challenge, typed, now),
                 url_for(".enrol", lanjut=onward))


def _sign_in_page(challenge, form, by_recovery):
    return render_template("authenticator/sign_in.html", form=form, challenge=challenge,
                           by_recovery=by_recovery), 422 if form.errors else 200


@blueprint.get("/profil/autentikator")
@signed_in
@during(NEEDS_AUTHENTICATOR)
def enrol():
    """Soon."""
    abort(404)
