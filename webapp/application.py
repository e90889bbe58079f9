"""Putting the application together: every concern's ``init_app``, then the subjects' pages."""

from pathlib import Path

from flask import Flask, request
from flask.sessions import NullSession, SessionInterface
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    audit_seal,
    cli,
    config,
    cookies,
    csrf,
    db,
    errors,
    filters,
    htmx,
    navigation,
    permissions,
    replica,
    request_log,
    security_headers,
    static_files,
    vault,
)
from webapp.blueprints import BLUEPRINTS, DEMO_BLUEPRINTS
from webapp.documents import store
from webapp.holds import messages as holds
from webapp.receipts import service as receipts

ROOT = Path(__file__).resolve().parent.parent


def assemble(settings=None):
    """See ``webapp.create_app``."""
    settings = settings or config.from_environment()
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=None)
    app.config.update(settings)
    app.session_interface = NoCookieSession()
    _cookies(app)
    use_keys(settings)
    db.connect_to(settings["DATABASE_URL"])
    replica.use(settings["DATABASE_REPLICA_URL"])
    request_log.init_app(app)     # first, so that a request without a database has its line too
    _connect(app)
    store.use_store(settings["DOCUMENTS_URL"])
    holds.use_address(settings["BASE_URL"])
    htmx.init_app(app)
    security_headers.init_app(app)
    permissions.init_app(app)
    csrf.init_app(app)
    cookies.init_app(app)
    navigation.init_app(app)
    filters.init_app(app)
    errors.init_app(app)
    static_files.init_app(app, ROOT / "static")
    cli.init_app(app)
    for blueprint in (*BLUEPRINTS, *(DEMO_BLUEPRINTS if settings["DEMO"] else ())):
        app.register_blueprint(blueprint)
    _compress(app)
    app.jinja_env.globals["check_address"] = (
        settings["BASE_URL"].partition("://")[2] + "/periksa")     # as it is read out
    if settings["PROXY_HOPS"]:
        hops = settings["PROXY_HOPS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)
    return app


class NoCookieSession(SessionInterface):
    """Flask's own session is not used: it cannot be ended at the server."""

    def open_session(self, app, request):
        """A session that can be read, always empty, and not written."""
        return NullSession()

    def save_session(self, app, session, response):
        """Nothing to save."""


# They answer while it is away.
NEED_NO_DATABASE = ("operation.alive", "operation.metrics", "static")


def _connect(app):
    """Give each request a working connection, kept by its thread afterwards."""
    @app.before_request
    def connect():
        if request.endpoint not in NEED_NO_DATABASE:
            db.ensure_connection()


def _cookies(app):
    """Names and keys of the cookies; ``__Host-`` wherever the line is encrypted."""
    prefix = "__Host-" if app.config["SECURE_COOKIES"] else ""
    app.config["COOKIE_NAMES"] = {"session": f"{prefix}purna", "form": f"{prefix}purna-form",
                                  "device": f"{prefix}purna-perangkat",
                                  "registration": f"{prefix}purna-daftar"}
    app.config["SECRET_KEY_BYTES"] = app.config["SECRET_KEY"][0]
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"][0].hex()


def use_keys(settings):
    """Let vault, audit and receipts work with the configured keys."""
    vault.use(vault.Vault(settings["DATA_KEY"], settings["INDEX_KEY"][0]))
    audit_seal.use_key(settings["AUDIT_KEY"][0])
    receipts.use_signer(settings["RECEIPT_KEY"])


def _compress(app):
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_LEVEL=6,
                      COMPRESS_MIN_SIZE=500, COMPRESS_MIMETYPES=["text/html"],
                      COMPRESS_STREAMS=False)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Compress(app)
