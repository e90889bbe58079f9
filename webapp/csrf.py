"""Form tokens. Every unsafe request must carry one; there is nothing to remember in a view.

A token is a MAC of the session cookie (or, before signing in, of a random form cookie), hidden
under a fresh mask each time it is shown: compressed pages then do not leak it (BREACH). It lives
as long as its session and changes at sign-in, because the cookie does.

Behind it stands whose form it is, as a MAC of the person and the device cookie. It opens nothing:
it only tells for whom to keep what was typed when the browser has lost the session's cookie, as
some do when they are closed. A borrowed device is to keep nothing, so its forms do without.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from flask import abort, current_app, g, request
from flask_login import current_user

SAFE = {"GET", "HEAD", "OPTIONS"}
SIZE = 16
OWNER = 10     # bytes; with the others a multiple of three, which base64 writes without filling


def init_app(app):
    """Check every unsafe request; give templates ``csrf_token()``."""
    app.before_request(_check)
    app.after_request(_give_cookie)
    app.jinja_env.globals["csrf_token"] = token


def token():
    """A token for a form on the page being made."""
    g.token_is_shown = True
    mask = secrets.token_bytes(SIZE)
    mac = _mac(_binding())
    return base64.urlsafe_b64encode(mask + _xor(mask, mac) + _owner(mask)).decode("ascii")


def is_genuine(text, binding):
    """Whether a token was made for this binding."""
    raw = _bytes_of(text)
    return len(raw) in (2 * SIZE, 2 * SIZE + OWNER) and hmac.compare_digest(
        _xor(raw[:SIZE], raw[SIZE:2 * SIZE]), _mac(binding))


def is_form_of(user, device, text):
    """Whether a form with this token was shown to this person in this browser.

    :param device: the browser's device cookie.
    """
    raw = _bytes_of(text)
    return bool(device) and len(raw) == 2 * SIZE + OWNER and hmac.compare_digest(
        raw[2 * SIZE:], _mac_of_owner(raw[:SIZE], user, device))


def _bytes_of(text):
    try:
        return base64.urlsafe_b64decode(text.encode("ascii"))
    except (ValueError, binascii.Error):
        return b""


def _owner(mask):
    """Whose form is being made; nothing where that is nobody's to know."""
    names = current_app.config["COOKIE_NAMES"]
    device = request.cookies.get(names["device"])
    if not device or not request.cookies.get(names["session"]) or not (
            current_user.is_authenticated) or g.session_row.is_borrowed:
        return b""
    return _mac_of_owner(mask, current_user, device)


def _mac_of_owner(mask, user, device):
    """Another one under each mask: compressed pages do not leak it either."""
    said = b"owner|" + mask + user.public_id.bytes + device.encode()
    return hmac.new(current_app.config["SECRET_KEY_BYTES"], said, hashlib.sha256).digest()[:OWNER]


def _check():
    if request.method in SAFE:
        # A form that came by GET would be one without a token: no view may ever read it.
        if request.content_length or request.headers.get("Transfer-Encoding"):
            abort(400, "a body that nothing asked for")
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400, "cross-site")
    g.token_is_genuine = is_genuine(request.form.get("csrf_token", ""), _binding())


def _binding():
    """What the token is bound to: the session's cookie, else the form cookie, made when missing."""
    names = current_app.config["COOKIE_NAMES"]
    bound = request.cookies.get(names["session"]) or request.cookies.get(names["form"])
    if not bound:
        bound = g.get("form_cookie") or secrets.token_urlsafe(18)
        g.form_cookie = bound
    return bound


def _give_cookie(response):
    # Not whenever one is missing: a post from elsewhere comes without it, and must not replace it.
    if "form_cookie" in g and "token_is_shown" in g:
        response.set_cookie(current_app.config["COOKIE_NAMES"]["form"], g.form_cookie,
                            secure=current_app.config["SECURE_COOKIES"], httponly=True,
                            samesite="Lax")
    return response


def _mac(binding):
    key = current_app.config["SECRET_KEY_BYTES"]
    return hmac.new(key, b"form|" + binding.encode(), hashlib.sha256).digest()[:SIZE]


def _xor(one, other):
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(SIZE)
