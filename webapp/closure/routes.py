"""closure."""

from flask import Blueprint, abort

from webapp.models.people import IS_CLOSING
from webapp.permissions import during, signed_in

blueprint = Blueprint("closure", __name__)


@blueprint.get("/tutup-akun/menunggu")
@signed_in
@during(IS_CLOSING)
def waiting():
    """Soon."""
    abort(404)
