"""Which workers a measurement may use up."""

from datetime import timedelta

from bench.inside import database_of
from webapp import clock
from webapp.demo.data import SITI_KPJ
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.workers import ACTIVE, Membership

CLERKS_COMPANY = "JJ010001"


def free_cards(house, count):
    """Card numbers of workers whom the clerk can deactivate. Raises ``LookupError`` when there
    are too few."""
    with database_of(house):
        rows = (Membership.select(Membership.kpj).join(Company)
                .where(Company.npp == CLERKS_COMPANY, Membership.status == ACTIVE,
                       Membership.kpj != SITI_KPJ,
                       Membership.started_on < clock.today() - timedelta(days=60),
                       Membership.id.not_in(Deactivation.select(Deactivation.membership)))
                .order_by(Membership.public_id).limit(count))    # random, so no neighbours
        found = [kpj for (kpj,) in rows.tuples()]
    if len(found) < count:
        raise LookupError(f"{count} free workers are needed, {len(found)} are left")
    return found
