"""The cookies of a session and of a device, and where somebody signs in from."""

from flask import current_app, request

from webapp.permissions import presented_session
from webapp.sessions import DEVICE_LIVES, Visit


def visit():
    """From where this request comes, as the service wants to know it."""
    return Visit(address=request.remote_addr or "",
                 browser=request.headers.get("User-Agent", ""),
                 device=request.cookies.get(current_app.config["COOKIE_NAMES"]["device"], ""),
                 presented=presented_session())


def give_cookies(response, opened):
    """Let the browser hold a session just opened, and be known from now on."""
    _set(response, "session", opened.token)
    if opened.device:
        _set(response, "device", opened.device, max_age=DEVICE_LIVES)
    return response


def give_device(response, device):
    """Let the browser be known from now on, without a session."""
    _set(response, "device", device, max_age=DEVICE_LIVES)
    return response


def give_session(response, token):
    """Let the browser hold a session's new cookie value."""
    _set(response, "session", token)
    return response


def clear_cookies(response):
    """Leave nothing of the session in the browser; that the device is known stays."""
    for name in ("session", "form"):
        response.delete_cookie(current_app.config["COOKIE_NAMES"][name],
                               secure=current_app.config["SECURE_COOKIES"], httponly=True,
                               samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def own_path(path):
    """A path of our own, or None: never another host, whatever slashes it is spelled with."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\"):
        return None
    return path if path.isprintable() and "\\" not in path else None


def _set(response, name, value, **options):
    response.set_cookie(current_app.config["COOKIE_NAMES"][name], value,
                        secure=current_app.config["SECURE_COOKIES"], httponly=True,
                        samesite="Lax", path="/", **options)
