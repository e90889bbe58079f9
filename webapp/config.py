"""Settings from the environment: read once, checked at once, refused with one clear line."""

import base64
import binascii
import ipaddress
import os
import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from webapp.secrets_file import load_or_create


class Misconfigured(Exception):
    """A setting is missing, malformed or unsafe; the text is one line for the operator."""


SECRETS = ("PURNA_SECRET_KEY", "PURNA_DATA_KEY", "PURNA_INDEX_KEY", "PURNA_AUDIT_KEY",
           "PURNA_RECEIPT_KEY")
KEY_BYTES = 32
LOOPBACK = "127.0.0.0/8 ::1/128"
SERVERS = ("postgresql://", "postgres://")
MAIL_FROM = "purna@purna.example"
CONTACT_HOURS = "Senin sampai Jumat pada jam kerja"
# Werkzeug holds what it has just read against this, of a file too: 64 KiB, and what was left of the
# 64 KiB before.
MOST_FORM_BYTES = 256 * 1024


def from_environment(environ=None):
    """Read the settings into a dict for ``app.config``.

    :param environ: a mapping of names to strings; the process environment when omitted.
    :raises Misconfigured: with one line that names the setting and what is wrong with it.
    """
    environ = os.environ if environ is None else environ
    production = _choice(environ, "PURNA_ENV", ("demo", "production"), "demo") == "production"
    data = Path(environ.get("PURNA_DATA") or "data").resolve()
    settings = {
        "PRODUCTION": production,
        "DEMO": not production,
        "DATA": data,
        **_databases(environ, f"sqlite:///{data / 'purna.sqlite3'}"),
        "DRAIN_FILE": Path(environ.get("PURNA_DRAIN_FILE") or data / "draining").resolve(),
        "SECURE_COOKIES": production,
        "TRUSTED_HOSTS": _words(environ, "PURNA_HOSTS", "" if production else
                                "127.0.0.1 localhost [::1]"),
        "BASE_URL": _url(environ, "PURNA_BASE_URL",
                         None if production else f"http://localhost:{port(environ)}"),
        "PROXY_HOPS": _integer(environ, "PURNA_PROXY_HOPS", 0, 0, 5),
        "BRANCH_NETWORKS": _networks(environ, "PURNA_BRANCH_NETWORKS",
                                     None if production else LOOPBACK),
        "MONITORING_NETWORKS": _networks(environ, "PURNA_MONITORING_NETWORKS",
                                         "" if production else LOOPBACK),
        "SMTP_URL": _url(environ, "PURNA_SMTP_URL", None if production else "", ("smtp", "smtps")),
        "MAIL_FROM": _mail_address(environ, "PURNA_MAIL_FROM", MAIL_FROM),
        "SMS_URL": _url(environ, "PURNA_SMS_URL", None if production else ""),
        "SMS_SENDER": environ.get("PURNA_SMS_SENDER") or "Purna",
        "CONTACT_PHONE": _phone(environ, "PURNA_CONTACT_PHONE"),
        "CONTACT_EMAIL": _mail_address(environ, "PURNA_CONTACT_EMAIL",
                                       environ.get("PURNA_MAIL_FROM") or MAIL_FROM),
        "CONTACT_HOURS": _line(environ, "PURNA_CONTACT_HOURS", CONTACT_HOURS),
        "DOCUMENTS_URL": _place(environ, "PURNA_DOCUMENTS_URL", (data / "documents").as_uri(),
                                ("file:///", "s3://")),
        "MAX_CONTENT_LENGTH": 64 * 1024,      # a view that takes files raises it for itself
        "MAX_FORM_MEMORY_SIZE": MOST_FORM_BYTES,
        "MAX_FORM_PARTS": 100,
        **_secrets(environ, production, data),
    }
    if production and not settings["TRUSTED_HOSTS"]:
        raise Misconfigured("PURNA_HOSTS is missing: name the hosts this service answers for.")
    if production and not settings["BASE_URL"].startswith("https://"):
        raise Misconfigured("PURNA_BASE_URL must begin with https:// in production.")
    return settings


def port(environ=None):
    """The TCP port to listen on (``PORT``, 8000 when unset)."""
    return _integer(os.environ if environ is None else environ, "PORT", 8000, 1, 65535)


def target(environ=None):
    """The PostgreSQL to move to: ``PURNA_TARGET_URL``, or what the file ``…_FILE`` holds. It has a
    password, which an argument would show in the list of processes. Raises ``Misconfigured``."""
    return _database(os.environ if environ is None else environ, "PURNA_TARGET_URL", "", SERVERS)


def _secrets(environ, production, data):
    """Five independent keys: cookies and forms, fields, look-ups, audit chain, receipts.

    Production takes each from NAME or from the file NAME_FILE. Demo mode makes its own on first
    start and keeps them beside its data, readable by the owner only.
    """
    made = {} if production else load_or_create(data / "secrets.json", SECRETS, KEY_BYTES)
    found = {}
    for name in SECRETS:
        text = _secret_text(environ, name) or made.get(name)
        if not text:
            raise Misconfigured(f"{name} is missing: make a set with `flask secrets`.")
        keys = [_key(name, part) for part in text.split()]
        found[name.removeprefix("PURNA_")] = keys
    if len({keys[0] for keys in found.values()}) < len(SECRETS):
        raise Misconfigured("The secrets must differ from one another: use `flask secrets`.")
    return found


def _secret_text(environ, name):
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name)
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as reason:
        raise Misconfigured(f"{name}_FILE cannot be read: {reason}.") from reason


def _key(name, text):
    try:
        key = base64.urlsafe_b64decode(text.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError) as reason:
        raise Misconfigured(f"{name} is not base64: make one with `flask secrets`.") from reason
    if len(key) != KEY_BYTES:
        raise Misconfigured(f"{name} must hold {KEY_BYTES} bytes, it holds {len(key)}.")
    if len(set(key)) < KEY_BYTES // 4:
        raise Misconfigured(f"{name} is too regular to be a secret.")
    return key


def _choice(environ, name, allowed, default):
    value = environ.get(name) or default
    if value not in allowed:
        raise Misconfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _integer(environ, name, default, least, most):
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise Misconfigured(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _words(environ, name, default):
    return (environ.get(name) or default).replace(",", " ").split()


def _url(environ, name, default, schemes=("http", "https")):
    value = _secret_text(environ, name) or default
    if value is None:
        raise Misconfigured(f"{name} is missing.")
    if value and value.partition("://")[0] not in schemes:
        raise Misconfigured(f"{name} must be a URL that begins with {' or '.join(schemes)}.")
    if value and not _has_host(value):
        raise Misconfigured(f"{name} must name a host, and a port from 1 to 65535 if any.")
    return value.rstrip("/")


def _has_host(url):
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:     # a port that is none, a bracket that is not closed
        return False


def _place(environ, name, default, beginnings):
    """A URL of where data lies: nothing but its kind can be told from here."""
    value = _secret_text(environ, name) or default
    if not any(value.startswith(beginning) and value != beginning for beginning in beginnings):
        # The value may hold a password: it is not repeated.
        raise Misconfigured(f"{name} must begin with {' or '.join(beginnings)} and name a place.")
    return value


def _databases(environ, default):
    url = _database(environ, "DATABASE_URL", default, ("sqlite:///", *SERVERS))
    name, replica = "DATABASE_REPLICA_URL", None
    if _secret_text(environ, name):
        replica = _database(environ, name, None, SERVERS)
        if not url.startswith(SERVERS):
            raise Misconfigured(f"{name} needs PostgreSQL in DATABASE_URL: SQLite has no replica.")
    return {"DATABASE_URL": url, name: replica}


def _database(environ, name, default, beginnings):
    url = _place(environ, name, default, beginnings)
    try:
        if url.startswith(SERVERS):
            conninfo_to_dict(url)
    except psycopg.ProgrammingError as reason:
        # Its text may quote the password.
        raise Misconfigured(f"{name} is not an address that PostgreSQL understands: look at its "
                            "options, and at signs that need a % form.") from reason
    return url


def _line(environ, name, default, most=100):
    value = environ.get(name) or default
    if not value.isprintable() or len(value) > most:
        raise Misconfigured(f"{name} must be one line of at most {most} characters.")
    return value


def _phone(environ, name):
    value = environ.get(name) or ""
    if value and not re.fullmatch(r"\+?[0-9][0-9 ().-]{1,29}", value):
        raise Misconfigured(f"{name} must be one telephone number, not {value!r}.")
    return value


def _mail_address(environ, name, default):
    value = environ.get(name) or default
    local, _, domain = parseaddr(value)[1].rpartition("@")
    if not local or not domain or not value.isprintable():
        raise Misconfigured(f"{name} must be an e-mail address, not {value!r}.")
    return value


def _networks(environ, name, default):
    text = environ.get(name) or default
    if text is None:
        raise Misconfigured(f"{name} is missing: name the branch's networks, as 10.0.0.0/8.")
    try:
        return [ipaddress.ip_network(word) for word in text.replace(",", " ").split()]
    except ValueError as reason:
        raise Misconfigured(f"{name}: {reason}.") from reason
