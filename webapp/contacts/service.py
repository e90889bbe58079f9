"""Changing a contact: a code to one that is proven, then one to the new, then all at once.

What was typed waits, sealed, in the challenge; nothing of the account changes before the new
contact has answered. A contact of somebody else's account gets a message in place of the code, so
that nobody learns here whose it is.
"""

import peewee

from webapp import audit, sessions
from webapp.accounts import notices
from webapp.accounts.contacts import mask, other_owner_of
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import waiting_challenge
from webapp.contacts.kinds import KINDS, MAIL, PHONE, kind_of
from webapp.db import write_transaction
from webapp.formats import BULLET
from webapp.holds import service as holds
from webapp.messages.gsm import gsm_text
from webapp.models.people import ACTIVE, User
from webapp.profile.browsers import in_words

LONGEST_IN_SMS = 28     # what an SMS with a code has left for it
CAUSES = {PHONE: "ponsel", MAIL: "email"}     # of a hold


class Taken(Exception):
    """Meanwhile the contact became somebody else's."""


class Outdated(Exception):
    """The account, or the session that asks, is not as it was when the codes were asked for."""


def may_change(user, kind):
    """Whether the person may do it alone: the e-mail of staff is given by the manager."""
    return not (user.is_staff and kind is MAIL)


def begin_change(user, kind, value, now):
    """Note the wish. Returns the ``Challenge`` whose code goes to a proven contact.

    :param value: as ``formats.parse_phone`` or ``formats.parse_email`` gives it.
    """
    return _begin(Purpose.CHANGE_CONTACT_OLD, user, _bound(user, kind, value), now)


def begin_proof(user, now):
    """The same for the contact given at registration; returns the ``Challenge`` whose code goes
    there, since nothing that was proven is given up."""
    value = user.unproven
    return _begin(Purpose.CHANGE_CONTACT_NEW, user, _bound(user, kind_of(value), value), now)


def go_on(challenge, now):
    """The proven contact answered. Returns the ``Challenge`` whose code goes to the new one.

    :raises challenges.AlreadyUsed: it went on before.
    """
    with write_transaction():
        challenges.use(challenge, now)
        return challenges.begin(Purpose.CHANGE_CONTACT_NEW, user=challenge.user, now=now,
                                bound=challenges.bound_to(challenge))


def wanted(challenge):
    """(kind, value) of the contact that this is about."""
    bound = challenges.bound_to(challenge)
    return KINDS[bound["kind"]], bound["value"]


def instead_of_code(user, kind, value):
    """Who hears what in place of a code, as ``challenges.send`` takes it; None for a contact that
    is nobody else's."""
    owner = other_owner_of(user, kind.channel, value)
    if owner is None:
        return None
    text = (f"{kind.word} ini sudah dipakai akun Purna, tetapi ada yang mencoba memasangnya "
            "di akun lain. Akun Anda tidak berubah.")
    return owner, f"Purna: {text}", (
        "Email ini sudah dipakai di Purna",
        f"{text[0].upper()}{text[1:]}\n\n"
        "Bukan Anda yang mencoba? Tidak ada yang perlu dilakukan.\n")


def change(challenge, session, now):
    """The new contact answered: it is the account's from now on; every other session and every
    code that was asked for ends.

    A contact given at registration counts as never changed. Returns the new value of the
    session's cookie.

    :param session: the ``Session`` that asks; it gets a new id.
    :raises challenges.AlreadyUsed: it was done before.
    :raises Taken: somebody else proved it first.
    :raises Outdated: the contact was changed, the account closed or the session ended meanwhile.
    """
    kind, value = wanted(challenge)
    try:
        with write_transaction():
            user = locked(challenge.user_id)
            challenges.use(challenge, now)
            old, is_given = kind.of(user), kind.of(user) is None and user.unproven == value
            _install(user, kind, value, challenges.bound_to(challenge)["before"],
                     changed_at=None if is_given else now)
            token = sessions.renew(session, now)
            if not token:
                raise Outdated
            if not is_given:     # a code on its way to the old contact opens nothing any more
                sessions.end_others(session, now)
                challenges.end_all(user, now)
            _tell(user, kind, old, is_given, now)
            audit.record(Event.CONTACT_CHANGED, chain=audit.ACCOUNTS, actor=user,
                         subject=user.public_id, now=now, contact=kind.field, proven=is_given,
                         old=old and mask(kind.channel, old), new=mask(kind.channel, value),
                         device=in_words(session.browser))
            return token
    except peewee.IntegrityError as reason:
        raise Taken from reason


def _begin(purpose, user, bound, now):
    """The act that waits; the same one when it is asked for twice, whose code is on its way."""
    with write_transaction():
        waiting = waiting_challenge(user, purpose, now)
        if waiting and challenges.bound_to(waiting) == bound:
            return waiting
        return challenges.begin(purpose, user=user, bound=bound, now=now)


def _bound(user, kind, value):
    """What will be done, and to what: a contact that was changed meanwhile is left alone."""
    return {"kind": kind.field, "value": value, "before": kind.index_of(user),
            "to": _in_sms(mask(kind.channel, value))}


def _in_sms(masked):
    """A masked contact in letters that every phone shows, short enough beside a code."""
    text = gsm_text(masked.replace(BULLET, "*")).replace("**** ****", "****")
    return text if len(text) <= LONGEST_IN_SMS else f"{text[:LONGEST_IN_SMS - 3]}..."


def _install(user, kind, value, before, changed_at):
    """Set the contact if it still is what it was; ``user`` shows it afterwards."""
    setattr(user, kind.field, value)
    if user.unproven and kind_of(user.unproven) is kind:
        user.unproven = None
    sealed, index = f"{kind.field}_sealed", f"{kind.field}_index"
    field = User._meta.fields[index]
    changed = (User.update({sealed: getattr(user, sealed), index: getattr(user, index),
                            f"{kind.field}_changed_at": changed_at,
                            "unproven_sealed": user.unproven_sealed})
               .where(User.id == user.id, User.state == ACTIVE,
                      field == before if before else field.is_null()).execute())
    if not changed:
        raise Outdated


def _tell(user, kind, old, is_given, now):
    """On the old contact itself, and on every one that is proven now. To a worker payouts wait
    after a change, and the old contact can stop them (rules §4)."""
    done = "dibuktikan" if is_given else "diganti" if old else "ditambahkan"
    what = f"{kind.word} akun Anda {done}"
    if user.is_worker and not is_given:
        holds.begin(user, CAUSES[kind], now, old=(kind.channel, old) if old else None, what=what)
        return
    if old:
        notices.tell_at(kind.channel, old, user, "security:contact", what, now)
    notices.tell(user, "security:contact", what, now)
