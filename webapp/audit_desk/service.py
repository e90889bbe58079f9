"""Verifying the trail, keeping what was found, and recording who looked into it."""

import json
from functools import partial

from webapp import audit
from webapp.audit import Event, Walked
from webapp.audit_desk.queries import last_checks
from webapp.branch.queries import is_own
from webapp.branch.service import OwnAccount
from webapp.complaints.queries import is_of_visitor
from webapp.daily import Daily
from webapp.db import write_transaction
from webapp.models.audit import AuditChain, AuditCheck
from webapp.parts import parts_of

NEWEST = 2_000                  # entries that a page can wait for
AT_ONCE = 500                   # noted heads
MOST_FAULTS = 50                # that are kept: each is the first of its chain


def check_newest(officer, now):
    """Verify the newest entries. Returns the ``AuditCheck``; on record."""
    count, faults = audit.verify_newest(NEWEST)
    with write_transaction():
        check = _kept(now, count, faults, is_whole=False)
        audit.record(Event.AUDIT_CHECKED, chain=audit.ACCOUNTS, actor=officer, subject=None,
                     now=now, entries=count, faults=len(faults))
    return check


def check_everything(noted, now):
    """Verify every entry, and that those noted elsewhere are still there. Returns the faults.

    :param noted: lists of chain, sequence and head, as ``audit.heads`` gives them.
    """
    steps = list(_walk(lambda: noted))
    faults = [step.fault for step in steps if step.fault]
    _keep_whole(sum(step.entries for step in steps), faults, now)
    return faults


def once_a_day(noted):
    """Everything is verified once a day, a page at each step, so that nothing else waits for it.

    :param noted: called without arguments; returns heads that were noted elsewhere.
    """
    return Daily("audit trail", lambda: getattr(last_checks()[0], "checked_at", None),
                 partial(_step_by_step, noted))


def _step_by_step(noted):
    entries, faults = 0, []
    for step in _walk(noted):
        entries += step.entries
        faults += [step.fault] if step.fault else []
        yield
    return partial(_keep_whole, entries, faults)


def _walk(noted):
    yield from audit.walk()
    for some in parts_of(list(noted()), AT_ONCE):
        yield Walked(0)
        for fault in audit.verify_heads(some):
            yield Walked(0, fault)


def look(officer, now, **what):
    """Record that somebody looks into the trail, before it is shown."""
    with write_transaction():
        audit.record(Event.AUDIT_SEEN, chain=audit.ACCOUNTS, actor=officer, subject=None, now=now,
                     **what)


def look_at(matter, officer, now):
    """Record that somebody looks at what is recorded about a matter, among the looks at its person.

    :param matter: a ``queries.Matter``.
    :raises OwnAccount: it is the officer's own; that is on record too.
    """
    person = matter.person
    refused = is_own(person, officer) if person else is_of_visitor(matter.case, officer)
    with write_transaction():
        audit.record(Event.AUDIT_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=person.public_id if person else matter.subjects[0], now=now,
                     number=matter.number, refused=refused)
    if refused:
        raise OwnAccount


def _keep_whole(entries, faults, now):
    with write_transaction():
        _kept(now, entries, faults, is_whole=True)


def _kept(now, entries, faults, *, is_whole):
    found = [[fault.chain, fault.sequence, fault.problem] for fault in faults[:MOST_FAULTS]]
    return AuditCheck.create(checked_at=now, is_whole=is_whole, entries=entries,
                             chains=AuditChain.select().count(), faults=json.dumps(found))
