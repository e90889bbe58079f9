"""htmx, spoken here only. Pages work without it; this decides what part of a page to send."""

from flask import redirect, render_template, request
from htmx_flask import Htmx, make_response

extension = Htmx()


def init_app(app):
    """Teach the request about htmx."""
    extension.init_app(app)


def wants_fragment():
    """Whether htmx asks for a part of the page (never when it restores history)."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def render(page, fragment, status=200, push_url=None, **context):
    """The fragment for htmx, else the page that includes it.

    :param push_url: the address the browser should show when it got the fragment.
    """
    if wants_fragment():
        return make_response(render_template(fragment, **context), status, push_url=push_url)
    return make_response(render_template(page, **context), status)


def see_other(url):
    """Go on to another page: 303, or for htmx the header that makes the browser go there."""
    if wants_fragment():
        return make_response("", 204, redirect=url)
    return redirect(url, code=303)
