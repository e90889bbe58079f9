"""The branch desk: what waits for staff, and the people they are asked about."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, sessions, waiting
from webapp.assistance.queries import assistance_of
from webapp.assistance.words import STATES as ASSISTANCE_STATES
from webapp.bills import words as bill_words
from webapp.bills.queries import owns_of
from webapp.blocks.queries import blocks_about, blocks_of
from webapp.blocks.rights import may_block
from webapp.blocks.words import REASONS as BLOCK_REASONS
from webapp.blocks.words import STATES as BLOCK_STATES
from webapp.branch import queries, service
from webapp.branch.ages import age_in_words
from webapp.branch.forms import SearchForm
from webapp.branch.marks import mark_in, mark_of
from webapp.branch.words import KINDS as SHORT_KINDS
from webapp.branch.words import ROLES, SHOWN, STAFF, message_words
from webapp.cases.deadlines import branch_of
from webapp.cases.own import may_take
from webapp.cases.words import KINDS
from webapp.claim_desk import queries as claims
from webapp.claim_desk.rights import may_take as may_take_claim
from webapp.claims.words import STATES as CLAIM_STATES
from webapp.eligibility.kinds import KINDS as CLAIM_KINDS
from webapp.errors import problem
from webapp.holds.queries import held_until, is_stopped
from webapp.htmx import see_other, show
from webapp.messages.queries import shown_recipient
from webapp.models.deactivations import EFFECTIVE, SCHEDULED
from webapp.models.workers import ACTIVE
from webapp.paging import id_in
from webapp.parameters import rules_on
from webapp.permissions import branch_only, found_or_404
from webapp.profile.queries import history_page
from webapp.programmes import words as programme_words
from webapp.programmes.queries import applications_of
from webapp.rate_limit import TooMany
from webapp.reveal_form import RevealForm
from webapp.switch.queries import open_switch_of
from webapp.switch.words import status_of as switch_status

blueprint = Blueprint("branch", __name__, url_prefix="/cabang")

LISTED = 20     # cases and messages on a person's page


@blueprint.get("")
@branch_only
def queue():
    """Everything that waits at the officer's branch, what is promised first on top."""
    wanted, mark = request.args.get("tampil"), request.args.get("setelah", type=mark_in)
    shown = wanted if wanted in SHOWN else None
    rows, has_more = queries.queue_page(current_user, shown, mark)
    now = clock.now()
    return show("branch/queue.html", rows=rows, shown=shown, filters=SHOWN, kinds=SHORT_KINDS,
                now=now, today=clock.day_of(now), age=age_in_words, is_first=not mark,
                kinds_of_claims=CLAIM_KINDS,
                may_take=_may_take, after=mark_of(rows[-1]) if has_more else None)


@blueprint.route("/orang", methods=["GET", "POST"])
@branch_only
def person_search():
    """Find somebody; what is typed is posted and stands in no address."""
    form = SearchForm.of_request(kept_input.recall(current_user, clock.now()))
    if not form.is_sent_and_valid():
        return show("branch/person_search.html", form=form, found=None)
    search = (partial(service.search_name, form.name.data, form.birth_date.data)
              if form.asks_by_name else partial(service.search_number, form.number.data))
    found = search(current_user, clock.now())
    if len(found.people) == 1 and not found.elsewhere:
        return see_other(url_for(".person", person_id=found.people[0].public_id))
    users = [one.user for one in found.people if one.user]
    return show("branch/person_search.html", form=form, found=found,
                signed_in=queries.last_sign_ins(users))


@blueprint.get("/orang/<uuid:person_id>")
@branch_only
def person(person_id):
    """Somebody the branch looks after: masked, and on record that they were looked at."""
    found = _person(person_id)
    service.look(found, current_user, "person", clock.now())
    return _page(found, RevealForm())


@blueprint.post("/orang/<uuid:person_id>/nik")
@branch_only
def show_nik(person_id):
    """The same page with the full NIK, for a reason that is recorded."""
    found, form = _person(person_id), RevealForm.of_request()
    if not form.is_sent_and_valid():
        service.look(found, current_user, "person", clock.now())
        return _page(found, form)
    try:
        nik = service.reveal_nik(found, current_user, form.reason.data, clock.now())
    except TooMany as wait:
        service.look(found, current_user, "person", clock.now())
        return waiting.said_in(form, wait.until, partial(_page, found, form))
    return _page(found, RevealForm(), nik=nik)


@blueprint.get("/orang/<uuid:person_id>/nik")
@branch_only
def hidden_nik(person_id):
    """Whoever reloads or keeps that address: a full NIK is at none, so back to the person."""
    return see_other(url_for(".person", person_id=person_id))


@blueprint.app_errorhandler(service.OwnAccount)
def own_account(_):
    """Staff are helped by a colleague, like everybody else."""
    return problem(403, "Ini akun Anda sendiri", "Minta rekan lain yang membantu Anda.",
                   back=url_for("branch.queue"), back_text="Antrean")


def _may_take(row, officer):
    """Whether an officer may take a row of the queue, without asking the database again."""
    claim = getattr(row, "claim", None)
    return may_take_claim(claim, officer) if claim else may_take(row, officer)


def _person(person_id):
    return found_or_404(queries.person_with(current_user.branch_id, person_id))


def _page(found, form, status=None, nik=None):
    now, before = clock.now(), request.args.get("sebelum", type=id_in)
    history, has_more = history_page(found, before)
    worker = found.worker
    memberships = list(queries.memberships_of(worker)) if worker else []
    return show("branch/person.html", status, person=found, form=form, full_nik=nik, nik=found.nik,
                reveal=form, reveal_url=url_for(".show_nik", person_id=found.public_id),
                kind=_kind_of(found.user), today=clock.day_of(now), memberships=memberships,
                may_end={one.id for one in memberships if _is_ours(one)},
                cases=list(queries.cases_about(found, current_user.branch_id).limit(LISTED)),
                messages=list(queries.messages_to(found).limit(LISTED)), kinds=KINDS,
                **_going_on(worker), rules_on=rules_on,
                claims=list(claims.claims_about(worker)) if worker else [],
                savings=claims.savings_of(worker) if worker else None,
                has_died=any(_is_death(one.standing) for one in memberships),
                kinds_of_claims=CLAIM_KINDS, claim_states=CLAIM_STATES,
                is_stopped=bool(found.user) and is_stopped(found.user),
                held_until=found.user and held_until(found.user, now),
                message_words=message_words, shown_recipient=shown_recipient,
                session_count=len(sessions.open_sessions(found.user, now)) if found.user else 0,
                blocks=_blocks(found.user), may_block=may_block(current_user),
                block_reasons=BLOCK_REASONS, block_states=BLOCK_STATES,
                history=history, is_first=not before,
                older=history[-1].id if has_more else None)


def _going_on(worker):
    """What somebody pays alone, a switch under way, and the programmes they joined."""
    switch = open_switch_of(worker) if worker else None
    granted = assistance_of(worker) if worker else ()
    return {"owns": owns_of(worker) if worker else [], "bills": bill_words,
            "switch": switch if switch and switch.submitted_at else None,
            "switch_status": switch_status,
            "applications": list(applications_of(worker).limit(LISTED)) if worker else [],
            "granted": {row.applicant_id: row for row in granted},
            "programmes": programme_words, "assistance_states": ASSISTANCE_STATES}


def _blocks(user):
    """The account's blocks; what is only proposed is the managers' own."""
    shown = blocks_about if may_block(current_user) else blocks_of
    return list(shown(user)) if user else []


def _kind_of(user):
    return ROLES.get(user.role, STAFF) if user else "Belum punya akun"


def _is_ours(membership):
    """Whether this branch may end it now: active, its end not filed, at a company of its own."""
    is_here = branch_of(membership.company) == current_user.branch_id
    return membership.status == ACTIVE and not membership.standing and is_here


def _is_death(report):
    """Whether a report says that the person died, and nobody objects to it."""
    return bool(report) and report.reason == "MGL" and report.state in (SCHEDULED, EFFECTIVE)
