"""Pemulihan akun at the desk: the papers, the new contacts, the case, the decision."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input, waiting
from webapp.accounts.contacts import other_owner_of
from webapp.branch.ages import age_in_words
from webapp.branch.queries import person_of, person_with
from webapp.branch.service import look, reveal_nik
from webapp.cases import service as cases
from webapp.cases.own import may_take
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with, waiting_challenge
from webapp.desk.presence import beside
from webapp.desk.service import may_hand_over
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.models.accounts import APPROVED, ASKED, REFUSED
from webapp.permissions import branch_only, found_or_404, fresh_factor
from webapp.rate_limit import TooMany
from webapp.recovery_desk import queries, service
from webapp.recovery_desk.forms import ApprovalForm, RecoveryForm, RefusalForm
from webapp.recovery_desk.papers import LABELS
from webapp.reveal_form import RevealForm

blueprint = Blueprint("recovery_desk", __name__, url_prefix="/cabang")

STATES = {ASKED: ("Menunggu penyelia", "warning"), APPROVED: ("Disetujui", "good"),
          REFUSED: ("Ditolak", "quiet")}
_ASKED = "Pemulihan akun ini sudah diajukan"


@blueprint.route("/orang/<uuid:person_id>/pemulihan", methods=["GET", "POST"])
@branch_only
def ask(person_id):
    """Tick the papers and write down the new contacts; a code then proves them."""
    person, now = _account(person_id), clock.now()
    service.refuse_unless_open(person)
    form = RecoveryForm.of_request(kept_input.recall(current_user, now),
                                   owner_of=partial(other_owner_of, person))
    if not form.is_sent_and_valid():
        return show("recovery_desk/ask.html", form=form, person=person,
                    nik=person_of(person).nik)
    return _ask_for_code(service.begin(
        person, current_user, papers=form.papers.data, contacts=form.contacts,
        note=form.note.data, now=now))


@blueprint.route("/orang/<uuid:person_id>/pemulihan/<uuid:challenge_id>", methods=["GET", "POST"])
@branch_only
def prove(person_id, challenge_id):
    """The person types the code that came to the new phone or mailbox."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.RECOVER))
    found_or_404(service.is_of(challenge, current_user)
                 and challenge.user.public_id == person_id)
    person = _account(person_id)
    here = {"person_id": person_id}
    words = code_page.Words(
        title="Kode dari kontak baru", button="Kontak ini benar",
        lead="Minta orang itu mengetik sendiri kodenya di sini. Jangan menanyakannya.",
        restart=url_for(".ask", **here), done=_after(person),
        back=(url_for(".ask", **here), "Pemulihan akun"))
    return code_page.ask(challenge, lambda form: _proven(challenge), words,
                         [service.target_of(challenge)])


@blueprint.get("/pemulihan/<uuid:recovery_id>")
@branch_only
def case(recovery_id):
    """What was asked for, by whom, and what became of it; and the decision, for who may decide."""
    recovery, kept = _looked_at(recovery_id), kept_input.recall(current_user, clock.now())
    return _case_page(recovery, ApprovalForm.of_request(kept), RefusalForm.of_request(kept))


@blueprint.post("/pemulihan/<uuid:recovery_id>/nik")
@branch_only
def show_nik(recovery_id):
    """The same page with the full NIK, to compare with the papers; the reason is recorded."""
    recovery, form = _looked_at(recovery_id), RevealForm.of_request()
    page = partial(_case_page, recovery, ApprovalForm(), RefusalForm())
    if not form.is_sent_and_valid():
        return page(form)
    try:
        nik = reveal_nik(person_of(recovery.user), current_user, form.reason.data, clock.now())
    except TooMany as wait:
        return waiting.said_in(form, wait.until, partial(page, form))
    return page(RevealForm(), full_nik=nik)


@blueprint.get("/pemulihan/<uuid:recovery_id>/nik")
@branch_only
def hidden_nik(recovery_id):
    """Whoever reloads or keeps that address: a full NIK is at none, so back to the case."""
    return see_other(url_for(".case", recovery_id=recovery_id))


@blueprint.post("/pemulihan/<uuid:recovery_id>")
@branch_only
@fresh_factor
def decide(recovery_id):
    """Approve or refuse; never by the one who asked."""
    recovery, now = _decidable(recovery_id), clock.now()
    approval, refusal = ApprovalForm.of_request(), RefusalForm.of_request()
    form = approval if request.form.get("keputusan") == "setujui" else refusal
    if not form.is_sent_and_valid():
        return _case_page(recovery, approval, refusal)
    if form is approval:
        service.approve(recovery, current_user, now)
    else:
        service.refuse(recovery, current_user, refusal.reason.data, now)
    return see_other(_case_url(recovery))


@blueprint.errorhandler(service.NotYours)
def not_yours(_):
    """An officer decides nothing, and nobody their own request."""
    return problem(403, "Bukan Anda yang memutuskan",
                   "Yang memutuskan adalah penyelia atau manajemen, bukan yang mengajukan.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.NotActive)
def not_active(_):
    """An account that is being closed or is blocked gets no new contacts."""
    return problem(409, "Akun ini tidak bisa dipulihkan sekarang",
                   "Akun ini sedang ditutup atau diblokir. Penutupan bisa dibatalkan pemiliknya "
                   "dari pesan terakhir kami. Sesudah tertutup, ia bisa mendaftar lagi.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.AlreadyAsked)
def already_asked(_):
    """One request is enough: to the one that waits."""
    person = person_with(current_user.branch_id, request.view_args["person_id"])
    waiting = queries.open_recovery_of(person.user)
    branch = waiting and queries.branch_of(waiting)
    if not branch or branch.id == current_user.branch_id:
        return problem(409, _ASKED, "Yang baru Anda tulis tidak dikirim.",
                       back=_case_url(waiting) if waiting else url_for("branch.queue"),
                       back_text="Lihat permintaan")
    return problem(409, _ASKED, f"Yang mengajukannya {branch.name}, dan di sana juga diputuskan. "
                   "Yang baru Anda tulis tidak dikirim.",
                   back=url_for("branch.queue"), back_text="Antrean")


@blueprint.errorhandler(service.AlreadyDecided)
def already_decided(_):
    """Two at once: one decides, the other is told who it was, and sees what they wrote."""
    recovery = queries.recovery_with(request.view_args["recovery_id"])
    # A closure that came to its end refuses what waited.
    who = recovery.decided_by.name if recovery.decided_by else "Penutupan akun"
    when = clock.show_moment(recovery.decided_at)
    typed = request.form.get("reason", "").strip()
    yours = f" Yang Anda tulis tidak disimpan: {typed}" if typed else ""
    return problem(409, "Permintaan ini sudah diputuskan",
                   f"{who} memutuskannya pada {when}: {STATES[recovery.state][0].lower()}.{yours}",
                   back=_case_url(recovery), back_text="Lihat keputusannya")


@blueprint.errorhandler(service.ContactTaken)
def contact_taken(_):
    """Somebody registered with the new contact since."""
    return problem(409, "Kontak baru ini sekarang milik akun lain",
                   "Tolak permintaan ini, lalu ajukan lagi dengan kontak lain.",
                   back=url_for(".case", **request.view_args), back_text="Lihat permintaan")


@blueprint.errorhandler(cases.TakenByColleague)
def taken(error):
    """Who has it decides it."""
    typed = request.form.get("reason", "").strip()
    yours = f" Yang Anda tulis tidak disimpan: {typed}" if typed else ""
    return problem(409, f"Permintaan ini dipegang {error.owner.name}",
                   f"{error.owner.name} mengambilnya pada {clock.show_moment(error.since)}. "
                   f"Yang Anda tekan tidak mengubah apa pun.{yours}",
                   back=url_for(".case", **request.view_args), back_text="Lihat permintaan")


def _account(person_id):
    """The account of somebody the branch looks after; on record that this officer is at it."""
    person = found_or_404(person_with(current_user.branch_id, person_id))
    found_or_404(person.user)
    look(person, current_user, "recovery", clock.now())
    return person.user


def _ask_for_code(challenge):
    code_page.begin_with(challenge, [service.target_of(challenge)])
    return see_other(url_for(".prove", person_id=challenge.user.public_id,
                             challenge_id=challenge.public_id))


def _after(person):
    """Where an officer belongs whose code was used already: with the next one, or at the case."""
    recovery = queries.open_recovery_of(person)
    if recovery and queries.branch_of(recovery).id != current_user.branch_id:
        raise service.AlreadyAsked
    following = waiting_challenge(person, Purpose.RECOVER, clock.now())
    if recovery:
        return _case_url(recovery)
    if following and service.is_of(following, current_user):
        return url_for(".prove", person_id=person.public_id, challenge_id=following.public_id)
    return url_for("branch.person", person_id=person.public_id)


def _proven(challenge):
    """On to the next contact, or with the last one the request is made."""
    following = service.prove(challenge, clock.now())
    if following:
        return _ask_for_code(following)
    return see_other(_case_url(service.ask(challenge, current_user, clock.now())))


def _looked_at(recovery_id):
    """The branch's recovery; on record that this person looked at it."""
    recovery, now = found_or_404(queries.recovery_with(recovery_id)), clock.now()
    recovery.case = found_or_404(queries.case_of(recovery, current_user.branch_id))
    look(person_of(recovery.user), current_user, "recovery case", now)
    is_open = cases.has_open(recovery.case, current_user, now)
    (cases.stay if is_open else cases.visit)(recovery.case, current_user, now)
    return recovery


def _decidable(recovery_id):
    """The recovery, if this person may decide it and nobody has."""
    recovery = _looked_at(recovery_id)
    if not queries.may_decide(recovery, current_user):
        raise service.NotYours
    if recovery.state != ASKED:
        raise service.AlreadyDecided
    return recovery


def _case_url(recovery):
    return url_for(".case", recovery_id=recovery.public_id)


def _case_page(recovery, approval, refusal, reveal=None, status=None, full_nik=None):
    """The case; one of the forms may have errors."""
    reveal = reveal or RevealForm()
    wrong = [form for form in (approval, reveal) if form.errors]
    return show("recovery_desk/case.html", status, form=(wrong or [refusal])[0],
                approval=approval, refusal=refusal, recovery=recovery, person=recovery.user,
                reveal=reveal, reveal_url=url_for(".show_nik", recovery_id=recovery.public_id),
                full_nik=full_nik, contacts=queries.contacts_on_record(recovery),
                nik=person_of(recovery.user).nik, standing=STATES[recovery.state],
                papers=[LABELS[code] for code in recovery.papers.split(",")],
                age=age_in_words(recovery.asked_at, clock.now()), **beside(
                    recovery.case, current_user, clock.now()),
                may_take=may_take(recovery.case, current_user),
                may_hand_over=may_hand_over(recovery.case, current_user),
                may_decide=queries.may_decide(recovery, current_user))
