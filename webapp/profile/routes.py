"""Profil."""

from flask import Blueprint, abort

from webapp.permissions import signed_in

blueprint = Blueprint("profile", __name__)


@blueprint.get("/profil")
@signed_in
def profile():
    """Soon."""
    abort(404)
