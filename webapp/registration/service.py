"""Making an account: what was typed waits, sealed, until a code proves one of its contacts.

Nobody learns from these steps whether a contact has an account already: its owner hears so in
place of the code, and all else is alike.
"""

import secrets
from datetime import date, datetime, timedelta

from peewee import IntegrityError

from webapp import audit, passwords, rate_limit, sessions, vault
from webapp.accounts.contacts import owner_of
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.db import write_transaction
from webapp.formats import nik_warnings
from webapp.linking import service as linking
from webapp.messages import outbox
from webapp.models.accounts import Challenge
from webapp.models.messages import EMAIL, SMS, Message
from webapp.models.people import WORKER, User
from webapp.rate_limit import Limit
from webapp.registration import messages
from webapp.terms.service import note_agreement

# As many as may sign in (rules §4): each costs a hash of 19 MiB, and may send a message.
BY_ADDRESS = Limit("register-address", 20, timedelta(minutes=1))
CONTACTS = ((SMS, "phone"), (EMAIL, "email"))
ANSWERS = ("nik", "name", "birth_date", "kpj", "phone", "email")


class Taken(Exception):
    """The proven contact belongs to another account by now."""


def begin(answers, password, *, begun, visit, now):
    """Note who wants to register; nothing is sent yet. The password is hashed first.

    What others began with the same contact goes on: whose it is shows only by its code. What this
    browser began is changed, so that it knows when a code was sent; sent twice, it is the same.

    :param begun: the ``Challenge`` this browser says it began last, or None.
    :param answers: what ``RegistrationForm.answers`` gives.
    :param visit: a ``sessions.Visit``.
    :returns: the ``Challenge``, and the device cookie's value by which this browser, and no other,
        may see the answers again.
    :raises rate_limit.TooMany: from this address.
    :raises passwords.Busy: too many at once.
    """
    rate_limit.count_try(BY_ADDRESS, visit.address, now)
    device = visit.device or secrets.token_urlsafe(32)
    bound = {**answers, "password_hash": passwords.hash_password(password), "terms": None,
             "browser": _browser(device)}
    person = challenges.person_of(typed=answers["phone"] or answers["email"])
    if begun and begun.person == person and _is_from(begun, device):
        return _changed(begun, bound, password, now), device
    return challenges.begin_beside(Purpose.REGISTER, user=None, bound=bound, now=now,
                                   person=person), device


def _changed(challenge, bound, password, now):
    """The same challenge for other answers; where nothing is new its code stays good."""
    before = challenges.bound_to(challenge)
    typed = before["password_hash"]
    if before == bound | {"password_hash": typed, "terms": before["terms"]} and (
            passwords.is_right(typed, password)):
        return challenge
    return challenges.rebind(challenge, bound, now)


def answers_of(challenge, device):
    """What was typed, for the browser where it was typed; None for any other.

    :param device: the device cookie's value.
    """
    if not device or not _is_from(challenge, device):
        return None
    bound = challenges.bound_to(challenge)
    return {name: bound[name] for name in ANSWERS} | {"phone": bound["phone_typed"]}


def proven_contact(challenge, device, now):
    """By what the account made with this code can be signed in to: (channel, address, whether it
    has another contact that is yet to be proven). None for a browser where it was not made, and
    once the hour is over in which it was begun.

    :param device: the device cookie's value.
    """
    user = challenge.user
    if not challenge.used_at or not user or challenge.expires_at <= now or (
            not sessions.is_known_device(user, device, now)):
        return None
    return challenge.channel, challenge.target, bool(user.unproven)


def _is_from(challenge, device):
    return challenges.bound_to(challenge)["browser"] == _browser(device)


def targets_of(challenge):
    """Where a code may go: list of (channel, address), the phone first."""
    bound = challenges.bound_to(challenge)
    return [(channel, bound[name]) for channel, name in CONTACTS if bound[name]]


def warnings_about(challenge):
    """Sentences about what is well formed and looks odd: never a reason to refuse it."""
    bound = challenges.bound_to(challenge)
    return nik_warnings(bound["nik"], date.fromisoformat(bound["birth_date"]))


def agreed_version(challenge):
    """Name of the version of the terms that was agreed to on the way, or None."""
    terms = challenges.bound_to(challenge)["terms"]
    return terms and terms["version"]


def agree(challenge, terms, *, address, now):
    """Bind the challenge to the terms that were shown, too; a code it had before ends.

    Agreeing to the same version again changes nothing: a form sent twice must not make the code
    useless that is on its way.

    :param terms: a ``versions.Terms``.
    :param address: of the network from where.
    :returns: the ``Challenge`` as it is bound now.
    """
    bound = challenges.bound_to(challenge)
    if bound["terms"] and bound["terms"]["version"] == terms.version:
        return challenge
    bound["terms"] = {"version": terms.version, "language": terms.language, "digest": terms.digest,
                      "agreed_at": now.isoformat(), "address": address}
    return challenges.rebind(challenge, bound, now)


def instead_of_code(channel, address):
    """Who hears what in place of a code, as ``challenges.send`` takes it; None for an address
    without an account."""
    owner = owner_of(channel, address)
    return owner and (owner, *messages.ALREADY)


def make_account(challenge, *, device, now):
    """Make the account, in one transaction with the code's end. Returns the device's cookie value.

    :param device: the device cookie's value, or empty.
    :raises challenges.AlreadyUsed: it was made with this code already.
    :raises Taken: the contact has an account.
    """
    bound = challenges.bound_to(challenge)
    user = _user(bound, now)
    try:
        with write_transaction():
            challenges.use(challenge, now)
            channel = _prove_contact(user, challenge, bound)
            user.save(force_insert=True)
            _hand_over(challenge, user)
            _tell(user, now)
            token = sessions.remember_device(user, device, now)
            linking.link(user, now)
            _record(user, bound["terms"], channel, now)
            return token
    except IntegrityError as clash:     # of the unique index: another account was faster
        if owner_of(SMS, user.phone) or owner_of(EMAIL, user.email):
            raise Taken from clash
        raise


def _hand_over(challenge, user):
    """What led to the account is the account's: it shows in Pesan, and goes with the account."""
    Challenge.update(user=user).where(Challenge.id == challenge.id).execute()
    Message.update(user=user).where(Message.about == challenge.public_id,
                                    Message.user.is_null()).execute()


def _user(bound, now):
    user = User(role=WORKER, name=bound["name"], birth_date=date.fromisoformat(bound["birth_date"]),
                claimed_kpj=bound["kpj"], password_hash=bound["password_hash"],
                password_changed_at=now, created_at=now)
    user.nik = bound["nik"]
    return user


def _prove_contact(user, challenge, bound):
    """Give the user the contact that the code went to; the other one waits for its own proof."""
    # As the row is now that the code is spent: another tab may have sent it elsewhere meanwhile.
    channel = Challenge.get_by_id(challenge.id).channel
    for way, name in CONTACTS:
        setattr(user, name if way == channel else "unproven", bound[name])
    return channel


def _tell(user, now):
    sms, email = messages.welcome(user.name)
    outbox.tell(user=user, kind="account:registered", about=user.public_id, now=now, sms=sms,
                email=email)


def _record(user, terms, channel, now):
    audit.record(Event.REGISTERED, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                 now=now, channel=channel)
    note_agreement(user, now=now, **terms | {"agreed_at": datetime.fromisoformat(
        terms["agreed_at"])})


def _browser(device):
    return vault.current().index(device, "registration.browser")
