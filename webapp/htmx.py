"""htmx, spoken here only. Pages work without it; this decides what part of a page to send."""

from flask import redirect, render_template, request
from htmx_flask import Htmx, make_response
from werkzeug.urls import iri_to_uri

WHOLE, PART = "layouts/base.html", "layouts/part.html"
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
    return make_response(render_template(page, layout=WHOLE, **context), status)


def show(page, status=None, form=None, **context):
    """A whole page; for htmx its main part, which stands alone (the page extends ``layout``).

    :param status: 422 where ``form`` has errors, else 200, unless it is said.
    """
    layout = PART if wants_fragment() else WHOLE
    status = status or (422 if form is not None and form.errors else 200)
    return make_response(render_template(page, layout=layout, form=form, **context), status)


def forward(url, next_page):
    """Go on to the page at ``url`` after a form was taken.

    htmx gets the page's main part in the same answer, which saves a slow line one round trip;
    others are sent there.

    :param next_page: called without arguments; makes the page's response by ``show``.
    """
    if not wants_fragment():
        return redirect(url, code=303)
    response = next_page()
    response.headers.update({"HX-Push-Url": iri_to_uri(url), "HX-Retarget": "#isi",
                             "HX-Reswap": "outerHTML"})
    return response


def see_other(url):
    """Go on to another page: 303, or for htmx the header that makes the browser go there."""
    if wants_fragment():
        return make_response("", 204, redirect=iri_to_uri(url))     # a header holds no €
    return redirect(url, code=303)
