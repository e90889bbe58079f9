"""Changing one's own account, and taking it back from somebody else."""

import logging
from calendar import monthrange
from datetime import date, timedelta

from webapp import audit, passwords, rate_limit, sessions, vault
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.service import end_all_access
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.clock import day_of, start_of
from webapp.contacts.queries import settled_channels
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.people import MAY_SIGN_IN, User
from webapp.profile.browsers import in_words
from webapp.profile.data_in_words import sections
from webapp.profile.held_data import everything_about
from webapp.profile.queries import is_due_for_reminder
from webapp.rate_limit import IN_SESSION
from webapp.renewal import still_open

MONTHS = (3, 6, 12)
AT_ONCE = 500       # reminders written by one run

log = logging.getLogger(__name__)


class WrongPassword(Exception):
    """Not the password of this account."""


class Outdated(Exception):
    """The password was changed, or the session ended, since it was checked."""


def change_password(user, session, *, current, new, now):
    """Replace the password by one that keeps the rules. Returns the session's new cookie value.

    A wrong current one is counted before it is judged.

    :param new: as ``password_rules`` accepts it; another than ``current``.
    :raises WrongPassword: ``current`` is not it.
    :raises rate_limit.TooMany: too often.
    :raises passwords.Busy: too many at once.
    :raises Outdated: see there.
    """
    subject = user.public_id.hex
    rate_limit.count_try(IN_SESSION, subject, now)
    if not passwords.is_right(user.password_hash, current):
        raise WrongPassword
    rate_limit.forget_failures(IN_SESSION, subject)
    return put_in_place(user, session, passwords.hash_password(new), now)


def put_in_place(user, session, new_hash, now):
    """Store a new password in place of the one this ``user`` was read with; end all that the old
    one opened or began: other sessions, and codes that were asked for."""
    with write_transaction():
        locked(user.id)
        changed = (User.update(password_hash=new_hash, password_changed_at=now)
                   .where(User.id == user.id, User.password_hash == user.password_hash,
                          User.state << MAY_SIGN_IN).execute())
        token = changed and sessions.renew(session, now)
        if not token:
            raise Outdated
        ended = sessions.end_others(session, now)
        challenges.end_all(user, now)
        notices.tell(user, "security:password", "kata sandi akun Anda diganti", now)
        audit.record(Event.PASSWORD_CHANGED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, sessions=ended,
                     device=in_words(session.browser))
    return token


def change_address(session, address, now):
    """Note where the person lives; empty for nowhere known.

    :raises renewal.SessionOver: the session ended meanwhile.
    """
    user = session.user
    user.address = address or None
    with write_transaction():
        locked(user.id)
        still_open(session, now)
        User.update(address_sealed=user.address_sealed).where(User.id == user.id).execute()
        _note_change(user, "address", now)


def change_reminder(session, months, now):
    """Remind of the password every so many months, or (None) no more.

    :raises renewal.SessionOver: the session ended meanwhile.
    """
    user = session.user
    with write_transaction():
        locked(user.id)
        still_open(session, now)
        User.update(reminder_months=months).where(User.id == user.id).execute()
        _note_change(user, "reminder", now)


def remind(now):
    """Write to those who asked for it and whose password is as old as they said; once a period.

    Nothing is forced: rules §4 knows no rotation. Returns how many were written to.
    """
    written = 0
    for months in MONTHS:
        cutoff = months_before(now, months)
        due = User.select().where(is_due_for_reminder(months, cutoff)).limit(AT_ONCE)
        for user in list(due):
            written += _remind(user, months, cutoff, now)
    return written


def months_before(moment, months):
    """When the same day some months ago was over in Jakarta; the month's last day where there is
    no such day."""
    day = day_of(moment)
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    last = monthrange(year, month)[1]
    return start_of(date(year, month, min(day.day, last)) + timedelta(days=1))


def not_me(user, now):
    """Somebody else is, or was, in the account: end all at once, and begin a new password.

    Ended are every session, every known device, the password, the passkeys, and every code that
    was asked for; an authenticator stays, since taking away a second factor helps a thief. Who
    presses it may be the thief. He gains nothing: he loses his session and the password, and the
    code goes to a proven contact that was not changed within 72 hours, the owner's. Whoever holds
    that contact could have had the same code by ``Lupa sandi``. Where both contacts were changed
    just now there is no telling whose they are, and no code is sent.

    :returns: (the ``Challenge`` of the new password, where its code goes: list of (channel,
        target)); or (None, []) when no contact is old enough.
    """
    with write_transaction():
        user = locked(user.id)
        User.update(password_hash=None).where(User.id == user.id).execute()
        ended = end_all_access(user, now)
        _tell_not_me(user, now)
        challenge, targets = _begin_new_password(user, now)
        audit.record(Event.NOT_ME, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, **ended)
    return challenge, targets


def is_after_not_me(challenge):
    """Whether ``not_me`` began this: only then its page may say where the code went."""
    return bool(challenge.user and "channels" in challenges.bound_to(challenge))


def _begin_new_password(user, now):
    targets = settled_channels(user, now)
    if not targets:
        return None, []
    bound = {"channels": [channel for channel, _ in targets]}
    return challenges.begin(Purpose.RESET_PASSWORD, user=user, bound=bound, now=now), targets


def download(user, now):
    """A copy of all that is held about this person, a dict of JSON values; recorded."""
    return _handed_out(user, "file", now)


def data_on_screen(user, now):
    """The same in words, a list of ``data_in_words.Section``; recorded."""
    return sections(_handed_out(user, "screen", now))


def _handed_out(user, how, now):
    with write_transaction():
        audit.record(Event.DATA_DOWNLOADED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, how=how)
    return everything_about(user)


def _remind(user, months, cutoff, now):
    try:
        return _write_reminder(user, months, cutoff, now)
    except vault.Unreadable:     # others must not wait for it
        log.error("user %s: a contact cannot be read; no reminder was written", user.id)
        return 0


def _write_reminder(user, months, cutoff, now):
    with write_transaction():
        if not (User.update(reminded_at=now)
                .where(User.id == user.id, is_due_for_reminder(months, cutoff)).execute()):
            return 0
        text = f"Sudah {months} bulan sejak kata sandi Anda diganti. Anda meminta pengingat ini."
        where = "Buka Purna > Profil > Ganti kata sandi."
        outbox.tell(user=user, kind="reminder:password", about=None, now=now,
                    sms=f"Purna: {text} {where}",
                    email=("Pengingat ganti kata sandi Purna",
                           f"{text}\n\n{where}\nTidak mau diingatkan lagi? "
                           "Matikan di Profil > Pengingat ganti sandi.\n"))
    return 1


def _tell_not_me(user, now):
    kind, subject = "security:not me", "Keamanan akun Purna Anda"
    done = "\"Ini bukan saya\" ditekan di akun Anda. Semua perangkat keluar"
    text = f"{done} dan kata sandi dimatikan. Buat yang baru lewat Masuk > Lupa sandi."
    outbox.tell(user=user, kind=kind, about=None, now=now, sms=f"Purna: {text}",
                email=(subject, f"{text}\n"))
    former = f"{done}. Kontak ini baru diganti. Bukan Anda? Datang ke kantor cabang, bawa KTP."
    notices.tell_former(user, kind, now, sms=f"Purna: {former}", email=(subject, f"{former}\n"))


def _note_change(user, what, now):
    audit.record(Event.DATA_CHANGED, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                 now=now, what=what)
