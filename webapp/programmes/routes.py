"""Program: the waves, joining one, taking it back; and the draw, for anybody."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, waiting
from webapp.errors import problem
from webapp.home.queries import worker_of
from webapp.htmx import see_other, show
from webapp.linking.service import link
from webapp.models.programmes import DRAWN, JOINED, NOT_CHOSEN
from webapp.paging import id_in
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, presented_session, public, worker_only
from webapp.programme_desk.service import review_of
from webapp.programmes import publishing, service, words
from webapp.programmes.conditions import unmet
from webapp.programmes.family_card import index_of
from webapp.programmes.forms import join_form
from webapp.programmes.queries import (
    applicant_in,
    applicants_in,
    next_open,
    unsuccessful_before,
    wave_at,
    wave_for_visitors,
    wave_with,
    waves_at,
    waves_for_visitors,
)
from webapp.rate_limit import Limit, TooMany, count_try
from webapp.security_headers import ALWAYS

blueprint = Blueprint("programmes", __name__, url_prefix="/program")

PAGE = 20
NEEDS = {"name_of": words.name_of, "state_of": words.state_of, "shown_state": words.shown_state,
         "applicant_states": words.APPLICANTS, "end_of": words.end_of,
         "is_passed_over": words.is_passed_over, "wave_states": words.WAVES}
# The file of a draw never changes: browsers, and whatever stands between, may keep it.
FILES = Limit("draw-files", 60, timedelta(hours=1))     # of one address; each is up to 45 MB
KEPT = "public, max-age=604800, immutable"


@blueprint.get("")
@public
def waves():
    """Every wave with where it stands; for who joined some, how that went."""
    before = request.args.get("sebelum", type=id_in)
    now, worker = clock.now(), _worker()
    find = waves_at if current_user.is_authenticated else waves_for_visitors
    rows, has_more = find(now, before, PAGE)
    mine = applicants_in([row.id for row in rows], worker) if worker else {}
    return show("programmes/waves.html", waves=rows, mine=mine, now=now,
                is_first=not before, older=rows[-1].id if has_more else None, **NEEDS)


@blueprint.get("/<uuid:wave_id>")
@public
def wave(wave_id):
    """One wave: when, how many, on which conditions; and how far one has come in it."""
    found, now = _wave_shown(wave_id), clock.now()
    worker = _worker()
    applicant = applicant_in(found, worker) if worker else None
    if applicant:
        return _applicant_page(found, applicant, now)
    before = worker and unsuccessful_before(found, worker)
    conditions = worker and service.conditions_for(found, worker, clock.day_of(now),
                                                   before.family_index if before else None)
    return show("programmes/wave.html", wave=found, now=now, worker=worker, conditions=conditions,
                may_join=bool(worker) and not unmet(conditions), is_open=words.is_open(found, now),
                declarations=words.declarations_of(found), result_by=_result_by(found, now),
                is_one_press=_is_one_press(found, before),
                rules=rules_on(clock.day_of(now)), **NEEDS)


@blueprint.route("/<uuid:wave_id>/gabung", methods=["GET", "POST"])
@worker_only
def join(wave_id):
    """The family card and the declarations; then all of it once more, before it is done."""
    found, worker, now = _wave(wave_id), link(current_user, clock.now()), clock.now()
    if worker is None or applicant_in(found, worker) or not words.is_open(found, now):
        return see_other(_url(found))
    before = unsuccessful_before(found, worker)
    form = _form(found, worker, before)
    page = partial(_join_page, found, form)
    if not form.is_sent_and_valid():
        return page()
    try:
        family = _family(form, before, now)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, page)
    missing = unmet(service.conditions_for(found, worker, clock.day_of(now), family))
    if missing:
        form.form_errors.extend(f"{one.words} {one.advice}".strip() for one in missing)
        return page(422)
    return show("programmes/check.html", wave=found, form=form, family=family, **NEEDS)


@blueprint.route("/<uuid:wave_id>/gabung/kirim", methods=["GET", "POST"])
@worker_only
def join_now(wave_id):
    """Join. One press or five are one applicant."""
    found, worker, now = _wave(wave_id), link(current_user, clock.now()), clock.now()
    if request.method == "GET" or worker is None:
        return see_other(f"{_url(found)}/gabung")
    if applicant_in(found, worker):     # the other press was faster
        return see_other(_url(found))
    before = unsuccessful_before(found, worker)
    form = _form(found, worker, before)
    if not (_is_one_press(found, before) or form.is_sent_and_valid()):
        return _join_page(found, form, 422)
    try:
        service.join(found, worker, current_user, now=now, family=_family(form, before, now))
    except service.NotOpen:
        return _not_open(found)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_join_page, found, form))
    except service.NotEligible as missing:
        form.form_errors.extend(f"{one.words} {one.advice}".strip() for one in missing.conditions)
        return _join_page(found, form, 422)
    return see_other(_url(found))


@blueprint.route("/<uuid:wave_id>/batal", methods=["GET", "POST"])
@worker_only
def withdraw(wave_id):
    """Take it back while the wave is open."""
    found, worker, now = _wave(wave_id), worker_of(current_user), clock.now()
    applicant = worker and applicant_in(found, worker)
    if not applicant:     # taken back before
        return see_other(_url(found))
    if request.method == "GET":
        if applicant.state != JOINED or not words.is_open(found, now):
            return see_other(_url(found))
        return show("programmes/withdraw.html", wave=found, applicant=applicant, **NEEDS)
    try:
        service.withdraw(found, worker, current_user, now)
    except service.NotOpen:
        return _not_open(found)
    return see_other(_url(found))


@blueprint.get("/<uuid:wave_id>/undian")
@public
def draw(wave_id):
    """What is known of the draw, and how anybody computes it again."""
    found = _wave_shown(wave_id)
    is_drawn = found.state in DRAWN
    return show("programmes/draw.html", wave=found, now=clock.now(), is_drawn=is_drawn,
                claims=publishing.claims_of(found) if is_drawn else None,
                script=publishing.script(), file_name=publishing.file_name(found), **NEEDS)


@blueprint.get("/<uuid:wave_id>/undian.csv")
@public
def draw_file(wave_id):
    """The list, the results and what they were made of: for anybody, without signing in."""
    found = found_or_404(_drawn(wave_id))
    try:
        count_try(FILES, request.remote_addr or "", clock.now())
    except TooMany as wait:
        return waiting.until(wait.until, url_for(".draw", wave_id=wave_id))
    response = Response(publishing.parts_of(found), mimetype="text/csv")
    response.headers.extend(ALWAYS | {"Content-Security-Policy": "default-src 'none'; sandbox"})
    response.headers["Content-Disposition"] = f"attachment; filename={publishing.file_name(found)}"
    response.headers["Cache-Control"] = KEPT
    response.set_etag(found.seed[:16])
    return response.make_conditional(request)


def _wave(wave_id):
    return found_or_404(wave_at(wave_id, clock.now()))


def _wave_shown(wave_id):
    if current_user.is_authenticated:
        return _wave(wave_id)
    return found_or_404(wave_for_visitors(wave_id, clock.now()))


def _drawn(wave_id):
    found = wave_with(wave_id)
    return found if found and found.state in DRAWN else None


def _worker():
    """The worker who asks, or None: a visitor, somebody else, or nobody we know yet."""
    if not current_user.is_authenticated or presented_session().stage:
        return None
    return worker_of(current_user) if current_user.is_worker else None


def _url(found):
    return url_for(".wave", wave_id=found.public_id)


def _result_by(found, now):
    return found.closes_at + review_of(now)


def _is_one_press(found, before):
    """Whether all that is needed is known: the card, and agreement to the very same sentences."""
    return bool(before) and before.agreed == service.agreed_digest(found)


def _form(found, worker, before):
    form_class = join_form(words.declarations_of(found), asks_card=before is None)
    return form_class.of_request(kept_input.recall(current_user, clock.now()), nik=worker.nik)


def _family(form, before, now):
    """The index of the family card, typed now or in the wave before.

    :raises TooMany: too many cards were typed.
    """
    if before is None:
        service.count_card(current_user, now)
        return index_of(form.family_card.data)
    return before.family_index


def _applicant_page(found, applicant, now):
    state = words.shown_state(applicant, found)
    return show("programmes/applicant.html", wave=found, applicant=applicant, now=now, state=state,
                place=words.place_of(applicant, found), is_drawn=found.state in DRAWN,
                next=words.next_of(applicant, found, _result_by(found, now)),
                can_withdraw=state == JOINED and words.is_open(found, now),
                following=next_open(found) if state == NOT_CHOSEN else None, **NEEDS)


def _join_page(found, form, status=None):
    return show("programmes/join.html", status, wave=found, form=form,
                result_by=_result_by(found, clock.now()), **NEEDS)


def _not_open(found):
    return problem(409, "Gelombang ini sudah ditutup",
                   "Daftarnya tidak bisa berubah lagi. Lihat gelombang berikutnya di Program.",
                   back=url_for(".waves"), back_text="Lihat Program")
