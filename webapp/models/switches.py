"""Going on alone (BPU): the switch away from a company, the membership of one's own, and what is
paid for it month by month.

What is owed is a constraint where it can be: a bill is the sum of its parts, is paid once, and a
person has one membership of their own at a time.
"""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.tables import Table
from webapp.vault import Sealed

DRAFT, SUBMITTED, REVIEWED, RETURNED = "DRAF", "DIAJUKAN", "DITINJAU", "PERLU_PERBAIKAN"
APPROVED, AWAITING_PAYMENT, DONE = "DISETUJUI", "MENUNGGU_IURAN", "AKTIF"
REFUSED, WITHDRAWN = "DITOLAK", "DIBATALKAN"
SWITCH_STATES = (DRAFT, SUBMITTED, REVIEWED, RETURNED, APPROVED, AWAITING_PAYMENT, DONE, REFUSED,
                 WITHDRAWN)
OPEN_SWITCH = (DRAFT, SUBMITTED, REVIEWED, RETURNED, APPROVED, AWAITING_PAYMENT)
AGREED = (APPROVED, AWAITING_PAYMENT, DONE)     # somebody of the branch had to say yes

ACTIVE, BEHIND, LAPSED = "AKTIF", "MENUNGGAK", "NONAKTIF"
OWN_STATES = (ACTIVE, BEHIND, LAPSED)

TRANSPORT, OTHER_WORK = "transportasi", "lainnya"
SECTORS = (TRANSPORT, OTHER_WORK)     # the temporary discount is a matter of sector and month

WAITING, PAID, EXPIRED = "MENUNGGU", "DIBAYAR", "KEDALUWARSA"
BILL_STATES = (WAITING, PAID, EXPIRED)
FIRST, MONTHLY, AGAIN = "pertama", "bulanan", "aktif-lagi"
BILL_KINDS = (FIRST, MONTHLY, AGAIN)


class OwnMembership(Table):
    """A person's membership of their own (BPU): it goes on with the card of the one before."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    worker = peewee.ForeignKeyField(Worker)
    continues = peewee.ForeignKeyField(Membership, index=False)     # whose card (KPJ) it keeps
    state = peewee.CharField(10, default=ACTIVE)
    version = peewee.IntegerField(default=1)
    income = peewee.BigIntegerField()               # rupiah a month, as the person says
    base = peewee.BigIntegerField()                 # rupiah, of its tier
    has_savings = peewee.BooleanField()             # JHT besides JKK and JKM
    sector = peewee.CharField(12)
    started_on = peewee.DateField()
    paid_until = peewee.DateField()                 # first day of the last month that was paid
    ended_on = peewee.DateField(null=True)

    class Meta:
        constraints = [
            peewee.Check(f"state IN {OWN_STATES}"),
            peewee.Check(f"sector IN {SECTORS}"),
            peewee.Check("income >= 0 AND base > 0"),
            peewee.Check(f"(state = '{LAPSED}') = (ended_on IS NOT NULL)"),
        ]


OwnMembership.add_index(OwnMembership.index(
    OwnMembership.worker, unique=True, name="own_membership_one",
    where=(OwnMembership.state != LAPSED)))
OwnMembership.add_index(OwnMembership.index(
    OwnMembership.paid_until, OwnMembership.id, name="own_membership_running",
    where=(OwnMembership.state != LAPSED)))


class Switch(Table):
    """One switch to paying by oneself (Beralih ke Mandiri), from the draft to the first payment."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True)
    worker = peewee.ForeignKeyField(Worker)
    membership = peewee.ForeignKeyField(Membership, index=False)    # the last one at a company
    request = peewee.ForeignKeyField(DeactivationRequest, null=True, unique=True)   # to end it
    own = peewee.ForeignKeyField(OwnMembership, null=True, unique=True)     # what came of it
    state = peewee.CharField(16, default=DRAFT)
    version = peewee.IntegerField(default=1)
    reason = peewee.CharField(3, default="")        # of leaving, where the membership still runs
    last_day = peewee.DateField(null=True)
    income = peewee.BigIntegerField(null=True)      # rupiah a month
    has_savings = peewee.BooleanField(default=False)
    sector = peewee.CharField(12, null=True)
    starts_on = peewee.DateField(null=True)
    checklist = peewee.TextField(default="{}")      # JSON: code of a paper → how it will be shown
    parameters = peewee.TextField(default="{}")     # JSON: the values each decision used
    submitted_by = peewee.ForeignKeyField(User, null=True, index=False)
    submitted_at = UtcDateTimeField(null=True)
    faults_sealed = peewee.BlobField(null=True)     # JSON: what is wrong, [code, sentence] each
    returned_by = peewee.ForeignKeyField(User, null=True, index=False)
    returned_at = UtcDateTimeField(null=True)
    decided_by = peewee.ForeignKeyField(User, null=True, index=False)
    decided_at = UtcDateTimeField(null=True)
    verdict_sealed = peewee.BlobField(null=True)    # why it was refused

    faults = Sealed("faults_sealed", "switch.faults")
    verdict = Sealed("verdict_sealed", "switch.verdict")

    class Meta:
        constraints = [
            peewee.Check(f"state IN {SWITCH_STATES}"),
            peewee.Check(f"sector IS NULL OR sector IN {SECTORS}"),
            peewee.Check(f"state IN ('{DRAFT}', '{WITHDRAWN}') OR (income IS NOT NULL AND "
                         "sector IS NOT NULL AND starts_on IS NOT NULL AND "
                         "submitted_at IS NOT NULL)"),
            peewee.Check(f"state NOT IN {AGREED} OR decided_by_id IS NOT NULL"),
            peewee.Check("decided_by_id IS NULL OR decided_by_id <> submitted_by_id"),
            peewee.Check(f"(state = '{REFUSED}') = (verdict_sealed IS NOT NULL)"),
            peewee.Check(f"(state = '{DONE}') = (own_id IS NOT NULL)"),
        ]


Switch.add_index(Switch.index(Switch.worker, unique=True, name="switch_one_open",
                              where=(Switch.state << OPEN_SWITCH)))

Switch.add_index(Switch.index(Switch.id, name="switch_sent", where=(Switch.state == SUBMITTED)))


class ContributionFile(Table):
    """A bank's list of what was paid, taken in once."""

    digest = peewee.CharField(64, unique=True)      # SHA-256 of the file
    taken_at = UtcDateTimeField()
    count = peewee.IntegerField()
    total = peewee.BigIntegerField()                # rupiah

    class Meta:
        constraints = [peewee.Check("count > 0 AND total > 0")]


class Bill(Table):
    """Contributions (iuran) to be paid with a payment code: for which months, of which parts."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    code = peewee.CharField(16, unique=True)        # kode bayar, digits
    worker = peewee.ForeignKeyField(Worker)
    switch = peewee.ForeignKeyField(Switch, null=True)      # of a first one
    own = peewee.ForeignKeyField(OwnMembership, null=True)
    kind = peewee.CharField(10)
    state = peewee.CharField(12, default=WAITING)
    first_month = peewee.DateField()                # its first day
    months = peewee.IntegerField()
    jkk = peewee.BigIntegerField()                  # rupiah, before the discount
    jkm = peewee.BigIntegerField()
    jht = peewee.BigIntegerField()
    discount = peewee.BigIntegerField()
    amount = peewee.BigIntegerField()               # rupiah, to be paid
    parameters = peewee.TextField(default="{}")     # JSON: the values it was reckoned with
    made_at = UtcDateTimeField()
    expires_on = peewee.DateField()                 # the last day on which it can be paid
    paid_on = peewee.DateField(null=True)           # in Jakarta, as the bank says
    file = peewee.ForeignKeyField(ContributionFile, null=True)
    reference = peewee.CharField(60, default="")    # the bank's

    class Meta:
        constraints = [
            peewee.Check(f"kind IN {BILL_KINDS}"),
            peewee.Check(f"state IN {BILL_STATES}"),
            peewee.Check("(switch_id IS NULL) <> (own_id IS NULL)"),
            peewee.Check("months > 0 AND jkk >= 0 AND jkm >= 0 AND jht >= 0 AND discount >= 0"),
            peewee.Check("amount > 0 AND amount = jkk + jkm + jht - discount"),
            peewee.Check(f"(state = '{PAID}') = (paid_on IS NOT NULL)"),
            peewee.Check(f"(state = '{PAID}') = (file_id IS NOT NULL)"),
        ]


Bill.add_index(Bill.index(Bill.worker, unique=True, name="bill_one_waiting",
                          where=(Bill.state == WAITING)))
