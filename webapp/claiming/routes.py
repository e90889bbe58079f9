"""Daftar pencairan: one question a page, each kept on the server; then the code, and it is sent."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from webapp import clock, code_page, kept_input
from webapp.accounts.contacts import mask
from webapp.cases import service as cases
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge
from webapp.claim_form import ClaimForm
from webapp.claiming.asked import TYPED, fields_of, papers_of
from webapp.claims import progress, sending, service
from webapp.claims.faults import LABELS
from webapp.claims.judgement import judged
from webapp.claims.own import own_claim
from webapp.claims.queries import papers_by_kind
from webapp.claims.words import STATES, amount_of, label_of
from webapp.destinations.queries import coming_of, linked_of
from webapp.destinations.words import label as destination_label
from webapp.eligibility.judging import judge
from webapp.eligibility.kinds import KINDS
from webapp.errors import problem
from webapp.forms import clean, version_shown
from webapp.htmx import forward, see_other, show, wants_fragment
from webapp.models.cases import AT_WORKER
from webapp.models.claims import DRAFT, RETURNED
from webapp.papers.kinds import KINDS as PAPERS
from webapp.papers.needed import needed_by_claim
from webapp.papers.queries import box_for
from webapp.permissions import found_or_404, presented_session, worker_only
from webapp.profile.service import change_address

blueprint = Blueprint("claiming", __name__, url_prefix="/pencairan/<uuid:case_id>")

PAGES = {progress.CONDITIONS: "conditions", progress.AMOUNT: "amount",
         progress.PURPOSE: "purpose", progress.CONTACT: "contact", progress.PAPERS: "papers",
         progress.DESTINATION: "destination", progress.CHECK: "check"}     # templates


@blueprint.get("/syarat")
@worker_only
def conditions(case_id):
    """Each condition, met or not, and who must do what until when."""
    return _asked(case_id, progress.CONDITIONS)


@blueprint.route("/jumlah", methods=["GET", "POST"])
@worker_only
def amount(case_id):
    """How much: typed, or what the savings hold."""
    return _asked(case_id, progress.AMOUNT)


@blueprint.route("/keperluan", methods=["GET", "POST"])
@worker_only
def purpose(case_id):
    """What the money is for, and why."""
    return _asked(case_id, progress.PURPOSE)


@blueprint.route("/kontak", methods=["GET", "POST"])
@worker_only
def contact(case_id):
    """Where the person lives and can be reached."""
    return _asked(case_id, progress.CONTACT)


@blueprint.route("/dokumen", methods=["GET", "POST"])
@worker_only
def papers(case_id):
    """The papers; all that are missing are named at once."""
    if request.method == "GET" and _own(case_id).state == RETURNED:     # after handing one in
        return see_other(url_for("claim_corrections.correct", case_id=case_id))
    return _asked(case_id, progress.PAPERS)


@blueprint.route("/rekening", methods=["GET", "POST"])
@worker_only
def destination(case_id):
    """Where the money goes: what is linked."""
    if request.method == "POST" and not linked_of(current_user):
        return see_other(url_for(".destination", case_id=case_id))
    return _asked(case_id, progress.DESTINATION)


@blueprint.route("/simpan", methods=["GET", "POST"])
@worker_only
def keep(case_id):
    """Keep what was typed and not sent, valid or not, for every device of the person."""
    claim, now = _own(case_id), clock.now()
    kept = kept_input.recall(current_user, now) or {}
    step = (request.form.get("step") or kept.get("step", [""])[0])
    if claim.state != DRAFT or step not in TYPED:
        if wants_fragment() and request.method == "POST":
            return render_template("cases/_kept.html", is_too_late=True), 409
        return see_other(_url(claim)) if request.method == "GET" else _changed(claim)
    if request.method == "GET":     # typed while the session had ended
        return _page(claim, step, _form_of(claim, step))
    cases.keep_typed(claim.case, current_user, (cases.typed_in(claim.case, current_user) or {}) | {
        name: request.form.getlist(name) for name in TYPED[step] if name in request.form}, now)
    if wants_fragment():
        return render_template("cases/_kept.html", kept_at=now)
    return see_other(f"{_url(claim)}/{step}?tersimpan=y")


@blueprint.route("/periksa", methods=["GET", "POST"])
@worker_only
def check(case_id):
    """Show all of it once more; then send the code that it is sent with."""
    claim, now = _own(case_id), clock.now()
    if claim.state != DRAFT:
        return see_other(_url(claim))
    judgement = judged(claim, clock.day_of(now))
    undone = progress.open_steps(claim, judgement, papers_by_kind(claim))
    if undone:
        return see_other(f"{_url(claim)}/{undone[0]}")
    if request.method == "GET":
        return _page(claim, progress.CHECK)
    if version_shown() != claim.version:
        return _changed(claim)
    return _code_sent(claim, now)


@blueprint.route("/kode/<uuid:challenge_id>", methods=["GET", "POST"])
@worker_only
def code(case_id, challenge_id):
    """Ask for the code; with it the claim is sent."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id, Purpose.SEND_CLAIM))
    claim, here = _own(case_id), url_for("claims.case", case_id=case_id)
    if sending.about(challenge) != (sending.SEND, claim.case.public_id.hex):
        return found_or_404(None)
    if not challenge.used_at and not sending.is_still_bound(challenge, claim):
        return _dead(claim)
    words = code_page.Words(
        title="Kode untuk pencairan", button="Simpan pencairan", restart=f"{here}/periksa",
        lead=f"{amount_of(claim)} ke {destination_label(claim.destination)}. Dengan kode ini "
             "pencairan Anda terdaftar.",
        done=f"{here}/tanda-terima", back=(f"{here}/periksa", "Periksa"))
    return code_page.ask(challenge, partial(_send, challenge, claim), words,
                         sending.targets_of(current_user, clock.now()))


def _code_sent(claim, now):
    """The code is on its way, to where there is a contact that was proven."""
    targets = sending.targets_of(current_user, now)
    if not targets:
        return _no_contact(claim)
    challenge = sending.ready_for_code(claim, current_user, now)
    code_page.begin_with(challenge, targets)
    return see_other(url_for(".code", case_id=claim.case.public_id,
                             challenge_id=challenge.public_id))


def _send(challenge, claim, _form):
    """The code was right: the claim is registered."""
    try:
        sending.submit(challenge, current_user, now=clock.now())
    except sending.Outdated:
        sending.end_code(current_user, clock.now())
        return _dead(claim)
    return see_other(f"{_url(claim)}/tanda-terima")


def _asked(case_id, step):
    """A page of the draft, and keeping what is filled in there."""
    claim = _own(case_id)
    if claim.state != DRAFT:
        return see_other(_url(claim)) if request.method == "GET" else _changed(claim)
    form = _form_of(claim, step)
    if not form.is_sent_and_valid():
        return _page(claim, step, form)
    try:
        service.keep(claim, current_user, clock.now(), **_answers(claim, step, form))
    except service.CaseChanged:
        return _changed(_own(case_id))
    claim = _own(case_id)
    onward = progress.after(step, claim, judged(claim, clock.today()), papers_by_kind(claim))
    return forward(f"{_url(claim)}/{onward}", partial(_next_page, claim, onward))


def _answers(claim, step, form):
    """What a page changes in the claim."""
    now = clock.now()
    if step == progress.CONTACT:
        if form.address.data != (current_user.address or ""):
            change_address(presented_session(), form.address.data, now)
        return {"contact_checked_at": now}
    if step == progress.DESTINATION:
        return {"destination": linked_of(current_user)}
    if step == progress.AMOUNT and not KINDS[claim.kind].is_entered:
        return {"amount": judged(claim, clock.day_of(now)).verdict.most}
    return form.answers


def _own(case_id):
    return own_claim(current_user, case_id)


def _url(claim):
    return url_for("claims.case", case_id=claim.case.public_id)


def _next_page(claim, step):
    """The page after the one that was just sent: what was sent is none of its answers."""
    return _page(claim, step, _form_of(claim, step, _unsent))


def _unsent(typed, **needs):
    return ClaimForm(MultiDict(typed) if typed else None, **needs)


def _form_of(claim, step, read=ClaimForm.of_request):
    """The form of a page, with what was typed: over a sign-in, or on any device.

    :param read: makes the form.
    """
    wanted = fields_of(claim, step)
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(
        claim.case, current_user)
    typed = kept if kept and any(name in kept for name in wanted) else None
    row = {} if typed else {name: getattr(claim, name, None) for name in wanted}
    if "address" in row:
        row["address"] = current_user.address
    judgement = judged(claim, clock.today())
    least = progress.least_of_reason(claim, judgement.rules)
    missing = progress.missing_papers(judgement.verdict, papers_by_kind(claim))
    return read(
        typed, wanted=wanted, least=least,
        judge=partial(judge, claim.kind, judgement.facts, judgement.rules),
        missing=progress.upload_first(missing) if step == progress.PAPERS else (), **row)


def _page(claim, step, form=None):
    """A page of the draft."""
    judgement = judged(claim, clock.today())
    needs = {"claim": claim, "here": _url(claim), "judgement": judgement, "mask": mask,
             "kind": KINDS[claim.kind], "place": progress.place_of(step), "amount_of": amount_of,
             "label_of": label_of, "destination_label": destination_label,
             "is_kept": "tersimpan" in request.args, "paper_kinds": PAPERS}
    if step == progress.PAPERS:
        needs["papers"] = box_for(claim.case, AT_WORKER, current_user,
                                  papers_of(claim, judgement.verdict), can_add=True)
        needs["papers"].needed = needed_by_claim(claim, judgement.verdict)
    if step == progress.DESTINATION:
        needs |= {"linked": linked_of(current_user), "coming": coming_of(current_user)}
    if step == progress.CHECK:
        needs |= {"until": progress.promised(clock.today(), judgement.verdict, judgement.rules),
                  "there": [PAPERS[kind].label for kind in papers_by_kind(claim)]}
    return show(f"claiming/{PAGES[step]}.html", form=form, **needs)


def _no_contact(claim):
    return problem(409, "Belum ada kontak yang terbukti",
                   "Kode dikirim ke kontak Anda. Datang ke kantor cabang dengan KTP. Petugas akan "
                   "memasangkan kontak Anda. Isian ini tetap tersimpan.", back=_url(claim))


def _dead(claim):
    """What the code was for is not as it was."""
    if claim.state != DRAFT:
        return see_other(_url(claim))
    return problem(409, "Kode yang tadi tidak berlaku lagi",
                   "Isian, dokumen, atau rekening berubah sesudah kode dikirim. Belum ada yang "
                   "terdaftar. Periksa lagi, lalu minta kode baru.",
                   back=f"{_url(claim)}/periksa", back_text="Periksa lagi")


def _changed(claim):
    """It is not any more as the page showed it: what stands now, and what was typed."""
    return show(
        "cases/changed.html", 409, title="Pencairan ini sudah berubah",
        advice=f"Statusnya sekarang: {STATES[claim.state][0].lower()}. Yang baru Anda tulis belum "
               "tersimpan.", back=_url(claim), back_text="Lihat pencairan",
        typed=[(label, clean(request.form.get(name, ""))) for name, label in LABELS.items()])
