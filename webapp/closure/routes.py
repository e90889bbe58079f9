"""Tutup akun: what it means, the code, the wait, and changing one's mind."""

from functools import partial

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from webapp import clock, code_page
from webapp.accounts.contacts import mask
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import own_challenge
from webapp.challenges.send_limits import reached
from webapp.challenges.service import NoCode
from webapp.closure import queries, service
from webapp.closure.forms import CancelForm, ChannelForm
from webapp.cookies import give_session
from webapp.errors import problem
from webapp.htmx import see_other, show
from webapp.models.people import IS_CLOSING, NEEDS_TERMS
from webapp.parameters import rules_on
from webapp.permissions import during, found_or_404, presented_session, public, signed_in
from webapp.rate_limit import TooMany
from webapp.waiting import said_in, when

blueprint = Blueprint("closure", __name__)

NOT_WAITING = ("Tidak ada penutupan yang menunggu dengan kode ini. Mungkin sudah dibatalkan, "
               "atau waktunya sudah lewat.")


@blueprint.route("/tutup-akun", methods=["GET", "POST"])
@signed_in
@during(NEEDS_TERMS)
def begin():
    """Say what is lost and what is kept, and by which way the code shall come."""
    if not service.may_close(current_user):
        return problem(403, "Akun petugas tidak ditutup di sini",
                       "Minta manajemen cabang mengakhiri akun Anda.",
                       back=url_for("sign_in.sign_out"))
    now = clock.now()
    ways = queries.ways_of(current_user, now)
    targets = queries.usable(ways)
    form = ChannelForm.of_request(channels=dict(targets))
    if not form.is_sent_and_valid():
        return _consequences(form, ways, now)
    challenge = service.begin(current_user, now)
    try:
        service.send_code(challenge, form.channel.data, dict(targets), now)
    except TooMany as wait:
        form.channel.errors = [_not_yet(form.channel.data, dict(targets), wait.until, now)]
        return _consequences(form, ways, now, status=429)
    except NoCode:     # meanwhile it was ended elsewhere
        return see_other(url_for(".begin"))
    return see_other(url_for(".code", challenge_id=challenge.public_id))


@blueprint.route("/tutup-akun/<uuid:challenge_id>", methods=["GET", "POST"])
@signed_in
@during(NEEDS_TERMS)
def code(challenge_id):
    """Ask for the code; with it the account closes when the cooling-off is over."""
    challenge = found_or_404(own_challenge.one(current_user, challenge_id, Purpose.CLOSE_ACCOUNT))
    targets = queries.usable(queries.ways_of(current_user, clock.now()))
    if not targets:
        return see_other(url_for(".begin"))
    words = code_page.Words(
        title="Tutup akun", button="Konfirmasi", kind="danger", step=(2, 3),
        lead="Dengan menekan Konfirmasi, Anda meminta akun ini ditutup.",
        restart=url_for(".begin"), done=url_for(".waiting"), back=(url_for(".begin"), "Kembali"))
    return code_page.ask(challenge, partial(_ask, challenge), words, targets)


@blueprint.get("/tutup-akun/menunggu")
@signed_in
@during(IS_CLOSING)
def waiting():
    """Say when the account closes, what was sent, and how to change one's mind."""
    closure = queries.waiting_closure.one(current_user)
    if closure is None:
        return abort(404) if presented_session().stage else see_other(url_for("home.home"))
    return show("closure/waiting.html", closure=closure, mask=mask,
                is_over=closure.due_at <= clock.now(),
                messages=list(queries.messages_about(closure)))


@blueprint.post("/tutup-akun/menunggu")
@signed_in
@during(IS_CLOSING)
def cancel():
    """Leave the account as it was."""
    closure = queries.waiting_closure.one(current_user)
    try:
        if closure:
            service.cancel(closure, by="session", actor=current_user, now=clock.now())
    except service.TooLate:
        return _too_late()
    return see_other(url_for(".cancelled"))


@blueprint.route("/batal-tutup-akun", methods=["GET", "POST"])
@public
def cancel_by_code():
    """Take the code of a message, from whoever has it."""
    form = CancelForm.of_request()
    if not form.is_sent_and_valid():
        return _cancel_page(form)
    try:
        service.cancel_by_code(form.number, address=request.remote_addr or "", now=clock.now())
    except service.TooLate:
        form.code.errors = [NOT_WAITING]
        return _cancel_page(form)
    except TooMany as wait:
        return said_in(form, wait.until, partial(_cancel_page, form))
    return see_other(url_for(".cancelled"))


@blueprint.get("/batal-tutup-akun/selesai")
@public
def cancelled():
    """Say that the account stays."""
    return show("closure/cancelled.html")


def _cancel_page(form, status=None):
    return show("closure/cancel.html", status, form=form)


def _not_yet(channel, targets, until, now):
    """Why no code goes there now, and from when on one does."""
    limit = reached(channel, targets[channel], now)
    why = (code_page.WHY_WAIT[limit[1]] if limit and limit[0] == until
           else "Kode sudah terlalu sering salah.")
    other = " Atau pilih cara yang lain." if len(targets) > 1 else ""
    return f"{why} Bisa lagi {when(until)}.{other}"


def _consequences(form, ways, now, status=None):
    hours = rules_on(clock.day_of(now))["closure.cooling_off_hours"]
    return show("closure/begin.html", status, form=form, ways=ways,
                hours=hours, mask=mask, can_send=bool(queries.usable(ways)),
                matters=queries.open_matters(current_user, now),
                companies=list(queries.companies_left_alone(current_user)))


def _ask(challenge, _form):
    """The code was right: the account closes, and this session waits for it."""
    now = clock.now()
    try:
        token = service.ask(challenge, presented_session(), rules=rules_on(clock.day_of(now)),
                            now=now)
    except service.Outdated:
        return problem(409, "Akun ini sudah berubah",
                       "Kontak atau cara masuk Anda berubah sesudah kode dikirim. "
                       "Mulai lagi dari awal.",
                       back=url_for(".begin"), back_text="Mulai lagi")
    return give_session(see_other(url_for(".waiting")), token)


def _too_late():
    return problem(409, "Sudah tidak bisa dibatalkan",
                   "Waktu untuk membatalkan sudah lewat. Akun ini sedang ditutup.",
                   back=url_for(".waiting"))
