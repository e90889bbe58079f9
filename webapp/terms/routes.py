"""terms."""

from flask import Blueprint, abort

from webapp.models.people import NEEDS_TERMS
from webapp.permissions import during, signed_in

blueprint = Blueprint("terms", __name__)


@blueprint.get("/syarat-dan-ketentuan/setuju")
@signed_in
@during(NEEDS_TERMS)
def agree():
    """Soon."""
    abort(404)
