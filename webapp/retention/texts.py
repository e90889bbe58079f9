"""What old messages said."""

from webapp.db import write_transaction
from webapp.models.messages import WAITING, Message
from webapp.parts import parts_of
from webapp.retention.erasing import CHUNK


def sent_before(moment, column):
    """The messages written before a moment that still have something in a column."""
    return Message.select().where(Message.created_at < moment, Message.state != WAITING,
                                  column.is_null(False))


def erase(before):
    """Erase what messages said that were written before a moment; returns how many. That they were
    sent, when and what about stays.

    They are looked through in the order they were written, up to the first that is younger: an
    index of their times would have to be kept with every message.
    """
    count, last = 0, 0
    has_text = Message.body_sealed.is_null(False) & (Message.state != WAITING)
    while rows := list(Message.select(Message.id, Message.created_at,
                                      has_text.alias("has_text"))
                       .where(Message.id > last).order_by(Message.id).limit(5 * CHUNK).objects()):
        old = [row.id for row in rows if row.created_at < before and row.has_text]
        for some in parts_of(old, CHUNK):
            with write_transaction():
                count += (Message.update(body_sealed=None)
                          .where(Message.id << some).execute())
        last = rows[-1].id
        if rows[-1].created_at >= before:
            break
    return count
