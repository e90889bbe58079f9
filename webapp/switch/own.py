"""The switch that a page is about, if it is the one's who looks at it."""

from webapp.home.queries import worker_of
from webapp.permissions import found_or_404
from webapp.switch.queries import switch_of_worker


def own_switch(user, case_id):
    """The person's own switch whose case has this id, as it is now; a stranger's is a 404."""
    worker = worker_of(user)
    return found_or_404(worker and switch_of_worker(worker, case_id))
