"""Which way a complaint can go (rules §5), and the one guarded statement that moves it."""

from webapp.cases.service import CaseChanged
from webapp.models.blocks import (
    AWAITING_REPORTER,
    GRANTED,
    RECEIVED,
    REFUSED,
    REVIEWED,
    Complaint,
)

MOVES = {
    RECEIVED: (REVIEWED, AWAITING_REPORTER, GRANTED, REFUSED),
    REVIEWED: (AWAITING_REPORTER, GRANTED, REFUSED),
    AWAITING_REPORTER: (REVIEWED,),     # it was answered, or the time for that is over
    GRANTED: (), REFUSED: (),
}


def move(complaint, version, state, **changes):
    """Move a complaint on, inside the act's write transaction.

    :param version: of the complaint, as it was read.
    :raises CaseChanged: it stands elsewhere by now, or the move is not one of the rules'.
    """
    may_come_from = [before for before, after in MOVES.items() if state in after]
    moved = (Complaint.update(state=state, version=Complaint.version + 1, **changes)
             .where(Complaint.id == complaint.id, Complaint.version == version,
                    Complaint.state << may_come_from).execute())
    if not moved:
        raise CaseChanged


def hold(complaint):
    """The complaint's row as it is now, held until the transaction ends."""
    Complaint.update(version=Complaint.version).where(Complaint.id == complaint.id).execute()
    return Complaint.get_by_id(complaint.id)
