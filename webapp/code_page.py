"""The page that asks for a one-time code, the same in every journey that needs one.

A handler loads its challenge and says what to do once the code is right:

>>> return code_page.ask(challenge, close_it, code_page.Words(title="Tutup akun", ...), targets)

A journey that needs more than the code on the same page gives a form of its own, derived from
``CodeForm``, and a page that extends ``challenges/ask.html``. Its other fields are checked before
the code is: a guess is not spent on a password that is too short.
"""

from dataclasses import dataclass

from flask import request
from wtforms import StringField

from webapp import clock, formats, otp, waiting
from webapp.challenges import service as challenges
from webapp.challenges.send_limits import free_from
from webapp.errors import problem
from webapp.forms import AppForm, Required, parse_with
from webapp.htmx import see_other, show
from webapp.models.messages import SMS
from webapp.rate_limit import TooMany

RESEND_SECONDS = 60
MASKS = {SMS: formats.mask_phone}


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
    :param step: (this step, of how many), said above the heading.
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


class CodeForm(AppForm):
    """Six digits."""

    code = StringField("Kode 6 angka", [Required("Ketik 6 angka dari pesan kami.")])

    def validate_code(self, field):
        """Bring the digits into their one form."""
        parse_with(field, otp.parse_code)


def ask(challenge, act, words, targets, form_class=CodeForm, instead=None, **needs):
    """Show the page; send again when asked to; with the right code answer what ``act`` answers.

    :param act: a function of the form that spends the challenge in its own transaction and
        returns a response.
    :param words: a ``Words``.
    :param targets: where a code may go: list of (channel, address or None for nobody).
    :param form_class: ``CodeForm`` or one derived from it, made with ``needs``.
    :param instead: see ``challenges.service.send``; for codes that are sent again.
    """
    form = form_class.of_request(**needs)
    if challenge.used_at:
        return see_other(words.done)
    if challenges.is_over(challenge, clock.now()):
        return _over(words)
    if request.method == "POST" and "ulang" in request.form:
        return _send_again(challenge, form, words, targets, instead)
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
        form.code.errors = ["Kode ini sudah tidak berlaku. Kirim kode baru."]
    except TooMany as wait:
        return waiting.until(wait.until, request.path)
    return None


def begin_with(challenge, targets, channel=None, instead=None):
    """Send the first code, to the chosen channel or the first there is.

    Nobody is told that an address got too many: the page offers to send again.

    :param targets: list of (channel, address or None).
    """
    chosen = dict(targets)
    channel = channel if channel in chosen else targets[0][0]
    try:
        _send(challenge, channel, chosen[channel], instead)
    except (TooMany, challenges.NoCode):     # too many, or another press began anew meanwhile
        return


def _send(challenge, channel, address, instead):
    """Send a code; that it was too many is for those to know who have proven the address."""
    send = (challenges.send if address in _proven_by(challenge).values()
            else challenges.send_quietly)
    send(challenge, channel, address, clock.now(), instead)


def _proven_by(challenge):
    """{channel: address} of the account the challenge is for; empty where it is for none."""
    return dict(challenges.channels_of(challenge.user)) if challenge.user else {}


def mask(channel, address):
    """An address as it may be shown."""
    return MASKS.get(channel, formats.mask_email)(address)


def _send_again(challenge, form, words, targets, instead):
    """A new code; it ends the one before."""
    now, chosen = clock.now(), dict(targets)
    channel = request.form["ulang"] if request.form["ulang"] in chosen else targets[0][0]
    if _seconds_to_resend(challenge, now):
        return _page(challenge, form, words, targets, 429)
    try:
        _send(challenge, channel, chosen[channel], instead)
    except TooMany as wait:
        return waiting.until(wait.until, request.path)
    except challenges.NoCode:
        return _over(words)
    return see_other(request.path)


def _page(challenge, form, words, targets, status=None):
    now = clock.now()
    return show(words.page, status or (422 if form.errors else 200), form=form,
                words=words, url=request.path, challenge=challenge, targets=targets,
                sent_to=_sent_to(challenge, targets),
                wait=_seconds_to_resend(challenge, now) or _seconds_until_free(
                    challenge, words, targets, now),
                is_live=bool(challenge.code_expires_at and challenge.code_expires_at > now))


def _sent_to(challenge, targets):
    """The masked address the code went to, or empty."""
    address = dict(targets).get(challenge.channel)
    return mask(challenge.channel, address) if address else ""


def _seconds_to_resend(challenge, now):
    if not challenge.sent_at:
        return 0
    return max(0, RESEND_SECONDS - int((now - challenge.sent_at).total_seconds()))


def _seconds_until_free(challenge, words, targets, now):
    """How long the person's own addresses must rest, when codes went to them for something else.

    Somebody who has not proven to be anybody is not told, nor is anybody about an address that
    may be somebody else's.
    """
    own = [] if words.sent else _proven_by(challenge).items()
    moments = [free_from(channel, address, now) for channel, address in targets
               if (channel, address) in own]
    if not moments or None in moments:
        return 0
    return -int((now - min(moments)).total_seconds() // 1)


def _wrong(left):
    if not left:
        return "Kode tidak cocok dan tidak bisa dicoba lagi. Kirim kode baru."
    return f"Kode tidak cocok. Periksa lagi pesannya. Sisa {left} percobaan."


def _over(words):
    return problem(410, "Waktunya sudah habis", "Mulai lagi dari awal. Belum ada yang berubah.",
                   back=words.restart, back_text="Mulai lagi")
