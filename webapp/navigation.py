"""The few links at the top (on a worker's phone: at the bottom), by audience."""

from flask import g, request, url_for
from flask_login import current_user

from webapp.permissions import presented_session


def init_app(app):
    """Give templates ``navigation`` and the ``company`` being acted for."""
    app.context_processor(lambda: {"navigation": links(), "company": g.get("company")})


def links():
    """A list of text, url and whether it is where we are; empty while a session may go nowhere."""
    if not current_user.is_authenticated or presented_session().stage:
        return []
    return [{"text": text, "url": url, "current": request.path.startswith(url)}
            for text, url in _links()]


def _links():
    return [*_places(), ("Profil", url_for("profile.profile"))]


def _places():
    if current_user.is_worker:
        return [("Beranda", url_for("home.beranda")), ("Pesan", url_for("home.messages"))]
    if current_user.is_staff:
        return [("Antrean", url_for("branch.queue"))]
    if "company" in g:
        here = {"company_id": g.company.public_id}
        return [("Tenaga kerja", url_for("workers.worker_list", **here)),
                ("Unggah", url_for("uploads.uploads", **here))]
    return []
