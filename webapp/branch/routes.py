"""The branch desk: what waits for staff, and the people they are asked about."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, sessions, waiting
from webapp.branch import queries, service
from webapp.branch.ages import age_in_words
from webapp.branch.forms import SearchForm
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.paging import id_in
from webapp.permissions import branch_only, found_or_404
from webapp.profile.queries import history_page
from webapp.rate_limit import TooMany
from webapp.reveal_form import RevealForm

blueprint = Blueprint("branch", __name__, url_prefix="/cabang")

SHOWN = 50


@blueprint.get("")
@branch_only
def queue():
    """What waits, each kind with its oldest first."""
    return show("branch/queue.html", now=clock.now(), age=age_in_words,
                recoveries=list(queries.waiting_recoveries().limit(SHOWN)),
                corrections=list(queries.waiting_corrections().limit(SHOWN)))


@blueprint.route("/orang", methods=["GET", "POST"])
@branch_only
def person_search():
    """Find somebody by an exact number, which is posted and stands in no address."""
    form = SearchForm.of_request(kept_input.recall(current_user, clock.now()))
    if not form.is_sent_and_valid():
        return show("branch/person_search.html", form=form, found=None)
    found = service.search(form.number.data, current_user, clock.now())
    if len(found) == 1:
        return see_other(url_for(".person", person_id=found[0].public_id))
    return show("branch/person_search.html", form=form, found=found,
                linked=queries.linked_among(found), signed_in=queries.last_sign_ins(found),
                is_worker=not found and queries.is_known_worker(form.number.data))


@blueprint.get("/orang/<uuid:person_id>")
@branch_only
def person(person_id):
    """Somebody's account: masked, and on record that it was looked at."""
    found = found_or_404(queries.person_with(person_id))
    service.look(found, current_user, "person", clock.now())
    return _page(found, RevealForm())


@blueprint.post("/orang/<uuid:person_id>/nik")
@branch_only
def show_nik(person_id):
    """The same page with the full NIK, for a reason that is recorded."""
    found, form = found_or_404(queries.person_with(person_id)), RevealForm.of_request()
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


@blueprint.errorhandler(service.OwnAccount)
def own_account(_):
    """Staff are helped by a colleague, like everybody else."""
    return problem(403, "Ini akun Anda sendiri", "Minta rekan lain yang membantu Anda.",
                   back=url_for("branch.queue"))


def _page(found, form, status=None, nik=None):
    worker, now = queries.worker_of(found), clock.now()
    before = request.args.get("sebelum", type=id_in)
    history, has_more = history_page(found, before)
    return show("branch/person.html", status, person=found, form=form, full_nik=nik,
                nik=queries.nik_of(found), reveal=form,
                reveal_url=url_for(".show_nik", person_id=found.public_id),
                birth_date=worker.birth_date if worker else found.birth_date,
                today=clock.day_of(now),
                memberships=list(queries.memberships_of(worker)) if worker else [],
                session_count=len(sessions.open_sessions(found, now)), history=history,
                is_first=not before, older=history[-1].id if has_more else None)
