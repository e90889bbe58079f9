"""The claim that a page is about, if it is the one's who looks at it."""

from webapp.claims.queries import claim_of_worker
from webapp.home.queries import worker_of
from webapp.permissions import found_or_404


def own_claim(user, case_id):
    """The person's own claim whose case has this id, as it is now; a stranger's is a 404."""
    worker = worker_of(user)
    return found_or_404(worker and claim_of_worker(worker, case_id))
