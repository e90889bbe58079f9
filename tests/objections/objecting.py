"""Siti objects to what PT Maju filed, through the pages."""

from tests.page import file
from webapp.models.cases import Case, Objection
from webapp.objections.queries import objection_of

REASON = "Saya masih bekerja di sini, yang berhenti orang lain."


def begin(siti, ani, cast, **answers):
    """PT Maju reports Siti; she stands before the draft of her objection."""
    file(ani, cast.maju, cast.siti_at_maju, **answers)
    siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    return siti.send()


def sent(siti, ani, cast, **answers):
    """She stands before what she has sent."""
    begin(siti, ani, cast, **answers)
    return siti.send("#draft", reason=REASON)


def only_objection():
    """The one there is, as it is now."""
    return objection_of(Objection.get().case)


def only_case():
    """Its case."""
    return Case.get()
