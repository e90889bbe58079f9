"""step_up."""

from flask import Blueprint, abort

from webapp.permissions import signed_in

blueprint = Blueprint("step_up", __name__)


@blueprint.get("/buktikan")
@signed_in
def prove():
    """Soon."""
    abort(404)
