"""registration."""

from flask import Blueprint, abort

from webapp.permissions import public

blueprint = Blueprint("registration", __name__)


@blueprint.get("/daftar")
@public
def register():
    """Soon."""
    abort(404)
