"""Ganti nomor ponsel, ganti email, and proving what was given at registration."""

from functools import partial

from flask import Blueprint, url_for
from flask_login import current_user

from webapp import clock, code_page, kept_input
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge, waiting_challenge
from webapp.contacts import service
from webapp.contacts.forms import EmailForm, PhoneForm
from webapp.contacts.kinds import MAIL, PHONE, kind_of
from webapp.cookies import give_session
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.permissions import (
    found_or_404,
    fresh_factor,
    presented_session,
    signed_in,
)

blueprint = Blueprint("contacts", __name__)

NAMES = {PHONE.channel: "ponsel", MAIL.channel: "email"}
FORMS = {PHONE: PhoneForm, MAIL: EmailForm}
FIRST, SECOND = (1, 2, None, "Kode"), (2, 2, None, "Kode")
PAGES = {PHONE: "contacts.phone", MAIL: "contacts.email"}


@blueprint.route("/profil/ponsel", methods=["GET", "POST"])
@signed_in
def phone():
    """Ask for a new phone number."""
    return _change(PHONE)


@blueprint.route("/profil/email", methods=["GET", "POST"])
@signed_in
def email():
    """Ask for a new e-mail address."""
    return _change(MAIL)


@blueprint.get("/profil/kontak/buktikan")
@signed_in
def prove():
    """Say what proving the contact given at registration takes."""
    if not current_user.unproven:
        return see_other(url_for("profile.profile"))
    return show("contacts/prove.html", kind=kind_of(current_user.unproven),
                value=current_user.unproven)


@blueprint.post("/profil/kontak/buktikan")
@signed_in
@fresh_factor
def send_proof():
    """Send the code to the contact given at registration."""
    if not current_user.unproven:
        return see_other(url_for("profile.profile"))
    challenge = service.begin_proof(current_user, clock.now())
    return _to_new(challenge)


@blueprint.route("/profil/kontak/<uuid:challenge_id>/lama", methods=["GET", "POST"])
@signed_in
def code_to_old(challenge_id):
    """Ask for the code that went to a proven contact; then send one to the new."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id,
                                               Purpose.CHANGE_CONTACT_OLD))
    kind, _ = service.wanted(challenge)
    targets = challenges.channels_of(current_user)
    words = code_page.Words(
        title=_title_of_first(challenge.channel, kind),
        step=FIRST, lead=f"{_title(kind)}: kode pertama membuktikan bahwa ini Anda.",
        button="Lanjut", restart=url_for(PAGES[kind]), done=_after_old(kind),
        back=(url_for(PAGES[kind]), "Ubah isian"))
    return code_page.ask(challenge, lambda form: _to_new(service.go_on(challenge, clock.now())),
                         words, targets)


@blueprint.route("/profil/kontak/<uuid:challenge_id>/baru", methods=["GET", "POST"])
@signed_in
def code_to_new(challenge_id):
    """Ask for the code that went to the new contact; then it is the account's."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id,
                                               Purpose.CHANGE_CONTACT_NEW))
    kind, value = service.wanted(challenge)
    profile, is_given = url_for("profile.profile"), value == current_user.unproven
    done = url_for("profile.profile", selesai=kind.field + ("-terbukti" if is_given else ""))
    words = code_page.Words(
        title=f"Kode dari {NAMES[kind.channel]} {'Anda' if is_given else 'baru'}",
        step=() if is_given else SECOND,
        button=f"{'Buktikan' if is_given else 'Pasang'} {kind.word} ini",
        done=done,
        lead=f"Kode ini membuktikan bahwa {kind.word} itu milik Anda.",
        restart=profile, back=(profile, "Profil"))
    return code_page.ask(challenge, partial(_install, challenge, kind, done), words,
                         [(kind.channel, value)],
                         instead=service.instead_of_code(current_user, kind, value))


def _change(kind):
    """The form for a new contact; what is valid waits for two codes."""
    if not service.may_change(current_user, kind):
        return problem(403, "Email petugas tidak diganti di sini",
                       "Minta manajemen cabang menggantinya. Nomor ponsel bisa Anda ganti sendiri.",
                       back=url_for("profile.profile"))
    now, targets = clock.now(), challenges.channels_of(current_user)
    if not targets:
        return problem(409, "Belum ada kontak yang terbukti",
                       "Datang ke kantor cabang dengan KTP. Petugas akan memasangkan kontak Anda.",
                       back=url_for("profile.profile"))
    form = FORMS[kind].of_request(kept_input.recall(current_user, now), targets=targets,
                                  current=kind.of(current_user))
    if not form.is_sent_and_valid():
        return show("contacts/change.html", form=form, kind=kind, targets=targets,
                    title=_title(kind), url=url_for(PAGES[kind]))
    challenge = service.begin_change(current_user, kind, form.value.data, now)
    code_page.begin_with(challenge, targets, form.chosen_channel)
    return see_other(url_for(".code_to_old", challenge_id=challenge.public_id))


def _to_new(challenge):
    """Send the code to the new contact and go where it is asked for."""
    kind, value = service.wanted(challenge)
    code_page.begin_with(challenge, [(kind.channel, value)],
                         instead=service.instead_of_code(current_user, kind, value))
    return see_other(url_for(".code_to_new", challenge_id=challenge.public_id))


def _after_old(kind):
    """Where somebody belongs whose first code was used already."""
    waiting = waiting_challenge(current_user, Purpose.CHANGE_CONTACT_NEW, clock.now())
    if waiting:
        return url_for(".code_to_new", challenge_id=waiting.public_id)
    return url_for(PAGES[kind])


def _install(challenge, kind, done, _form):
    """The last act: change it, and give the browser its session's new cookie."""
    try:
        token = service.change(challenge, presented_session(), clock.now())
    except service.Taken:
        return problem(409, f"{_first_upper(kind.word)} ini sudah dipakai akun lain",
                       "Belum ada yang berubah di akun Anda. Jika itu juga akun Anda, masuk ke "
                       "sana. Jika bukan, hubungi kami.", back=url_for("profile.profile"))
    except service.Outdated:
        return problem(409, "Akun ini baru saja berubah",
                       "Kontak Anda sudah diganti di tempat lain. Periksa lagi di Profil.",
                       back=url_for("profile.profile"), back_text="Buka Profil")
    return give_session(see_other(done), token)


def _title_of_first(channel, kind):
    """Of the page for the first code; no channel where none could go yet."""
    if not channel:
        return "Kode dari kontak Anda"
    return f"Kode dari {NAMES[channel]} {'lama' if channel == kind.channel else 'Anda'}"


def _title(kind):
    if kind.of(current_user):
        return f"Ganti {kind.word}"
    return f"Pasang {kind.word}"


def _first_upper(word):
    return word[0].upper() + word[1:]
