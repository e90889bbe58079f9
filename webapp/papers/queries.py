"""Which papers of a case a side sees, and how they stand in its box."""

from dataclasses import dataclass, field

from webapp.cases.queries import papers_of
from webapp.cases.words import SIDES
from webapp.models.cases import (
    APPROVED,
    ASKED,
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    DRAFT,
    OBJECTION,
    REQUEST,
    WALK_IN,
    DeactivationRequest,
    Objection,
    Paper,
    WalkIn,
)
from webapp.models.cases import KINDS as CASE_KINDS
from webapp.models.documents import Document
from webapp.papers.kinds import KINDS

MOST_PAPERS = 20      # of a case: product 2.9's thirteen kinds and some of several pages
SENT_IN = {REQUEST: DeactivationRequest, OBJECTION: Objection}
# Which kinds of case a side sees the papers of, and which it may add to.
SEES = {AT_WORKER: (REQUEST, OBJECTION, WALK_IN), AT_COMPANY: (REQUEST, OBJECTION),
        AT_BRANCH: CASE_KINDS}
ADDS = {AT_WORKER: (REQUEST, OBJECTION), AT_COMPANY: (OBJECTION,), AT_BRANCH: CASE_KINDS}
# Until then worker and company may take back what they handed in: others act on it afterwards.
UNSENT = {REQUEST: (DRAFT, ASKED, APPROVED), OBJECTION: (DRAFT,)}


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
    most = MOST_PAPERS

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
    is_open, may_remove = case.closed_at is None, may_take_back(case, side)
    ids = {"case_id": case.public_id}
    if side == AT_COMPANY:
        ids["company_id"] = case.company.public_id
    return Box(case, side, [_line(paper, side, user, may_remove) for paper in papers_of(case)],
               [(code, KINDS[code].label) for code in kinds],
               can_add and is_open and may_add(side, case), ids, may_remove)


def paper_in(case, public_id):
    """The case's paper with this id, with its file; or None."""
    return papers_of(case).where(Paper.public_id == public_id).first()


def is_shown_to(side, case):
    """Whether a side may see a case's papers: what a worker has only begun is nobody else's, until
    an officer goes on with it at the counter."""
    if case.kind not in SEES[side]:
        return False
    table = SENT_IN.get(case.kind)
    if side == AT_WORKER or table is None:
        return True
    if table.select().where(table.case == case, table.asked_at.is_null(False)).exists():
        return True
    return side != AT_COMPANY and (
        WalkIn.select().join(DeactivationRequest)
        .where(DeactivationRequest.case == case, WalkIn.paired_at.is_null(False)).exists())


def may_add(side, case):
    """Whether a side hands papers in with such a case."""
    return case.kind in ADDS[side]


def may_take_back(case, side):
    """Whether a side may still take back what it handed in."""
    if case.closed_at or case.kind not in ADDS[side]:
        return False
    return side == AT_BRANCH or SENT_IN[case.kind].select().where(is_unsent(case)).exists()


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


def _line(paper, side, user, may_remove):
    return Line(paper.public_id, KINDS[paper.kind].label if paper.kind in KINDS else paper.kind,
                paper.document.label, _size(paper.document.size),
                "Anda" if paper.added_by == user else SIDES[paper.side], paper.added_at,
                may_remove and paper.side == side)


def _size(size):
    """Bytes in the words people know: 240 kB, 1,4 MB."""
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{size / 1e6:.1f} MB".replace(".", ",")
