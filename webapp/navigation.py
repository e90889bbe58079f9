"""The few links at the top (on a worker's phone: at the bottom), by audience."""

from flask import g, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.blocks.queries import count_to_do
from webapp.blocks.rights import may_block
from webapp.company_cases.queries import count_waiting
from webapp.htmx import wants_fragment
from webapp.permissions import presented_session

# Below which place a worker's matters are: by the beginning of their addresses.
_WITHIN = {"permohonan": "/kepesertaan", "sanggahan": "/kepesertaan", "kasus": "/kepesertaan",
           "mandiri": "/kepesertaan", "iuran": "/kepesertaan",
           "rekening": "/pencairan", "lacak": "/pencairan", "pesan": "/beranda",
           "program": "/beranda", "bantuan-saya": "/beranda"}


def init_app(app):
    """Give templates ``navigation`` and the ``company`` being acted for."""
    app.context_processor(lambda: {"navigation": links(), "company": g.get("company")})


def links():
    """A list of text, url and whether it is where we are; empty while a session may go nowhere."""
    if not current_user.is_authenticated or presented_session().stage:
        return []
    places = _links()
    path = _WITHIN.get(request.path.split("/")[1], request.path)
    here = max((url for _, url in places if path.startswith(url)), key=len, default=None)
    return [{"text": text, "url": url, "current": url == here} for text, url in places]


def _links():
    return [*_places(), ("Profil", url_for("profile.profile"))]


def _places():
    if current_user.is_worker:
        return [("Beranda", url_for("home.beranda")),
                ("Kepesertaan", url_for("memberships.memberships")),
                ("Pencairan", url_for("claims.claims"))]
    if current_user.is_staff:
        return [("Antrean", url_for("branch.queue")),
                ("Cari orang", url_for("branch.person_search")),
                ("Program", url_for("programme_desk.programmes")),
                ("Laporan", url_for("reports.overview")), *_of_managers()]
    if "company" in g:
        here = {"company_id": g.company.public_id}
        return [("Tenaga kerja", url_for("workers.worker_list", **here)),
                ("Unggah", url_for("uploads.uploads", **here)),
                (_with_count("Permohonan", g.company),
                 url_for("company_cases.case_list", **here))]
    return []


def _of_managers():
    if not may_block(current_user):
        return []
    count = 0 if wants_fragment() else count_to_do(current_user, clock.today())
    return [(f"Blokir ({count})" if count else "Blokir", url_for("blocks.block_list")),
            ("Audit", url_for("audit_desk.overview"))]


def _with_count(text, company):
    """The words of a link, with how much waits behind it; a part of a page has no links at all."""
    count = 0 if wants_fragment() else count_waiting(company)
    return f"{text} ({count})" if count else text
