"""Recoveries, and whether one may be asked for or decided."""

import json

from peewee import JOIN

from webapp.audit import Event
from webapp.branch.queries import is_same_person
from webapp.models.accounts import ASKED, Recovery
from webapp.models.audit import AuditEntry
from webapp.models.branches import Branch
from webapp.models.cases import Case
from webapp.models.people import MANAGER, SUPERVISOR, User


def recovery_with(public_id):
    """A recovery with whose it is, who asked and who decided; None when there is none."""
    asked_by, decided_by = User.alias(), User.alias()
    return (Recovery.select(Recovery, User, asked_by, decided_by)
            .join(User, on=(Recovery.user == User.id))
            .switch(Recovery).join(asked_by, on=(Recovery.asked_by == asked_by.id))
            .switch(Recovery).left_outer_join(decided_by,
                                              on=(Recovery.decided_by == decided_by.id))
            .where(Recovery.public_id == public_id).first())


def case_of(recovery, branch):
    """The case in which a branch decides a recovery, with who has taken it; None when it is
    another branch's."""
    return (Case.select(Case, User).join(User, JOIN.LEFT_OUTER, on=Case.owner)
            .where(Case.recovery == recovery, Case.branch == branch).first())


def branch_of(recovery):
    """The branch that decides a recovery."""
    return (Branch.select().join(Case, on=(Case.branch == Branch.id))
            .where(Case.recovery == recovery).first())


def contacts_on_record(recovery):
    """The new contacts as they were asked for, masked, a list: once it is decided the case itself
    holds none."""
    asked = (AuditEntry.select(AuditEntry.details)
             .where(AuditEntry.subject == recovery.user.public_id,
                    AuditEntry.kind == str(Event.RECOVERY_ASKED))
             .order_by(AuditEntry.id.desc()))
    details = (json.loads(entry.details) for entry in asked)
    return next((one["contacts"] for one in details
                 if one["recovery"] == recovery.public_id.hex), [])


def open_recovery_of(user):
    """The one that waits for a decision, or None."""
    return Recovery.get_or_none(Recovery.user == user, Recovery.state == ASKED)


def may_decide(recovery, user):
    """Whether somebody may decide: a supervisor or manager who neither asked nor is concerned."""
    return (user.role in (SUPERVISOR, MANAGER) and not is_same_person(recovery.asked_by, user)
            and not is_same_person(recovery.user, user))
