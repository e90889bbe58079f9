"""Pencairan ahli waris: what the officer at the counter fills in, checks and registers."""

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input
from webapp.branch.looks import look
from webapp.branch.queries import person_with
from webapp.branch.service import look as look_at_person
from webapp.cases import service as cases
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.claim_desk.rights import NotYours
from webapp.claims.faults import faults_of, label_of
from webapp.destinations.words import label as destination_label
from webapp.eligibility.kinds import KINDS
from webapp.errors import problem
from webapp.forms import version_shown
from webapp.heirs import queries, service
from webapp.heirs.forms import GoalForm, HeirForm
from webapp.heirs.telling import heir_of
from webapp.heirs.words import relation_of
from webapp.htmx import see_other, show, wants_fragment
from webapp.models.cases import AT_BRANCH
from webapp.models.claims import BY_HEIRS, DRAFT, FAILED
from webapp.models.messages import SMS
from webapp.papers.kinds import KINDS as PAPERS
from webapp.papers.queries import box_for
from webapp.permissions import branch_only, found_or_404, fresh_factor

blueprint = Blueprint("heirs", __name__, url_prefix="/cabang")

KIND = KINDS[BY_HEIRS]
FIELDS = ("name", "nik", "relation", "phone", "provider", "number", "holder")


@blueprint.post("/orang/<uuid:person_id>/ahli-waris")
@branch_only
def begin(person_id):
    """Begin, or go on with what was begun."""
    person, now = found_or_404(person_with(current_user.branch_id, person_id)), clock.now()
    look_at_person(person, current_user, "heirs", now)
    claim = service.begin(found_or_404(person.worker), current_user, now)
    if claim.case.branch_id != current_user.branch_id:
        return problem(409, "Sudah dimulai di cabang lain",
                       f"{claim.case.branch.name} sedang mengurus pencairan ahli waris ini. "
                       "Minta mereka menyelesaikannya.",
                       back=url_for("branch.person", person_id=person_id))
    return see_other(url_for(".form", case_id=claim.case.public_id))


@blueprint.route("/ahli-waris/<uuid:case_id>", methods=["GET", "POST"])
@branch_only
def form(case_id):
    """Who the heir is, where the money goes, and the papers."""
    claim = _claim(case_id)
    if claim.state not in queries.AT_COUNTER:
        return _to_claim(claim)
    filled, now = _form_for(claim), clock.now()
    if not filled.is_sent_and_valid():
        return _form_page(claim, filled)
    try:
        service.keep(claim, current_user, filled.answers, version=version_shown(), now=now)
    except cases.CaseChanged:
        return _form_page(_claim(case_id), filled, 409, is_outdated=True)
    claim = _claim(case_id)
    if service.lacking(claim, now) or service.papers_lacking(claim, now):
        return _form_page(claim, filled, 422, is_checked=True)
    return see_other(url_for(".check", case_id=case_id))


@blueprint.route("/ahli-waris/<uuid:case_id>/simpan", methods=["GET", "POST"])
@branch_only
def keep_typed(case_id):
    """Simpan dulu: what was typed waits on the server, whatever it is."""
    claim, now = _claim(case_id), clock.now()
    if request.method == "POST" and claim.state in queries.AT_COUNTER:
        cases.keep_typed(claim.case, current_user, {
            name: values for name, values in request.form.lists() if name in FIELDS}, now)
        if wants_fragment():
            return render_template("cases/_kept.html", kept_at=now)
    return see_other(url_for(".form", case_id=case_id, tersimpan="y"))


@blueprint.get("/ahli-waris/<uuid:case_id>/periksa")
@branch_only
def check(case_id):
    """What will be registered, before the code is sent."""
    claim, now = _claim(case_id), clock.now()
    if claim.state not in queries.AT_COUNTER:
        return _to_claim(claim)
    if service.lacking(claim, now) or service.papers_lacking(claim, now):
        return see_other(url_for(".form", case_id=case_id))
    heir = heir_of(claim)
    return show("heirs/check.html", claim=claim, case=claim.case, heir=heir,
                relation=relation_of(heir), amount=service.amount_of(claim, now),
                goal=destination_label(claim.destination))


@blueprint.post("/ahli-waris/<uuid:case_id>/periksa")
@branch_only
@fresh_factor
def send_code(case_id):
    """Send the code to the heir's phone."""
    claim = _claim(case_id)
    if claim.state not in queries.AT_COUNTER:
        return _to_claim(claim)
    if claim.version != version_shown():
        raise cases.CaseChanged
    challenge = service.ready_for_code(claim, current_user, clock.now())
    code_page.begin_with(challenge, _targets(claim))
    return see_other(url_for(".code", case_id=case_id, challenge_id=challenge.public_id))


@blueprint.route("/ahli-waris/<uuid:case_id>/kode/<uuid:challenge_id>", methods=["GET", "POST"])
@branch_only
def code(case_id, challenge_id):
    """The heir types the code; then it is registered."""
    claim = _claim(case_id)
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.HEIR_CLAIM))
    found_or_404(service.is_for(challenge, claim, current_user))
    done = url_for(".receipt", case_id=case_id)
    words = code_page.Words(
        title="Kode dari ponsel ahli waris", button="Daftarkan pencairan", done=done,
        lead="Minta ahli waris mengetik sendiri kodenya di sini. Jangan menanyakannya.",
        restart=url_for(".check", case_id=case_id), back=(url_for(".check", case_id=case_id),
                                                          "Periksa"))

    def register(_form):
        service.submit(challenge, claim, current_user, clock.now())
        return see_other(done)

    return code_page.ask(challenge, register, words, _targets(claim))


@blueprint.get("/ahli-waris/<uuid:case_id>/tanda-terima")
@branch_only
def receipt(case_id):
    """What the heir takes home: the number, and the letters by which it can be followed."""
    claim = _claim(case_id)
    if not claim.submitted_at:
        return see_other(url_for(".form", case_id=case_id))
    heir = heir_of(claim)
    return show("heirs/receipt.html", claim=claim, case=claim.case, heir=heir, kind=KIND,
                relation=relation_of(heir), goal=destination_label(claim.destination))


@blueprint.post("/ahli-waris/<uuid:case_id>/tinggalkan")
@branch_only
def give_up(case_id):
    """The heir comes back another day."""
    claim = _claim(case_id)
    if claim.state == DRAFT:
        service.give_up(claim, current_user, version=version_shown(), now=clock.now())
    return see_other(url_for("branch.queue"))


@blueprint.errorhandler(service.NoDeath)
def no_death(_):
    """It was taken back, or somebody objects to it."""
    return problem(409, "Kematiannya belum tercatat",
                   "Pencairan ahli waris perlu laporan nonaktif karena meninggal yang berlaku. "
                   "Nonaktifkan di loket dengan akta kematian.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.NotReady)
def not_ready(missing):
    """The rules, or the papers, say no by now."""
    return problem(409, "Belum bisa didaftarkan", " ".join(missing.sentences)
                   or "Laporan kematiannya sedang disanggah atau sudah dibatalkan.",
                   back=_here(), back_text="Lihat isian")


@blueprint.errorhandler(service.Outdated)
@blueprint.errorhandler(cases.CaseChanged)
def changed(_):
    """A colleague, or another tab, was faster."""
    return problem(409, "Isian ini baru saja berubah",
                   "Yang tersimpan bukan lagi yang Anda periksa. Periksa lagi isiannya.",
                   back=_here(), back_text="Lihat isian")


@blueprint.errorhandler(NotYours)
def not_yours(_):
    """Nobody serves themselves."""
    return problem(403, "Anda sendiri ahli warisnya", "Minta rekan lain yang melayani Anda.",
                   back=url_for("branch.queue"), back_text="Antrean")


def _here():
    return url_for(".form", case_id=request.view_args["case_id"])


def _claim(case_id):
    """The branch's heirs' claim; on record that this officer has it open."""
    claim = found_or_404(queries.heirs_claim_at(current_user.branch_id, case_id))
    look(claim.case, current_user, clock.now())
    return claim


def _targets(claim):
    return [(SMS, heir_of(claim).phone)]


def _form_for(claim):
    kept = kept_input.recall(current_user, clock.now()) or cases.typed_in(claim.case, current_user)
    heir, goal, earlier = heir_of(claim), claim.destination, {}
    if claim.state == FAILED:
        return GoalForm.of_request(kept, holder=heir.name)
    if heir and not kept:
        earlier = {"name": heir.name, "nik": heir.nik, "phone": heir.phone,
                   "relation": heir.relation}
        earlier |= {"provider": goal.provider, "number": goal.number, "holder": goal.holder}
    return HeirForm.of_request(kept, deceased_nik=claim.worker.nik, **earlier)


def _form_page(claim, filled, status=None, **more):
    now = clock.now()
    return show("heirs/form.html", status, form=filled, claim=claim, case=claim.case,
                lacking=[PAPERS[code].label for code in service.papers_lacking(claim, now)],
                problems=service.lacking(claim, now) if heir_of(claim) else [],
                amount=service.amount_of(claim, now), is_draft=claim.state == DRAFT,
                is_bounced=claim.state == FAILED, heir=heir_of(claim),
                faults=[(label_of(code), words) for code, words in faults_of(claim).items()],
                papers=box_for(claim.case, AT_BRANCH, current_user,
                               (*KIND.papers, *KIND.other_papers), can_add=True),
                others=list(cases.others_at(claim.case, current_user, now)),
                is_kept="tersimpan" in request.args, **more)


def _to_claim(claim):
    return see_other(url_for("claim_desk.case", case_id=claim.case.public_id))
