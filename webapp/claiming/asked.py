"""What each page of a claim's draft asks for. Pure."""

from webapp.claims import progress
from webapp.eligibility.kinds import COST, KINDS

PURPOSE, CONTACT = ("purpose", "reason"), ("address",)
# What is typed and can be kept before it is right, by page.
TYPED = {progress.AMOUNT: ("treated_on", "receipt_total", "amount"), progress.PURPOSE: PURPOSE,
         progress.CONTACT: CONTACT}


def fields_of(claim, step):
    """The names of the fields of a page, for this kind of claim."""
    if step != progress.AMOUNT:
        return TYPED.get(step, ())
    kind = KINDS[claim.kind]
    if kind.group == COST and kind.papers:     # a bill stands behind it
        return TYPED[progress.AMOUNT]
    return ("amount",) if kind.is_entered else ()


def papers_of(claim, verdict):
    """The kinds of paper that can be handed in, what must be there first."""
    return tuple(dict.fromkeys((*verdict.papers, *KINDS[claim.kind].other_papers)))
