"""How a switch was decided, and how it went until then, in words. Pure."""

from webapp.desk.outcomes import Outcome
from webapp.models.switches import AGREED, REFUSED, RETURNED, WITHDRAWN
from webapp.switch.faults import faults_of, label_of


def decision_on(switch):
    """The latest ``desk.outcomes.Outcome`` of a switch, while it holds; or None."""
    if switch.state == REFUSED:
        return Outcome(REFUSED, "menolaknya", switch.decided_by, switch.decided_at,
                       switch.verdict)
    if switch.state in AGREED:
        return Outcome(switch.state, "menyetujuinya", switch.decided_by, switch.decided_at)
    if switch.state == RETURNED:
        wrong = " ".join(f"{label_of(code)}: {sentence}"
                         for code, sentence in faults_of(switch).items())
        return Outcome(RETURNED, "mengembalikannya untuk diperbaiki", switch.returned_by,
                       switch.returned_at, wrong)
    if switch.state == WITHDRAWN:
        return Outcome(WITHDRAWN, "membatalkannya", switch.submitted_by, switch.case.closed_at)
    return None
