"""Pages for everybody, kept by browsers and by whatever stands in between.

They are drawn without the context of a request: no user, no navigation, no form token. What does
not know who asks cannot put that into a shared cache. Bantuan alone has a form, and is not kept.
"""

import hashlib

from flask import Blueprint, Response, abort, current_app, render_template, request
from wtforms import StringField

from webapp import clock
from webapp.forms import AppForm, MaxCharacters
from webapp.help.contact import channels_of, contact_of
from webapp.help.topics import found
from webapp.permissions import public
from webapp.security_headers import ALWAYS
from webapp.terms import versions

blueprint = Blueprint("help", __name__)

# Fresh for a day, since browsers open only what is fresh when there is no line; caches in between
# may show it while asking again, or for a week when we cannot be reached: who needs to know what to
# do with a stolen account may have a poor line.
CACHING = "public, max-age=86400, stale-while-revalidate=86400, stale-if-error=604800"


class SearchForm(AppForm):
    """What somebody looks for, in any words."""

    cari = StringField("Yang dicari", [MaxCharacters(200)])


@blueprint.route("/bantuan", methods=["GET", "POST"])
@public
def search():
    """Find pages and journeys by the words people know. What is typed is sent by POST, since some
    type their name or number there, which belongs in no address."""
    form = SearchForm.of_request()
    is_searched = form.is_sent_and_valid() and bool(form.cari.data)
    return render_template("help/search.html", form=form, is_searched=is_searched,
                           topics=found(form.cari.data or "" if is_searched else "")), (
        422 if form.errors else 200)


@blueprint.get("/panduan-keamanan")
@public
def security_guide():
    """How to keep an account safe, and what to do when it is not."""
    return _page("security_guide", channels=channels_of(current_app.config))


@blueprint.get("/kontak")
@public
def contact():
    """How to reach us."""
    return _page("contact", contact=contact_of(current_app.config))


@blueprint.get("/kanal-resmi")
@public
def official_channels():
    """What is really ours, and how to tell."""
    return _page("official_channels", channels=channels_of(current_app.config),
                 contact=contact_of(current_app.config))


@blueprint.get("/syarat-dan-ketentuan")
@public
def terms():
    """The terms that hold today."""
    return _terms(versions.current(clock.today()))


@blueprint.get("/syarat-dan-ketentuan/<number>")
@public
def terms_numbered(number):
    """One version of the terms, named by the day it holds from."""
    return _terms(versions.version(number) or abort(404))


def _terms(shown):
    today = clock.today()
    return _page("terms", terms=shown, today=today, current=versions.current(today),
                 others=[other for other in reversed(versions.all_versions()) if other != shown])


def _page(name, **context):
    body = current_app.jinja_env.get_template(f"help/{name}.html").render(context)
    response = Response(body, mimetype="text/html")
    # All of them, whoever asks: a part asked for by htmx would get fewer, and be kept so.
    response.headers.extend(ALWAYS)
    response.headers["Cache-Control"] = CACHING
    response.vary.add("Accept-Encoding")
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16], weak=True)
    return response.make_conditional(request)
