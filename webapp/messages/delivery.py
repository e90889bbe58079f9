"""What a channel may answer when asked to deliver one message.

A channel is an object with ``send(recipient, text, message_id, subject="")``, which returns when
the message was accepted and raises otherwise, and ``batch_done()``, which lets go of connections.
"""

from webapp import clock


class Undeliverable(Exception):
    """The gateway will never take this message; the text says why, without personal data."""


class GatewayTrouble(Exception):
    """The gateway cannot take messages at present; no message is to blame, so try again later."""


class UnknownAnswer(Exception):
    """The gateway refused this one message in words we do not know; a few more tries may help."""


class DemoDelivery:
    """Accepts everything: in demo mode the person reads the message on a page instead.

    ``mailbox`` is where it goes, set by those pages: an object with
    ``keep(recipient, subject, text, now)``.
    """

    mailbox = None

    def send(self, recipient, text, message_id, subject=""):
        """Keep the message for its reader, if there is one."""
        if self.mailbox:
            self.mailbox.keep(recipient, subject, text, clock.now())

    def batch_done(self):
        """Nothing to let go of."""
