"""Who may use a route: one decorator directly under each route, and nothing without one.

``@public`` needs no sign-in. The others need a session of the named audience. ``@employer_only``
takes the company's id out of the URL and hands the view the company, if it is the clerk's own:
a stranger's company is missing, not forbidden.
"""

import ipaddress
import json
from functools import partial, wraps

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.exceptions import HTTPException

from webapp import clock, kept_input, sessions
from webapp.companies.queries import company_of
from webapp.csrf import is_form_of
from webapp.db import write_note
from webapp.htmx import see_other, wants_fragment
from webapp.models.people import IS_BLOCKED, IS_CLOSING, NEEDS_AUTHENTICATOR, NEEDS_TERMS
from webapp.sessions import is_fresh

login_manager = LoginManager()
login_manager.session_protection = None     # it trusts a header that any client can send


# Where a session goes that may not do everything yet.
STAGE_PAGES = {NEEDS_TERMS: "terms.agree", NEEDS_AUTHENTICATOR: "authenticator.enrol",
               IS_CLOSING: "closure.waiting", IS_BLOCKED: "blocked.reason"}
EVERY_STAGE = tuple(STAGE_PAGES)
# Who may do nothing else may still complain; staff without a second factor reach no page of theirs.
MAY_COMPLAIN = (NEEDS_TERMS, IS_CLOSING, IS_BLOCKED)


class UnguardedRoute(Exception):
    """A route that does not say who may use it."""


def init_app(app):
    """Load the user from our own session table and refuse routes without a decorator."""
    login_manager.init_app(app)
    login_manager.request_loader(_user_of)
    app.before_request(_deny_by_default)
    app.before_request(allow_body)
    app.context_processor(lambda: {"session_seconds": _session_seconds()})


def public(view):
    """Anybody, signed in or not."""
    @wraps(view)
    def guarded(**ids):
        if not g.get("token_is_genuine", True):
            abort(400, "stale form")
        return view(**ids)
    guarded.audience = "public"
    return guarded


def employer_only(view):
    """A company's clerk; ``company_id`` in the URL becomes the view's ``company``."""
    @wraps(view)
    def guarded(**ids):
        refusal = _refusal(view, current_user.is_authenticated and current_user.is_employer)
        if refusal:
            return refusal
        if "company_id" in ids:
            ids["company"] = g.company = found_or_404(
                company_of.one(current_user, ids.pop("company_id")))
        return view(**ids)
    guarded.audience = "employer"
    return guarded


def worker_only(view):
    """A worker."""
    @wraps(view)
    def guarded(**ids):
        return (_refusal(view, current_user.is_authenticated and current_user.is_worker)
                or view(**ids))
    guarded.audience = "worker"
    return guarded


def branch_only(view):
    """Staff of the branch, and only from its networks: elsewhere the page does not exist."""
    @wraps(view)
    def guarded(**ids):
        if not from_branch_network():
            abort(404)
        return (_refusal(view, current_user.is_authenticated and current_user.is_staff)
                or view(**ids))
    guarded.audience = "branch"
    return guarded


def signed_in(view):
    """Anybody who is signed in."""
    @wraps(view)
    def guarded(**ids):
        return _refusal(view, current_user.is_authenticated) or view(**ids)
    guarded.audience = "signed in"
    return guarded


# Four times the largest paper: what a phone's camera makes is refused beside its field, with the
# form still there, and not by a page that has lost it.
MOST_FILE_BYTES = 25 * 1024 * 1024


def takes_files(view):
    """Allow a body large enough for a paper; stands under the audience's decorator."""
    view.most_bytes = MOST_FILE_BYTES
    return view


def during(*stages):
    """Allow a session that stands before one of these stages; under the audience's decorator."""
    def mark(view):
        view.stages = stages
        return view
    return mark


def asked_by_itself(view):
    """What a page asks for while nobody touches it: the session is not in use by that. Stands under
    the audience's decorator."""
    view.is_asked_by_itself = True
    return view


def fresh_factor(view):
    """Ask for a proof that is at most five minutes old; stands under the audience's decorator."""
    view.needs_fresh_factor = True
    return view


def allow_body():
    """Set the request's body limit before anything reads it: 64 KiB unless the view says more."""
    view = current_app.view_functions.get(request.endpoint)
    usual = current_app.config["MAX_CONTENT_LENGTH"]
    # Files come in parts, whose number and size are limited; a plain body of megabytes would be
    # parsed into as many fields as it likes, by anybody.
    in_parts = request.mimetype == "multipart/form-data"
    request.max_content_length = getattr(view, "most_bytes", usual) if in_parts else usual


def from_branch_network():
    """Whether the request comes from one of the branch's networks."""
    return _is_within("BRANCH_NETWORKS")


def from_monitoring_network():
    """Whether it comes from where the service is watched."""
    return _is_within("MONITORING_NETWORKS")


def _is_within(setting):
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in current_app.config[setting])


def found_or_404(row):
    """The row that a scoped query found, or the same 404 that a missing one gets."""
    return row or abort(404)


def _refusal(view, is_allowed):
    if not current_user.is_authenticated:
        return _sign_in_first()
    stage = g.session_row.stage
    if stage and stage not in getattr(view, "stages", ()):
        return see_other(url_for(STAGE_PAGES[stage], lanjut=_page_of_form()))
    if not is_allowed:
        abort(403)
    if not g.get("token_is_genuine", True):
        return see_other(kept_input.keep(current_user, clock.now()))
    if getattr(view, "needs_fresh_factor", False) and not _is_proven(g.session_row):
        return _prove_first()
    return None


def _is_proven(session):
    """Whether the proof is fresh; who has yet to set up the first one has none to show."""
    return session.stage == NEEDS_AUTHENTICATOR or is_fresh(session, clock.now())


def _prove_first():
    """Send to the page that asks who it is once more; what was typed waits meanwhile."""
    onward = request.full_path.rstrip("?")
    if request.method == "POST":
        onward = kept_input.keep(current_user, clock.now()) if _page_of_form() else "/"
    return see_other(url_for("step_up.prove", lanjut=onward))


def _sign_in_first():
    """Send to the sign-in page; what was typed waits for the one whose session ended. What nobody
    could be found for is lost, and that page says so."""
    onward, lost, ended = request.full_path.rstrip("?"), None, presented_session()
    if request.method == "POST":
        onward, lost = _page_of_form(), "hilang"
        owner = _owner_of_form(ended)
        if owner and onward:
            onward, lost = kept_input.keep(owner, clock.now()), None
    if onward == url_for("sign_in.sign_out"):     # they are out already
        onward = ""
    url = url_for("sign_in.sign_in", lanjut=onward, isian=lost)
    if wants_fragment():
        return "", 401, {"HX-Redirect": url}
    return redirect(url, code=303)


def _owner_of_form(ended):
    """Whose form was posted by nobody that is signed in, or None.

    :param ended: the session whose cookie came with it; None where the browser has lost that.
    """
    if ended:
        return ended.user if g.token_is_genuine else None
    device = request.cookies.get(current_app.config["COOKIE_NAMES"]["device"], "")
    text = request.form.get("csrf_token", "")
    return next((user for user in sessions.people_known_on(device, clock.now())
                 if is_form_of(user, device, text)), None)


def presented_session():
    """The session whose cookie this browser sent, good or not, with its user; or None."""
    bool(current_user)     # looks for it
    return g.get("session_row")


def _page_of_form():
    """The address of the page this form stands on: its own, where that can be opened at all."""
    try:
        current_app.create_url_adapter(request).match(request.path, method="GET")
    except HTTPException:
        return ""
    return request.path


def _user_of(request):
    if g.get("without_database"):
        return None
    now = clock.now()
    row = g.session_row = _session_of(request, now)
    if not row or not sessions.is_good(row, now):
        return None
    view = current_app.view_functions.get(request.endpoint)
    is_in_use = not getattr(view, "is_asked_by_itself", False)
    if is_in_use and now - row.seen_at >= sessions.SEEN_EVERY:
        write_note(partial(sessions.touch, row, now))
    return row.user


def _session_of(request, now):
    token = request.cookies.get(current_app.config["COOKIE_NAMES"]["session"])
    if not token or not g.get("token_is_genuine"):
        return sessions.find(token)
    form = json.dumps([request.path, sorted(request.form.items(multi=True))])
    return sessions.find_for_form(token, form, now)


def _session_seconds():
    """How long this session lasts if nobody touches it; None without one."""
    if not current_user.is_authenticated:
        return None
    return sessions.seconds_left(g.session_row, clock.now())


def _deny_by_default():
    view = current_app.view_functions.get(request.endpoint)
    if view and not hasattr(view, "audience"):
        raise UnguardedRoute(request.endpoint)
