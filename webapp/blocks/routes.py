"""Blokir: managers propose, confirm and review the blocking of accounts."""

from functools import partial

from flask import Blueprint, abort, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, kept_input
from webapp.blocks import queries, rights, service
from webapp.blocks.forms import END, LENGTHEN, DropForm, ProposalForm, ReviewForm
from webapp.blocks.words import REASONS, STATES, steps_of
from webapp.branch.queries import answers_for, person_of, person_with
from webapp.branch.service import look
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.htmx import see_other, show
from webapp.models.people import MAY_SIGN_IN
from webapp.paging import id_in
from webapp.parameters import rules_on
from webapp.permissions import branch_only, found_or_404, fresh_factor

blueprint = Blueprint("blocks", __name__, url_prefix="/cabang/blokir")


@blueprint.get("")
@branch_only
def block_list():
    """What waits for a manager today, what is in force, what is over."""
    _managers_only()
    shown, before = request.args.get("tampil"), request.args.get("sebelum", type=id_in)
    shown = shown if shown in queries.SHOWN else queries.TO_DO
    rows, has_more = queries.blocks_page(current_user, shown, clock.today(), before)
    return show("blocks/list.html", rows=rows, shown=shown, filters=queries.SHOWN, states=STATES,
                reasons=REASONS, today=clock.today(), needs_review=queries.needs_review,
                is_first=not before, older=rows[-1].id if has_more else None)


@blueprint.get("/orang/<uuid:person_id>")
@branch_only
def begin(person_id):
    """Ask why, until when, and when somebody looks at it again."""
    user = _account(person_id)
    before = queries.open_block_of(user)
    if before:
        return see_other(url_for(".block", block_id=before.public_id))
    return _proposal_page(user, _proposal(kept_input.recall(current_user, clock.now())))


@blueprint.post("/orang/<uuid:person_id>")
@branch_only
@fresh_factor
def propose(person_id):
    """Propose it; another manager decides."""
    user, form = _account(person_id), _proposal()
    if not form.is_sent_and_valid():
        return _proposal_page(user, form)
    now = clock.now()
    block = service.propose(user, current_user, reason=form.reason.data, note=form.note.data,
                            review_on=form.review_on.data, until=form.until.data,
                            rules=rules_on(clock.day_of(now)), now=now)
    return see_other(url_for(".block", block_id=block.public_id))


@blueprint.get("/<uuid:block_id>")
@branch_only
def block(block_id):
    """One block, and what this manager may do about it."""
    found, kept = _looked_at(block_id), kept_input.recall(current_user, clock.now())
    return _page(found, drop=DropForm(MultiDict(kept) if kept else None),
                 review=_review(found, kept))


@blueprint.post("/<uuid:block_id>")
@branch_only
@fresh_factor
def act(block_id):
    """Do what was pressed; pressing twice is the same as once."""
    found = _looked_at(block_id)
    pressed = found_or_404(_ACTS.get(request.form.get("putusan")))
    return pressed(found, version=version_shown(), now=clock.now()) or see_other(
        url_for(".block", block_id=block_id))


@blueprint.errorhandler(service.BlockChanged)
def changed(_):
    """A colleague was faster: who, and what stands now; what was typed here."""
    found = _found(request.view_args["block_id"])
    typed = [(label, request.form.get(name, "").strip())
             for name, label in (("why", "Mengapa tidak jadi"), ("reason", "Alasan"))]
    return show("blocks/changed.html", 409, block=found, state=STATES[found.state],
                last=steps_of(found)[-1], typed=[pair for pair in typed if pair[1]])


@blueprint.errorhandler(service.AlreadyProposed)
def proposed(error):
    """A colleague proposed it already: who, and when; what was typed here."""
    return show("blocks/changed.html", 409, block=found_or_404(queries.block_at(
        current_user, error.block.public_id)), state=STATES[error.block.state],
        last=None, typed=[("Apa yang terjadi", request.form.get("note", "").strip())])


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """Managers only, and two different ones."""
    return problem(403, "Ini bukan untuk Anda",
                   "Blokir diputuskan dua orang manajemen. Yang mengusulkan tidak mengesahkannya "
                   "sendiri.", back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.NotBlockable)
def not_blockable(_):
    """It is closed, or blocked."""
    return problem(409, "Akun ini tidak bisa diblokir",
                   "Akun ini sudah ditutup, atau sudah diblokir.", back=url_for(".block_list"),
                   back_text="Blokir")


@blueprint.errorhandler(service.TooLate)
def too_late(_):
    """Nobody confirmed it in time."""
    return problem(409, "Hari terakhirnya sudah lewat",
                   "Batalkan usulan ini. Jika masih perlu, usulkan lagi dengan hari yang baru.",
                   back=url_for(".block", **request.view_args), back_text="Lihat usulannya")


def _confirm(found, *, version, now):
    _once(partial(service.confirm, found, current_user, version=version, now=now))


def _drop(found, *, version, now):
    form = DropForm.of_request()
    if not form.is_sent_and_valid():
        return _page(found, drop=form, review=_review(found))
    _once(partial(service.drop, found, current_user, form.why.data, version=version, now=now))
    return None


def _review_it(found, *, version, now):
    form = ReviewForm.of_request(**_needs(found))
    if not form.is_sent_and_valid():
        return _page(found, drop=DropForm(), review=form)
    shown = {"version": version, "now": now}
    dates = {"review_on": form.review_on.data, "until": form.last_day}
    if form.act.data == END:
        _once(partial(service.end, found, current_user, form.reason.data, **shown))
    elif form.act.data == LENGTHEN:
        _once(partial(service.ask_longer, found, current_user, form.reason.data,
                      rules=rules_on(clock.day_of(now)), **dates, **shown))
    else:
        _once(partial(service.review, found, current_user, **dates, **shown))
    return None


def _lengthen(found, *, version, now):
    _once(partial(service.lengthen, found, current_user, version=version, now=now))


def _refuse_longer(found, *, version, now):
    _once(partial(service.refuse_longer, found, current_user, version=version, now=now))


_ACTS = {"sahkan": _confirm, "batalkan": _drop, "tinjau": _review_it, "perpanjang": _lengthen,
         "jangan-perpanjang": _refuse_longer}


def _once(do):
    """The same press once more changes nothing."""
    try:
        do()
    except service.AlreadyDone:
        return


def _managers_only():
    if not rights.may_block(current_user):
        raise service.NotYours


def _account(person_id):
    """The account of somebody this branch answers for; on record that it was looked at."""
    _managers_only()
    person = found_or_404(person_with(current_user.branch_id, person_id))
    if not answers_for(current_user.branch_id, person):
        abort(404)
    look(person, current_user, "block", clock.now())
    return found_or_404(person.user)


def _found(block_id):
    _managers_only()
    return found_or_404(queries.block_at(current_user, block_id))


def _looked_at(block_id):
    """A block of this branch; on record that it was looked at."""
    found = _found(block_id)
    look(person_of(found.user), current_user, "block", clock.now())
    return found


def _proposal(kept=None):
    today = clock.today()
    return ProposalForm.of_request(kept, today=today, rules=rules_on(today))


def _proposal_page(user, form):
    if user.state not in MAY_SIGN_IN:
        raise service.NotBlockable
    return show("blocks/propose.html", form=form, user=user,
                rules=rules_on(clock.today()), is_closing=user.state == MAY_SIGN_IN[1])


def _needs(found):
    today = clock.today()
    return {"block": found, "today": today, "rules": rules_on(today)}


def _review(found, kept=None):
    return ReviewForm(MultiDict(kept) if kept else None, **_needs(found))


def _page(found, *, drop, review):
    forms = [form for form in (drop, review) if form.errors]
    return show("blocks/block.html", form=(forms or [drop])[0], block=found, drop=drop,
                review=review, state=STATES[found.state], reason=REASONS[found.reason],
                steps=steps_of(found), may_confirm=rights.may_confirm(found, current_user),
                may_drop=rights.may_drop(found, current_user),
                may_review=rights.may_review(found, current_user),
                may_lengthen=rights.may_lengthen(found, current_user),
                is_due=queries.needs_review(found, clock.today()))
