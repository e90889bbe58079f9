"""One line for each request: what, how it went, how long; the same is counted. Nothing personal.

Paths carry random ids only; query strings, bodies, addresses and names are left out.
"""

import logging
import re
import time
import uuid

from flask import current_app, g, request

from webapp import counters
from webapp.log_lines import request_id

log = logging.getLogger("purna.request")

# Asked every second by machines: among the counts they would hide what people meet with.
PROBES = ("operation.alive", "operation.ready", "operation.metrics")
GIVEN = re.compile(r"[0-9a-f]{32}")     # as nginx makes them


def init_app(app):
    """Log and count each request; hand its id to the client when something went wrong."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin():
    g.began = time.perf_counter()
    request_id.set(_id_of_proxy() or uuid.uuid4().hex)


def _id_of_proxy():
    """The id by which the proxy before us logs this request, where there is one and it gave one."""
    given = request.headers.get("X-Request-Id", "")
    return given if current_app.config["PROXY_HOPS"] and GIVEN.fullmatch(given) else None


def _end(response):
    took = time.perf_counter() - g.began
    if request.endpoint not in PROBES:
        counters.note_request(_audience(), response.status_code, took)
    log.info("request", extra={"fields": {
        "method": request.method, "endpoint": request.endpoint, "status": response.status_code,
        "ms": round(took * 1000, 1)}})
    if response.status_code >= 400:
        response.headers["X-Request-Id"] = request_id.get()
    return response


def _audience():
    view = current_app.view_functions.get(request.endpoint)
    return getattr(view, "audience", counters.NOBODY)


def _forget(_problem):
    request_id.set("")
