"""Verifying the trail, keeping what was found, and recording who looked into it."""

import json
from datetime import timedelta

from webapp import audit
from webapp.audit import Event, Walked
from webapp.audit_desk.queries import last_checks
from webapp.branch.queries import is_own
from webapp.branch.service import OwnAccount
from webapp.complaints.queries import is_of_visitor
from webapp.db import write_transaction
from webapp.models.audit import AuditChain, AuditCheck
from webapp.parts import parts_of

NEWEST = 2_000                  # entries that a page can wait for
EVERY = timedelta(days=1)       # the whole trail
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
    steps = list(audit.walk())
    faults = [*(step.fault for step in steps if step.fault), *audit.verify_heads(noted)]
    with write_transaction():
        _kept(now, sum(step.entries for step in steps), faults, is_whole=True)
    return faults


class Checking:
    """Verifies everything once a day, a page at each call, so that nothing else waits for it.

    How far it is stands in this process; a new one begins again.

    :param noted: called without arguments; returns heads that were noted elsewhere.
    """

    def __init__(self, noted):
        self._noted, self._steps, self._next_at = noted, None, None
        self._entries, self._faults = 0, []

    def __call__(self, now):
        """Do some of it, if it is due. Returns whether there is more to do now."""
        if self._steps is None and not self._begins(now):
            return False
        try:
            step = next(self._steps, None)
            if step is None:
                self._finish(now)
                return False
        except Exception:
            self._steps = None     # what was interrupted says nothing about the rest
            raise
        self._entries += step.entries
        self._faults += [step.fault] if step.fault else []
        return True

    def _begins(self, now):
        if self._next_at is None:
            last, _ = last_checks()
            self._next_at = last.checked_at + EVERY if last else now
        if now < self._next_at:
            return False
        self._steps, self._entries, self._faults = self._walk(), 0, []
        return True

    def _walk(self):
        yield from audit.walk()
        for some in parts_of(list(self._noted()), AT_ONCE):
            yield Walked(0)
            for fault in audit.verify_heads(some):
                yield Walked(0, fault)

    def _finish(self, now):
        with write_transaction():
            _kept(now, self._entries, self._faults, is_whole=True)
        self._steps, self._next_at = None, now + EVERY


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


def _kept(now, entries, faults, *, is_whole):
    found = [[fault.chain, fault.sequence, fault.problem] for fault in faults[:MOST_FAULTS]]
    return AuditCheck.create(checked_at=now, is_whole=is_whole, entries=entries,
                             chains=AuditChain.select().count(), faults=json.dumps(found))
