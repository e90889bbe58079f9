"""Soon."""

from flask import Blueprint, abort

from webapp.permissions import public

blueprint = Blueprint("recovery", __name__)


@blueprint.get("/lupa-sandi")
@public
def forgot_password():
    """Soon."""
    abort(404)


@blueprint.get("/lupa-akun")
@public
def forgot_account():
    """Soon."""
    abort(404)
