"""Claims as the branch gets them, made without the worker's pages."""

import json
from datetime import date, timedelta

from webapp import clock
from webapp.cases.service import open_case
from webapp.claims.judgement import judged
from webapp.deactivation import service as deactivations
from webapp.documents.store import put
from webapp.models.audit import AuditEntry
from webapp.models.cases import AT_BRANCH, CLAIM, Case, Paper
from webapp.models.claims import LINKED, SUBMITTED, Claim, Destination, Savings
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.models.workers import Membership
from webapp.parameters import rules_on
from webapp.working_days import add_working_days

NUMBER = "1234568123"


def reported(cast, membership=None, reason="PKW", last_day=None):
    """PT Maju reports somebody. Returns the deactivation."""
    now = clock.now()
    membership = Membership.get_by_id((membership or cast.siti_at_maju).id)
    draft = deactivations.save_draft(
        membership, cast.ani, reason=reason, note="", document=None, now=now,
        last_day=last_day or clock.today() - timedelta(days=60))
    deactivations.file(draft, cast.ani, version=draft.version, company=cast.maju,
                       rules=rules_on(clock.today()), now=now)
    return Deactivation.get_by_id(draft.id)


def saved(worker, credited):
    """The fund says what somebody has."""
    row, _ = Savings.get_or_create(worker=worker, defaults={
        "credited": credited, "as_of": date(2026, 11, 1)})
    return row


def linked(user, holder="Siti Rahayu", number=NUMBER):
    """Where somebody's payouts go."""
    now = clock.now()
    row = Destination(user=user, provider="BCA", state=LINKED, begun_at=now, linked_at=now,
                      distance=0)
    row.number, row.holder = number, holder
    row.save(force_insert=True)
    return row


def with_papers(case, user, *kinds, side="worker"):
    """Papers of a case, each a file of its own."""
    now = clock.now()
    for number, kind in enumerate(kinds):
        body = f"{kind} {number} {case.id}".encode()
        document = Document(media_type="application/pdf", size=len(body), uploaded_at=now,
                            uploaded_by=user, digest=f"{case.id:032}{number:032}")
        document.label = f"{kind.lower()}.pdf"
        document.save(force_insert=True)
        put(document, body)
        Paper.create(case=case, kind=kind, document=document, side=side, added_by=user,
                     added_at=now)


def sent(cast, kind="JHT-PKW", *, amount=None, credited=8_000_000, worker=None, papers=None,
         destination=None, user=None, **columns):
    """A claim that was sent just now and waits in the queue. Returns it with its case."""
    worker, user = worker or cast.siti_at_maju.worker, user or cast.siti
    now, today = clock.now(), clock.today()
    saved(worker, credited)
    goal = destination or Destination.get_or_none(
        Destination.user == user, Destination.state == LINKED) or linked(user, worker.name)
    until = add_working_days(today, 5)
    case = open_case(CLAIM, branch=cast.dewi.branch_id, opened_by=user, worker=worker,
                     holder=AT_BRANCH, due_on=until, now=now)
    claim = Claim(case=case, worker=worker, kind=kind, **columns)
    claim.purpose, claim.reason = "Kebutuhan keluarga", "Untuk biaya hidup sesudah kontrak selesai."
    claim.save(force_insert=True)
    found = judged(claim, today, amount=amount)
    verdict = found.verdict
    claim.state, claim.amount = SUBMITTED, amount or verdict.most
    claim.entitlement = verdict.most or amount
    claim.deactivation, claim.membership = verdict.deactivation_id, verdict.membership_id
    claim.destination, claim.submitted_by, claim.submitted_at = goal, user, now
    claim.needs_interview, claim.needs_second = verdict.needs_interview, verdict.needs_second
    claim.promised_on, claim.parameters = until, json.dumps({"sent": found.record})
    claim.save()
    with_papers(case, user, *(verdict.papers if papers is None else papers))
    return Claim.get_by_id(claim.id)


def url(claim, act=""):
    """Where a claim is at the branch."""
    return f"/cabang/pencairan/{claim.case.public_id}{act}"


def fresh(claim):
    """The claim as it is now."""
    return Claim.get_by_id(claim.id)


def case_of(claim):
    """Its case as it is now."""
    return Case.get_by_id(claim.case_id)


def events(kind="claim:"):
    """(kind, details) of the audit entries that begin so, oldest first."""
    return [(row.kind, json.loads(row.details)) for row in
            AuditEntry.select().where(AuditEntry.kind.startswith(kind)).order_by(AuditEntry.id)]


def told():
    """(kind, channel, text) of the messages about claims, oldest first."""
    return [(row.kind, row.channel, row.body) for row in Message.select()
            .where(Message.kind.startswith("case:claim")).order_by(Message.id)]


def take(one, claim):
    """Ambil dan periksa."""
    one.open(url(claim))
    return one.send(form="form[action$='/ambil']")


def approve(one, claim, seen=("KTP",), **answers):
    """Setujui, with the papers ticked."""
    page = one.open(url(claim, "/setujui"))
    if not page.select("#approving"):
        return page
    fields = {**page.fields("#approving"), "seen": list(seen), **answers}
    return one.post(page.action("#approving"), fields)


def confirm(one, claim):
    """Setujui sebagai orang kedua."""
    page = one.open(url(claim, "/kedua"))
    if not page.select("#confirming"):
        return page
    return one.send(form="#confirming", is_checked="y")
