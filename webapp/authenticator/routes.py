"""authenticator."""

from flask import Blueprint, abort

from webapp.models.people import NEEDS_AUTHENTICATOR
from webapp.permissions import during, public, signed_in

blueprint = Blueprint("authenticator", __name__)


@blueprint.get("/profil/autentikator")
@signed_in
@during(NEEDS_AUTHENTICATOR)
def enrol():
    """Soon."""
    abort(404)


@blueprint.get("/masuk/autentikator/<uuid:challenge_id>")
@public
def sign_in(challenge_id):
    """Soon."""
    abort(404)
