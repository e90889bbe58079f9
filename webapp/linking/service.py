"""Connecting an account with the memberships that companies reported for the same person.

Somebody is that person whose NIK, birth date and name are the worker's, and who besides either
proved the phone or e-mail that a company reported, or knows a card number (KPJ). Nothing here tells
whether a NIK or a card number exists: what does not fit and what is not there give one answer.
"""

from datetime import timedelta

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.linking import messages
from webapp.linking.names import is_same_name
from webapp.linking.queries import closed_accounts, worker_like, worker_linked_to
from webapp.messages import outbox
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import ACTIVE, BLOCKED, CLOSED, User
from webapp.models.workers import Membership, Worker
from webapp.rate_limit import Limit, count_try, forget_failures

# Five numbers an hour; the fifth in a row that does not fit locks for an hour, then for two …
GUESSES = Limit("linking", 5, timedelta(hours=1), 5, timedelta(hours=1))

BY_CONTACT, BY_CARD = "contact", "card"


def link(user, now):
    """Connect an account with its worker if it may be. Cheap where there is nothing to connect.

    :returns: the ``Worker`` it is connected with now, or None.
    """
    linked = worker_linked_to(user)
    if linked or not (user.is_worker and user.nik_index):
        return linked
    worker = worker_like(user)
    proof = _proof(user, worker)
    if not proof or not is_same_name(user.name, worker.name):
        return None
    return _linked(worker, user, proof, now)


def needs_branch(user):
    """Whether only the branch can connect an account: a reported contact shows that it is the
    worker's, but another account that is blocked has the worker."""
    worker = worker_like(user) if user.nik_index else None
    return (_proof(user, worker) == BY_CONTACT and is_same_name(user.name, worker.name)
            and worker.user is not None and worker.user.state == BLOCKED)


def claim_card(user, kpj, now):
    """Note the card number somebody says to have, and try to connect with it.

    The try is counted before it is judged.

    :param kpj: as ``formats.parse_kpj`` gives it.
    :returns: the ``Worker``, or None.
    :raises rate_limit.TooMany: too many numbers were tried.
    """
    count_try(GUESSES, user.public_id.hex, now)
    user.claimed_kpj = kpj
    with write_transaction():
        User.update(claimed_kpj=kpj).where(User.id == user.id).execute()
        worker = link(user, now)
    if worker:
        forget_failures(GUESSES, user.public_id.hex)
    return worker


def _proof(user, worker):
    """What shows that the account is this worker's, or None."""
    if worker is None:
        return None
    reported = {SMS: worker.phone, EMAIL: worker.email}
    if any(address and address == reported[channel]
           for channel, address in ((SMS, user.phone), (EMAIL, user.email))):
        return BY_CONTACT
    has_card = user.claimed_kpj and Membership.select().where(
        Membership.worker == worker, Membership.kpj == user.claimed_kpj).exists()
    return BY_CARD if has_card else None


def _linked(worker, user, proof, now):
    """The worker if the account could be put in its place: never in that of an open one, and never
    in that of a blocked one, whose block would be of no use."""
    is_free = Worker.user.is_null() | (Worker.user << closed_accounts())
    with write_transaction():
        displaced = _held_by_card(worker) if proof == BY_CONTACT else None
        people = sorted({user.id, displaced.id if displaced else user.id})
        states = {number: locked(number).state for number in people}
        if states[user.id] != ACTIVE or BLOCKED in states.values():
            return None
        if displaced:
            is_free |= Worker.user == displaced
        changed = Worker.update(user=user).where(Worker.id == worker.id, is_free).execute()
        if not changed:
            return worker_linked_to(user)
        audit.record(Event.MEMBERSHIPS_LINKED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, worker=worker.public_id.hex, by=proof)
        if proof == BY_CARD:
            _tell_reported(worker, user, now)
        if displaced:
            _tell_displaced(displaced, worker, now)
    worker.user = user
    return worker


def _held_by_card(worker):
    """The open account that has this worker by nothing but a card number, or None.

    Whoever works beside somebody may know the number; the contact that a company reported is
    stronger, and takes the memberships over.
    """
    holder = User.get_or_none(User.id == Worker.get_by_id(worker.id).user_id)
    is_weaker = holder and holder.state != CLOSED and _proof(holder, worker) != BY_CONTACT
    return holder if is_weaker else None


def _tell_displaced(holder, worker, now):
    outbox.tell(user=holder, kind="account:unlinked", about=None, now=now,
                sms=messages.DISPLACED_SMS, email=messages.DISPLACED_EMAIL)
    audit.record(Event.MEMBERSHIPS_UNLINKED, chain=audit.ACCOUNTS, actor=None,
                 subject=holder.public_id, now=now, worker=worker.public_id.hex)


def _tell_reported(worker, user, now):
    """Who knows a card number may be somebody else: the contacts a company reported are told.

    None of them is the account's: then that would have been the proof.
    """
    for channel, address, text in ((SMS, worker.phone, messages.SMS),
                                   (EMAIL, worker.email, messages.EMAIL)):
        if address:
            outbox.write_to(channel, address, worker=worker, kind="account:linked by card",
                            about=user.public_id, now=now, text=text,
                            expires_in=outbox.KEPT_FOR)
