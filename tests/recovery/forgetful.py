"""Somebody who forgot the password: walks the steps, and reads the messages."""

import re

from tests.page import Clerk
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message

EMAIL, NIK = "siti@pekerja.example", "3171064508900001"
NEW_PASSWORD = "kuda baterai hijau jendela"
SENT = "Jika data itu cocok dengan sebuah akun, kami sudah mengirim kode."


class Forgetful(Clerk):
    """Somebody without a session, with a browser that was never here."""

    def __init__(self, app, device=""):
        super().__init__(app, device)

    def ask(self, account=EMAIL, channel="sms"):
        """Ask for a code; the code page follows."""
        self.open("/lupa-sandi")
        return self.send(account=account, channel=channel)

    def answer(self, code=None, new_password=NEW_PASSWORD):
        """Type the code that came, and a new password."""
        return self.send(code=code or code_sent(), new_password=new_password)


def code_sent():
    """The code in the newest message that holds one."""
    message = (Message.select()
               .where(Message.kind.startswith("otp-"), Message.recipient_sealed.is_null(False))
               .order_by(Message.id.desc()).get())
    return "".join(re.search(r"\b(\d{3}) (\d{3})\b", message.body).groups())


def not_the(code):
    """Six digits that are another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def entries(kind, *fields):
    """What the audit trail says of a kind, oldest first."""
    rows = AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)
    return [tuple(getattr(row, field) for field in fields) for row in rows]
