"""Which papers of a case a side sees, and how they stand in its box."""

from dataclasses import dataclass, field

from webapp.cases.queries import papers_of
from webapp.cases.words import SIDES
from webapp.models.cases import (
    AT_COMPANY,
    AT_WORKER,
    OBJECTION,
    REQUEST,
    DeactivationRequest,
    Objection,
    Paper,
    WalkIn,
)
from webapp.models.documents import Document
from webapp.papers.kinds import KINDS

MOST_PAPERS = 20      # of a case: product 2.9's thirteen kinds and some of several pages
SENT_IN = {REQUEST: DeactivationRequest, OBJECTION: Objection}


@dataclass
class Line:
    """A paper as it stands in the list."""

    public_id: object
    kind: str               # in words
    label: str              # the file's own; empty for an original
    size: str
    state: tuple            # (words, tone)
    by: str
    added_at: object
    may_remove: bool


@dataclass
class Box:
    """What `templates/papers/_papers.html` shows, as ``papers``.

    :param side: the side that reads: it names the addresses.
    :param kinds: (code, words) of what can be chosen.
    :param errors: why the last try was refused, by field.
    :param chosen: the kind that was chosen in it.
    """

    case: object
    side: str
    papers: list
    kinds: list
    can_add: bool
    ids: dict                                    # what the addresses of a side name
    errors: dict = field(default_factory=dict)
    chosen: str = ""
    most = MOST_PAPERS

    @property
    def is_full(self):
        """Whether no further file can be added."""
        return sum(bool(line.label) for line in self.papers) >= MOST_PAPERS

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
    is_open = case.closed_at is None
    ids = {"case_id": case.public_id}
    if side == AT_COMPANY:
        ids["company_id"] = case.company.public_id
    return Box(case, side, [_line(paper, side, user, is_open) for paper in papers_of(case)],
               [(code, KINDS[code].label) for code in kinds], can_add and is_open, ids)


def paper_in(case, public_id):
    """The case's paper with this id, with its file; or None."""
    return papers_of(case).where(Paper.public_id == public_id).first()


def is_shown_to(side, case):
    """Whether a side may see a case's papers: what a worker has only begun is nobody else's, until
    an officer goes on with it at the counter."""
    table = SENT_IN.get(case.kind)
    if side == AT_WORKER or table is None:
        return True
    if table.select().where(table.case == case, table.asked_at.is_null(False)).exists():
        return True
    return side != AT_COMPANY and (
        WalkIn.select().join(DeactivationRequest)
        .where(DeactivationRequest.case == case, WalkIn.paired_at.is_null(False)).exists())


def paper_like(case, side, digest):
    """The side's paper with the very same content, or None."""
    return (Paper.select(Paper, Document).join(Document)
            .where(Paper.case == case, Paper.side == side, Document.digest == digest).first())


def number_of_files(case):
    """How many files a case holds."""
    return Paper.select().where(Paper.case == case, Paper.document.is_null(False)).count()


def original_of(case, kind):
    """The record that an original of this kind was shown, or None."""
    return Paper.get_or_none(Paper.case == case, Paper.kind == kind, Paper.document.is_null())


def _line(paper, side, user, is_open):
    document = paper.document
    return Line(paper.public_id, KINDS[paper.kind].label if paper.kind in KINDS else paper.kind,
                document.label if document else "", _size(document.size) if document else "",
                ("Tersimpan" if document else "Asli ditunjukkan", "good"),
                "Anda" if paper.added_by == user else SIDES[paper.side], paper.added_at,
                is_open and paper.side == side)


def _size(size):
    """Bytes in the words people know: 240 kB, 1,4 MB."""
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{size / 1e6:.1f} MB".replace(".", ",")
