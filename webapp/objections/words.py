"""How an objection is told to its worker. Pure."""

from types import SimpleNamespace

from webapp.models.cases import AT_BRANCH, AT_COMPANY, AT_WORKER, GRANTED, UPHELD


def thread_of(objection, statements):
    """Everything that was said, the oldest first; the objection itself is its beginning."""
    first = SimpleNamespace(side=AT_WORKER, text=objection.reason, made_at=objection.asked_at)
    return [first, *statements]


def names_of(case):
    """How the other sides are called."""
    return {AT_COMPANY: case.company.name, AT_BRANCH: case.branch.name}


def decision_of(objection):
    """(tone, title, text) of what was decided, or None. A company that takes its report back grants
    the objection, and gives no reason."""
    if objection.state == UPHELD:
        return "danger", "Sanggahan Anda tidak dikabulkan", objection.verdict
    if objection.state != GRANTED:
        return None
    if objection.verdict_sealed:
        return "good", "Sanggahan Anda dikabulkan", objection.verdict
    who = "Kantor cabang" if objection.decided_by.is_staff else objection.case.company.name
    return "good", f"{who} membatalkan laporan itu", "Dengan begitu sanggahan Anda dikabulkan."
