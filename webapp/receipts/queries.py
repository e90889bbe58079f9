"""Finding receipts by their number."""

from webapp.models.claims import Claim
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared


@prepared
def receipt_of(deactivation):
    """The receipt of a filed deactivation, if it was filed."""
    return Receipt.select().where(Receipt.deactivation == deactivation)


def receipt_numbers(deactivations):
    """(deactivation, number of its receipt) of each that was filed; rows of numbers."""
    return (Receipt.select(Receipt.deactivation, Receipt.number)
            .where(Receipt.deactivation << deactivations))


@prepared
def receipt_numbered(number):
    """The receipt with this number, with the deactivation, worker and company it tells about."""
    return (Receipt.select(Receipt, Deactivation, Membership, Worker, Company)
            .join(Deactivation).join(Membership).join(Worker)
            .switch(Deactivation).join(Company)
            .where(Receipt.number == number))


@prepared
def claim_receipt_numbered(number):
    """The receipt with this number of a claim, with the claim and its worker."""
    return (Receipt.select(Receipt, Claim, Worker).join(Claim).join(Worker)
            .where(Receipt.number == number))
