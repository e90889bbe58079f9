"""Finding receipts by their number."""

from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker


def receipt_of(deactivation):
    """The receipt of a filed deactivation, or None."""
    return Receipt.get_or_none(Receipt.deactivation == deactivation)


def receipt_numbered(number):
    """A receipt with the deactivation, worker and company it tells about, or None."""
    return (Receipt.select(Receipt, Deactivation, Membership, Worker, Company)
            .join(Deactivation).join(Membership).join(Worker)
            .switch(Deactivation).join(Company)
            .where(Receipt.number == number).get_or_none())
