"""The last step of every way in: the session that a second proof was asked for begins."""

from webapp import clock
from webapp.challenges.service import bound_to
from webapp.cookies import give_cookies, own_path, visit
from webapp.errors import problem
from webapp.htmx import see_other
from webapp.sign_in import service


def enter(challenge, spend, onward=None):
    """Begin the session a challenge is bound to, and go where the person was going.

    :param spend: a function of the moment, called inside the session's transaction: it spends the
        challenge with its proof, or raises what the proof lacks.
    :param onward: where to go instead.
    """
    now = clock.now()
    try:
        opened = service.open_bound(challenge, visit=visit(), now=now, spend=lambda: spend(now))
    except service.Refused:
        return closed_to_them()
    return give_cookies(see_other(onward or own_path(bound_to(challenge)["onward"]) or "/"), opened)


def closed_to_them():
    """Somebody proved to be the one, and the account may not be opened."""
    return problem(403, "Akun ini tidak bisa dibuka",
                   "Tanyakan sebabnya ke kantor cabang. Bawa KTP Anda.",
                   back="/kontak", back_text="Kontak")
