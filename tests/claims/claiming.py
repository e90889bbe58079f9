"""Siti claims through the pages; companies, savings and accounts are rows made directly."""

import re
from datetime import date, timedelta

from tests.company_cases.asking import report
from tests.papers.conftest import photograph
from webapp import clock
from webapp.claims.queries import claim_of_case
from webapp.models.claims import LINKED, Claim, Destination, Savings
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.papers import service as papers
from webapp.parameters import rules_on

MED = {"treated_on": "2026-11-10", "receipt_total": "5.000.000", "amount": "4.250.000"}
PURPOSE = {"purpose": "Biaya rawat inap", "reason": "Saya dirawat empat hari di rumah sakit."}
ADDRESS = "Jalan Melati 3, Jakarta"


def linked(user, number="1234568123", provider="BCA", now=None):
    """The person's account, linked long ago."""
    moment = now or clock.now() - timedelta(days=30)
    row = Destination(user=user, provider=provider, state=LINKED, begun_at=moment,
                      linked_at=moment)
    row.number, row.holder = number, user.name if user else "Ahli Waris"
    row.save(force_insert=True)
    return row


def savings(worker, credited=10_000_000, **more):
    """What the fund reported."""
    return Savings.create(worker=worker, credited=credited, as_of=date(2026, 10, 31), **more)


def left(cast, last_day=date(2026, 10, 1), reason="RSG"):
    """Siti was reported to have left PT Maju."""
    return report(cast, clock.now(), last_day=last_day) if reason == "RSG" else None


def chosen(siti, kind="MED"):
    """Siti stands before the conditions of a draft."""
    siti.open("/pencairan/daftar")
    return siti.send(kind=kind)


def here(claim=None):
    """Where the claim is."""
    return f"/pencairan/{(claim or only_claim()).case.public_id}"


def only_claim():
    """The newest there is, as it is now."""
    return claim_of_case(Claim.select().order_by(Claim.id.desc()).get().case_id)


def hand_in(claim, user, kind="KUITANSI", colour="teal"):
    """A paper of the claim."""
    return papers.add(claim.case, "worker", user, kind, photograph(colour), "foto.png",
                      clock.now())


def drafted(siti, cast, kind="MED", amount=None):
    """Siti stands before the check page; her account is linked."""
    user = User.get_by_id(cast.siti.id)
    if not Destination.select().where(Destination.user == user).exists():
        linked(user)
    chosen(siti, kind)
    siti.open(f"{here()}/jumlah")
    siti.send(**(MED if kind in ("MED", "OBT") and amount is None else amount or {}))
    siti.send(**PURPOSE)
    siti.send(address=ADDRESS)
    claim = only_claim()
    needed = {"MED": "KUITANSI", "OBT": "KUITANSI"}.get(kind, "KTP")
    hand_in(claim, user, needed)
    siti.open(f"{here()}/dokumen")
    siti.send("main form[action$='/dokumen']")
    return siti.send()


def code_sent():
    """The code in the newest message that holds one."""
    text = (Message.select().where(Message.kind.startswith("otp"))
            .order_by(Message.id.desc()).get().body)
    return re.search(r"\d{3} ?\d{3}", text)[0]


def submitted(siti, cast, kind="MED", amount=None):
    """Siti stands before her receipt."""
    drafted(siti, cast, kind, amount)
    siti.send()
    return siti.send(code=code_sent())


def moved(claim, state, **changes):
    """The claim as a row in another state, whatever way it came there."""
    Claim.update(state=state, version=Claim.version + 1, **changes).where(
        Claim.id == claim.id).execute()
    return claim_of_case(claim.case_id)


def the_rules():
    """Those of today."""
    return rules_on(clock.today())


def worker_siti():
    """Siti as the companies know her."""
    return Worker.get(Worker.name == "Siti Rahayu")
