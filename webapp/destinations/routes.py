"""Rekening atau e-wallet: what is linked, linking it with a code, changing and cutting it."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input, waiting
from webapp.cases.deadlines import branch_until
from webapp.cases.service import CaseChanged
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge
from webapp.claims.queries import running_of
from webapp.cookies import own_path
from webapp.destinations import queries, service
from webapp.destinations.forms import DestinationForm
from webapp.destinations.words import (
    GROUPS,
    PROVIDERS,
    STATES,
    kind_of,
    label,
    length_warning,
    shown_number,
)
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.holds.queries import held_until, is_stopped, wait_of
from webapp.home.queries import worker_of
from webapp.htmx import forward, see_other, show
from webapp.models.claims import IN_REVIEW, LINKED, WAITING_FOR_CODE
from webapp.parameters import rules_on
from webapp.permissions import found_or_404, fresh_factor, worker_only
from webapp.rate_limit import TooMany

blueprint = Blueprint("destinations", __name__, url_prefix="/rekening")

DONE = {"tersambung": "Sudah tersambung", "diperiksa": "Kode benar. Nama pemiliknya diperiksa dulu",
        "diputus": "Sudah diputus", "batal": "Tidak jadi disambungkan"}


@blueprint.get("")
@worker_only
def overview():
    """What is linked, what is on its way, and what waits."""
    now = clock.now()
    return show("destinations/overview.html", worker=worker_of(current_user), label=label,
                states=STATES, linked=queries.linked_of(current_user),
                coming=queries.coming_of(current_user),
                ended=queries.newest_ended(current_user), until=held_until(current_user, now),
                is_stopped=is_stopped(current_user), onward=own_path(request.args.get("lanjut")),
                done=DONE.get(request.args.get("selesai")))


@blueprint.get("/sambungkan")
@worker_only
def form():
    """Bank or e-wallet, number, holder."""
    onward, coming = own_path(request.args.get("lanjut")), queries.coming_of(current_user)
    if not _may_link(coming):
        return _to_overview(lanjut=onward)
    typed = kept_input.recall(current_user, clock.now())
    row = {} if typed or not coming else {
        "provider": coming.provider, "number": shown_number(coming), "holder": coming.holder}
    return _form_page(DestinationForm.of_request(typed, **row, lanjut=onward))


@blueprint.post("/sambungkan")
@worker_only
@fresh_factor
def begin():
    """Note it; the check page follows."""
    form, now = DestinationForm.of_request(), clock.now()
    onward, worker = own_path(form.lanjut.data), worker_of(current_user)
    if worker is None:
        return _to_overview(lanjut=onward)
    if not form.is_sent_and_valid():
        return _form_page(form)
    try:
        begun = service.begin(current_user, worker, provider=form.provider.data,
                              number=form.number.data, holder=form.holder.data, now=now)
    except (service.Stopped, service.InReview):
        return _to_overview(lanjut=onward)
    except service.AlreadyLinked:
        form.say_already_linked()
        return _form_page(form)
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(_form_page, form))
    return forward(url_for(".check", destination_id=begun.public_id, lanjut=onward),
                   partial(_check_page, begun, onward))


@blueprint.get("/sambungkan/<uuid:destination_id>")
@worker_only
def check(destination_id):
    """What will be linked, and what follows."""
    found, onward = _own(destination_id), own_path(request.args.get("lanjut"))
    if found.state != WAITING_FOR_CODE or is_stopped(current_user):
        return _to_overview(lanjut=onward)
    return _check_page(found, onward)


@blueprint.post("/sambungkan/<uuid:destination_id>")
@worker_only
def send_code(destination_id):
    """Send the code that links it."""
    found, now = _own(destination_id), clock.now()
    onward = own_path(request.form.get("lanjut"))
    targets = service.targets_of(current_user, now)
    if not targets:
        return problem(409, "Belum ada kontak yang terbukti",
                       "Datang ke kantor cabang dengan KTP. Petugas akan memasangkan kontak Anda.",
                       back=url_for(".overview"))
    try:
        challenge = service.ask_for_code(found, current_user, onward, now)
    except service.Outdated:
        return _to_overview(lanjut=onward)
    except TooMany as wait:
        return waiting.until(wait.until, url_for(".overview"))
    code_page.begin_with(challenge, targets)
    return see_other(url_for(".code", challenge_id=challenge.public_id))


@blueprint.route("/kode/<uuid:challenge_id>", methods=["GET", "POST"])
@worker_only
def code(challenge_id):
    """Ask for the code; with it the destination is linked, or goes to the branch."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id,
                                               Purpose.LINK_DESTINATION))
    found = found_or_404(service.destination_of(challenge))
    here = url_for(".check", destination_id=found.public_id,
                   lanjut=service.onward_of(challenge) or None)
    words = code_page.Words(
        title=f"Kode untuk menyambungkan {kind_of(found)}", step=(3, 3),
        lead=f"Kode ini menyambungkan {label(found)} ke akun Anda." if found.number else "",
        button=f"Sambungkan {kind_of(found)} ini", restart=url_for(".form"),
        done=_after(found, challenge), back=(here, "Periksa lagi"))
    return code_page.ask(challenge, partial(_link, challenge), words,
                         service.targets_of(current_user, clock.now()))


@blueprint.get("/<uuid:destination_id>/putuskan")
@worker_only
def cut(destination_id):
    """Say what follows when it is taken out."""
    found, now = _own(destination_id), clock.now()
    if found.ended_at:
        return _to_overview()
    linked = queries.linked_of(current_user)
    return show("destinations/cut.html", destination=found, label=label(found), kind=kind_of(found),
                replaced=linked and label(linked),
                until=now + wait_of(now), has_claims=running_of(worker_of(current_user)).exists())


@blueprint.post("/<uuid:destination_id>/putuskan")
@worker_only
@fresh_factor
def cut_now(destination_id):
    """Take it out. Doing it twice is the same as once."""
    found = _own(destination_id)
    try:
        service.cut(found, current_user, version=version_shown(), now=clock.now())
    except CaseChanged:
        return problem(409, "Keadaannya sudah berubah",
                       "Rekening ini tidak lagi seperti yang Anda lihat. Belum ada yang diputus.",
                       back=url_for(".overview"), back_text="Lihat rekening")
    return _to_overview(selesai="diputus" if found.linked_at else "batal")


def _own(destination_id):
    return found_or_404(queries.own_destination(current_user, destination_id))


def _may_link(coming):
    """Whether somebody may begin now: known as a worker, not stopped, nothing at the branch."""
    return not (worker_of(current_user) is None or is_stopped(current_user)
                or (coming and coming.state == IN_REVIEW))


def _form_page(form, status=None):
    return show("destinations/form.html", status, form=form, groups=GROUPS,
                linked=queries.linked_of(current_user), label=label,
                onward=own_path(form.lanjut.data))


def _check_page(found, onward):
    now, worker = clock.now(), worker_of(current_user)
    rules, linked = rules_on(clock.day_of(now)), queries.linked_of(current_user)
    return show("destinations/check.html", destination=found, label=label(found),
                kind=kind_of(found), provider=PROVIDERS[found.provider],
                number=shown_number(found), onward=onward, person=worker.name,
                warning=length_warning(found.provider, found.number),
                is_warned=service.is_warned(found.distance, rules),
                review_until=service.needs_review(found.distance, rules)
                and branch_until(clock.day_of(now), rules),
                replaced=linked and label(linked), until=queries.is_change(
                    current_user, found) and now + wait_of(now),
                has_claims=running_of(worker).exists())


def _link(challenge, _form):
    """The code was right."""
    now, worker = clock.now(), worker_of(current_user)
    try:
        linked = service.link(challenge, worker, rules=rules_on(clock.day_of(now)), now=now)
    except service.Stopped:
        return _to_overview()
    except service.Outdated:
        return problem(409, "Ini sudah berubah",
                       "Isian atau akun Anda berubah sesudah kode dikirim. Belum ada yang "
                       "disambungkan.", back=url_for(".form"), back_text="Mulai lagi")
    return see_other(_after(linked, challenge))


def _after(destination, challenge):
    """Where somebody belongs whose code was used: where they came from, once it is linked."""
    onward = own_path(service.onward_of(challenge))
    if destination.state == LINKED and onward:
        return onward
    said = {LINKED: "tersambung", IN_REVIEW: "diperiksa"}.get(destination.state)
    return url_for(".overview", selesai=said, lanjut=onward)


def _to_overview(**more):
    return see_other(url_for(".overview", **more))
