"""Nonaktif di loket: form, check, receipt, the same day's reversal; and the worker's code."""

import json
from functools import partial

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_login import current_user

from webapp import clock, kept_input, waiting
from webapp.branch.looks import look
from webapp.cases import service as cases
from webapp.cases.queries import case_of_worker
from webapp.deactivation.consequences import consequences
from webapp.deactivation.reasons import REASONS
from webapp.deactivation.service import NotActive as EndedMeanwhile
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.home.queries import worker_of
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.memberships.queries import other_active_companies
from webapp.models.cases import AT_BRANCH, DONE, DRAFT, OPEN_REQUEST
from webapp.papers.kinds import KINDS as PAPER_KINDS
from webapp.papers.queries import box_for
from webapp.parameters import rules_on
from webapp.permissions import branch_only, found_or_404, fresh_factor, worker_only
from webapp.rate_limit import TooMany
from webapp.receipts.presentation import qr_of
from webapp.requests.queries import request_of
from webapp.walk_in import pairing, queries, service
from webapp.walk_in.checklist import WAYS, awaits_scan, items_for
from webapp.walk_in.forms import PairingForm, ReversalForm, WalkInForm

blueprint = Blueprint("walk_in", __name__)

REVERSALS = {"setujui": service.reverse, "tutup": service.drop_reversal}
TYPED = ("reason", "last_day", "note", "KTP", "KK", "KARTU", "PAKLARING", "BUKTI")
KINDS = ("KTP", "KK", "KARTU", "PAKLARING", "SURAT_RESIGN", "PKWT", "PHK", "SK_PENSIUN",
         "SURAT_DOKTER", "AKTA_KEMATIAN", "PASPOR", "PERNYATAAN", "BUKTI_TUTUP", "LAIN")


@blueprint.post("/cabang/loket/mulai/<uuid:membership_id>")
@branch_only
def begin(membership_id):
    """Begin, or go on with what was begun."""
    membership = found_or_404(queries.membership_at(current_user.branch_id, membership_id))
    return _to(service.begin(membership, current_user, clock.now()))


@blueprint.route("/cabang/loket/kode", methods=["GET", "POST"])
@branch_only
def pair():
    """Go on with what the worker began at home, by the code on their phone."""
    form = PairingForm.of_request(kept_input.recall(current_user, clock.now()))
    if not form.is_sent_and_valid():
        return show("walk_in/pair.html", form=form)
    try:
        return _to(pairing.pair(form.code.data, current_user, clock.now()))
    except pairing.NoSuchCode:
        form.code.errors = ["Tidak ada yang menunjukkan kode ini sekarang. Minta kode yang baru."]
        return show("walk_in/pair.html", 422, form=form)
    except TooMany as wait:
        return waiting.said_in(form, wait.until,
                               lambda status: show("walk_in/pair.html", status, form=form))


@blueprint.route("/cabang/loket/<uuid:case_id>", methods=["GET", "POST"])
@branch_only
def form(case_id):
    """The papers, the reason, the last day; all that is missing is named at once."""
    walk_in = _walk_in(case_id)
    if walk_in.state != DRAFT:
        return see_other(_url(".receipt", walk_in))
    filled = _form_for(walk_in)
    if not filled.is_sent_and_valid():
        return _form_page(walk_in, filled)
    try:
        service.keep(walk_in, current_user, version=version_shown(), reason=filled.reason.data,
                     last_day=filled.last_day.data, note=filled.note.data, answers=filled.answers)
    except (cases.CaseChanged, cases.TakenByColleague):
        return _form_page(_walk_in(case_id), filled, 409, is_outdated=True)
    walk_in = _walk_in(case_id)
    lacking = service.missing_papers(walk_in)
    if lacking:
        return _form_page(walk_in, filled, 422, lacking=lacking)
    return forward(_url(".check", walk_in), partial(_check_page, walk_in))


@blueprint.post("/cabang/loket/<uuid:case_id>/simpan")
@branch_only
def keep_typed(case_id):
    """Simpan dulu: what was typed waits on the server, whatever it is."""
    walk_in, now = _walk_in(case_id), clock.now()
    if walk_in.state != DRAFT:
        return see_other(_url(".receipt", walk_in))
    cases.keep_typed(walk_in.case, current_user, {
        name: values for name, values in request.form.lists() if name in TYPED}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".form", case_id=case_id, tersimpan="y"))


@blueprint.get("/cabang/loket/<uuid:case_id>/simpan")
@branch_only
def kept(case_id):
    """Where somebody comes back to whose session had ended while saving."""
    return _form_page(_walk_in(case_id), _form_for(_walk_in(case_id)))


@blueprint.route("/cabang/loket/<uuid:case_id>/periksa", methods=["GET"])
@branch_only
def check(case_id):
    """What will follow, before it does."""
    walk_in = _walk_in(case_id)
    if walk_in.state != DRAFT or not walk_in.last_day or service.missing_papers(walk_in):
        return see_other(_url(".form", walk_in))
    return _check_page(walk_in)


@blueprint.post("/cabang/loket/<uuid:case_id>/periksa")
@branch_only
@fresh_factor
def confirm(case_id):
    """End the membership; pressing twice gives the same receipt."""
    walk_in = _walk_in(case_id)
    if walk_in.state != DRAFT:
        return see_other(_url(".receipt", walk_in))
    try:
        service.file(walk_in, current_user, version=version_shown(), now=clock.now(),
                     rules=rules_on(clock.today()))
    except service.PapersMissing as lacking:
        return _form_page(walk_in, _form_for(walk_in), 422, lacking=lacking.items)
    except service.AlreadyDone:
        pass
    return see_other(_url(".receipt", walk_in))


@blueprint.get("/cabang/loket/<uuid:case_id>/tanda-terima")
@branch_only
def receipt(case_id):
    """What was done, to be printed and handed over; and until tonight the way back."""
    walk_in = _walk_in(case_id)
    if walk_in.state == DRAFT:
        return see_other(_url(".form", walk_in))
    return _receipt_page(walk_in, ReversalForm())


@blueprint.post("/cabang/loket/<uuid:case_id>/tinggalkan")
@branch_only
def drop(case_id):
    """Give it up: the person comes back another day."""
    walk_in = _walk_in(case_id)
    if walk_in.state == DRAFT:
        service.drop(walk_in, current_user, version=version_shown(), now=clock.now())
    return see_other(url_for("branch.queue"))


@blueprint.post("/cabang/loket/<uuid:case_id>/ambil")
@branch_only
def take_over(case_id):
    """Go on with the person whom a colleague began to serve."""
    walk_in = _walk_in(case_id)
    service.take_over(walk_in, current_user, clock.now())
    return _to(walk_in)


@blueprint.post("/cabang/loket/<uuid:case_id>/pembatalan")
@branch_only
@fresh_factor
def ask_reversal(case_id):
    """Ask for the reversal; a colleague confirms it today."""
    walk_in, reversal = _walk_in(case_id), ReversalForm.of_request()
    if not reversal.is_sent_and_valid():
        return _receipt_page(walk_in, reversal)
    service.ask_reversal(walk_in, current_user, reason=reversal.reason.data, now=clock.now())
    return see_other(_url(".receipt", walk_in))


@blueprint.post("/cabang/loket/<uuid:case_id>/pembatalan/putuskan")
@branch_only
@fresh_factor
def decide_reversal(case_id):
    """The second member of staff: confirm the reversal, or leave the walk-in as it is."""
    walk_in = _walk_in(case_id)
    decide = REVERSALS.get(request.form.get("keputusan")) or abort(400)
    decide(walk_in, current_user, version=version_shown(), now=clock.now())
    return see_other(_url(".receipt", walk_in))


@blueprint.route("/permohonan/<uuid:case_id>/kode-loket", methods=["GET", "POST"])
@worker_only
def code(case_id):
    """The worker shows six digits at the counter: the officer goes on with this draft."""
    worker = found_or_404(worker_of(current_user))
    asked = found_or_404(request_of(found_or_404(case_of_worker(worker, case_id))))
    if asked.state not in OPEN_REQUEST:
        return problem(409, "Permohonan ini sudah selesai",
                       "Tidak ada yang perlu dilanjutkan di kantor cabang.",
                       back=url_for("memberships.memberships"), back_text="Kepesertaan")
    now = clock.now()
    if request.method == "POST":
        pairing.show_code(asked, rules=rules_on(clock.day_of(now)), now=now)
        return see_other(url_for(".code", case_id=case_id))
    return show("walk_in/code.html", asked=asked, pairing=pairing.code_of(asked, now))


@blueprint.errorhandler(service.OwnMembership)
def own_membership(_):
    """Staff are helped by a colleague, like everybody else."""
    return problem(403, "Ini kepesertaan Anda sendiri", "Minta rekan lain yang membantu Anda.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.NotActive)
@blueprint.errorhandler(EndedMeanwhile)
def not_active(_):
    """Somebody ended it first."""
    return problem(409, "Kepesertaan ini sudah nonaktif",
                   "Perusahaan atau rekan Anda sudah mengakhirinya. Buka orangnya untuk melihat "
                   "siapa dan kapan.", back=url_for("branch.person_search"),
                   back_text="Cari orang")


@blueprint.errorhandler(service.SamePerson)
def same_person(_):
    """Two members of staff, not one twice."""
    return problem(403, "Harus rekan lain", "Yang meminta pembatalan tidak menyetujuinya sendiri. "
                   "Minta rekan Anda membuka antrean.", back=url_for("branch.queue"),
                   back_text="Antrean")


@blueprint.errorhandler(service.NotToday)
def not_today(_):
    """The day is over."""
    return problem(409, "Hanya bisa pada hari yang sama",
                   "Nonaktif di loket bisa dibatalkan sampai tengah malam hari itu. Sesudahnya "
                   "pekerja menyanggah, atau perusahaan meminta koreksi.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(cases.TakenByColleague)
def taken(colleague):
    """Somebody else serves the person."""
    return problem(409, f"Dipegang {colleague.owner.name}",
                   f"Sejak {clock.show_moment(colleague.since)}. Buka kasusnya, lalu ambil alih "
                   "jika Anda yang melayani orangnya sekarang.", back=url_for("branch.queue"),
                   back_text="Antrean")


@blueprint.errorhandler(service.AtOtherBranch)
def at_other_branch(elsewhere):
    """The person is served at another counter today."""
    return problem(409, "Sedang dilayani di cabang lain",
                   f"{elsewhere.branch.name} memulai nonaktif ini hari ini. Minta mereka "
                   "menyelesaikan atau membatalkannya. Besok Anda bisa mengambilnya dari sini.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(cases.CaseChanged)
def changed(_):
    """A colleague was faster."""
    return problem(409, "Kasus ini baru saja berubah",
                   "Rekan Anda mengubahnya lebih dulu. Buka lagi untuk melihat yang berlaku.",
                   back=url_for("branch.queue"), back_text="Antrean")


def _walk_in(case_id):
    """The branch's walk-in, not the officer's own; that it is looked at is on record."""
    walk_in = found_or_404(queries.walk_in_of(current_user.branch_id, case_id))
    look(walk_in.case, current_user, clock.now())
    membership = walk_in.membership
    membership.worker, membership.company = walk_in.case.worker, walk_in.case.company
    if walk_in.deactivation:
        walk_in.deactivation.membership = membership
    return walk_in


def _form_for(walk_in):
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(walk_in.case,
                                                                          current_user)
    earlier = {} if kept else {"reason": walk_in.reason, "last_day": walk_in.last_day,
                               "note": walk_in.note, **json.loads(walk_in.checklist)}
    return WalkInForm.of_request(kept, membership=walk_in.membership, today=clock.today(),
                                 rules=rules_on(clock.today()), **earlier)


def _form_page(walk_in, filled, status=None, **more):
    stored = REASONS.get(walk_in.reason)
    return show("walk_in/form.html", status or (422 if filled.errors else 200), form=filled,
                walk_in=walk_in, worker=walk_in.case.worker, company=walk_in.case.company,
                papers=box_for(walk_in.case, AT_BRANCH, current_user, KINDS, can_add=True),
                from_home=queries.papers_from_home(walk_in), kinds=PAPER_KINDS,
                stored_reason=stored and stored.label,
                rules=filled.rules, is_kept="tersimpan" in request.args,
                awaits_scan=partial(awaits_scan, answers=json.loads(walk_in.checklist)),
                others=list(cases.others_at(walk_in.case, current_user, clock.now())), **more)


def _check_page(walk_in):
    rules = rules_on(clock.today())
    effects = consequences(walk_in.reason, walk_in.last_day, rules=rules, today=clock.today(),
                           birth_date=walk_in.case.worker.birth_date)
    answers = json.loads(walk_in.checklist)
    seen = [(item.label, WAYS[answers[item.code]]) for item in items_for(walk_in.reason)]
    return show("walk_in/check.html", walk_in=walk_in, worker=walk_in.case.worker,
                company=walk_in.case.company, reason=REASONS[walk_in.reason], effects=effects,
                seen=seen, rules=rules, elsewhere=other_active_companies(walk_in.membership))


def _receipt_page(walk_in, reversal):
    deactivation = walk_in.deactivation
    found = deactivation and deactivation.receipt
    return show("walk_in/receipt.html", 422 if reversal.errors else 200, walk_in=walk_in,
                worker=walk_in.case.worker, company=walk_in.case.company, receipt=found,
                deactivation=deactivation, reversal=reversal, is_done=walk_in.state == DONE,
                rules=rules_on(clock.today()),
                reason=deactivation and REASONS[deactivation.reason],
                qr=found and qr_of(found, current_app.config["BASE_URL"]),
                can_reverse=walk_in.state == DONE and service.can_reverse(walk_in, clock.now()))


def _to(walk_in):
    return see_other(_url(".form", walk_in))


def _url(endpoint, walk_in):
    return url_for(endpoint, case_id=walk_in.case.public_id)
