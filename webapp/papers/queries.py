"""Which papers of a case a side sees, and how they stand in its box."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from webapp.cases.queries import papers_of, papers_shown
from webapp.cases.words import SIDES
from webapp.claims.faults import faults_of, papers_among
from webapp.models.cases import (
    APPROVED,
    ASKED,
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    CLAIM,
    COMPLAINT,
    DRAFT,
    OBJECTION,
    REQUEST,
    SWITCH,
    WALK_IN,
    DeactivationRequest,
    Objection,
    Paper,
    WalkIn,
)
from webapp.models.cases import KINDS as CASE_KINDS
from webapp.models.claims import BY_HEIRS, RETURNED, Claim
from webapp.models.claims import DRAFT as UNSENT_CLAIM
from webapp.models.documents import Document
from webapp.models.switches import Switch
from webapp.papers.kinds import KINDS, STATES

MOST_PAPERS = 20      # of a case: product 2.9's thirteen kinds and some of several pages
SENT_IN = {REQUEST: DeactivationRequest, OBJECTION: Objection, CLAIM: Claim, SWITCH: Switch}
SENT_AT = {REQUEST: DeactivationRequest.asked_at, OBJECTION: Objection.asked_at,
           CLAIM: Claim.submitted_at, SWITCH: Switch.submitted_at}
REVIEWED = (CLAIM, SWITCH)     # what is sent stays, but for what staff mark as wrong
# Which kinds of case a side sees the papers of, and which it may add to.
SEES = {AT_WORKER: (REQUEST, OBJECTION, WALK_IN, CLAIM, SWITCH, COMPLAINT),
        AT_COMPANY: (REQUEST, OBJECTION), AT_BRANCH: CASE_KINDS}
ADDS = {AT_WORKER: (REQUEST, OBJECTION, CLAIM, SWITCH, COMPLAINT), AT_COMPANY: (OBJECTION,),
        AT_BRANCH: CASE_KINDS}
# Until then worker and company may take back what they handed in: others act on it afterwards.
UNSENT = {REQUEST: (DRAFT, ASKED, APPROVED), OBJECTION: (DRAFT,), CLAIM: (UNSENT_CLAIM,),
          SWITCH: (UNSENT_CLAIM,)}
EVER = datetime.min.replace(tzinfo=UTC)
REPORTER = "Pelapor"     # of a complaint: anybody


@dataclass
class Line:
    """A paper as it stands in the list."""

    public_id: object
    kind: str               # in words
    label: str              # the file's own
    size: str
    by: str
    added_at: object
    may_remove: bool


@dataclass
class Box:
    """What `templates/papers/_papers.html` shows, as ``papers``.

    :param side: the side that reads: it names the addresses.
    :param kinds: (code, words) of what can be chosen.
    :param may_remove: whether this side may take its papers back.
    :param errors: why the last try was refused, by field.
    :param chosen: the kind that was chosen in it.
    :param needed: what its worker has to hand in, as ``needed.needed_of`` gives it.
    """

    case: object
    side: str
    papers: list
    kinds: list
    can_add: bool
    ids: dict                                    # what the addresses of a side name
    may_remove: bool
    errors: dict = field(default_factory=dict)
    chosen: str = ""
    needed: list = field(default_factory=list)
    most = MOST_PAPERS
    states = STATES

    @property
    def address(self):
        """What its addresses are called by: whoever complains need not be a worker."""
        is_reporters = self.side == AT_WORKER and self.case.kind == COMPLAINT
        return "complaint" if is_reporters else self.side

    @property
    def is_full(self):
        """Whether no further file can be added."""
        return len(self.papers) >= MOST_PAPERS

    @property
    def offered(self):
        """The codes that can be chosen, as its forms carry them."""
        return " ".join(code for code, _ in self.kinds) if self.can_add else ""


def box_for(case, side, user, kinds, can_add):
    """The papers of a case as a side sees them, with the form to add one.

    :param case: with its company, where it has one.
    :param side: ``AT_WORKER``, ``AT_COMPANY`` or ``AT_BRANCH``.
    :param kinds: codes of ``kinds.KINDS`` that can be chosen, the likeliest first.
    :param can_add: whether the page lets this side add papers now; a case that is over never does.
    """
    is_open, since = case.closed_at is None, taken_back_from(case, side)
    shown = papers_shown.rows(case) if case.kind in SEES[side] else ()
    ids = {"case_id": case.public_id}
    if side == AT_COMPANY:
        ids["company_id"] = case.company.public_id
    return Box(case, side, [_line(paper, case, side, user, since) for paper in shown],
               [(code, KINDS[code].label) for code in kinds],
               can_add and is_open and may_add(side, case), ids, since is not None)


def paper_in(case, public_id):
    """The case's paper with this id, with its file; or None."""
    return papers_of(case).where(Paper.public_id == public_id).first()


def is_shown_to(side, case):
    """Whether a side may see a case's papers: what a worker has only begun is nobody else's, until
    an officer goes on with it at the counter."""
    if case.kind not in SEES[side]:
        return False
    table = SENT_IN.get(case.kind)
    if case.kind == CLAIM and _is_of_heirs(case):
        return side == AT_BRANCH
    if side == AT_WORKER or table is None:
        return True
    if table.select().where(table.case == case, SENT_AT[case.kind].is_null(False)).exists():
        return True
    return side != AT_COMPANY and (
        WalkIn.select().join(DeactivationRequest)
        .where(DeactivationRequest.case == case, WalkIn.paired_at.is_null(False)).exists())


def may_add(side, case):
    """Whether a side hands papers in with such a case."""
    if case.kind not in ADDS[side]:
        return False
    return (case.kind not in REVIEWED or side == AT_BRANCH
            or _in_the_workers_hands(case) is not None)


def takes(case, side, kind):
    """Whether a side may hand in this kind of paper now: what of a claim or a switch was not marked
    as wrong stays as it was sent."""
    if case.kind not in REVIEWED or side == AT_BRANCH:
        return True
    row = _in_the_workers_hands(case)
    return row is not None and (
        row.state == UNSENT_CLAIM or kind in papers_among(faults_of(row)))


def taken_back_from(case, side):
    """What a side handed in after this moment it may take back; None where that is nothing."""
    if case.closed_at or case.kind not in ADDS[side]:
        return None
    if side != AT_BRANCH and case.kind not in SENT_IN:     # it was sent with the first word
        return None
    if side == AT_BRANCH or SENT_IN[case.kind].select().where(is_unsent(case)).exists():
        return EVER
    row = _in_the_workers_hands(case) if case.kind in REVIEWED else None
    return row and row.returned_at


def _in_the_workers_hands(case):
    """The claim or switch of a case while its worker fills it in, or puts it right; else None."""
    if case.kind == SWITCH:
        return Switch.get_or_none(Switch.case == case, Switch.state << (UNSENT_CLAIM, RETURNED))
    return Claim.get_or_none(Claim.case == case, Claim.kind != BY_HEIRS,
                             Claim.state << (UNSENT_CLAIM, RETURNED))


def _is_of_heirs(case):
    return Claim.select().where(Claim.case == case, Claim.kind == BY_HEIRS).exists()


def is_unsent(case):
    """The condition that what was handed in with a worker's request or objection may change."""
    table = SENT_IN[case.kind]
    return (table.case == case) & (table.state << UNSENT[case.kind])


def paper_like(case, side, digest):
    """The side's paper with the very same content, or None."""
    return (Paper.select(Paper, Document).join(Document)
            .where(Paper.case == case, Paper.side == side, Document.digest == digest).first())


def number_of_files(case):
    """How many files a case holds."""
    return Paper.select().where(Paper.case == case).count()


def _line(paper, case, side, user, since):
    may_remove = since is not None and paper.added_at >= since
    return Line(paper.public_id, KINDS[paper.kind].label if paper.kind in KINDS else paper.kind,
                paper.document.label, _size(paper.document.size),
                _adder(paper, case, user), paper.added_at,
                may_remove and paper.side == side)


def _adder(paper, case, user):
    if paper.added_by == user:
        return "Anda"
    return REPORTER if (case.kind, paper.side) == (COMPLAINT, AT_WORKER) else SIDES[paper.side]


def _size(size):
    """Bytes in the words people know: 240 kB, 1,4 MB."""
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{size / 1e6:.1f} MB".replace(".", ",")
