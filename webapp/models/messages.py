"""The outbox: every message is a row of the same commit as what it tells about."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.tables import Table
from webapp.vault import Sealed

SMS, EMAIL = "sms", "email"
WAITING, SENT, FAILED, EXPIRED = "MENUNGGU", "TERKIRIM", "GAGAL", "KEDALUWARSA"


class Message(Table):
    """One SMS or e-mail, promised to be delivered at least once, always with the same id."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)   # the id the receiver sees
    kind = peewee.CharField(40)
    channel = peewee.CharField(5)
    worker = peewee.ForeignKeyField(Worker, null=True, backref="messages")
    user = peewee.ForeignKeyField(User, null=True, backref="messages")
    about = peewee.UUIDField(null=True, index=True)     # public id of what it tells about
    recipient_sealed = peewee.BlobField(null=True)
    subject = peewee.CharField(200, default="")
    body_sealed = peewee.BlobField(null=True)
    state = peewee.CharField(12, default=WAITING)
    tries = peewee.IntegerField(default=0)
    created_at = UtcDateTimeField()
    due_at = UtcDateTimeField()
    leased_until = UtcDateTimeField(null=True)
    lease = peewee.UUIDField(null=True)
    expires_at = UtcDateTimeField()
    sent_at = UtcDateTimeField(null=True)
    problem = peewee.CharField(200, default="")

    recipient = Sealed("recipient_sealed", "message.recipient")
    body = Sealed("body_sealed", "message.body")


Message.add_index(Message.index(
    Message.channel, Message.due_at, name="message_next", where=(Message.state == WAITING)))
Message.add_index(Message.index(
    Message.channel, Message.created_at, name="message_failed", where=(Message.state == FAILED)))
