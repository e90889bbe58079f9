"""Opening a paper: always as a download, only for whom it belongs to, always recorded."""

from flask import Blueprint, abort
from flask_login import current_user

from webapp import clock
from webapp.documents import service, store
from webapp.documents.queries import open_to
from webapp.downloads import attachment
from webapp.permissions import employer_only, found_or_404

blueprint = Blueprint("documents", __name__, url_prefix="/perusahaan/<uuid:company_id>")


@blueprint.get("/dokumen/<uuid:document_id>")
@employer_only
def download(company, document_id):
    """One paper of the company, as an attachment."""
    document = found_or_404(open_to(company, current_user, document_id))
    try:
        body = store.get(document)
    except FileNotFoundError:
        abort(404)
    service.note_reading(document, current_user, company=company, now=clock.now())
    return attachment(body, document.label, document.media_type)
