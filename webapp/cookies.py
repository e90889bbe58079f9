"""The cookies of a session and of a device, where somebody signs in, and from where."""

from uuid import UUID

from flask import current_app, g, request

from webapp.passkey.ceremony import Site
from webapp.permissions import presented_session
from webapp.sessions import DEVICE_LIVES, Visit


def init_app(app):
    """Give the session's new cookie again to whom the first answer did not reach."""
    app.after_request(_give_again)


def _give_again(response):
    session = g.get("session_row")
    return give_session(response, session.successor) if session and session.is_renewed else response


def visit():
    """From where this request comes, as the service wants to know it."""
    return Visit(address=request.remote_addr or "",
                 browser=request.headers.get("User-Agent", ""),
                 device=request.cookies.get(current_app.config["COOKIE_NAMES"]["device"], ""),
                 presented=presented_session())


def form_cookie():
    """What tells this browser from others before anybody is signed in; empty when nothing does."""
    return request.cookies.get(current_app.config["COOKIE_NAMES"]["form"], "")


def site():
    """The one place where our passkeys work."""
    return Site.at(current_app.config["BASE_URL"])


def give_cookies(response, opened):
    """Let the browser hold a session just opened, and be known from now on; what somebody else
    began to register with on it is shown no more."""
    _set(response, "session", opened.token)
    forget_registration(response)
    if opened.device:
        _set(response, "device", opened.device, max_age=DEVICE_LIVES)
    return response


def give_device(response, device):
    """Let the browser be known from now on, without a session."""
    _set(response, "device", device, max_age=DEVICE_LIVES)
    return response


def give_registration(response, challenge_id):
    """Let the browser find again what it began to register with; see ``begun_registration``."""
    _set(response, "registration", str(challenge_id))
    return response


def begun_registration():
    """Which registration this browser says it began last, a UUID; or None."""
    return request.cookies.get(current_app.config["COOKIE_NAMES"]["registration"], type=UUID)


def forget_registration(response):
    """Let the browser begin with empty answers."""
    _delete(response, "registration")
    return response


def give_session(response, token):
    """Let the browser hold a session's new cookie value."""
    _set(response, "session", token)
    return response


def clear_cookies(response):
    """Leave nothing of the session in the browser; that the device is known stays."""
    for name in ("session", "form", "registration"):
        _delete(response, name)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def own_path(path):
    """A path of our own, or None: never another host, whatever slashes it is spelled with."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return None
    return path if path.isprintable() and "\\" not in path else None


def _delete(response, name):
    response.delete_cookie(current_app.config["COOKIE_NAMES"][name], httponly=True,
                           secure=current_app.config["SECURE_COOKIES"], samesite="Lax")


def _set(response, name, value, **options):
    response.set_cookie(current_app.config["COOKIE_NAMES"][name], value,
                        secure=current_app.config["SECURE_COOKIES"], httponly=True,
                        samesite="Lax", path="/", **options)
