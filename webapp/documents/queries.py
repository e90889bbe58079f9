"""Who may open which paper."""

from webapp.models.deactivations import DRAFT, Deactivation
from webapp.models.documents import Document


def open_to(company, user, public_id):
    """The company's paper with this id, if the clerk handed it in or it was filed; or None.

    What a colleague has only drafted is not for others yet.
    """
    filed = Deactivation.select(Deactivation.document).where(
        Deactivation.company == company, Deactivation.state != DRAFT,
        Deactivation.document.is_null(False))
    return Document.get_or_none(
        Document.company == company, Document.public_id == public_id,
        (Document.uploaded_by == user) | (Document.id << filed))
