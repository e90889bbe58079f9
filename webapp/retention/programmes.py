"""What was written about people in programmes, once it has no purpose any more.

Who joined a wave stays, since whoever doubts a draw can compute it again from them; who was chosen
stays for life, since that is once; and what was paid is a legal record. What goes are the words:
why somebody was revoked, and why money was held or failed.
"""

from peewee import fn

from webapp.models.programmes import (
    DISBURSED,
    FAILED,
    REVOKED,
    Applicant,
    Assistance,
    AssistanceStep,
)

FINISHED = (DISBURSED, FAILED)


def revoked(before):
    """The condition that an applicant was revoked before a moment, and the reason is still there.
    """
    return ((Applicant.state == REVOKED) & (Applicant.revoked_at < before)
            & Applicant.reason_sealed.is_null(False))


def finished(before):
    """The condition that a step says something of assistance with which nothing has happened since
    a moment, and nothing will."""
    later = AssistanceStep.alias()
    is_newer = later.select(later.id).where(later.assistance == AssistanceStep.assistance,
                                            later.at >= before)
    ended = Assistance.select(Assistance.id).where(
        Assistance.id == AssistanceStep.assistance, Assistance.state << FINISHED)
    return ((AssistanceStep.note != "") & (AssistanceStep.at < before) & fn.EXISTS(ended)
            & ~fn.EXISTS(is_newer))
