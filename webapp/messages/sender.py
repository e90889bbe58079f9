"""Keeping the promise: takes waiting messages, hands them to their channels, notes what came of it.

At least once: a message is sent outside any transaction and marked afterwards, so a sender that
dies between the two leaves it to be sent again, with the same public id. Never twice at the same
time: a message is taken under a lease, by one guarded statement, and a batch stops sending when
half of its lease is used. No promise ends because a gateway is down; only its own expiry, a
channel's final refusal, or ten answers that blame the message itself end it.
"""

import logging
import random
import time
import uuid
from datetime import timedelta

from webapp.db import is_sqlite, write_transaction
from webapp.messages.delivery import GatewayTrouble, Undeliverable, UnknownAnswer
from webapp.messages.outbox import erased_at_the_end
from webapp.models.messages import EXPIRED, FAILED, SENT, WAITING, Message

LEASE_SECONDS = 60
BATCH = 50
BREATH_SECONDS = 0.003                # between two messages: whoever waits to write comes first
MOST_TRIES = 10                       # answers that blame the message; then it is parked
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
TRIES_TO_LONGEST_WAIT = 6             # 5 s · 2⁶ is past five minutes
TROUBLES_TO_REST, REST_SECONDS = 3, 5
ERASED_AFTER = timedelta(days=7)
ERASED_AT_ONCE = 500                  # rows in one transaction

logger = logging.getLogger(__name__)


class Sender:
    """Sends for some channels, each with its own circuit breaker.

    :param channels: a dict of channel name to an object as ``delivery.py`` describes.
    :param lease: seconds for which a taken message is this sender's alone.
    :param batch: how many messages are taken at once.
    :param first_wait: ``timedelta`` before the second try; doubled for each that follows.
    :param rest: seconds to leave a channel alone after three troubles in a row.
    :param stopping: a function that tells whether to leave the rest of a batch to others.
    """

    def __init__(self, channels, lease=LEASE_SECONDS, batch=BATCH, first_wait=FIRST_WAIT,
                 rest=REST_SECONDS, stopping=lambda: False):
        self._lines = {name: Line(name, gateway, lease, batch, first_wait, rest, stopping)
                       for name, gateway in channels.items()}

    def run_once(self, now, channel=None):
        """Take what is due and send it.

        :param now: the present moment, aware; time that passes while sending is added to it.
        :param channel: one channel's name; all of them in turn when omitted. Different channels
            may run in different threads, one channel in one thread only.
        :returns: how many messages were tried.
        :raises peewee.PeeweeException: when the database is away; call again once it is back.
        """
        chosen = self._lines if channel is None else [channel]
        return sum(self._lines[name].run_once(now) for name in chosen)


class Line:
    """One channel of a sender: its gateway, its breaker and what it still has to write down."""

    def __init__(self, channel, gateway, lease, batch, first_wait, rest, stopping):
        self._channel, self._gateway = channel, gateway
        self._lease, self._batch, self._first_wait = lease, batch, first_wait
        self._rest, self._stopping = rest, stopping
        self._troubles, self._rests_until = 0, 0.0
        self._unmarked = []      # accepted by the gateway, not yet noted in the database
        self._held = None        # the lease of a batch that the database's absence cut short

    def run_once(self, now):
        """Send one batch; the number of messages tried."""
        self._catch_up()
        if time.monotonic() < self._rests_until or not _any_due(self._channel, now):
            return 0
        self._held = uuid.uuid4()
        messages = _claim(self._channel, self._held, now, self._lease, self._batch)
        try:
            tried = self._send_all(messages, now)
        finally:
            self._gateway.batch_done()
        if tried < len(messages):
            _release(self._held)
        self._held = None
        return tried

    def _catch_up(self):
        """After the database was away: note what was sent, and free what was not."""
        self._note_sent()
        if self._held:
            _release(self._held)
            self._held = None

    def _note_sent(self):
        while self._unmarked:
            message, moment = self._unmarked[0]
            _mark_sent(message, moment)
            del self._unmarked[0]

    def _send_all(self, messages, now):
        begun = time.monotonic()
        for tried, message in enumerate(messages):
            elapsed = time.monotonic() - begun
            if elapsed > self._lease / 2 or self._resting() or self._stopping():
                return tried
            self._send(message, lambda: now + timedelta(seconds=time.monotonic() - begun))
            time.sleep(BREATH_SECONDS)
        return len(messages)

    def _send(self, message, moment):
        if message.expires_at <= moment():
            _end(message, EXPIRED, message.problem or "Kedaluwarsa sebelum sempat terkirim.")
            return
        try:
            self._gateway.send(message.recipient, message.body, message.public_id,
                               message.subject)
        except GatewayTrouble as reason:
            self._troubled()
            _try_later(message, str(reason), min(message.tries + 1, TRIES_TO_LONGEST_WAIT),
                       moment(), self._first_wait)
            return
        except Undeliverable as reason:
            _end(message, FAILED, str(reason))
        except Exception as reason:
            self._blamed(message, reason, moment())
        else:
            self._unmarked.append((message, moment()))
            self._note_sent()
        self._troubles = 0     # whatever it thought of the message, the gateway answered

    def _blamed(self, message, reason, now):
        """A refusal we do not know, or a message that our own code cannot handle."""
        problem = str(reason) if isinstance(reason, UnknownAnswer) else type(reason).__name__
        tries = message.tries + 1
        if tries >= MOST_TRIES:
            _end(message, FAILED, f"Berhenti setelah {tries} kali: {problem}")
            return
        _try_later(message, problem, tries, now, self._first_wait)

    def _resting(self):
        return time.monotonic() < self._rests_until

    def _troubled(self):
        """Count a trouble; from the third in a row on, each one starts a rest."""
        self._troubles += 1
        if self._troubles < TROUBLES_TO_REST:
            return
        self._rests_until = time.monotonic() + self._rest
        if self._troubles == TROUBLES_TO_REST:
            logger.warning("channel %s is in trouble: resting between tries", self._channel)


def erase_delivered(now, after=ERASED_AFTER):
    """Erase the addresses of messages that ended a week ago; returns how many.

    ``Pesan`` shows a person every message really sent to them, so that a false one can be told
    apart: that needs the text, which stays (sealed). It does not need the address, which goes (UU
    PDP, data minimisation). Texts that hold codes went when their message ended. Messages that
    failed or expired keep their address as long, so that staff can see what was wrong.

    :param now: the present moment, aware.
    :param after: how long to keep addresses, a ``timedelta``.
    """
    ended = (((Message.state == SENT) & (Message.sent_at <= now - after))
             | (Message.state.in_((FAILED, EXPIRED)) & (Message.expires_at <= now - after)))
    old = (Message.select(Message.id)
           .where(ended, Message.recipient_sealed.is_null(False)).limit(ERASED_AT_ONCE))
    erased = 0
    while ids := [message.id for message in old.clone()]:
        with write_transaction():
            erased += Message.update(recipient_sealed=None).where(Message.id.in_(ids)).execute()
    return erased


def _due(channel, now):
    free = Message.leased_until.is_null() | (Message.leased_until <= now)
    return (Message.select(Message.id)
            .where(Message.state == WAITING, Message.channel == channel,
                   Message.due_at <= now, free)
            .order_by(Message.due_at, Message.id))


def _any_due(channel, now):
    """Looked up without a transaction, so that an idle sender never makes a writer wait."""
    return _due(channel, now).exists()


def _claim(channel, lease, now, seconds, batch):
    """Take the oldest due messages in one statement; two senders never take the same one."""
    due = _due(channel, now).limit(batch)
    if not is_sqlite():
        due = due.for_update(skip_locked=True)
    claim = (Message.update(lease=lease, leased_until=now + timedelta(seconds=seconds))
             .where(Message.id.in_(due)).returning(Message))
    with write_transaction():
        messages = list(claim.execute())
    return sorted(messages, key=lambda message: (message.due_at, message.id))


def _release(lease):
    """Give back what a batch did not come to; the order in which it is due stays."""
    with write_transaction():
        (Message.update(lease=None, leased_until=None)
         .where(Message.lease == lease, Message.state == WAITING).execute())


def _mark_sent(message, moment):
    """What was accepted is sent, even if the lease has passed to another sender meanwhile."""
    _close(message, state=SENT, sent_at=moment, problem="")
    logger.info("message sent", extra=_fields(message))


def _end(message, state, problem):
    _close(message, Message.lease == message.lease, state=state, problem=problem)
    logger.warning("message ended as %s", state, extra=_fields(message))


def _fields(message):
    return {"fields": {"message": message.public_id, "kind": message.kind, "tries": message.tries}}


def _close(message, *conditions, **values):
    values |= dict.fromkeys(erased_at_the_end(message.kind))
    with write_transaction():
        (Message.update(lease=None, leased_until=None, **values)
         .where(Message.id == message.id, Message.state == WAITING, *conditions).execute())


def _try_later(message, problem, tries, now, first_wait):
    """Full jitter: messages that failed together do not come back together."""
    longest = min(first_wait * 2 ** min(message.tries, TRIES_TO_LONGEST_WAIT), LONGEST_WAIT)
    wait = longest * random.random()  # noqa: S311 (spreads load, keeps no secret)
    with write_transaction():
        (Message.update(tries=max(tries, message.tries), due_at=now + wait, problem=problem,
                        lease=None, leased_until=None)
         .where(Message.id == message.id, Message.lease == message.lease,
                Message.state == WAITING).execute())
