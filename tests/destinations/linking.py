"""Siti links an account through the pages, and the codes she gets."""

import re
from datetime import timedelta

from tests.page import Clerk
from webapp import clock
from webapp.models.claims import LINKED, Destination
from webapp.models.messages import Message

BCA = {"provider": "BCA", "number": "1234-5681 23", "holder": "SITI RAHAYU"}
DIGITS = "1234568123"
GOPAY = {"provider": "GOPAY", "number": "0813 9000 4512", "holder": "Siti Rahayu"}
OTHERS = {"provider": "BRI", "number": "001234567890123", "holder": "Bambang Rahardjo"}
STOP = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Linker(Clerk):
    """Somebody who links where the money goes."""

    def check(self, answers=BCA, onward=None, **more):
        """Fill in the form; the check page follows."""
        self.open("/rekening/sambungkan" + (f"?lanjut={onward}" if onward else ""))
        return self.send(**{**answers, **more})

    def ask(self, answers=BCA, **more):
        """The same, and have the code sent; the page that asks for it follows."""
        self.check(answers, **more)
        return self.send()

    def link(self, answers=BCA, **more):
        """All the way."""
        self.ask(answers, **more)
        return self.send(code=code_sent())


def code_sent():
    """The code in the newest message that holds one."""
    text = (Message.select().where(Message.kind == "otp-rekening")
            .order_by(Message.id.desc()).get().body)
    return re.search(r"\d{3} ?\d{3}", text)[0].replace(" ", "")


def wrong_code(number=1):
    """Another one."""
    return f"{(int(code_sent()) + number) % 1_000_000:06}"


def newest():
    """The destination that was begun last."""
    return Destination.select().order_by(Destination.id.desc()).get()


def linked_before(user, provider="BNI", number="0099887766", days=30):
    """An account that was linked long ago, as a row."""
    moment = clock.now() - timedelta(days=days)
    row = Destination(user=user, provider=provider, state=LINKED, begun_at=moment,
                      linked_at=moment, distance=0)
    row.number, row.holder = number, user.name
    row.save(force_insert=True)
    return row


def told(kind="security:destination"):
    """The newest text of this kind, by recipient."""
    rows = Message.select().where(Message.kind == kind).order_by(Message.id)
    return {row.recipient: row.body for row in rows}


def stop_code(text):
    """The code that stops payouts, in a text; or None."""
    found = STOP.search(text)
    return found and found[0]
