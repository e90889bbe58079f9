"""Claims (pencairan): what a worker asks to be paid, who decided it, and where the money goes.

Money moves here, so what must never happen is a constraint: nobody approves twice or for
themselves, nothing above the entitlement is approved, and a payout is of what was approved, once.
"""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.branches import Branch
from webapp.models.cases import Case
from webapp.models.deactivations import Deactivation
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.tables import Table
from webapp.vault import Sealed

DRAFT, SUBMITTED, CHECKING, RETURNED = "DRAF", "DIAJUKAN", "VERIFIKASI", "PERLU_PERBAIKAN"
INTERVIEW, APPROVED, PAID, FAILED = "MENUNGGU_WAWANCARA", "DISETUJUI", "DIBAYAR", "GAGAL_BAYAR"
REFUSED, WITHDRAWN = "DITOLAK", "DIBATALKAN"
CLAIM_STATES = (DRAFT, SUBMITTED, CHECKING, RETURNED, INTERVIEW, APPROVED, PAID, FAILED, REFUSED,
                WITHDRAWN)
OPEN_CLAIM = (SUBMITTED, CHECKING, RETURNED, INTERVIEW, APPROVED, FAILED)     # sent, and not over
GRANTED = (APPROVED, PAID, FAILED)     # both who had to have agreed
KINDS = ("MED", "OBT", "LAIN", "JHT-PSN", "JHT-RSG", "JHT-PHK", "JHT-PKW", "JHT-LNG", "JHT-CTT",
         "JHT-MGL", "JHT-S10", "JHT-S30")
BY_HEIRS = "JHT-MGL"     # theirs, at the counter: the account of who died has nothing to do with it
_UNFINISHED = f"state IN ('{DRAFT}', '{WITHDRAWN}')"

BANKS = ("BNI", "BCA", "BRI", "MANDIRI", "BTN", "BSI")
WALLETS = ("OVO", "GOPAY", "LINKAJA", "DANA")
WAITING_FOR_CODE, IN_REVIEW, LINKED = "MENUNGGU_OTP", "DIPERIKSA", "TERSAMBUNG"
NOT_LINKED, CUT = "GAGAL", "DIPUTUS"
DESTINATION_STATES = (WAITING_FOR_CODE, IN_REVIEW, LINKED, NOT_LINKED, CUT)


class Savings(Table):
    """A person's old-age savings (saldo JHT) as the fund reported them, in whole rupiah.

    What is left is ``credited`` less ``taken``; ``taken`` grows when a claim is approved.
    """

    worker = peewee.ForeignKeyField(Worker, unique=True)
    credited = peewee.BigIntegerField()             # all that was ever put in, and its returns
    taken = peewee.BigIntegerField(default=0)
    as_of = peewee.DateField()
    partial_on = peewee.DateField(null=True)        # when a part was taken already, also elsewhere

    class Meta:
        constraints = [peewee.Check("taken >= 0 AND taken <= credited")]

    @property
    def left(self):
        """What can still be taken, in rupiah."""
        return self.credited - self.taken


class Destination(Table):
    """A bank account or e-wallet where payouts go. A row never changes whose or which it is."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, null=True)     # null: an heir's, of one claim
    provider = peewee.CharField(10)
    number_sealed = peewee.BlobField(null=True)     # null: erased with its account
    number_index = peewee.CharField(32, null=True, index=True)
    holder_sealed = peewee.BlobField(null=True)
    state = peewee.CharField(12, default=WAITING_FOR_CODE)
    version = peewee.IntegerField(default=1)
    distance = peewee.IntegerField(null=True)       # of the holder's name from the person's
    case = peewee.ForeignKeyField(Case, null=True, unique=True)     # of its review, if it had one
    begun_at = UtcDateTimeField()
    linked_at = UtcDateTimeField(null=True)
    ended_at = UtcDateTimeField(null=True)
    checked_by = peewee.ForeignKeyField(User, null=True, index=False)
    verdict_sealed = peewee.BlobField(null=True)    # why the branch did not link it

    number = Sealed("number_sealed", "destination.number", index="number_index")
    holder = Sealed("holder_sealed", "destination.holder")
    verdict = Sealed("verdict_sealed", "destination.verdict")

    class Meta:
        constraints = [
            peewee.Check(f"provider IN {BANKS + WALLETS}"),
            peewee.Check(f"state IN {DESTINATION_STATES}"),
            peewee.Check(f"state <> '{LINKED}' OR linked_at IS NOT NULL"),
            peewee.Check("checked_by_id IS NULL OR user_id IS NULL OR checked_by_id <> user_id"),
        ]


Destination.add_index(Destination.index(
    Destination.user, unique=True, name="destination_one_linked",
    where=(Destination.state == LINKED)))
Destination.add_index(Destination.index(
    Destination.user, unique=True, name="destination_one_coming",
    where=(Destination.state << (WAITING_FOR_CODE, IN_REVIEW))))


class Hold(Table):
    """A contact or the destination was changed: nothing is paid out to this person for a while.

    The old contact holds a code that makes it last until the branch has met the person.
    """

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, on_delete="CASCADE")
    cause = peewee.CharField(12)                    # ponsel, email, rekening
    begun_at = UtcDateTimeField()
    until = UtcDateTimeField()
    stop_index = peewee.CharField(32, unique=True)     # keyed digest of the code in the message
    stopped_at = UtcDateTimeField(null=True)
    lifted_at = UtcDateTimeField(null=True)
    lifted_by = peewee.ForeignKeyField(User, null=True, index=False)

    class Meta:
        constraints = [
            peewee.Check("cause IN ('ponsel', 'email', 'rekening')"),
            peewee.Check("lifted_by_id IS NULL OR lifted_by_id <> user_id"),
        ]


class Claim(Table):
    """One claim: from the worker's draft to the payout, or its refusal."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True)
    worker = peewee.ForeignKeyField(Worker)
    kind = peewee.CharField(8)
    state = peewee.CharField(18, default=DRAFT)
    version = peewee.IntegerField(default=1)
    # What it rests on: the end that opened it, or the membership on the day of treatment.
    deactivation = peewee.ForeignKeyField(Deactivation, null=True)
    membership = peewee.ForeignKeyField(Membership, null=True)
    treated_on = peewee.DateField(null=True)
    receipt_total = peewee.BigIntegerField(null=True)     # rupiah, of the bill
    amount = peewee.BigIntegerField(null=True)      # rupiah, as asked for
    entitlement = peewee.BigIntegerField(null=True)     # rupiah, the most there was when sent
    purpose_sealed = peewee.BlobField(null=True)    # Tujuan pencairan
    reason_sealed = peewee.BlobField(null=True)     # Alasan
    contact_checked_at = UtcDateTimeField(null=True)
    destination = peewee.ForeignKeyField(Destination, null=True)
    parameters = peewee.TextField(default="{}")     # JSON: the values each decision used
    secret_sealed = peewee.BlobField(null=True)     # with the number it shows the state to anybody
    submitted_by = peewee.ForeignKeyField(User, null=True, index=False)
    submitted_at = UtcDateTimeField(null=True)
    promised_on = peewee.DateField(null=True)       # as it was said then
    faults_sealed = peewee.BlobField(null=True)     # JSON: what is wrong, [code, sentence] each
    returned_by = peewee.ForeignKeyField(User, null=True, index=False)
    returned_at = UtcDateTimeField(null=True)
    needs_interview = peewee.BooleanField(default=False)
    interviewed_by = peewee.ForeignKeyField(User, null=True, index=False)
    interviewed_at = UtcDateTimeField(null=True)
    needs_second = peewee.BooleanField(default=False)
    approved = peewee.BigIntegerField(null=True)    # rupiah
    approved_by = peewee.ForeignKeyField(User, null=True, index=False)
    approved_at = UtcDateTimeField(null=True)
    confirmed_by = peewee.ForeignKeyField(User, null=True, index=False)     # the second person
    confirmed_at = UtcDateTimeField(null=True)
    refused_by = peewee.ForeignKeyField(User, null=True, index=False)
    refused_at = UtcDateTimeField(null=True)
    verdict_sealed = peewee.BlobField(null=True)    # why it was refused
    paid_on = peewee.DateField(null=True)           # in Jakarta, as the bank says

    purpose = Sealed("purpose_sealed", "claim.purpose")
    reason = Sealed("reason_sealed", "claim.reason")
    secret = Sealed("secret_sealed", "claim.secret")
    faults = Sealed("faults_sealed", "claim.faults")
    verdict = Sealed("verdict_sealed", "claim.verdict")

    class Meta:
        indexes = (
            (("id", "approved"), True),             # a payout points at both
            (("state", "id"), False),
        )
        constraints = [
            peewee.Check(f"kind IN {KINDS}"),
            peewee.Check(f"state IN {CLAIM_STATES}"),
            peewee.Check("amount IS NULL OR amount > 0"),
            peewee.Check(f"{_UNFINISHED} OR (amount IS NOT NULL AND entitlement IS NOT NULL AND "
                         "amount <= entitlement AND destination_id IS NOT NULL AND "
                         "submitted_at IS NOT NULL)"),
            peewee.Check("approved IS NULL OR (approved > 0 AND approved <= amount AND "
                         "approved <= entitlement)"),
            peewee.Check("(approved IS NULL) = (approved_by_id IS NULL)"),
            peewee.Check(f"state NOT IN {GRANTED} OR (approved IS NOT NULL AND "
                         "(NOT needs_second OR confirmed_by_id IS NOT NULL) AND "
                         "(NOT needs_interview OR interviewed_at IS NOT NULL))"),
            peewee.Check("confirmed_by_id IS NULL OR (approved_by_id IS NOT NULL AND "
                         "confirmed_by_id <> approved_by_id)"),
            peewee.Check("approved_by_id IS NULL OR approved_by_id <> submitted_by_id"),
            peewee.Check("confirmed_by_id IS NULL OR confirmed_by_id <> submitted_by_id"),
            peewee.Check(f"(state = '{REFUSED}') = (verdict_sealed IS NOT NULL)"),
            peewee.Check(f"(state = '{PAID}') = (paid_on IS NOT NULL)"),
        ]


Claim.add_index(Claim.index(Claim.worker, unique=True, name="claim_one_draft",
                            where=(Claim.state == DRAFT)))
Claim.add_index(Claim.index(Claim.worker, Claim.kind, unique=True, name="claim_one_open",
                            where=(Claim.state << OPEN_CLAIM)))


class Heir(Table):
    """Who claims for somebody who died, as the officer at the counter saw it."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    claim = peewee.ForeignKeyField(Claim, unique=True)
    name_sealed = peewee.BlobField()
    nik_sealed = peewee.BlobField()
    nik_index = peewee.CharField(32, index=True)
    phone_sealed = peewee.BlobField()
    relation = peewee.CharField(20)

    name = Sealed("name_sealed", "heir.name")
    nik = Sealed("nik_sealed", "heir.nik", index="nik_index")
    phone = Sealed("phone_sealed", "heir.phone")


class Interview(Table):
    """A claim's slot at a branch: one of the few places there are at that time."""

    claim = peewee.ForeignKeyField(Claim, unique=True)
    branch = peewee.ForeignKeyField(Branch, index=False)
    starts_at = UtcDateTimeField()
    place = peewee.IntegerField()
    booked_at = UtcDateTimeField()

    class Meta:
        indexes = ((("branch", "starts_at", "place"), True),)


EXPORTED, DELIVERED, BOUNCED = "DIEKSPOR", "DIBAYAR", "GAGAL"
PAYOUT_STATES = (EXPORTED, DELIVERED, BOUNCED)


class PayoutFile(Table):
    """A payment file for the bank, with its control total."""

    number = peewee.CharField(16, unique=True)      # as receipts have it, without dashes
    made_at = UtcDateTimeField()
    count = peewee.IntegerField()
    total = peewee.BigIntegerField()                # rupiah
    digest = peewee.CharField(64)                   # SHA-256 of the file
    result_digest = peewee.CharField(64, null=True)     # of the bank's answer
    result_at = UtcDateTimeField(null=True)

    class Meta:
        constraints = [peewee.Check("count > 0 AND total > 0")]


class Payout(Table):
    """One payment of one claim: what was approved, to where it went."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    claim = peewee.ForeignKeyField(Claim)
    file = peewee.ForeignKeyField(PayoutFile)
    amount = peewee.BigIntegerField()               # rupiah
    provider = peewee.CharField(10)
    number_sealed = peewee.BlobField()
    holder_sealed = peewee.BlobField()
    state = peewee.CharField(10, default=EXPORTED)
    reported_at = UtcDateTimeField(null=True)
    reference = peewee.CharField(60, default="")    # the bank's
    problem = peewee.CharField(200, default="")     # the bank's words for why not

    number = Sealed("number_sealed", "payout.number")
    holder = Sealed("holder_sealed", "payout.holder")

    class Meta:
        constraints = [
            peewee.Check(f"state IN {PAYOUT_STATES}"),
            peewee.Check(f"(state = '{EXPORTED}') = (reported_at IS NULL)"),
            peewee.SQL("FOREIGN KEY (claim_id, amount) REFERENCES claim (id, approved)"),
        ]


Payout.add_index(Payout.index(Payout.claim, unique=True, name="payout_one_each",
                              where=(Payout.state != BOUNCED)))


class Reconciliation(Table):
    """That claims, payouts, savings, audit trail and messages were compared, and what came of it;
    the newest tells how the money stands."""

    checked_at = UtcDateTimeField()
    differences = peewee.IntegerField()

    class Meta:
        constraints = [peewee.Check("differences >= 0")]
