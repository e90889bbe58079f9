"""What a company is asked: by its workers' requests, and by their objections to its reports."""

from datetime import date

from peewee import SQL, fn

from webapp.cases.queries import cases_of_company, waiting_at_company
from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    HOLD_REQUESTS,
    OBJECTION,
    Case,
)
from webapp.paging import id_in, page_of
from webapp.prepared import prepared

PAGE = 25
OF_ONE = 20     # cases of one membership


@prepared
def _count_waiting(company):
    return (Case.select(fn.COUNT(SQL("*")).alias("rows"))
            .where(Case.company == company, Case.holder == AT_COMPANY))


def count_waiting(company):
    """How many cases wait for the company."""
    return _count_waiting.one(company).__data__["rows"]


def waiting(company, after=None):
    """A page of what waits for the company, what is due first on top: (rows, whether more follow).

    :param after: ``mark_in`` of the last case of the page before, or None for the first page.
    """
    return _page_by_due(waiting_at_company(company), after)


def disputed(company, after=None):
    """A page of the objections that the branch has not decided; as ``waiting``."""
    return _page_by_due(cases_of_company(company).where(Case.holder == AT_BRANCH,
                                                        Case.kind == OBJECTION), after)


def others(company, after=None):
    """A page of all the rest, the newest first; as ``waiting``."""
    rest = cases_of_company(company).where(
        Case.holder.is_null() | (Case.holder == AT_WORKER)
        | ((Case.holder == AT_BRANCH) & (Case.kind << HOLD_REQUESTS)))
    return page_of(rest, Case.id, after and after[1], PAGE)


def cases_of_membership(company, membership):
    """What a company was asked about one membership of late, the newest first."""
    return cases_of_company(company).where(Case.membership == membership).limit(OF_ONE)


def mark_of(case):
    """The place after a row, which stays where it is when the case is closed meanwhile."""
    return f"{(case.due_on or date.min).isoformat()}.{case.id}"


def mark_in(text):
    """(due day, id) of a mark; None for what is none."""
    day, _, number = (text or "").partition(".")
    try:
        found = date.fromisoformat(day), id_in(number)
    except ValueError:
        return None
    return found if found[1] else None


def _page_by_due(cases, after):
    if after:
        day, number = after
        cases = cases.where((Case.due_on > day) | ((Case.due_on == day) & (Case.id > number)))
    rows = list(cases.order_by(Case.due_on, Case.id).limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE
