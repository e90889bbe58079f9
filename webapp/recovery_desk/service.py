"""New contacts for somebody who lost the old ones: an officer asks, somebody else decides.

The officer sees the papers, the new phone or mailbox proves itself at the counter by a code, and a
supervisor or manager, never the one who asked, decides. That they differ is in the schema too.
"""

from peewee import IntegrityError

from webapp import audit
from webapp.accounts import notices
from webapp.accounts.contacts import mask, other_owner_of
from webapp.accounts.locking import locked
from webapp.accounts.service import end_all_access
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import waiting_challenge
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.holds import service as holds
from webapp.messages import outbox
from webapp.models.accounts import (
    APPROVED,
    ASKED,
    REFUSED,
    Authenticator,
    Recovery,
    RecoveryCode,
)
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import AT_BRANCH, RECOVERY, Case
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import ACTIVE, User
from webapp.parameters import rules_on
from webapp.recovery_desk import messages
from webapp.recovery_desk.queries import may_decide, open_recovery_of


class NotActive(Exception):
    """The account is being closed, is closed or is blocked."""


class AlreadyAsked(Exception):
    """One recovery of this account waits already."""


class AlreadyDecided(Exception):
    """Somebody else decided it."""


class ContactTaken(Exception):
    """A new contact belongs to another account by now."""


class NotYours(Exception):
    """This person may not decide this recovery."""


def begin(person, officer, *, papers, contacts, note, now):
    """Note what an officer wants to ask for; the contacts are yet to be proven.

    :param papers: codes of what was shown.
    :param contacts: dict of channel and new address, one or two.
    :returns: the ``Challenge`` for the first contact; the same one when it is asked for twice,
        whose code is on its way.
    :raises NotActive: and :raises AlreadyAsked: as they say.
    """
    bound = {"officer": officer.public_id.hex, "papers": papers, "note": note,
             "contacts": contacts, "to_prove": list(contacts)}
    with write_transaction():
        refuse_unless_open(locked(person.id))
        waiting = waiting_challenge(person, Purpose.RECOVER, now)
        if waiting and challenges.bound_to(waiting) == bound:
            return waiting
        return challenges.begin(Purpose.RECOVER, user=person, now=now, bound=bound)


def refuse_unless_open(person):
    """Raise what stands in the way of a recovery, if anything does."""
    if person.state != ACTIVE:
        raise NotActive
    if open_recovery_of(person):
        raise AlreadyAsked


def target_of(challenge):
    """The contact this challenge proves: (channel, address)."""
    bound = challenges.bound_to(challenge)
    return bound["to_prove"][0], bound["contacts"][bound["to_prove"][0]]


def is_of(challenge, officer):
    """Whether this officer began it."""
    return challenges.bound_to(challenge)["officer"] == officer.public_id.hex


def prove(challenge, now):
    """The code was right and another contact is yet to be proven: its ``Challenge``; else None.

    :raises challenges.AlreadyUsed: somebody was faster.
    """
    bound = challenges.bound_to(challenge)
    left = bound["to_prove"][1:]
    if not left:
        return None
    with write_transaction():
        challenges.use(challenge, now)
        return challenges.begin(Purpose.RECOVER, user=challenge.user, now=now,
                                bound=bound | {"to_prove": left})


def ask(challenge, officer, now):
    """The last code was right: ask for the recovery. Returns the ``Recovery``.

    :raises challenges.AlreadyUsed: somebody was faster.
    :raises NotActive: and :raises AlreadyAsked: as they say.
    """
    bound, person = challenges.bound_to(challenge), challenge.user
    row = Recovery(user=person, papers=",".join(bound["papers"]), note=bound["note"],
                   asked_by=officer, asked_at=now)
    row.phone, row.email = bound["contacts"].get(SMS), bound["contacts"].get(EMAIL)
    try:
        with write_transaction():
            fresh = locked(person.id)
            challenges.use(challenge, now)
            refuse_unless_open(fresh)
            row.save(force_insert=True)
            until = deadlines.recovery_until(day_of(now), rules_on(day_of(now)))
            cases.open_case(RECOVERY, branch=officer.branch_id or HEAD_OFFICE, opened_by=officer,
                            holder=AT_BRANCH, due_on=until, now=now, user=person, recovery=row)
            notices.tell(person, "security:recovery asked", messages.ASKED, now)
            audit.record(Event.RECOVERY_ASKED, chain=audit.ACCOUNTS, actor=officer,
                         subject=person.public_id, now=now, recovery=row.public_id.hex,
                         papers=row.papers, contacts=_masked(row))
    except IntegrityError as reason:
        if open_recovery_of(person):
            raise AlreadyAsked from reason
        raise
    return row


def approve(recovery, supervisor, now):
    """Replace the contacts, void the password, end the sessions; tell the old and the new.

    Payouts that were stopped go on: the branch has met the person, and 72 hours pass first.
    What was lost with the phone goes too: its passkeys, and for all but staff the authenticator.
    Staff go on needing theirs, so that no two colleagues can open a third one's account.

    :raises NotYours: :raises AlreadyDecided: :raises NotActive: :raises ContactTaken: as they say.
    """
    contacts = _contacts_of(recovery)
    try:
        with write_transaction():
            person = locked(recovery.user_id)
            _decide(recovery, supervisor, APPROVED, "", now)
            if person.state != ACTIVE:
                raise NotActive
            if _is_anybodys(contacts, person):
                raise ContactTaken
            leaving = [contact for contact in challenges.channels_of(person)
                       if contact not in contacts.items()]
            _replace_contacts(person, contacts, now)
            end_all_access(person, now)
            _forget_factors(person)
            notices.tell_former(person, "security:contact replaced", now,
                                sms=messages.LEAVING[0], email=messages.LEAVING[1])
            _tell(leaving, messages.LEAVING, "security:contact replaced", person, now)
            _tell(contacts.items(), messages.ARRIVING, "security:recovered", person, now)
            holds.lift(person, supervisor, now)
            audit.record(Event.RECOVERY_APPROVED, chain=audit.ACCOUNTS, actor=supervisor,
                         subject=person.public_id, now=now, recovery=recovery.public_id.hex,
                         contacts=_masked(recovery))
    except IntegrityError as reason:
        if _is_anybodys(contacts, recovery.user):
            raise ContactTaken from reason
        raise


def refuse(recovery, supervisor, reason, now):
    """Leave everything as it was, and tell everybody.

    :raises NotYours: and :raises AlreadyDecided: as they say.
    """
    contacts = _contacts_of(recovery)
    with write_transaction():
        _decide(recovery, supervisor, REFUSED, reason, now)
        notices.tell(recovery.user, "security:recovery refused", messages.REFUSED, now)
        _tell(contacts.items(), messages.NOT_GIVEN, "account:not recovered", None, now)
        audit.record(Event.RECOVERY_REFUSED, chain=audit.ACCOUNTS, actor=supervisor,
                     subject=recovery.user.public_id, now=now, recovery=recovery.public_id.hex)


def _is_anybodys(contacts, person):
    """Whether one of the contacts is somebody else's."""
    return any(other_owner_of(person, *contact) for contact in contacts.items())


def _decide(recovery, supervisor, state, reason, now):
    """Two at once: one decides. What the new contacts were is kept no longer than needed.

    :raises webapp.cases.service.TakenByColleague: another one has taken it.
    """
    if not may_decide(recovery, supervisor):
        raise NotYours
    decided = (Recovery.update(state=state, decided_by=supervisor, decided_at=now, reason=reason,
                               phone_sealed=None, email_sealed=None)
               .where(Recovery.id == recovery.id, Recovery.state == ASKED).execute())
    if not decided:
        raise AlreadyDecided
    case = Case.get(Case.recovery == recovery)
    cases.claim(case, supervisor, case.version, now)
    cases.close([case.id], now)


def _replace_contacts(person, contacts, now):
    """Also the contact that is not given again goes: it was lost, or somebody else has it."""
    before = person.phone, person.email
    person.phone, person.email, person.unproven = contacts.get(SMS), contacts.get(EMAIL), None
    person.password_hash, person.password_changed_at = None, now
    if person.phone != before[0]:
        person.phone_changed_at = now
    if person.email != before[1]:
        person.email_changed_at = now
    person.save(only=_REPLACED)


_REPLACED = (User.phone_sealed, User.phone_index, User.phone_changed_at, User.email_sealed,
             User.email_index, User.email_changed_at, User.unproven_sealed, User.password_hash,
             User.password_changed_at)


def _forget_factors(person):
    if not person.is_staff:
        Authenticator.delete().where(Authenticator.user == person).execute()
        RecoveryCode.delete().where(RecoveryCode.user == person).execute()


def _contacts_of(recovery):
    return {channel: address for channel, address in
            ((SMS, recovery.phone), (EMAIL, recovery.email)) if address}


def _masked(recovery):
    return [mask(*contact) for contact in _contacts_of(recovery).items()]


def _tell(contacts, texts, kind, user, now):
    """One message to each address; ``texts`` are (sms, (subject, body))."""
    for channel, address in contacts:
        outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                        text=texts[0] if channel == SMS else texts[1],
                        expires_in=outbox.KEPT_FOR)
