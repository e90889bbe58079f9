"""What the demo's window shows."""

from webapp.models.messages import Message


def newest_messages():
    """All messages, the newest first."""
    return Message.select().order_by(Message.created_at.desc(), Message.id.desc())
