"""Pencairan ahli waris: an officer registers at the counter what an heir asks for.

The heir's phone proves itself by a code that is bound to the amount and the account. Whoever
registers it does not decide about it, and two others always do.
"""

from peewee import IntegrityError

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import begun_just_now
from webapp.claim_desk.queries import kinds_of_papers
from webapp.claim_desk.rights import NotYours, is_heir
from webapp.claims.judgement import judged, with_record
from webapp.claims.progress import missing_papers
from webapp.claims.queries import claim_of_case, draft_of
from webapp.claims.service import record
from webapp.claims.states import change, move
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation.claimed import hold
from webapp.destinations.name_matching import distance
from webapp.destinations.words import gsm_label, label
from webapp.formats import show_rupiah
from webapp.heirs import messages
from webapp.heirs.queries import AT_COUNTER, death_of, running_for
from webapp.heirs.telling import heir_of, tell_claimant
from webapp.models.cases import AT_BRANCH, CLAIM
from webapp.models.claims import (
    APPROVED,
    BY_HEIRS,
    CHECKING,
    DRAFT,
    FAILED,
    IN_REVIEW,
    LINKED,
    SUBMITTED,
    WITHDRAWN,
    Claim,
    Destination,
    Heir,
    Savings,
)
from webapp.models.deactivations import EFFECTIVE, SCHEDULED
from webapp.parameters import rules_on
from webapp.receipts.letters import new_secret
from webapp.receipts.service import issue_claim
from webapp.working_days import add_working_days


class NoDeath(Exception):
    """No report that stands says that this person died."""


class NotReady(Exception):
    """Something is still missing: ``sentences``."""

    def __init__(self, sentences):
        super().__init__(sentences)
        self.sentences = sentences


class Outdated(Exception):
    """What the code was sent for is not as it was."""


def begin(worker, officer, now):
    """The heirs' claim for a person: the one there is, or a fresh draft. What the person had begun
    and not sent is given up.

    :raises NoDeath: as it says.
    """
    report = death_of(worker)
    if not report:
        raise NoDeath
    found = running_for(worker)
    if found:
        return found
    try:
        with write_transaction():
            own = draft_of(worker)
            if own:
                move(own, own.version, WITHDRAWN)
                cases.close([own.case_id], now)
            case = cases.open_case(CLAIM, branch=officer.branch_id, opened_by=officer,
                                   holder=AT_BRANCH, due_on=day_of(now), now=now, worker=worker,
                                   owner=officer, owned_since=now)
            Claim.create(case=case, worker=worker, kind=BY_HEIRS, deactivation=report,
                         membership=report.membership_id)
    except IntegrityError:     # the other press began it
        pass
    return running_for(worker)


def keep(claim, officer, answers, *, version, now):
    """Keep valid answers: who the heir is, and where the money goes. Once it is granted, who the
    heir is stays: only the account the bank refused is replaced, by the same phone's code.

    :param answers: name, nik, phone, relation, provider, number, holder.
    :param version: of the claim, as the page showed it.
    :raises CaseChanged: a colleague kept others meanwhile, or it was sent.
    """
    with write_transaction():
        if claim.state not in AT_COUNTER:
            raise CaseChanged
        change(claim, version)
        heir = heir_of(claim) or Heir(claim=claim.id)
        if claim.state != FAILED:
            heir.name, heir.nik, heir.phone = (answers[name] for name in ("name", "nik", "phone"))
            heir.relation = answers["relation"]
            heir.save(force_insert=not heir.id)
        destination = _destination(claim, heir, answers, now)
        Claim.update(destination=destination).where(Claim.id == claim.id).execute()
        _forget_other(claim, destination)
        cases.forget_typed(claim.case_id, officer)


def lacking(claim, now):
    """What still stands in the way of sending it: sentences, a list."""
    verdict = judged(claim, day_of(now)).verdict
    found = [one.words for one in verdict.unmet]
    if not claim.destination_id or not heir_of(claim):
        found.append("Data ahli waris belum diisi.")
    elif claim.state == FAILED and claim.destination.state != LINKED:
        found.append("Rekening yang baru harus atas nama ahli waris.")
    return found


def papers_lacking(claim, now):
    """Codes of the papers that are still to be scanned, a list."""
    return missing_papers(judged(claim, day_of(now)).verdict, kinds_of_papers(claim.case_id))


def amount_of(claim, now):
    """What there is to be paid, in rupiah."""
    return claim.approved or claim.amount or judged(claim, day_of(now)).verdict.most


def ready_for_code(claim, officer, now):
    """The ``Challenge`` that registering it waits for, with the heir's phone as its target.

    :raises NotReady: something is missing.
    :raises NotYours: the officer is the heir.
    """
    if is_heir(claim, officer):
        raise NotYours
    missing = lacking(claim, now)
    if missing or papers_lacking(claim, now):
        raise NotReady(missing or ["Masih ada dokumen yang belum dipindai."])
    amount = amount_of(claim, now)
    bound = {"officer": officer.public_id.hex, "claim": claim.case.public_id.hex,
             "version": claim.version, "amount": amount, "phone": heir_of(claim).phone,
             "destination": claim.destination.public_id.hex,
             "to": f"{show_rupiah(amount)} ke {gsm_label(claim.destination)}"}
    person = challenges.person_of(typed=f"heir:{claim.public_id.hex}")
    for waiting in begun_just_now(person, Purpose.HEIR_CLAIM, now):
        if challenges.bound_to(waiting) == bound:
            return waiting     # pressed twice: that code stays good
    return challenges.begin(Purpose.HEIR_CLAIM, user=None, now=now, person=person, bound=bound)


def is_for(challenge, claim, officer):
    """Whether a code was sent for this claim, by this officer."""
    bound = challenges.bound_to(challenge)
    return (bound["officer"], bound["claim"]) == (officer.public_id.hex,
                                                  claim.case.public_id.hex)


def submit(challenge, claim, officer, now):
    """The code was right: it is registered, or what was wrong is put right.

    :raises Outdated: it is not as it was when the code was sent.
    :raises NotReady: the rules do not allow it any more.
    :raises challenges.AlreadyUsed: it was registered before.
    """
    bound = challenges.bound_to(challenge)
    rests_on = judged(claim, day_of(now)).verdict.deactivation_id
    with write_transaction():
        challenges.use(challenge, now)
        is_sound = bool(hold([rests_on], (SCHEDULED, EFFECTIVE)))
        Savings.update(taken=Savings.taken).where(Savings.worker == claim.worker_id).execute()
        Claim.update(version=Claim.version).where(Claim.id == claim.id).execute()
        fresh = claim_of_case(claim.case)
        if fresh.state == FAILED and fresh.version == bound["version"]:
            _redirect(fresh, officer, now)
            return
        judgement = judged(fresh, day_of(now), amount=bound["amount"])
        if (fresh.version, judgement.verdict.deactivation_id) != (bound["version"], rests_on):
            raise Outdated
        if not is_sound or not judgement.verdict.is_eligible or papers_lacking(fresh, now):
            raise NotReady([one.words for one in judgement.verdict.unmet])
        _register(fresh, officer, judgement, bound["amount"], now)


def give_up(claim, officer, *, version, now):
    """The heir comes back another day: what was begun is left.

    :raises CaseChanged: it was sent, or changed meanwhile.
    """
    if claim.state != DRAFT:
        raise CaseChanged
    with write_transaction():
        move(claim, version, WITHDRAWN)
        cases.close([claim.case_id], now)
        cases.forget_typed(claim.case_id, officer)
        record(Event.CLAIM_WITHDRAWN, claim, officer, now, sent=False)


def _register(claim, officer, judgement, amount, now):
    today, is_new = day_of(now), claim.state == DRAFT
    until = add_working_days(today, rules_on(today)["claim.review_working_days"])
    verdict, changes = judgement.verdict, {}
    if is_new:
        claim.secret = new_secret()
        changes = {"submitted_at": now, "entitlement": verdict.most, "amount": amount,
                   "secret_sealed": claim.secret_sealed, "promised_on": until}
    move(claim, claim.version, SUBMITTED if is_new else CHECKING, submitted_by=officer,
         needs_second=True, deactivation=verdict.deactivation_id,
         membership=verdict.membership_id, **changes,
         parameters=with_record(claim, "sent" if is_new else "corrected", judgement.record))
    claim.amount = amount
    cases.hand_on(claim.case_id, AT_BRANCH, until, now)
    cases.forget_typed(claim.case_id, officer)
    if is_new:
        issue_claim(claim, now)
    tell_claimant(claim, "claim submitted", now, sms=messages.registered(claim, until), email=None)
    record(Event.CLAIM_SUBMITTED if is_new else Event.CLAIM_CORRECTED, claim, officer, now,
           until=until.isoformat(), amount=amount, by_heirs=True)


def _redirect(claim, officer, now):
    """It was granted, and the bank refused the account: it goes to the new one."""
    if claim.destination.state != LINKED:
        raise NotReady(["Rekening yang baru harus atas nama ahli waris."])
    move(claim, claim.version, APPROVED)
    cases.close([claim.case_id], now)
    cases.forget_typed(claim.case_id, officer)
    tell_claimant(claim, "claim redirected", now, email=None,
                  sms=messages.redirected(claim, gsm_label(claim.destination)))
    record(Event.CLAIM_REDIRECTED, claim, officer, now, to=label(claim.destination))


def _destination(claim, heir, answers, now):
    """The account: the row there is when it is the same, else a new one."""
    apart = distance(heir.name, answers["holder"])
    most = rules_on(day_of(now))["destination.name_distance"]
    old = claim.destination
    if old and (old.provider, old.number, old.holder, old.distance) == (
            answers["provider"], answers["number"], answers["holder"], apart):
        return old.id
    state, linked_at = (LINKED, now) if apart <= most else (IN_REVIEW, None)
    row = Destination(provider=answers["provider"], state=state, distance=apart, begun_at=now,
                      linked_at=linked_at)
    row.number, row.holder = answers["number"], answers["holder"]
    row.save(force_insert=True)
    return row.id


def _forget_other(claim, destination):
    """The account that was written before it and never agreed to."""
    if claim.state == DRAFT and claim.destination_id and claim.destination_id != destination:
        Destination.delete().where(Destination.id == claim.destination_id,
                                   Destination.user.is_null()).execute()
