"""The audit trail: every act is one entry of a hash chain, written in the act's own transaction.

An entry's MAC covers the chain's name, its sequence number, the time, the act and the MAC before
it, under a key that is not in the database. So an altered, missing, added or reordered entry shows.
That the newest entries were cut off shows against heads noted elsewhere (``heads``).

A chain is locked from its first entry until the transaction ends. Each company has its own, and
``ACCOUNTS``, which is everybody's, is several: a transaction writes to one of them alone, so that
no two transactions wait for each other's. ``record`` comes last in a transaction: whoever held a
chain while waiting for another row could make that row's holder wait for the chain in turn.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from weakref import WeakKeyDictionary

from peewee import JOIN

from webapp import counters
from webapp.audit_seal import is_sealed, sealed
from webapp.db import database
from webapp.models.audit import AuditChain, AuditEntry
from webapp.prepared import add_all, prepared

PAGE = 2000               # entries read at a time
ACCOUNTS = "accounts"     # sign-ins and other acts that belong to no company
# Its chains. In the one without a number are the entries that are older than the others.
OF_ACCOUNTS = (ACCOUNTS, *(f"{ACCOUNTS}:{number}" for number in range(16)))
# What is wrong with an entry.
MISSING, MISSING_AT_END = "is missing", "is missing at the end of the chain"
ALTERED = "was altered, or follows another entry"


class Event(StrEnum):
    """What can be recorded, as ``subject:what happened``."""

    SIGNED_IN = "session:began"
    SIGN_IN_REFUSED = "session:refused"
    SIGNED_OUT = "session:ended"
    DEACTIVATION_FILED = "deactivation:filed"
    DEACTIVATION_EFFECTIVE = "deactivation:took effect"
    DEACTIVATION_UNDONE = "deactivation:undone"
    CORRECTION_REQUESTED = "correction:requested"
    CORRECTION_MADE = "correction:made"
    CORRECTION_REFUSED = "correction:refused"
    REQUEST_SENT = "request:sent"
    REQUEST_APPROVED = "request:approved"
    REQUEST_REFUSED = "request:refused"
    REQUEST_FILLED = "request:filled in"
    REQUEST_WITHDRAWN = "request:withdrawn"
    REQUEST_ESCALATED = "request:escalated"
    OBJECTION_SENT = "objection:sent"
    OBJECTION_WITHDRAWN = "objection:withdrawn"
    OBJECTION_ANSWERED = "objection:answered"
    OBJECTION_GRANTED = "objection:granted"
    OBJECTION_UPHELD = "objection:turned down"
    CASE_TAKEN = "case:taken"
    CASE_HANDED_OVER = "case:handed over"
    CASE_SEEN = "case:seen"
    WALK_IN_BEGUN = "walk-in:begun"
    WALK_IN_PAIRED = "walk-in:paired"
    WALK_IN_GIVEN_UP = "walk-in:given up"
    REVERSAL_GIVEN_UP = "walk-in:reversal given up"
    REVERSAL_ASKED = "walk-in:reversal asked for"
    WALK_IN_REVERSED = "walk-in:reversed"
    PAPER_ADDED = "paper:added"
    PAPER_REMOVED = "paper:removed"
    PAPER_READ = "paper:read"
    RADAR_LISTED = "radar:listed"
    WORK_LETTER_APPROVED = "work letter:approved"
    DOCUMENT_STORED = "document:stored"
    DOCUMENT_READ = "document:read"
    UPLOADED = "upload:taken in"
    UPLOAD_ROW_CHANGED = "upload:row changed"
    UPLOAD_STARTED = "upload:started"
    UPLOAD_DONE = "upload:done"
    UPLOAD_UNDONE = "upload:undone"
    UPLOAD_DISCARDED = "upload:discarded"
    COMPANY_ADDED = "company:added"
    WORKERS_IMPORTED = "workers:imported"
    CONTRIBUTIONS_IMPORTED = "contributions:imported"
    ACCOUNT_ADDED = "account:added"
    REGISTERED = "account:registered"
    TERMS_AGREED = "terms:agreed"
    MEMBERSHIPS_LINKED = "memberships:linked"
    MEMBERSHIPS_UNLINKED = "memberships:unlinked"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105 (a name)
    PASSWORD_RESET_ASKED = "password:reset asked for"  # noqa: S105 (a name)
    PASSWORD_RESET = "password:reset"  # noqa: S105 (a name)
    WAYS_IN_ASKED = "account:ways in asked for"
    CONTACT_CHANGED = "contact:changed"
    DATA_CHANGED = "account:data changed"
    NOT_ME = "account:not me"
    AUTHENTICATOR_ADDED = "authenticator:added"
    AUTHENTICATOR_REMOVED = "authenticator:removed"
    RECOVERY_CODES_MADE = "recovery codes:made"
    RECOVERY_CODE_USED = "recovery code:used"
    PASSKEY_ADDED = "passkey:added"
    PASSKEY_REMOVED = "passkey:removed"
    IDENTITY_PROVEN = "session:proven again"
    DATA_DOWNLOADED = "account:data downloaded"
    CLOSURE_ASKED = "closure:asked for"
    CLOSURE_CANCELLED = "closure:cancelled"
    ACCOUNT_CLOSED = "account:closed"
    RECOVERY_ASKED = "recovery:asked for"
    RECOVERY_APPROVED = "recovery:approved"
    RECOVERY_REFUSED = "recovery:refused"
    PERSON_SEARCHED = "person:searched"
    PERSON_SEEN = "person:seen"
    CLERK_ADDED = "clerk:let in"
    CLAIM_SUBMITTED = "claim:submitted"
    CLAIM_TAKEN_UP = "claim:taken up"
    CLAIM_RETURNED = "claim:returned"
    CLAIM_CORRECTED = "claim:corrected"
    CLAIM_WITHDRAWN = "claim:withdrawn"
    INTERVIEW_ASKED = "claim:interview asked for"
    INTERVIEW_BOOKED = "claim:interview booked"
    INTERVIEW_HELD = "claim:interview held"
    CLAIM_APPROVED = "claim:approved"
    CLAIM_CONFIRMED = "claim:confirmed"
    CLAIM_SENT_BACK = "claim:sent back"
    CLAIM_REFUSED = "claim:refused"
    CLAIM_REDIRECTED = "claim:redirected"
    CLAIM_PAID = "claim:paid"
    PAYOUT_BOUNCED = "claim:payout bounced"
    PAYOUTS_EXPORTED = "payouts:exported"
    PAYOUTS_IMPORTED = "payouts:imported"
    SAVINGS_IMPORTED = "savings:imported"
    DESTINATION_LINKED = "destination:linked"
    DESTINATION_IN_REVIEW = "destination:in review"
    DESTINATION_REFUSED = "destination:refused"
    DESTINATION_CUT = "destination:cut"
    HOLD_BEGUN = "hold:begun"
    HOLD_STOPPED = "hold:stopped"
    HOLD_LIFTED = "hold:lifted"
    SWITCH_SUBMITTED = "switch:submitted"
    SWITCH_AT_BRANCH = "switch:at the branch"
    SWITCH_HELD_UP = "switch:held up by the company"
    SWITCH_RETURNED = "switch:returned"
    SWITCH_CORRECTED = "switch:corrected"
    SWITCH_APPROVED = "switch:approved"
    SWITCH_REFUSED = "switch:refused"
    SWITCH_WITHDRAWN = "switch:withdrawn"
    BILL_MADE = "bill:made"
    BILL_PAID = "bill:paid"
    BILL_EXPIRED = "bill:expired"
    BILLS_IMPORTED = "bills:imported"
    OWN_BEGAN = "own membership:began"
    OWN_BEHIND = "own membership:behind"
    OWN_LAPSED = "own membership:lapsed"
    OWN_ENDED = "own membership:ended"
    PROGRAMME_MADE = "programme:made"
    WAVE_MADE = "wave:made"
    WAVE_OPENED = "wave:opened"
    WAVE_EXTENDED = "wave:extended"
    WAVE_CLOSED = "wave:closed"
    WAVE_DRAWING = "wave:draw begun"
    WAVE_STOPPED = "wave:draw stopped"
    WAVE_ANNOUNCED = "wave:announced"
    WAVE_OVER = "wave:over"
    APPLICANT_JOINED = "applicant:joined"
    APPLICANT_WITHDRAWN = "applicant:withdrawn"
    APPLICANT_REVOKED = "applicant:revoked"
    ASSISTANCE_GRANTED = "assistance:granted"
    ASSISTANCE_CHANGED = "assistance:changed"
    ASSISTANCE_IMPORTED = "assistance:imported"
    BLOCK_PROPOSED = "block:proposed"
    BLOCK_DROPPED = "block:dropped"
    BLOCK_CONFIRMED = "block:confirmed"
    BLOCK_REVIEWED = "block:reviewed"
    BLOCK_LONGER_ASKED = "block:longer asked for"
    BLOCK_LONGER_REFUSED = "block:longer refused"
    BLOCK_EXTENDED = "block:extended"
    BLOCK_ENDED = "block:ended"
    COMPLAINT_SENT = "complaint:sent"
    COMPLAINT_ASKED = "complaint:asked back"
    COMPLAINT_ANSWERED = "complaint:answered"
    COMPLAINT_UNANSWERED = "complaint:not answered"
    COMPLAINT_GRANTED = "complaint:granted"
    COMPLAINT_REFUSED = "complaint:refused"
    COMPLAINT_ERASED = "complaint:erased"
    AUDIT_SEEN = "audit:seen"
    AUDIT_CHECKED = "audit:checked"


@dataclass(frozen=True)
class Fault:
    """The first entry of a chain that is not as it was written."""

    chain: str
    sequence: int
    problem: str


_COUNTED = {Event.SIGNED_IN: counters.SIGN_INS.labels(counters.BEGAN),
            Event.SIGN_IN_REFUSED: counters.SIGN_INS.labels(counters.REFUSED)}
_chosen = WeakKeyDictionary()     # which of ACCOUNTS a transaction writes to


def company_chain(company):
    """The name of a company's chain: companies do not queue behind one another."""
    return f"company:{company.public_id.hex}"


class Act(NamedTuple):
    """One act to be recorded: see ``record`` for what each means."""

    event: Event
    actor: object
    subject: object
    details: dict


def record(event, *, chain, actor, subject, now, **details):
    """Append one entry; call it inside the act's write transaction.

    :param chain: what ``company_chain`` gives, or ``ACCOUNTS``.
    :param actor: the ``User`` who acts, or None for the system.
    :param subject: the public id of what it happened to, or None.
    :param details: JSON values; references and masked values only, never a full NIK or address.
    """
    record_all([Act(event, actor, subject, details)], chain=chain, now=now)


def record_all(acts, *, chain, now):
    """Append an entry for each ``Act`` to one chain, in their order."""
    if not database.in_transaction():
        raise RuntimeError("an audit entry belongs in the transaction of its act")
    if chain == ACCOUNTS:
        chain = _one_of_accounts(acts[0].subject)
    row = _advance(chain, len(acts))
    entries = sealed(acts, chain=chain, after=row.sequence - len(acts), head=row.head, now=now)
    add_all(AuditEntry, [{"chain": row.id, **entry} for entry in entries])
    _set_head.execute(row.id, entries[-1]["mac"])
    for act in acts:
        if act.event in _COUNTED:
            database.after_commit(_COUNTED[act.event].inc)


def _one_of_accounts(subject):
    """By what it happened to; a transaction goes on with the one it began with."""
    number = int(subject.hex[-1], 16) if subject else 0
    return _chosen.setdefault(database.top_transaction(), f"{ACCOUNTS}:{number}")


class Walked(NamedTuple):
    """A step of a walk: how many entries were as they were written, or the ``Fault`` met."""

    entries: int
    fault: Fault | None = None


def verify():
    """Walk every chain. Yields a ``Fault`` for the first bad entry of each damaged chain."""
    return (step.fault for step in walk() if step.fault)


def walk():
    """The same walk a page at a time, for those who do other things between: yields ``Walked``."""
    for chain in list(AuditChain.select().order_by(AuditChain.id)):
        yield from _walk(chain)
    orphans = (AuditEntry.select(AuditEntry.chain_id, AuditEntry.sequence)
               .where(AuditEntry.chain_id.not_in(AuditChain.select(AuditChain.id))))
    for entry in orphans.limit(1):
        yield Walked(0, Fault(f"#{entry.chain_id}", entry.sequence,
                              "belongs to a chain that is gone"))


def verify_newest(count):
    """Check the newest entries of all chains, each against the one before it.

    :returns: (how many were checked, a list with the first ``Fault`` of each chain).
    """
    earlier = AuditEntry.alias()
    follows = (earlier.chain == AuditEntry.chain) & (
        earlier.sequence == AuditEntry.sequence - 1)
    newest = list(AuditEntry.select(AuditEntry, earlier.mac.alias("mac_before"))
                  .join(earlier, JOIN.LEFT_OUTER, on=follows)
                  .order_by(AuditEntry.id.desc()).limit(count).objects())
    last = {entry.chain_id: entry for entry in reversed(newest)}
    chains = {chain.id: chain for chain in AuditChain.select().where(AuditChain.id << list(last))}
    faults = {}
    for entry in reversed(newest):
        name = chains[entry.chain_id].name
        if name not in faults and (problem := _problem_of(name, entry)):
            faults[name] = problem
    for number, entry in last.items():
        fault = _fault_at_end(chains[number], entry.mac, entry.sequence + 1)
        if fault:
            faults.setdefault(fault.chain, fault)
    return len(newest), list(faults.values())


def heads():
    """Where each chain stands: (name, sequence, head). Keep it elsewhere to notice cuts."""
    return AuditChain.select(AuditChain.name, AuditChain.sequence, AuditChain.head).tuples()


def verify_heads(noted):
    """Compare with heads noted before. Yields a ``Fault`` for each entry noted and now not there.

    :param noted: an iterable of (chain name, sequence, head).
    """
    for name, sequence, head in noted:
        found = (AuditEntry.select(AuditEntry.mac).join(AuditChain)
                 .where(AuditChain.name == name, AuditEntry.sequence == sequence).scalar())
        if sequence and found != head:
            yield Fault(name, sequence, "was noted before and is missing or different now")


def _advance(chain, count):
    """Lock the chain and take its next numbers; the row holds the last of them, and the head so
    far."""
    row = _take_numbers.one(chain, count)
    if row is None:
        AuditChain.insert(name=chain).on_conflict_ignore().execute()
        row = _take_numbers.one(chain, count)
    return row


@prepared
def _take_numbers(chain, count):
    return (AuditChain.update(sequence=AuditChain.sequence + count)
            .where(AuditChain.name == chain)
            .returning(AuditChain.id, AuditChain.sequence, AuditChain.head))


@prepared
def _set_head(number, mac):
    return AuditChain.update(head=mac).where(AuditChain.id == number)


def _walk(chain):
    """The steps along one chain, up to its first fault."""
    previous, expected = "", 1
    for page in _pages(chain):
        for entry in page:
            if entry.sequence != expected:
                yield Walked(0, Fault(chain.name, expected, MISSING))
                return
            if not is_sealed(chain.name, entry, previous):
                yield Walked(0, Fault(chain.name, entry.sequence, ALTERED))
                return
            previous, expected = entry.mac, expected + 1
        yield Walked(len(page))
    fault = _fault_at_end(AuditChain.get_by_id(chain.id), previous, expected)
    if fault:
        yield Walked(0, fault)


def _problem_of(name, entry):
    """The ``Fault`` of an entry that was read with the MAC before it, or None."""
    if entry.mac_before is None and entry.sequence != 1:
        return Fault(name, entry.sequence - 1, MISSING)
    if is_sealed(name, entry, entry.mac_before or ""):
        return None
    return Fault(name, entry.sequence, ALTERED)


def _fault_at_end(fresh, previous, expected):
    """The ``Fault`` of a chain that does not stand where its entries end, or None.

    Acts go on meanwhile: it must stand there, or further on with the entry it names.

    :param fresh: the chain, read after its entries.
    """
    if fresh.sequence >= expected and _has_entry(fresh, expected):
        return None     # written meanwhile; the next run judges it
    if (fresh.sequence, fresh.head) != (expected - 1, previous):
        return Fault(fresh.name, expected, MISSING_AT_END)
    return None


def _has_entry(chain, sequence):
    return (AuditEntry.select().where(AuditEntry.chain == chain.id,
                                      AuditEntry.sequence == sequence).exists())


def _pages(chain):
    """The entries of a chain in order, a page at a time: millions must not stay in memory, nor
    keep one statement open."""
    after = -(2 ** 62)     # below any number, so that an added entry shows wherever it stands
    while True:
        page = _entries_after.rows(chain.id, after, PAGE)
        yield page
        if len(page) < PAGE:
            return
        after = page[-1].sequence


@prepared
def _entries_after(chain, sequence, count):
    return (AuditEntry.select().where(AuditEntry.chain == chain, AuditEntry.sequence > sequence)
            .order_by(AuditEntry.sequence).limit(count))
