"""What people see when something is not there, not theirs, not right or not working."""

import errno
import logging

import peewee
from flask import g, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from webapp import clock, counters, db, faults, kept_input
from webapp.documents.store import StoreTrouble
from webapp.htmx import see_other, wants_fragment
from webapp.permissions import UnguardedRoute, presented_session
from webapp.renewal import SessionOver

log = logging.getLogger(__name__)

# code: (title, what to do)
SITUATIONS = {
    400: ("Formulir ini sudah kedaluwarsa",
          "Muat ulang halamannya, lalu kirim lagi. Jika tetap gagal, izinkan cookie untuk Purna."),
    403: ("Halaman ini bukan untuk akun Anda",
          "Anda masuk dengan akun lain. Keluar dulu, lalu masuk dengan akun yang sesuai."),
    404: ("Halaman tidak ditemukan",
          "Mungkin alamatnya salah ketik, atau data itu tidak ada dalam daftar Anda."),
    405: ("Cara membuka halaman ini keliru", "Kembali ke halaman sebelumnya, lalu coba lagi."),
    409: ("Data sudah berubah", "Orang lain sudah mengubahnya. Buka lagi datanya."),
    413: ("Kiriman terlalu besar", "Perkecil berkasnya, lalu kirim lagi."),
    429: ("Terlalu banyak percobaan", "Tunggu sebentar, lalu coba lagi."),
    500: ("Ada yang salah di pihak kami",
          "Coba lagi beberapa saat. Yang sudah tersimpan tidak hilang."),
    503: ("Layanan sedang terganggu",
          "Coba lagi sebentar lagi. Yang sudah tersimpan tidak hilang."),
    507: ("Penyimpanan kami penuh",
          "Kami belum bisa menyimpan. Coba lagi nanti. Yang sudah tersimpan tidak hilang."),
}
RETRY_SECONDS = {503: 5, 507: 60}
ANSWERS = {counters.FULL: 507, counters.BUSY: 503, counters.AWAY: 503}


def init_app(app):
    """Answer every failure with a page, or for htmx with its main part."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(peewee.PeeweeException, _database)
    app.register_error_handler(OSError, _storage)
    app.register_error_handler(SessionOver, _session_over)
    app.register_error_handler(Exception, _unexpected)


def problem(code, title=None, advice=None, **context):
    """The page for a situation: (body, status, headers)."""
    if _is_foreign():
        return "Alamat ini bukan alamat Purna.\n", 400, {"Content-Type": "text/plain"}
    usual = SITUATIONS.get(code, SITUATIONS[500 if code >= 500 else 400])
    headers = {"Retry-After": str(RETRY_SECONDS[code])} if code in RETRY_SECONDS else {}
    page = "errors/_problem.html" if wants_fragment() else "errors/problem.html"
    if wants_fragment():
        headers |= {"HX-Retarget": "#isi", "HX-Reswap": "innerHTML"}
    body = render_template(page, title=title or usual[0], advice=advice or usual[1], **context)
    return body, code, headers


def _http(error):
    if error.code is None or error.code < 400:
        return error.get_response()
    is_stale = wants_fragment() and not g.get("token_is_genuine", True)
    if error.code == 400 and is_stale and not _is_foreign():
        return _again_with_token()
    body, code, headers = problem(error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers |= {"Allow": ", ".join(sorted(error.valid_methods))}     # RFC 9110, 15.5.6
    return body, code, headers


def _is_foreign():
    """Whether the request names a Host that is not ours: no page can be made that links."""
    return isinstance(request.routing_exception, SecurityError)


def _again_with_token():
    """A form that stood open for too long stays as it is, with a fresh token: one more press."""
    return render_template("errors/_stale_form.html"), 400, {
        "HX-Retarget": "find :is([data-stale],[name=csrf_token])", "HX-Reswap": "outerHTML"}


def _session_over(_error):
    """Somebody ended the session while its form was under way: sign in first, nothing is lost."""
    return see_other(kept_input.keep(presented_session().user, clock.now()))


def _database(error):
    """A database that is gone, busy or full is no defect of ours: 503 or 507, and recover."""
    kind = _kind_of(error)
    counters.DATABASE_FAULTS.labels(kind).inc()
    log.error("database is %s: %s at %s", kind, type(error).__name__, request.endpoint)
    db.drop_connection()
    g.pop("company", None)
    g.without_database = True     # the page that says so must not ask it who is signed in
    return problem(ANSWERS[kind]) if kind in ANSWERS else _unexpected(error)


def _storage(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return problem(507)
    if isinstance(error, StoreTrouble):
        return problem(503)
    return _unexpected(error)


def _unexpected(error):
    if isinstance(error, UnguardedRoute):
        log.critical("route without a permission decorator: %s", error)
    log.error("unexpected fault at %s: %s", request.endpoint, faults.described(error))
    return problem(500)


def _kind_of(error):
    """What is wrong with the database, by the error it gave."""
    if _is_full(error):
        return counters.FULL
    if not isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return counters.DEFECT
    return counters.BUSY if db.is_busy(error) else counters.AWAY


def _is_full(error):
    """Whether the disk is full. SQLite rolls back by itself then, and the real cause hides behind
    a failed rollback: walk the chain."""
    return any("full" in str(one) or getattr(one, "errno", None) == errno.ENOSPC
               or getattr(one, "sqlstate", None) == "53100"      # PostgreSQL: disk_full
               for one in db.chain_of(error))
