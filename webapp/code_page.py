"""The page that asks for a one-time code, the same in every journey that needs one.

A handler loads its challenge and says what to do once the code is right:

>>> return code_page.ask(challenge, close_it, code_page.Words(title="Tutup akun", ...), targets)

A journey that needs more than the code on the same page gives a form of its own, derived from
``CodeForm``, and a page that extends ``challenges/ask.html``. Its other fields are checked before
the code is: a guess is not spent on a password that is too short.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import request
from wtforms import StringField

from webapp import clock, otp, waiting
from webapp.accounts.contacts import mask
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import (
    EXPIRED,
    GUESSED_AWAY,
    NEVER_SENT,
    WITHDRAWN,
    has_live_code,
    is_code_lost,
    why_no_code,
)
from webapp.challenges.send_limits import reached
from webapp.errors import problem
from webapp.forms import AppForm, Required, parse_with
from webapp.htmx import see_other, show
from webapp.rate_limit import TooMany

WHY_NONE = {NEVER_SENT: "Kode belum dikirim", WITHDRAWN: "Kode yang tadi tidak berlaku lagi",
            GUESSED_AWAY: "Kode sudah salah lima kali",
            EXPIRED: "Kode sudah lewat 10 menit"}
# By how many went to the address; see challenges.send_limits.
WHY_WAIT = {1: "Kode lain baru saja dikirim.", 3: "Sudah 3 kode dalam 15 menit.",
            6: "Sudah 6 kode dalam sehari semalam."}


@dataclass(frozen=True)
class Words:
    """What a code page says and where it leads.

    :param title: the page's heading.
    :param button: the act, on the button.
    :param restart: where the journey begins again when the challenge is over.
    :param done: where somebody belongs whose code was used already.
    :param lead: a sentence under the heading.
    :param sent: said instead of where the code went, where that must not be shown.
    :param kind: of the button, as in ``components/form.html``.
    :param back: (url, text) of the way back.
    :param step: what ``steps`` in ``components/page.html`` takes, said above the heading.
    :param page: the template.
    """

    title: str
    button: str
    restart: str
    done: str
    lead: str = ""
    sent: str = ""
    kind: str = "action"
    back: tuple = ()
    step: tuple = ()
    page: str = "challenges/ask.html"


@dataclass(frozen=True)
class Way:
    """Where a code may be sent again, and how long that must wait.

    :param seconds: whole ones; 0 for not at all.
    :param wait: the same in words, as ``waiting.when`` gives it.
    :param why: a sentence, where it may be told; or empty.
    """

    channel: str
    seconds: int
    wait: str
    why: str


class CodeForm(AppForm):
    """Six digits."""

    code = StringField("Kode 6 angka", [Required("Ketik 6 angka dari pesan kami.")])

    def validate_code(self, field):
        """Bring the digits into their one form."""
        parse_with(field, otp.parse_code)


def ask(challenge, act, words, targets, form_class=CodeForm, instead=None, send=None, **needs):
    """Show the page; send again when asked to; with the right code answer what ``act`` answers.

    :param act: a function of the form that spends the challenge in its own transaction and
        returns a response.
    :param words: a ``Words``.
    :param targets: where a code may go: list of (channel, address or None for nobody).
    :param form_class: ``CodeForm`` or one derived from it, made with ``needs``.
    :param instead: see ``challenges.service.send``; for codes that are sent again.
    :param send: sends another code, where the journey counts them itself: a function of the
        channel that raises what ``challenges.service.send`` does.
    """
    form = form_class.of_request(**needs)
    if challenge.used_at:
        return see_other(words.done)
    if challenges.is_over(challenge, clock.now()):
        return _over(words)
    if request.method == "POST" and "ulang" in request.form:
        return _send_again(challenge, form, words, targets, send or (
            lambda channel: _send(challenge, channel, targets, instead)))
    if not form.is_sent_and_valid():
        return _page(challenge, form, words, targets)
    return _judged(challenge, act, form, words) or _page(challenge, form, words, targets)


def _judged(challenge, act, form, words):
    """What the act answers; None when the form now says why not."""
    try:
        challenges.judge(challenge, form.code.data, clock.now())
        return act(form)
    except challenges.WrongCode as wrong:
        form.code.errors = [_wrong(wrong.left)]
    except challenges.AlreadyUsed:
        return see_other(words.done)
    except challenges.NoCode:
        why = why_no_code(challenge, clock.now())
        form.code.errors = [f"{WHY_NONE.get(why, 'Kode ini sudah diganti')}. Tekan Kirim ulang."]
    except TooMany as wait:
        return waiting.until(wait.until, request.path)
    return None


def begin_with(challenge, targets, channel=None, instead=None):
    """Send the first code, to the chosen channel or the first there is; to another where that one
    got too many. Where all did, the page says how long to wait.

    :param targets: list of (channel, address).
    :param instead: see ``challenges.service.send``; for one address alone.
    """
    chosen = [target for target in targets if target[0] == channel]
    ways = chosen + [target for target in targets if target not in chosen]
    for way, _ in ways[:1] if instead else ways:
        try:
            _send(challenge, way, targets, instead)
        except TooMany:
            if not has_live_code(challenge, clock.now()):     # asked for twice: that one stays good
                continue
        except challenges.NoCode:
            pass     # another press began anew meanwhile
        return


def _send(challenge, channel, targets, instead):
    """Send a code; that it was too many is not for everybody to know."""
    target = channel, dict(targets)[channel]
    send = challenges.send if target in _known(challenge, targets) else challenges.send_quietly
    send(challenge, *target, clock.now(), instead)


def _known(challenge, targets):
    """The targets of which whoever sees the page may know that codes went there for something
    else: those that the account has proven; at the counter, any."""
    if challenge.purpose in (Purpose.RECOVER, Purpose.HEIR_CLAIM):
        return targets
    proven = challenges.channels_of(challenge.user) if challenge.user else []
    return [target for target in targets if target in proven]


def _send_again(challenge, form, words, targets, send):
    """A new code; it ends the one before."""
    now, chosen = clock.now(), dict(targets)
    channel = request.form["ulang"] if request.form["ulang"] in chosen else targets[0][0]
    seconds = challenges.seconds_to_resend(challenge, now)
    if seconds:
        return _not_yet(now + timedelta(seconds=seconds), challenge, form, words, targets)
    try:
        send(channel)
    except TooMany as wait:
        return _not_yet(wait.until, challenge, form, words, targets)
    except challenges.NoCode:
        return _over(words)
    return see_other(request.path)


def _not_yet(moment, challenge, form, words, targets):
    return _page(challenge, form, words, targets, 429, not_yet=waiting.when(moment))


def _page(challenge, form, words, targets, status=None, not_yet=None):
    now, known = clock.now(), [] if words.sent else _known(challenge, targets)
    return show(words.page, status, form=form,
                words=words, url=request.path, challenge=challenge, not_yet=not_yet,
                ways=[_way(challenge, target, target in known, now) for target in targets],
                sent_to="" if words.sent else _sent_to(challenge, targets),
                is_lost=bool(known) and _is_lost(challenge, known),
                why_none=WHY_NONE.get(why_no_code(challenge, now)))


def _is_lost(challenge, known):
    return (challenge.channel, challenge.target) in known and is_code_lost(challenge)


def _sent_to(challenge, targets):
    """The masked address the code went to, or empty."""
    address = dict(targets).get(challenge.channel)
    return mask(challenge.channel, address) if address else ""


def _way(challenge, target, is_known, now):
    """A channel with its wait."""
    moment = now + timedelta(seconds=challenges.seconds_to_resend(challenge, now))
    until, count = (is_known and reached(*target, now)) or (now, 0)
    seconds = ceil((max(moment, until) - now).total_seconds())
    # The one just before was this very code: no other is to blame.
    why = "" if count == 1 and challenge.sent_at else WHY_WAIT.get(count, "")
    return Way(target[0], seconds, waiting.when(max(moment, until)), why)


def _wrong(left):
    if not left:
        return "Kode tidak cocok dan tidak bisa dicoba lagi. Tekan Kirim ulang."
    return f"Kode tidak cocok. Pakai kode dari pesan yang paling baru. Sisa {left} percobaan."


def _over(words):
    return problem(410, "Waktunya sudah habis", "Mulai lagi dari awal. Belum ada yang berubah.",
                   back=words.restart, back_text="Mulai lagi")
