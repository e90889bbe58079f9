"""SMS through a gateway that speaks Kannel's ``sendsms`` interface (smsbox)."""

import logging
import re
import ssl

import httpx

from webapp.messages.delivery import GatewayTrouble, Undeliverable, UnknownAnswer

CONNECT_SECONDS, READ_SECONDS = 2, 5
LONGEST_ANSWER = 500     # bytes; what follows cannot change what the answer means
E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)

# Kannel: "0: Accepted for delivery", "3: Queued for later delivery"; "Sent." before 1.4.
ACCEPTED = re.compile(r"(?:[03]:|Sent\.)")
OTHER_CODE = re.compile(r"([0-9]{1,3}):")
# "Number(s) has/have been denied…", "… receiver number …", "Not routable. Do not try again."
BAD_NUMBER = re.compile(r"number|receiver|routable", re.IGNORECASE)
# These say that our settings or our pace are wrong, not the message: never give one up for them.
OUR_FAULT = (401, 403, 404, 405, 407, 408, 429)

# httpx logs the address of each request, which holds number, text and password. Its records end
# here, whatever levels and handlers are set later; httpcore below it logs no addresses.
logging.getLogger("httpx").addFilter(lambda record: False)


class SmsGateway:
    """One gateway: its ``sendsms`` address with user name and password in the query.

    :param url: such as ``http://127.0.0.1:13013/cgi-bin/sendsms?username=purna&password=…``.
    :param sender: the name or number shown as sender.
    :param timeout: seconds to wait for each part of the answer.
    """

    def __init__(self, url, sender, timeout=READ_SECONDS):
        self._url = httpx.URL(url)
        self._sender = sender
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS), follow_redirects=False,
            trust_env=False, verify=ssl.create_default_context())

    def send(self, recipient, text, message_id, subject=""):
        """Hand one text to the gateway.

        :param recipient: a number in E.164 form.
        :param message_id: the UUID a receiver tells repeats by. Kannel has no parameter for an id
            of ours; ``account`` is what it carries unchanged into its log (ACT) and to the
            operator (``%o``). ``id`` is for gateways that imitate Kannel.
        :raises Undeliverable: the number will never be accepted.
        :raises GatewayTrouble: the gateway is away, slow, overloaded or set up wrongly.
        :raises UnknownAnswer: this text was refused for a reason we do not know.
        """
        if not E164.fullmatch(recipient):
            raise Undeliverable("Nomor telepon tidak sah.")
        url = self._url.copy_merge_params({
            "from": self._sender, "to": recipient, "text": text, "charset": "UTF-8",
            "coding": "0", "account": message_id.hex, "id": message_id.hex})
        try:
            with self._client.stream("GET", url) as answer:
                _judge(answer.status_code, _beginning(answer))
        except httpx.HTTPError as reason:   # its own text and request hold the address
            raise GatewayTrouble(f"Gateway SMS: {type(reason).__name__}.") from None

    def batch_done(self):
        """Nothing: kept connections cost the gateway little and the client renews them."""


def _beginning(answer):
    found = b""
    for part in answer.iter_bytes():
        found += part
        if len(found) >= LONGEST_ANSWER:
            break
    return found[:LONGEST_ANSWER].decode("utf-8", "replace").strip()


def _judge(status, body):
    if 200 <= status < 300:
        _judge_accepted(body)
        return
    if status in (400, 403, 422) and BAD_NUMBER.search(body):
        raise Undeliverable(f"Nomor ditolak gateway SMS (HTTP {status}).")
    if status in OUR_FAULT or not 400 <= status < 500:
        raise GatewayTrouble(f"Gateway SMS: HTTP {status}.")
    raise UnknownAnswer(f"Ditolak gateway SMS (HTTP {status}).")


def _judge_accepted(body):
    if ACCEPTED.match(body):
        return
    other = OTHER_CODE.match(body)
    if other:
        raise Undeliverable(f"Ditolak gateway SMS (kode {other[1]}).")
    raise GatewayTrouble("Gateway SMS: jawaban tidak dikenal.")   # a proxy's or captive page
