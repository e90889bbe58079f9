"""What waits at the branch."""

from webapp.models.companies import Company
from webapp.models.deactivations import REQUESTED, Correction, Deactivation
from webapp.models.workers import Membership, Worker


def waiting_corrections():
    """Correction requests nobody has decided, oldest first."""
    return (Correction.select(Correction, Deactivation, Membership, Worker, Company)
            .join(Deactivation).join(Membership).join(Worker)
            .switch(Deactivation).join(Company)
            .where(Correction.state == REQUESTED)
            .order_by(Correction.requested_at, Correction.id))
