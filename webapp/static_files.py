"""The few static files: read, freed of comments, hashed and compressed once, served from memory.

The name in a page carries the digest of the content, so that a browser may keep it for a year.
"""

import gzip
import hashlib
from mimetypes import guess_type
from pathlib import Path

import brotli
from flask import Response, abort, request
from rcssmin import cssmin
from rjsmin import jsmin

from webapp.permissions import public

A_YEAR = "public, max-age=31536000, immutable"
ENCODERS = {"br": brotli.compress, "gzip": lambda body: gzip.compress(body, 9, mtime=0)}

MINIFIERS = {".css": cssmin, ".js": jsmin}     # of our own; what is vendored comes minified


def init_app(app, folder):
    """Serve ``folder`` under ``/static/`` and give templates ``static_url(name)``."""
    files, names = {}, {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            name, body = path.relative_to(folder).as_posix(), _body(path)
            digest = hashlib.sha256(body).hexdigest()[:10]
            stem, _, ending = name.rpartition(".")
            names[name] = f"{stem}.{digest}.{ending}" if stem else name
            files[names[name]] = _versions(body), guess_type(name)[0] or "text/plain"

    @app.get("/static/<path:name>", endpoint="static")
    @public
    def static(name):
        if name not in files:
            abort(404)
        return _answer(*files[name])

    app.jinja_env.globals["static_url"] = lambda name: f"/static/{names[name]}"


def _body(path):
    minify = None if path.parent.name == "vendor" else MINIFIERS.get(path.suffix)
    return minify(path.read_text("utf-8")).encode() if minify else path.read_bytes()


def _versions(body):
    return {"": body, **{name: encode(body) for name, encode in ENCODERS.items()}}


def _answer(versions, media_type):
    encoding = request.accept_encodings.best_match(["br", "gzip"], default="")
    if len(versions.get(encoding, b"")) >= len(versions[""]):
        encoding = ""
    response = Response(versions[encoding], content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = A_YEAR
    response.vary.add("Accept-Encoding")
    if encoding:
        response.content_encoding = encoding
    return response
