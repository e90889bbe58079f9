"""Looking at a case: on record once for each visit, among the looks at whom it is about."""

from webapp import audit
from webapp.audit import Event
from webapp.branch.queries import is_own, person_in
from webapp.branch.service import OwnAccount
from webapp.cases import service as cases
from webapp.complaints.queries import is_of_visitor
from webapp.db import write_transaction
from webapp.receipts.signing import show_number


def look(case, officer, now):
    """Note that an officer has a case open, before it is shown.

    :raises OwnAccount: it is about the officer; that is on record too.
    """
    person = person_in(case)
    refused = is_own(person, officer) if person else is_of_visitor(case, officer)
    if not refused and cases.has_open(case, officer, now):
        cases.stay(case, officer, now)
        return
    with write_transaction():
        if not refused:
            cases.visit(case, officer, now)
        audit.record(Event.CASE_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=(person or case).public_id, now=now, case=case.public_id.hex,
                     number=show_number(case.number), refused=refused)
    if refused:
        raise OwnAccount
