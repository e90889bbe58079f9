"""The counter: an officer, the papers, and the code that comes to the new phone."""

import json
import re

from tests.page import Clerk
from tests.people import PHONE
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message

NIK = "3171064508900001"
OLD_PHONE, OLD_EMAIL = PHONE, "siti@pekerja.example"
NEW_PHONE, NEW_EMAIL = "+6285678904512", "siti.baru@pekerja.example"
PAPERS = ("KTP", "KK")


class Counter(Clerk):
    """An officer with somebody in front."""

    def ask(self, person, papers=PAPERS, phone=NEW_PHONE, email="", note=""):
        """Fill in the form; the code page of the first contact follows."""
        self.open(f"/cabang/orang/{person.public_id}/pemulihan")
        fields = {name: value for name, value in self.page.fields().items() if name != "papers"}
        return self.post(self.page.path, {**fields, "papers": list(papers), "phone": phone,
                                          "email": email, "note": note})

    def prove(self):
        """The person types the code that came."""
        return self.send(code=code_at_counter())

    def file(self, person, **answers):
        """All the way to the case, whose id is returned."""
        self.ask(person, **answers)
        while "/pemulihan/" in self.page.path and "/orang/" in self.page.path:
            self.prove()
        return self.page.path


def code_at_counter():
    """The code in the newest message."""
    body = Message.select().order_by(Message.id.desc()).get().body
    return "".join(re.search(r"\b(\d{3}) (\d{3})\b", body).groups())


def recorded(kind):
    """(actor, subject, details) of a kind's audit entries, oldest first."""
    return [(row.actor, row.subject, json.loads(row.details)) for row in
            AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)]


def sent_since(number):
    """(kind, channel, recipient) of messages written after the one with this id."""
    return [(row.kind, row.channel, row.recipient)
            for row in Message.select().where(Message.id > number).order_by(Message.id)]


def last_message():
    """The id of the newest message; 0 before the first."""
    row = Message.select().order_by(Message.id.desc()).first()
    return row.id if row else 0
