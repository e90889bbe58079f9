"""Holds: begun by a change, stopped by whoever has the old contact, lifted at the branch.

``begin`` and ``lift`` are parts of larger acts: inside their transactions, which have locked the
user, with all rows taken before anything is told. Everything that is done to a hold is done while
its user is locked.
"""

from datetime import timedelta

from webapp import audit
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.service import end_all_access
from webapp.assistance.service import hold_planned
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.challenges import service as challenges
from webapp.claims import service as claims
from webapp.claims.redirecting import has_some_at_bank, hold_back
from webapp.contacts.queries import settled_channels
from webapp.db import write_transaction
from webapp.holds import messages
from webapp.holds.queries import hold_with, is_standing_stop, stop_index, wait_of
from webapp.messages import outbox
from webapp.models.claims import CUT, IN_REVIEW, LINKED, WAITING_FOR_CODE, Destination, Hold
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import CLOSED
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import new_number, show_number

# A code has 55 random bits; this only keeps a machine from trying them all day.
STOP_ADDRESS = Limit("hold-stop-address", 20, timedelta(minutes=1))
# As somebody is told who says nothing plainer.
CHANGED = {"ponsel": "nomor ponsel akun Anda diganti", "email": "email akun Anda diganti",
           "rekening": "rekening tujuan Anda diganti"}
CHANNELS = {"ponsel": SMS, "email": EMAIL}
KINDS = {"ponsel": "security:contact", "email": "security:contact",
         "rekening": "security:destination"}


class NothingToStop(Exception):
    """No payout can be stopped with this code: there is none such, or its time is over."""


def begin(user, cause, now, *, old=None, what=None):
    """Let payouts to this person wait, and tell every contact what was changed.

    The code that stops them goes to the contact that was replaced, and to those that are older
    than 72 hours; where there is neither, to all there are.

    :param user: as the change left it.
    :param cause: ``ponsel``, ``email`` or ``rekening``.
    :param old: (channel, address) of a contact that was replaced, or None.
    :param what: what was changed, a sentence without its full stop, as an SMS has room for it.
    :returns: the ``Hold``.
    """
    number = new_number()
    hold = Hold.create(user=user, cause=cause, begun_at=now, until=now + wait_of(now),
                       stop_index=stop_index(number))
    waiting = hold_planned(user, hold.until, now)
    _tell_begun(user, hold, number, old, what or CHANGED[cause], now)
    audit.record(Event.HOLD_BEGUN, chain=audit.ACCOUNTS, actor=None, subject=user.public_id,
                 now=now, cause=cause, until=hold.until.isoformat(timespec="seconds"),
                 **({"assistance": [show_number(one) for one in waiting]} if waiting else {}))
    return hold


def stop(number, *, address, now):
    """Stop payouts for whoever holds the code, without signing in, until the branch has met the
    person. Doing it again changes nothing.

    What is linked is cut, whoever is in the account is out, and what was approved waits for
    another destination.

    :param number: as ``receipts.signing.parse_number`` gives it.
    :param address: the network address it comes from.
    :raises webapp.rate_limit.TooMany: too often from there.
    :raises NothingToStop: whatever the reason.
    """
    count_try(STOP_ADDRESS, address, now)
    found = hold_with(number)
    if found is None:
        raise NothingToStop
    with write_transaction():
        user, hold = locked(found.user_id), Hold.get_by_id(found.id)
        if hold.lifted_at or user.state == CLOSED:
            raise NothingToStop
        if hold.stopped_at:
            return
        if hold.until <= now:
            raise NothingToStop
        _stop(user, hold, now)


def lift(user, by, now):
    """The branch has met the person: payouts that were stopped go on. Returns how many stops.

    A hold that only runs its hours goes on: whoever came did not need to be met for it.

    :param by: the ``User`` of the staff who decided it.
    """
    lifted = (Hold.update(lifted_at=now, lifted_by=by)
              .where(Hold.user == user, is_standing_stop()).execute())
    if lifted:
        sms, email = messages.lifted(now)
        outbox.tell(user=user, kind="security:payouts open", about=None, now=now, sms=sms,
                    email=email)
        audit.record(Event.HOLD_LIFTED, chain=audit.ACCOUNTS, actor=by, subject=user.public_id,
                     now=now, holds=lifted)
    return lifted


def _stop(user, hold, now):
    at_bank = has_some_at_bank(user)
    held_back = hold_back(user, now)
    cut = list(Destination.update(state=CUT, ended_at=now, version=Destination.version + 1)
               .where(Destination.user == user,
                      Destination.state << (WAITING_FOR_CODE, IN_REVIEW, LINKED))
               .returning(Destination.case).execute())
    Hold.update(stopped_at=now).where(Hold.id == hold.id).execute()
    cases.close([row.case_id for row in cut if row.case_id], now)
    ended = end_all_access(user, now)
    _tell_stopped(user, at_bank, now)
    for claim in held_back:
        claims.record(Event.HOLD_STOPPED, claim, None, now)
    audit.record(Event.HOLD_STOPPED, chain=audit.ACCOUNTS, actor=None, subject=user.public_id,
                 now=now, cause=hold.cause, cut=len(cut), **ended,
                 claims=[show_number(claim.case.number) for claim in held_back])


def _tell_begun(user, hold, number, old, what, now):
    present = challenges.channels_of(user)
    trusted = [way for way in settled_channels(user, now)
               if way[0] != CHANNELS.get(hold.cause)] + ([old] if old else [])
    trusted = trusted or present
    with_code = messages.held(what, hold.until, number, now)
    without = messages.changed(what, hold.until, now)
    for way in dict.fromkeys([*trusted, *present]):
        _write(way, user, KINDS[hold.cause], with_code if way in trusted else without, now)


def _tell_stopped(user, at_bank, now):
    """On all contacts of today and of the last 72 hours: whose they are is not known yet."""
    texts = messages.stopped(at_bank, now)
    outbox.tell(user=user, kind="security:payouts stopped", about=None, now=now, sms=texts[0],
                email=texts[1])
    notices.tell_former(user, "security:payouts stopped", now, sms=texts[0], email=texts[1])


def _write(way, user, kind, texts, now):
    channel, address = way
    outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                    text=texts[0] if channel == SMS else texts[1], expires_in=outbox.KEPT_FOR)
