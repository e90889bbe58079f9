"""Complaints as people make them, through the page."""

import io

from tests.papers.hostile import picture
from webapp.models.blocks import Complaint
from webapp.models.branches import Branch

STORY = "Sejak kemarin saya tidak bisa membuka akun. Saya tidak melanggar apa pun."
CONTACT = {"name": "Wati Lestari", "phone": "0812-9999-1234"}


def branch_code():
    """The office of the cast, as the form carries it."""
    return Branch.get(Branch.code == "J01").public_id.hex


def files(*colours):
    """Photographs as a form sends them."""
    return [(io.BytesIO(picture(colour=colour)), f"{colour}.jpg") for colour in colours]


def filled(clerk, **fields):
    """The form as somebody fills it in."""
    form = clerk.open("/pengaduan").fields("main form[action='/pengaduan']")
    wanted = {"subject": "PELAYANAN", "story": STORY}
    if "branch" in form:
        wanted["branch"] = branch_code()
    if "name" in form:
        wanted |= CONTACT
    return {name: value for name, value in (form | wanted | fields).items()
            if name != "files" or value}


def complain(clerk, **fields):
    """Send it; the page that follows."""
    return clerk.post("/pengaduan", filled(clerk, **fields))


def only_complaint():
    """The only one there is."""
    return Complaint.get()
