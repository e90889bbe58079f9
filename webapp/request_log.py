"""One line of JSON for each request: what, how it went, how long. Nothing personal.

Paths carry random ids only; query strings, bodies, addresses and names are left out.
"""

import json
import logging
import time
import uuid

from flask import g, request

log = logging.getLogger("purna.request")


def init_app(app):
    """Log each request; hand its id to the client when something went wrong."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin():
    g.request_id, g.began = uuid.uuid4().hex[:16], time.perf_counter()


def _end(response):
    if log.isEnabledFor(logging.INFO) and "began" in g:
        took = round((time.perf_counter() - g.began) * 1000, 1)
        log.info("%s", json.dumps({
            "id": g.request_id, "method": request.method, "endpoint": request.endpoint,
            "status": response.status_code, "ms": took}))
    if "request_id" in g and response.status_code >= 400:
        response.headers["X-Request-Id"] = g.request_id
    return response
