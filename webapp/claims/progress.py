"""How far the draft of a claim is: the order of its pages, and which is to be filled in next.
Pure."""

from webapp.eligibility.kinds import KINDS
from webapp.models.claims import LINKED
from webapp.papers.kinds import KINDS as PAPER_KINDS
from webapp.working_days import add_working_days

CONDITIONS, AMOUNT, PURPOSE, CONTACT = "syarat", "jumlah", "keperluan", "kontak"
PAPERS, DESTINATION, CHECK = "dokumen", "rekening", "periksa"
ORDER = (CONDITIONS, AMOUNT, PURPOSE, CONTACT, PAPERS, DESTINATION, CHECK)


def place_of(step):
    """(which, of how many) a page is, as the ``steps`` macro takes it."""
    return ORDER.index(step) + 1, len(ORDER)


def missing_papers(verdict, kinds):
    """The kinds of paper that are still to be handed in, a list.

    :param kinds: those that are there.
    """
    return [code for code in verdict.papers if code not in kinds]


def upload_first(kinds):
    """A sentence about papers that are still to be handed in, in a list; an empty list for none.

    :param kinds: their codes.
    """
    labels = ", ".join(PAPER_KINDS[kind].label for kind in kinds)
    return [f"Unggah dulu: {labels}."] if kinds else []


def is_amount_said(claim, verdict):
    """Whether the amount and what it is judged by stand, and still fit the savings."""
    if not verdict.may_be_sent or not claim.amount:
        return False
    return KINDS[claim.kind].is_entered or claim.amount == verdict.most


def is_reason_said(claim, rules):
    """Whether purpose and reason stand."""
    return bool(claim.purpose) and len(claim.reason or "") >= least_of_reason(claim, rules)


def least_of_reason(claim, rules):
    """How many characters the reason has at least: rules §2; 0 where it may be left out."""
    return rules["claim.reason_min_characters"] if claim.kind == "LAIN" else 0


def open_steps(claim, judgement, kinds):
    """The pages of a draft that are not done, in their order.

    :param judgement: a ``judgement.Judgement``.
    :param kinds: of the papers that are there.
    """
    verdict = judgement.verdict
    done = {
        CONDITIONS: judgement.standing.is_eligible,
        AMOUNT: is_amount_said(claim, verdict),
        PURPOSE: is_reason_said(claim, judgement.rules),
        CONTACT: claim.contact_checked_at is not None,
        PAPERS: not missing_papers(verdict, kinds),
        DESTINATION: _is_destination_said(claim),
    }
    return [step for step in ORDER[:-1] if not done[step]]


def _is_destination_said(claim):
    """Whether it is linked to the account that has the worker now: another may have begun this."""
    goal = claim.destination
    return bool(goal and goal.state == LINKED and goal.user_id == claim.worker.user_id)


def next_step(claim, judgement, kinds):
    """Where a draft is gone on with."""
    return next(iter(open_steps(claim, judgement, kinds)), CHECK)


def after(step, claim, judgement, kinds):
    """Where a page leads once it is done: the next one, or, where nothing is left to fill in, back
    to the check page it was opened from."""
    if next_step(claim, judgement, kinds) == CHECK:
        return CHECK
    return ORDER[ORDER.index(step) + 1]


def promised(today, verdict, rules):
    """The day by which the branch promises to decide: rules §2."""
    is_small = not (verdict.needs_interview or verdict.needs_second)
    name = "claim.self_service_working_days" if is_small else "claim.review_working_days"
    return add_working_days(today, rules[name])
