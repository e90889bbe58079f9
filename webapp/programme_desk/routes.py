"""Program at the branch: managers make and open, everybody of the staff may look."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, kept_input
from webapp.assistance.queries import counts_in
from webapp.assistance.words import STATES as ASSISTANCE_STATES
from webapp.branch.queries import branch_names_of
from webapp.branch.service import look
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show
from webapp.models.people import MANAGER
from webapp.models.programmes import CLOSED, DRAWING, OPEN, SCHEDULED
from webapp.paging import id_in
from webapp.permissions import branch_only, found_or_404, fresh_factor
from webapp.programme_desk import forms, queries, service
from webapp.programme_desk.stopping import stopped_by
from webapp.programmes import words
from webapp.programmes.conditions import ALWAYS
from webapp.programmes.queries import count_in, wave_with
from webapp.receipts.signing import parse_number

blueprint = Blueprint("programme_desk", __name__, url_prefix="/cabang/program")

PAGE = 20
NEEDS = {"name_of": words.name_of, "state_of": words.state_of, "end_of": words.end_of,
         "shown_state": words.shown_state, "applicant_states": words.APPLICANTS,
         "is_passed_over": words.is_passed_over, "wave_states": words.WAVES}


@blueprint.get("")
@branch_only
def programmes():
    """Every programme with its newest wave."""
    before = request.args.get("sebelum", type=id_in)
    rows, has_more = queries.programmes_before(before, PAGE)
    return show("programme_desk/programmes.html", programmes=rows, now=clock.now(),
                newest=queries.newest_waves(rows), is_manager=_is_manager(), is_first=not before,
                older=rows[-1].id if has_more else None, **NEEDS)


@blueprint.get("/baru")
@branch_only
def make():
    """The form of a new programme."""
    return _form_page("programme_desk/programme_form.html", _form(forms.ProgrammeForm))


@blueprint.post("/baru")
@branch_only
@fresh_factor
def make_now():
    """Make it; twice is once."""
    form = _form(forms.ProgrammeForm)
    page = partial(_form_page, "programme_desk/programme_form.html", form)
    if not form.is_sent_and_valid():
        return page()
    try:
        made = service.make_programme(current_user, clock.now(), name=form.name.data,
                                      lead=form.lead.data, grant=form.grant.data)
    except service.Refused as problem:
        return _refused(form, problem, page)
    return see_other(url_for(".programme", programme_id=made.public_id))


@blueprint.get("/<uuid:programme_id>")
@branch_only
def programme(programme_id):
    """One programme: its waves, and how its assistance stands."""
    found = found_or_404(queries.programme_with(programme_id))
    return show("programme_desk/programme.html", programme=found, now=clock.now(),
                waves=list(queries.waves_of(found)), counts=counts_in(found),
                assistance_states=ASSISTANCE_STATES, is_manager=_is_manager(), **NEEDS)


@blueprint.get("/<uuid:programme_id>/gelombang")
@branch_only
def make_wave(programme_id):
    """The form of the next wave."""
    return _wave_page(found_or_404(queries.programme_with(programme_id)))


@blueprint.post("/<uuid:programme_id>/gelombang")
@branch_only
@fresh_factor
def make_wave_now(programme_id):
    """Schedule it; twice is once."""
    found = found_or_404(queries.programme_with(programme_id))
    form = _wave_form()
    if not form.is_sent_and_valid():
        return _wave_page(found, form)
    try:
        made = service.make_wave(
            found, current_user, clock.now(), number=request.form.get("number", 0, _number),
            opens_on=form.opens_on.data, closes_on=form.closes_on.data, quota=form.places,
            declarations=form.sentences)
    except service.Refused as problem:
        return _refused(form, problem, partial(_wave_page, found, form))
    return see_other(url_for(".wave", wave_id=made.public_id))


@blueprint.get("/gelombang/<uuid:wave_id>")
@branch_only
def wave(wave_id):
    """One wave: where it stands, who joined."""
    return _page(_wave(wave_id))


@blueprint.post("/gelombang/<uuid:wave_id>")
@branch_only
def find(wave_id):
    """An applicant by the number."""
    found, form = _wave(wave_id), forms.NumberForm.of_request()
    if not form.is_sent_and_valid():
        return _page(found, form)
    applicant = queries.applicant_numbered(found, form.number.data)
    if applicant is None:
        form.number.errors = ["Tidak ada pendaftar dengan nomor ini di gelombang ini."]
        return _page(found, form)
    if not _is_ours(applicant):
        form.number.errors = ["Pendaftar ini dilayani di " + " dan ".join(
            branch_names_of([queries.person_in(applicant)])) + "."]
        return _page(found, form)
    return see_other(url_for(".applicant", applicant_id=applicant.public_id))


@blueprint.get("/gelombang/<uuid:wave_id>/perpanjang")
@branch_only
def extend(wave_id):
    """Until when people may join instead."""
    return _extend_page(_wave(wave_id))


@blueprint.post("/gelombang/<uuid:wave_id>/perpanjang")
@branch_only
@fresh_factor
def extend_now(wave_id):
    """Let them; twice is once."""
    found = _wave(wave_id)
    form = _closing_form(found)
    if not form.is_sent_and_valid():
        return _extend_page(found, form)
    try:
        service.extend(found, current_user, clock.now(), version=version_shown(),
                       closes_on=form.closes_on.data)
    except service.Refused as problem:
        return _refused(form, problem, partial(_extend_page, found, form))
    except service.AlreadyDone:
        pass
    return _to(found)


@blueprint.get("/gelombang/<uuid:wave_id>/tutup")
@branch_only
def close(wave_id):
    """What follows when it is closed now."""
    return _act_page("programme_desk/close.html", _wave(wave_id), (OPEN,))


@blueprint.post("/gelombang/<uuid:wave_id>/tutup")
@branch_only
@fresh_factor
def close_now(wave_id):
    """Close it; twice is once."""
    return _done(service.close_early, wave_id)


@blueprint.get("/gelombang/<uuid:wave_id>/seleksi")
@branch_only
def draw(wave_id):
    """What follows when the draw begins now."""
    found = _wave(wave_id)
    return _act_page("programme_desk/draw.html", found,
                     (CLOSED, DRAWING) if stopped_by(found) else (CLOSED,))


@blueprint.post("/gelombang/<uuid:wave_id>/seleksi")
@branch_only
@fresh_factor
def draw_now(wave_id):
    """Begin it; twice is once."""
    return _done(service.begin_draw, wave_id)


@blueprint.get("/pendaftar/<uuid:applicant_id>")
@branch_only
def applicant(applicant_id):
    """One applicant, and taking them off the wave."""
    return _applicant_page(_applicant(applicant_id))


@blueprint.post("/pendaftar/<uuid:applicant_id>")
@branch_only
@fresh_factor
def revoke(applicant_id):
    """Revoke them with a reason; twice is once."""
    found, form = _applicant(applicant_id), _form(forms.RevocationForm)
    if not form.is_sent_and_valid():
        return _applicant_page(found, form)
    try:
        service.revoke(found, current_user, clock.now(), version=version_shown(),
                       reason=form.reason.data)
    except service.CaseChanged:
        return _applicant_changed(found, form)
    except service.AlreadyDone:
        pass
    return see_other(url_for(".applicant", applicant_id=applicant_id))


@blueprint.errorhandler(service.CaseChanged)
def changed(_):
    """A colleague, or the clock, was faster: how the wave stands now, and what was typed."""
    found = wave_with(request.view_args.get("wave_id"))
    back = (url_for(".wave", wave_id=found.public_id) if found
            else url_for(".programme", **request.view_args))
    stands = words.state_of(found, clock.now())[0] if found else "ada gelombang yang baru dibuat"
    typed = [(label, request.form[name]) for name, label in (
        ("opens_on", "Hari pertama"), ("closes_on", "Hari terakhir"), ("quota", "Kuota"),
        ("declarations", "Pernyataan lain")) if request.form.get(name)]
    return show("cases/changed.html", 409, title="Gelombang ini sudah berubah", typed=typed,
                advice=f"Keadaannya sekarang: {stands}. Yang baru Anda kirim belum dilakukan.",
                back=back, back_text="Lihat yang sekarang")


@blueprint.errorhandler(service.NotManager)
def not_manager(_):
    """Others may look."""
    return problem(403, "Hanya manajemen yang bisa melakukan ini",
                   "Anda bisa melihat program dan gelombangnya. Untuk mengubahnya, minta "
                   "manajemen cabang.", back=url_for(".programmes"), back_text="Lihat program")


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """Nobody decides about what they have a chance in."""
    return problem(403, "Anda sendiri ikut gelombang ini",
                   "Minta manajemen lain untuk melakukannya.", back=url_for(".programmes"),
                   back_text="Lihat program")


def _is_manager():
    return current_user.role == MANAGER


def _wave(wave_id):
    return found_or_404(wave_with(wave_id))


def _applicant(applicant_id):
    """An applicant whom the branch looks after; on record that they were looked at."""
    found = found_or_404(queries.applicant_with(applicant_id))
    found_or_404(_is_ours(found) or None)
    look(queries.person_in(found), current_user, "applicant", clock.now())
    return found


def _is_ours(applicant):
    return bool(queries.ours_among([applicant], current_user.branch_id))


def _number(text):
    return int(text) if len(text) < 7 else 0


def _form(form_class, **needs):
    """The form as it was sent, or as it waited while its manager proved who they are."""
    return form_class.of_request(kept_input.recall(current_user, clock.now()), **needs)


def _form_page(template, form, status=None, **context):
    if not _is_manager():
        raise service.NotManager
    return show(template, status, form=form, **context)


def _wave_form():
    return _form(forms.WaveForm, earliest=clock.today())


def _wave_page(found, form=None, status=None):
    newest = queries.waves_of(found).first()
    return _form_page("programme_desk/wave_form.html", form or _wave_form(), status,
                      programme=found, number=newest.number + 1 if newest else 1, always=ALWAYS)


def _closing_form(found):
    return _form(forms.ClosingForm, earliest=max(clock.today(), words.last_day_of(found)),
                 closes_on=words.last_day_of(found))


def _extend_page(found, form=None, status=None):
    if found.state not in (SCHEDULED, OPEN):
        return _to(found)
    _refuse_involved(found)
    return _form_page("programme_desk/extend.html", form or _closing_form(found), status,
                      wave=found, **NEEDS)


def _refuse_involved(found):
    if _is_manager() and service.takes_part_in(found, current_user):
        raise service.NotYours


def _act_page(template, found, states):
    """The page of an act that needs nothing typed, while it can be done."""
    if found.state not in states:
        return _to(found)
    _refuse_involved(found)
    return _form_page(template, None, wave=found, count=count_in(found), now=clock.now(), **NEEDS)


def _done(act, wave_id):
    found = _wave(wave_id)
    try:
        act(found, current_user, clock.now(), version=version_shown())
    except service.AlreadyDone:
        pass
    return _to(found)


def _page(found, form=None):
    after = parse_number(request.args.get("setelah", "")) or ""
    rows, has_more = queries.applicants_after(found, after)
    now, is_manager = clock.now(), _is_manager()
    return show("programme_desk/wave.html", form=form or forms.NumberForm(), wave=found, now=now,
                stopped=found.state == DRAWING and words.STOPPED.get(stopped_by(found)),
                is_in_it=is_manager and service.takes_part_in(found, current_user),
                ours=queries.ours_among(rows, current_user.branch_id), applicants=rows,
                is_first=not after, count=count_in(found),
                after=rows[-1].number if has_more else None, is_manager=is_manager,
                declarations=words.declarations_of(found), is_open=words.is_open(found, now),
                draws_by=found.closes_at + service.review_of(now), **NEEDS)


def _applicant_page(found, form=None, status=None):
    return show("programme_desk/applicant.html", status, form=form or _form(forms.RevocationForm),
                applicant=found, wave=found.wave, place=words.place_of(found, found.wave),
                may_revoke=_is_manager() and service.may_revoke(found, found.wave), **NEEDS)


def _applicant_changed(found, form):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    fresh = queries.applicant_with(found.public_id)
    stands = words.APPLICANTS[words.shown_state(fresh, fresh.wave)][0].lower()
    return show("cases/changed.html", 409, title="Pendaftar ini sudah berubah",
                typed=[("Alasan", form.reason.data)],
                advice=f"Statusnya sekarang: {stands}. Yang baru Anda tulis belum tersimpan.",
                back=url_for(".applicant", applicant_id=found.public_id),
                back_text="Lihat pendaftar")


def _refused(form, refusal, page):
    """The same form, with what is wrong beside its field."""
    form[refusal.field].errors = [*form[refusal.field].errors, refusal.sentence]
    return page(status=422)


def _to(found):
    return see_other(url_for(".wave", wave_id=found.public_id))
