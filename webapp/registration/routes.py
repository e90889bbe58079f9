"""Daftar: who somebody is, the terms, and the code that proves a contact."""

from functools import partial

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock, code_page, cookies, passwords, rate_limit
from webapp.accounts.contacts import mask
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import challenge_with
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.permissions import found_or_404, public
from webapp.registration import service
from webapp.registration.forms import AgreementForm, RegistrationForm
from webapp.terms import versions

blueprint = Blueprint("registration", __name__)


@blueprint.route("/daftar", methods=["GET", "POST"])
@public
def register():
    """Ask who it is; nothing is made before a contact is proven."""
    if current_user.is_authenticated:
        return see_other(url_for("home.home"))
    if "kosong" in request.args:
        return cookies.forget_registration(see_other(url_for(".register")))
    kept, warnings = _typed_before()
    form = RegistrationForm.of_request(kept, today=clock.today())
    if not form.is_sent_and_valid():
        return _form_page(form, kept=kept, warnings=warnings)
    try:
        challenge, device = service.begin(form.answers(), form.new_password.data,
                                          begun=_begun(), visit=cookies.visit(),
                                          now=clock.now())
    except rate_limit.TooMany:
        return _not_now(form, 429)
    except passwords.Busy:
        return _not_now(form, 503)
    onward = see_other(url_for(".agree", challenge_id=challenge.public_id))
    return cookies.give_registration(cookies.give_device(onward, device), challenge.public_id)


@blueprint.route("/daftar/<uuid:challenge_id>/syarat", methods=["GET", "POST"])
@public
def agree(challenge_id):
    """Show the terms in full; once they are agreed to, send the code where it shall go."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.REGISTER))
    if challenges.is_over(challenge, clock.now()):
        return _over(challenge)
    terms, targets = versions.current(clock.today()), service.targets_of(challenge)
    form = AgreementForm.of_request(
        current=terms.version, targets=targets, channel=challenge.channel,
        is_agreed=service.agreed_version(challenge) == terms.version)
    if not form.is_sent_and_valid():
        return _terms_page(challenge, form, terms, targets)
    challenge = service.agree(challenge, terms, address=cookies.visit().address, now=clock.now())
    channel = form.channel.data
    code_page.begin_with(challenge, targets, channel,
                         service.instead_of_code(channel, dict(targets)[channel]))
    return see_other(url_for(".code", challenge_id=challenge_id))


@blueprint.route("/daftar/<uuid:challenge_id>/kode", methods=["GET", "POST"])
@public
def code(challenge_id):
    """Ask for the code; with the right one the account is made."""
    challenge = found_or_404(challenge_with.one(challenge_id, Purpose.REGISTER))
    here = url_for(".agree", challenge_id=challenge_id)
    if not service.agreed_version(challenge):
        return see_other(here)
    words = code_page.Words(
        title="Ketik kode", step=(3, 3), button="Buat akun saya", restart=url_for(".register"),
        done=_signing_in(), back=(here, "Syarat dan Ketentuan"),
        lead="Langkah terakhir. Buka pesan dari kami, lalu ikuti petunjuknya.")
    targets = service.targets_of(challenge)
    return code_page.ask(challenge, partial(_make_account, challenge), words, targets,
                         instead=service.instead_of_code(*_chosen(targets)))


def _make_account(challenge, form):
    try:
        device = service.make_account(challenge, device=cookies.visit().device, now=clock.now())
    except service.Taken:
        return problem(409, "Anda sudah punya akun",
                       "Nomor ponsel atau email ini sudah dipakai sebuah akun. Masuk dengan itu. "
                       "Jika lupa kata sandinya, pilih Lupa sandi.",
                       back=url_for("sign_in.sign_in"), back_text="Masuk")
    return cookies.give_device(see_other(_signing_in()), device)


def _chosen(targets):
    """The (channel, address) a code is asked again for: the first where none is named."""
    named = [target for target in targets if target[0] == request.form.get("ulang")]
    return (named or targets)[0]


def _typed_before():
    """(What this browser sent last and may want to change, what looks odd in it.)"""
    challenge = _begun() if request.method == "GET" else None
    if not challenge:
        return None, ()
    answers = service.answers_of(challenge, cookies.visit().device)
    return answers, answers and service.warnings_about(challenge)


def _begun():
    """The registration this browser says it is in the middle of, or None."""
    wanted = cookies.begun_registration()
    challenge = wanted and challenge_with.one(wanted, Purpose.REGISTER)
    return None if not challenge or challenges.is_over(challenge, clock.now()) else challenge


def _form_page(form, status=None, **kept):
    return show("registration/register.html", status, form=form, **kept)


def _not_now(form, status):
    """Too many at once, from this network or altogether: what was typed stays."""
    form.form_errors.append("Sedang banyak yang mendaftar. Isian Anda masih ada. Ketik lagi kata "
                            "sandinya, tunggu satu menit, lalu tekan Lanjut.")
    response = _form_page(form, status)
    response.headers["Retry-After"] = "60"
    return response


def _terms_page(challenge, form, terms, targets):
    return show("registration/terms.html", form=form, terms=terms,
                hints={channel: mask(channel, address) for channel, address in targets},
                url=url_for(".agree", challenge_id=challenge.public_id),
                warnings=service.warnings_about(challenge),
                change_url=url_for(".register"))


def _over(challenge):
    if challenge.used_at:
        return see_other(_signing_in())
    return problem(410, "Waktunya sudah habis", "Mulai lagi dari awal. Belum ada akun yang dibuat.",
                   back=url_for(".register"), back_text="Mulai lagi")


def _signing_in():
    return url_for("sign_in.sign_in", selesai="daftar")
