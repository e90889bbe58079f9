"""Passkeys."""

from flask import Blueprint, abort

from webapp.permissions import public

blueprint = Blueprint("passkey", __name__)


@blueprint.get("/masuk/passkey")
@public
def sign_in():
    """Soon."""
    abort(404)
