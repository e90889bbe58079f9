"""E-mail through an SMTP server."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from webapp import clock
from webapp.messages.delivery import GatewayTrouble, Undeliverable, UnknownAnswer

TIMEOUT_SECONDS = 5
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
# One address and nothing that could begin another header, command or recipient.
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+")
# 5xx answers to a recipient that speak of us rather than of the recipient: sequence, closed, login.
OUR_FAULT = (503, 521, 530)


class Mailer:
    """One SMTP server; keeps its connection for the length of a batch.

    :param url: ``smtp://user:password@host:port`` (``?starttls=1`` for TLS after the greeting) or
        ``smtps://…``; user, password and port may be missing.
    :param sender: the address in From, with or without a name.
    :param timeout: seconds to wait for each of the server's answers.
    """

    def __init__(self, url, sender, timeout=TIMEOUT_SECONDS):
        self._url = urlsplit(url)
        self._starttls = parse_qs(self._url.query).get("starttls") == ["1"]
        self._sender_name, self._sender = parseaddr(sender)
        self._timeout = timeout
        self._connection = None

    def send(self, recipient, text, message_id, subject=""):
        """Hand one plain-text message to the server.

        :param message_id: the UUID of which the Message-ID header is made.
        :raises Undeliverable: the server refused this recipient for good.
        :raises GatewayTrouble: the server is away, slow, overloaded or set up wrongly.
        :raises UnknownAnswer: the server refused this message for a reason we do not know.
        """
        if not ADDRESS.fullmatch(recipient):
            raise Undeliverable("Alamat e-mail tidak sah.")
        message = self._compose(recipient, text, message_id, subject)
        try:
            connection = self._connected()
        except (smtplib.SMTPException, OSError) as reason:   # their texts may hold the password
            raise GatewayTrouble(f"Server e-mail: {type(reason).__name__}.") from None
        self._deliver(connection, message, recipient)

    def batch_done(self):
        """Close the connection, politely where the server still listens."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _compose(self, recipient, text, message_id, subject):
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr((self._sender_name, self._sender))
        message["To"] = recipient
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{message_id}@purna>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, charset="utf-8", cte="quoted-printable")
        return message

    def _deliver(self, connection, message, recipient):
        try:
            connection.send_message(message, self._sender, [recipient])
        except smtplib.SMTPRecipientsRefused as reason:
            self._refused(reason.recipients[recipient][0])
        except smtplib.SMTPDataError as reason:
            self._data_refused(reason.smtp_code)
        except smtplib.SMTPNotSupportedError:   # letters beyond ASCII before the @
            raise Undeliverable("Alamat e-mail tidak didukung server.") from None
        except (smtplib.SMTPException, OSError) as reason:   # their texts may hold the address
            self.batch_done()
            raise GatewayTrouble(f"Server e-mail: {type(reason).__name__}.") from None

    def _connected(self):
        if self._connection and not _alive(self._connection):
            self.batch_done()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self):
        scheme, host = self._url.scheme, self._url.hostname
        port = self._url.port or DEFAULT_PORTS[scheme]
        # Without our own name smtplib asks the resolver for one, which can take long.
        own = {"timeout": self._timeout, "local_hostname": self._sender.rpartition("@")[2]}
        if scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, port, context=ssl.create_default_context(), **own)
        else:
            connection = smtplib.SMTP(host, port, **own)
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _introduce(self, connection):
        if self._starttls:
            connection.starttls(context=ssl.create_default_context())
        if self._url.username:
            connection.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _refused(self, code):
        if 500 <= code < 600 and code not in OUR_FAULT:
            raise Undeliverable(f"Alamat ditolak server e-mail ({code}).") from None
        self.batch_done()
        raise GatewayTrouble(f"Server e-mail: {code}.") from None

    def _data_refused(self, code):
        if 500 <= code < 600:
            raise UnknownAnswer(f"Isi ditolak server e-mail ({code}).") from None
        self.batch_done()
        raise GatewayTrouble(f"Server e-mail: {code}.") from None


def _alive(connection):
    """Whether a kept connection still answers: servers may end one after some messages."""
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False
