"""What a company is asked: by its workers' requests, and by their objections to its reports."""

from peewee import SQL, fn

from webapp.cases.queries import cases_of_company, waiting_at_company
from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    OBJECTION,
    REQUEST,
    Case,
)
from webapp.paging import page_of
from webapp.prepared import prepared

PAGE = 25


@prepared
def _count_waiting(company):
    return (Case.select(fn.COUNT(SQL("*")).alias("rows"))
            .where(Case.company == company, Case.holder == AT_COMPANY))


def count_waiting(company):
    """How many cases wait for the company."""
    return _count_waiting.one(company).__data__["rows"]


def waiting(company, after=None):
    """A page of what waits for the company, what is due first on top: (rows, whether more follow).

    :param after: id of the last case of the page before, or None for the first page.
    """
    return _page_by_due(waiting_at_company(company), after)


def disputed(company, after=None):
    """A page of the objections that the branch has not decided; as ``waiting``."""
    return _page_by_due(cases_of_company(company).where(Case.holder == AT_BRANCH,
                                                        Case.kind == OBJECTION), after)


def others(company, before=None):
    """A page of all the rest, the newest first."""
    rest = cases_of_company(company).where(
        Case.holder.is_null() | (Case.holder == AT_WORKER)
        | ((Case.holder == AT_BRANCH) & (Case.kind == REQUEST)))
    return page_of(rest, Case.id, before, PAGE)


def cases_of_membership(company, membership):
    """What a company was asked about one membership, the newest first."""
    return cases_of_company(company).where(Case.membership == membership)


def _page_by_due(cases, after):
    last = after and Case.get_or_none(Case.id == after)
    if last and last.due_on:
        cases = cases.where((Case.due_on > last.due_on)
                            | ((Case.due_on == last.due_on) & (Case.id > last.id)))
    rows = list(cases.order_by(Case.due_on, Case.id).limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE
