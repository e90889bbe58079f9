"""The codes that were sent, as they stand in the outbox until the gateway has them."""

import re

from tests.faults.processes import wait_until
from webapp.models.messages import Message


def code_for(words):
    """The six digits of the newest message with a code, once it is one for this act.

    :param words: of that message, whatever their case.
    """
    wait_until(lambda: words.upper() in _newest().upper(), 8, what=f"a code for {words}")
    return re.search(r"\d{3} \d{3}", _newest()).group()


def _newest():
    message = (Message.select().where(Message.kind.startswith("otp-"))
               .order_by(Message.id.desc()).first())
    return message.body if message else ""
