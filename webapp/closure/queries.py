"""What a closure rests on, leaves open and leaves behind."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from peewee import fn

from webapp import vault
from webapp.bills.queries import running_own_of
from webapp.claims.queries import running_of
from webapp.claims.words import label_of
from webapp.clock import day_of
from webapp.complaints.queries import complaints_of
from webapp.contacts.kinds import MAIL, PHONE
from webapp.contacts.queries import settles_at
from webapp.messages.outbox import FAREWELL
from webapp.models.accounts import DONE, WAITING, Closure
from webapp.models.cases import REQUEST, Case, DeactivationRequest
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import DISPUTED, EFFECTIVE, SCHEDULED, Deactivation
from webapp.models.messages import WAITING as UNSENT
from webapp.models.messages import Message
from webapp.models.people import CLOSING, MAY_SIGN_IN, User
from webapp.models.programmes import OPEN, REVOKED, Applicant, Wave
from webapp.models.programmes import SCHEDULED as WAVE_SCHEDULED
from webapp.models.workers import Membership, Worker
from webapp.objections.queries import objections_to
from webapp.parameters import rules_on
from webapp.prepared import prepared
from webapp.programmes.queries import BEFORE_THE_RESULT, applications_of
from webapp.programmes.words import name_of
from webapp.switch.queries import open_switch_of

OBJECTIONABLE = "objectionable"
CLAIM, SWITCH, OWN, COMPLAINT = "claim", "switch", "own", "complaint"
APPLICATION, LISTED = "application", "listed"     # for a wave that is open; for one to be drawn


@dataclass(frozen=True)
class Way:
    """One proven contact: ``usable_from`` is when a code may go there, None for now."""

    channel: str
    address: str
    usable_from: datetime | None


@dataclass(frozen=True)
class OpenMatter:
    """Something about a person that is not over yet.

    :param kind: ``TERJADWAL``, ``DISANGGAH``, ``objectionable``, the state of a request, ``claim``,
        ``switch``, ``own``, ``complaint``, ``application`` or ``listed``.
    :param company: whose it is; of a claim, which kind it is; of a complaint, what it is about; of
        an application, for which wave; of one's own, nobody's.
    :param day: from which it holds, until when the person may object, or since when it is asked.
    :param about: of what it is the page: the case, the membership of a report, the wave.
    """

    kind: str
    company: str
    day: date
    about: UUID | None = None


def ways_of(user, now):
    """Every proven contact, the phone first; one changed within 72 hours authorises nothing yet."""
    return [Way(kind.channel, kind.of(user), settles_at(kind.changed_at(user), now))
            for kind in (PHONE, MAIL) if kind.of(user)]


def usable(ways):
    """Where a code may go now: list of (channel, address)."""
    return [(way.channel, way.address) for way in ways if way.usable_from is None]


def open_matters(user, now):
    """What is not over for this person, oldest first: it goes on without the account, but for a
    request that waits for its form. What was not sent is not named.

    A membership of one's own goes on as long as it is paid for.
    """
    reports = list(_reported_ends(user))
    cases = {row.deactivation_id: row.case.public_id for row in objections_to(
        [row.id for row in reports if row.state == DISPUTED])}
    ends = [matter for row in reports if (matter := _matter(row, cases.get(row.id), day_of(now)))]
    return ends + [OpenMatter(request.state, request.case.company.name, day_of(request.asked_at),
                              request.case.public_id) for request in _requests(user)] + [
        *_claims(user), *_switches(user), *_complaints(user), *_applications(user)]


def _reported_ends(user):
    return (Deactivation.select(Deactivation, Company, Membership).join(Company)
            .switch(Deactivation).join(Membership).join(Worker)
            .where(Worker.user == user, Deactivation.state << (SCHEDULED, EFFECTIVE, DISPUTED))
            .order_by(Deactivation.filed_at))


def _requests(user):
    """What the person asked of companies and is not over."""
    return (DeactivationRequest.select(DeactivationRequest, Case, Company)
            .join(Case).join(Company).switch(Case).join(Worker)
            .where(Worker.user == user, Case.holder.is_null(False), Case.kind == REQUEST,
                   DeactivationRequest.asked_at.is_null(False)).order_by(Case.id))


def _switches(user):
    """A switch that was sent, and what the person pays for alone."""
    worker = Worker.get_or_none(Worker.user == user)
    switch, own = (open_switch_of(worker), running_own_of(worker)) if worker else (None, None)
    if switch and switch.submitted_at:
        yield OpenMatter(SWITCH, switch.case.company.name, day_of(switch.submitted_at),
                         switch.case.public_id)
    if own:
        yield OpenMatter(OWN, "", own.started_on)


def _claims(user):
    worker = Worker.get_or_none(Worker.user == user)
    return [OpenMatter(CLAIM, label_of(claim), day_of(claim.submitted_at), claim.case.public_id)
            for claim in (running_of(worker) if worker else ())]


def _complaints(user):
    return [OpenMatter(COMPLAINT, complaint.subject, day_of(complaint.sent_at),
                       complaint.case.public_id)
            for complaint in complaints_of(user) if not complaint.decided_at]


def _applications(user):
    """Where the person is on a list whose draw nobody knows yet."""
    worker = Worker.get_or_none(Worker.user == user)
    rows = applications_of(worker).where(
        Applicant.state != REVOKED, Wave.state << BEFORE_THE_RESULT) if worker else ()
    return [OpenMatter(APPLICATION if row.wave.state in (WAVE_SCHEDULED, OPEN) else LISTED,
                       name_of(row.wave), day_of(row.joined_at), row.wave.public_id)
            for row in rows]


def _matter(deactivation, objection, today):
    """What is open about a report, or None.

    :param objection: the id of its case, or None.
    """
    company, state = deactivation.company.name, deactivation.state
    membership = deactivation.membership.public_id
    if state == SCHEDULED:
        return OpenMatter(state, company, deactivation.last_day, membership)
    if state == DISPUTED:
        return OpenMatter(state, company, deactivation.last_day, objection)
    filed_on = day_of(deactivation.filed_at)
    until = filed_on + timedelta(days=rules_on(filed_on)["deactivation.objection_days"])
    return OpenMatter(OBJECTIONABLE, company, until, membership) if until >= today else None


def companies_left_alone(user):
    """Companies of which this clerk is the last with an account, by name."""
    others = (CompanyClerk.select(CompanyClerk.company).join(User)
              .where(User.id != user.id, User.state << MAY_SIGN_IN))
    return (Company.select().join(CompanyClerk)
            .where(CompanyClerk.user == user, Company.id.not_in(others)).order_by(Company.name))


@prepared
def waiting_closure(user):
    """The closure of this user that waits, if any."""
    return Closure.select().where(Closure.user == user, Closure.state == WAITING)


def closure_cancelled_by(number):
    """The waiting closure that this code cancels, with its user, or None."""
    return (Closure.select(Closure, User).join(User)
            .where(Closure.cancel_index == cancel_index(number), Closure.state == WAITING,
                   User.state == CLOSING).first())


def cancel_index(number):
    """By which a closure is found: the keyed digest of its code."""
    return vault.current().index(number, "closure.cancel")


def due_closures(now):
    """Ids of the closures whose cooling-off is over; not of accounts that were blocked
    meanwhile."""
    return (Closure.select(Closure.id).join(User)
            .where(Closure.state == WAITING, Closure.due_at <= now, User.state == CLOSING)
            .order_by(Closure.due_at, Closure.id).tuples())


def messages_about(closure):
    """What was written to the person about the closure, in order."""
    return Message.select().where(Message.about == closure.public_id).order_by(Message.id)


def last_words_waiting():
    """How many last confirmations have not gone out: as many contacts are still kept."""
    return (Message.select(fn.COUNT(Message.id))
            .where(Message.state == UNSENT, Message.kind == FAREWELL).scalar())


def has_finished_since(moment):
    """Whether some account was closed after a moment."""
    return Closure.select().where(Closure.state == DONE, Closure.ended_at > moment).exists()
