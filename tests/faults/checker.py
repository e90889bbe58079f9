"""Judges what is in the database against what people were told and what the gateways received.

Reads by plain SQL, apart from the app's own code. Each function yields sentences, one for each
thing that is wrong; no sentence means sound.
"""

import json
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from tests.faults.harness import OK

DRAFT, SCHEDULED, EFFECTIVE, UNDONE = "DRAF", "TERJADWAL", "BERLAKU", "DIBATALKAN"
STANDING = (SCHEDULED, EFFECTIVE)
FILED, UNDO, TOOK_EFFECT = "deactivation:filed", "deactivation:undone", "deactivation:took effect"


def faults(history, house, received=None):
    """Everything that is wrong, as sentences.

    :param history: the acts, as ``harness.Act``.
    :param received: (channel, message id) of what the gateways accepted; None while messages may
        still be on their way.
    """
    store = house.store
    facts = Facts.read(store)
    found = [*damaged(store), *contradicted(history, facts), *inconsistent(facts)]
    if received is not None:
        found += undelivered(store, received)
    verdict = house.audit_fault()
    return found + ([f"audit: {verdict.strip()}"] if verdict else [])


@dataclass
class Facts:
    """What the database says, each kind of row by the deactivation it belongs to."""

    deactivations: dict       # hex of public id: (state, membership, last day)
    memberships: dict         # hex of public id: (status, last day)
    receipts: dict            # hex of public id: numbers
    entries: dict             # (kind, hex of public id): details of audit entries
    messages: dict            # (kind, hex of public id): channels
    reachable: dict           # membership: channels by which its worker can be reached

    @classmethod
    def read(cls, store):
        """Read all of it."""
        return cls(_deactivations(store), _memberships(store), _receipts(store), _entries(store),
                   _messages(store), _reachable(store))

    @property
    def filed(self):
        """Deactivations that are more than a draft: (hex of public id, state)."""
        return [(number, state) for number, (state, _, _) in self.deactivations.items()
                if state != DRAFT]


def damaged(store):
    """The file itself."""
    if store.is_sqlite:
        with closing(store.connect()) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchall()
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if verdict != [("ok",)] or broken:
            yield f"database file: {verdict[:3]} {broken[:3]}"


def contradicted(history, facts):
    """What people were told against what is there."""
    for act in history:
        state, membership, _ = facts.deactivations.get(act.draft, (None, None, None))
        if act.is_acknowledged:
            if state not in (SCHEDULED, EFFECTIVE, UNDONE):
                yield f"acknowledged and lost: {act.draft} is {state}"
            elif membership != UUID(act.membership).hex:
                yield f"acknowledged for another worker: {act.draft}"
            elif OK in act.undone and state != UNDONE:
                yield f"acknowledged and lost: {act.draft} was undone and is {state}"
        yield from _wrong_numbers(act, facts)


def _wrong_numbers(act, facts):
    shown = {number.replace("-", "") for number in act.numbers}
    if OK in act.outcomes and len(shown) != 1:
        yield f"{act.draft} was shown {len(shown)} receipt numbers: {sorted(shown)}"
    for number in shown - set(facts.receipts.get(act.draft, ())):
        yield f"{act.draft} was shown receipt {number}, which is not its own"


def inconsistent(facts):
    """Rows that do not agree with one another."""
    for number, state in facts.filed:
        yield from _wrong_rows(facts, number, state)
    yield from _stray_rows(facts)
    standing = defaultdict(list)
    for number, (state, membership, _) in facts.deactivations.items():
        if state in STANDING:
            standing[membership].append(number)
    for membership, (status, ended_on) in facts.memberships.items():
        yield from _wrong_membership(facts, membership, status, ended_on, standing[membership])


def _wrong_rows(facts, number, state):
    if len(facts.receipts.get(number, ())) != 1:
        yield f"{number} has receipts {facts.receipts.get(number)}"
    filings = facts.entries.get((FILED, number), [])
    if len(filings) != 1:
        yield f"{number} has {len(filings)} audit entries {FILED}"
    elif filings[0]["receipt"].replace("-", "") not in facts.receipts.get(number, ()):
        yield f"{number}: the audit trail names another receipt"
    yield from _wrong_count(facts, UNDO, number, state == UNDONE)
    scheduled = bool(filings) and filings[0]["state"] == SCHEDULED
    if state in STANDING:
        yield from _wrong_count(facts, TOOK_EFFECT, number, scheduled and state == EFFECTIVE)
    yield from _wrong_messages(facts, FILED, number)
    if state == UNDONE:
        yield from _wrong_messages(facts, UNDO, number)


def _wrong_count(facts, kind, number, wanted):
    found = len(facts.entries.get((kind, number), ()))
    if found != wanted:
        yield f"{number} has {found} audit entries {kind}, not {int(wanted)}"


def _wrong_messages(facts, kind, number):
    channels = sorted(facts.messages.get((kind, number), ()))
    wanted = sorted(facts.reachable[facts.deactivations[number][1]])
    if channels != wanted:
        yield f"{number} has messages {kind} by {channels}, not {wanted}"


def _stray_rows(facts):
    filed = {number for number, _ in facts.filed}
    undone = {number for number, state in facts.filed if state == UNDONE}
    for rows, name in ((facts.entries, "audit entry"), (facts.messages, "message")):
        for kind, number in rows:
            if kind == FILED and number not in filed or kind == UNDO and number not in undone:
                yield f"{name} {kind} about {number}, which did not happen"
    for number in facts.receipts.keys() - filed:
        yield f"receipt for {number}, which is not filed"


def _wrong_membership(facts, membership, status, ended_on, standing):
    if len(standing) > 1:
        yield f"membership {membership} ended {len(standing)} times"
        return
    state, _, last_day = facts.deactivations[standing[0]] if standing else (None, None, None)
    wanted = ("NONAKTIF", last_day) if state == EFFECTIVE else ("AKTIF", "None")
    if (status, ended_on) != wanted:
        yield f"membership {membership} is {(status, ended_on)}, not {wanted}"


def undelivered(store, received):
    """Messages promised and not delivered, or delivered and never promised."""
    counts = Counter(number for _, number in received)
    promised = {}
    for number, channel, state in store.rows("SELECT public_id, channel, state FROM message"):
        promised[_hex(number)] = channel
        if state != "TERKIRIM":
            yield f"message {_hex(number)} is {state}"
        if not counts[_hex(number)]:
            yield f"message {_hex(number)} never reached the gateway"
    for channel, number in set(received):
        if promised.get(number) != channel:
            yield f"the {channel} gateway received {number}, which nobody promised"


def repeated(received):
    """How many deliveries repeat an earlier one with the same id."""
    return len(received) - len(set(received))


def _deactivations(store):
    rows = store.rows(
        "SELECT d.public_id, d.state, m.public_id, d.last_day FROM deactivation d "
        "JOIN membership m ON m.id = d.membership_id")
    return {_hex(number): (state, _hex(membership), str(last_day))
            for number, state, membership, last_day in rows}


def _memberships(store):
    rows = store.rows("SELECT public_id, status, ended_on FROM membership")
    return {_hex(number): (status, str(ended_on)) for number, status, ended_on in rows}


def _receipts(store):
    return _grouped((_hex(number), receipt) for number, receipt in store.rows(
        "SELECT d.public_id, r.number FROM receipt r "
        "JOIN deactivation d ON d.id = r.deactivation_id"))


def _entries(store):
    return _grouped(((kind, _hex(number)), json.loads(details)) for kind, number, details in
                    store.rows("SELECT kind, subject, details FROM audit_entry WHERE kind LIKE ?",
                               "deactivation:%"))


def _messages(store):
    return _grouped(((kind, _hex(number)), channel) for kind, number, channel in store.rows(
        "SELECT kind, about, channel FROM message WHERE kind LIKE ?", "deactivation:%"))


def _reachable(store):
    rows = store.rows("SELECT m.public_id, w.phone_index, w.email_index FROM membership m "
                      "JOIN worker w ON w.id = m.worker_id")
    return {_hex(number): [channel for channel, address in (("sms", phone), ("email", email))
                           if address] for number, phone, email in rows}


def _grouped(pairs):
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _hex(number):
    return UUID(str(number)).hex
