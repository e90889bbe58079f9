"""Questions about messages."""

from datetime import timedelta

from webapp.accounts.contacts import mask
from webapp.messages.outbox import is_secret
from webapp.models.messages import Message

STILL_SENDING = timedelta(days=1)     # what waits longer may never arrive


def messages_of(worker):
    """Everything the system wrote to a worker, or to the worker's account; the newest first."""
    theirs = Message.worker == worker
    if worker.user_id is not None:
        theirs |= Message.user == worker.user_id
    return Message.select().where(theirs).order_by(Message.created_at.desc(), Message.id.desc())


def shown_body(message):
    """The text that may be shown on a page: None for a message that holds a code."""
    return None if is_secret(message.kind) else message.body


def shown_recipient(message):
    """Where a message went, masked; None once the address is erased."""
    return message.recipient and mask(message.channel, message.recipient)
