"""The seal of audit entries: a MAC over the entry, its place in its chain and the MAC before it."""

import hmac
import json

_key = b""


def use_key(key):
    """Set the key that entries are sealed with (32 bytes, kept out of the database)."""
    global _key
    _key = key


def sealed(acts, *, chain, after, head, now):
    """The entries for acts that go on where a chain stands: dicts of ``AuditEntry`` fields.

    :param after: the sequence number of the chain's last entry, 0 for none.
    :param head: that entry's MAC, empty for none.
    """
    entries = []
    for sequence, act in enumerate(acts, after + 1):
        text = json.dumps(act.details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        actor = act.actor and act.actor.public_id
        head = _mac(head, chain, sequence, now, str(act.event), actor, act.subject, text)
        entries.append({"sequence": sequence, "at": now, "kind": str(act.event), "actor": actor,
                        "subject": act.subject, "details": text, "mac": head})
    return entries


def is_sealed(name, entry, previous):
    """Whether an entry is as it was written after the one with the MAC ``previous``."""
    mac = _mac(previous, name, entry.sequence, entry.at, entry.kind, entry.actor, entry.subject,
               entry.details)
    return hmac.compare_digest(mac, entry.mac)


def _mac(previous, chain, sequence, at, kind, actor, subject, details):
    moment = at.isoformat(timespec="microseconds")[:26]     # without its zone
    fields = (previous, chain, sequence, moment, kind, actor, subject, details)
    text = "\x1f".join("" if field is None else str(field) for field in fields)
    return hmac.digest(_key, text.encode(), "sha256").hex()
