"""How often codes may go to one address, over all accounts and processes, exactly."""

import json
from datetime import timedelta

from webapp import counters, vault
from webapp.clock import moment_of
from webapp.models.accounts import SendHistory
from webapp.rate_limit import TooMany

# Rules §4: 60 s between sends, 3 in 15 minutes and 6 a day for one phone over all accounts.
RESEND_AFTER = timedelta(seconds=60)
LIMITS = ((1, RESEND_AFTER), (3, timedelta(minutes=15)), (6, timedelta(days=1)))
LONGEST = LIMITS[-1][1]
KEPT = LIMITS[-1][0]


def count_send(channel, target, now):
    """Count one send; inside the transaction that writes the message.

    :param target: the address, or whatever stands for it where there is none.
    :raises TooMany: with the moment from which one more may go.
    """
    row = _locked(_key(channel, target), now)
    sent = json.loads(row.sent)
    until = next_send(sent, now)
    # Written in any case: where nobody may learn that it was too many, it takes as long.
    after = sent if until else [*sent, now.timestamp()][-KEPT:]
    (SendHistory.update(sent=json.dumps(after), last_at=now)
     .where(SendHistory.id == row.id).execute())
    if until:
        counters.CODES.labels(counters.WITHHELD).inc()
        raise TooMany(until)


def reached(channel, target, now):
    """Which limit an address is at: (when one more may go, how many have gone), or
    None; nothing is counted."""
    row = SendHistory.get_or_none(SendHistory.target == _key(channel, target))
    return row and _reached(json.loads(row.sent), now)


def next_send(sent, now):
    """When one more may go, if not now.

    :param sent: Unix seconds of earlier sends, oldest first.
    """
    limit = _reached(sent, now)
    return limit and limit[0]


def _reached(sent, now):
    waits = [(moment_of(sent[-most]) + window, most)
             for most, window in LIMITS if len(sent) >= most]
    return max((wait for wait in waits if wait[0] > now), default=None)


def over(now):
    """The condition that an address got nothing for a day."""
    return SendHistory.last_at < now - LONGEST


def _key(channel, target):
    return vault.current().index(f"{channel}|{target}", "challenge.target")


def _locked(key, now):
    """The address's row, locked until the transaction ends: who counts next waits."""
    statement = (SendHistory.insert(target=key, last_at=now)
                 .on_conflict(conflict_target=[SendHistory.target],
                              update={SendHistory.last_at: now})
                 .returning(SendHistory.id, SendHistory.sent))
    return next(iter(statement.execute()))
