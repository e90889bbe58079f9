"""What befalls a site, in which order: chosen by a seed, before anything runs."""

import random
from typing import NamedTuple

NODES, SENDERS = ("web1.web", "web2.web"), ("web1.sender", "web2.sender")
POOLS, WAYS = ("web1.pgbouncer", "web2.pgbouncer"), ("web1.haproxy", "web2.haproxy",
                                                     "edge1.haproxy")
# what: (whom it may meet, how often)
KINDS = {
    "node": ([(name,) for name in NODES], 6),          # gunicorn and its workers at once
    "worker": ([(name,) for name in NODES], 6),        # one of them; gunicorn replaces it
    "sender": ([(name,) for name in SENDERS], 6),
    "both nodes": ([NODES], 1),
    "nodes and senders": ([NODES + SENDERS], 1),
    "pool": ([(name,) for name in POOLS], 1),
    "way": ([(name,) for name in WAYS], 1),
}
PRIMARY = ("primary", "silent primary")
COUNTED = {*NODES, *SENDERS}
CUTTING = {*NODES, "edge1.haproxy"}     # who is killed in the middle of an answer cuts it off


class Fault(NamedTuple):
    """One thing that happens.

    :param kind: of ``KINDS``, or "primary", "silent primary" (its machine closes nothing),
        "standby", "store" (its line is cut), "hanging store".
    :param victims: the programs that die together.
    """

    kind: str
    victims: tuple = ()

    @property
    def kills(self):
        """How many web nodes and senders it kills; pools and ways come on top."""
        return len(COUNTED.intersection(self.victims))

    @property
    def sender_kills(self):
        """How many senders among them."""
        return len(set(SENDERS).intersection(self.victims))


def plan(kills, primaries, seed):
    """Kills of nodes and senders, so many at least; between them, evenly, the primary so many times
    (the machine under it too; every other time that falls silent first), a standby once and the
    document store twice."""
    dice, faults = random.Random(seed), []
    while sum(fault.kills for fault in faults) < kills:
        kind = dice.choices(list(KINDS), [weight for _, weight in KINDS.values()])[0]
        faults.append(Fault(kind, dice.choice(KINDS[kind][0])))
    large = [Fault(PRIMARY[place % 2]) for place in range(primaries)]
    middle = len(large) // 2
    large[middle:middle] = [Fault("standby"), Fault("store"), Fault("hanging store")]
    for place, fault in reversed(list(enumerate(large, 1))):
        faults.insert(place * len(faults) // (len(large) + 1), fault)
    return faults
