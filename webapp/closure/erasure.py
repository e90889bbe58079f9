"""What goes when an account is closed, and what stays.

Goes: the contacts, proven, unproven, and reported by a company (else Purna would still have them);
NIK, birth date, card number and address as the person gave them; password, authenticator, recovery
codes, passkeys, known devices, sessions, codes, kept input, what was typed in a case and not sent,
the address in a request (``requests.service.end_with_account``);
applications for waves that are still open (``programmes.service.end_with_account``);
to whom messages went, and the text of those about the account; a clerk's right to act for
companies; a worker's name on the account; accounts and e-wallets that were linked, but the one
that an open claim is to be paid to, until that is over (``destinations.service.erase_unneeded``).

Stays, as legal record: the worker with NIK and name, memberships, deactivations, receipts, papers,
claims with their payouts and where these went, the audit trail (which knows the account by its
public id only), the terms agreed to, blocks and complaints with what was said in them, and that the
closure itself was asked for. A clerk's name stays: receipts and work letters say who filed them.
"""

from webapp.cases.service import close
from webapp.destinations import service as destinations
from webapp.messages.outbox import FAREWELL
from webapp.models.accounts import (
    ASKED,
    REFUSED,
    Authenticator,
    Challenge,
    Passkey,
    Recovery,
    RecoveryCode,
)
from webapp.models.cases import Case, CaseVisit, DeactivationRequest
from webapp.models.claims import Destination
from webapp.models.companies import CompanyClerk
from webapp.models.messages import EXPIRED, WAITING, Message
from webapp.models.people import Device, KeptInput, Session, User
from webapp.models.workers import Worker

OF_THE_USER = (Session, Device, Authenticator, RecoveryCode, Passkey, Challenge, KeptInput,
               CaseVisit, CompanyClerk)
# Every table in which something personal was, for those who take it out of the files.
TABLES = (User, Worker, Message, Recovery, DeactivationRequest, Destination, *OF_THE_USER)
NOT_SENT = "Akun ditutup sebelum pesan ini terkirim."


def erase(user, now):
    """Erase what a closed account leaves; inside the transaction that closes it.

    Messages of the kind ``FAREWELL`` keep their address until they have ended.
    """
    worker = Worker.get_or_none(Worker.user == user)
    destinations.end_with_account(user, now)
    _erase_messages(user, worker)
    for table in OF_THE_USER:
        table.delete().where(table.user == user).execute()
    _erase_recoveries(user, now)
    if worker:
        _update(Worker, worker, user=None, phone_sealed=None, phone_index=None,
                email_sealed=None, email_index=None)
    _update(User, user, name="" if user.is_worker else user.name,
            email_sealed=None, email_index=None, email_changed_at=None,
            phone_sealed=None, phone_index=None, phone_changed_at=None,
            unproven_sealed=None, nik_sealed=None, nik_index=None, birth_date=None,
            claimed_kpj=None, address_sealed=None, password_hash=None, password_changed_at=None,
            reminder_months=None, reminded_at=None)


def _update(table, row, **values):
    table.update(**values).where(table.id == row.id).execute()


def _erase_messages(user, worker):
    """Nobody is left who may be reached; the texts about memberships belong to these."""
    of_account = Message.user == user
    theirs = of_account | (Message.worker == worker) if worker else of_account
    others = Message.kind != FAREWELL
    (Message.update(state=EXPIRED, problem=NOT_SENT, lease=None, leased_until=None)
     .where(theirs, others, Message.state == WAITING).execute())
    Message.update(recipient_sealed=None).where(theirs, others).execute()
    Message.update(body_sealed=None).where(of_account, others).execute()


def _erase_recoveries(user, now):
    """That somebody asked and decided stays; the contacts go, and what might quote them."""
    theirs = Recovery.user == user
    (Recovery.update(state=REFUSED, decided_at=now)
     .where(theirs, Recovery.state == ASKED).execute())
    close(Case.select(Case.id).where(Case.user == user, Case.recovery.is_null(False)), now)
    (Recovery.update(phone_sealed=None, email_sealed=None, note="", reason="")
     .where(theirs).execute())
