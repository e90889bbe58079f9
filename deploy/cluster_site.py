"""The site that ``make cluster`` brings up: the shape of a real one, all of it on loopback."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
BUCKET = "purna"


def folder():
    """Where the whole cluster lives (``PURNA_CLUSTER``, ``data/cluster`` when unset)."""
    return Path(os.environ.get("PURNA_CLUSTER") or ROOT / "data" / "cluster").resolve()


def first_port():
    """Of about seventy that it takes (``PURNA_CLUSTER_PORT``, 8300 when unset)."""
    return int(os.environ.get("PURNA_CLUSTER_PORT") or 8300)


def databases(place):
    """How many PostgreSQLs: a pair unless ``PURNA_CLUSTER_DATABASES`` says three; never fewer than
    there were before."""
    wanted = int(os.environ.get("PURNA_CLUSTER_DATABASES") or 2)
    return max(wanted, len(list(place.glob("db[0-9]"))))


def gateways(place):
    """What others give out: keys of S3 and, where somebody put them beside the secrets, addresses
    of gateways; without them nothing is really sent."""
    return ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            *(name for name in ("PURNA_SMTP_URL", "PURNA_SMS_URL")
              if (place / "secrets" / name).exists())]


def store_port():
    """Where the S3 store listens."""
    return first_port() + 61


def description(place, python, user):
    """The site, in the words of ``site.toml``.

    :param place: the folder for all of it.
    :param python: the folder of the interpreter and of gunicorn.
    :param user: who runs everything, and so the name of the database's superuser.
    """
    base = first_port()
    return {
        "name": "purna", "hosts": [LOOPBACK, "localhost"],
        # A name, since an address of numbers can have no passkeys.
        "base_url": f"http://localhost:{base}", "branch_networks": ["127.0.0.0/8"],
        "database_connections": 100, "shared_buffers": "64MB", "web_workers": 2, "web_threads": 4,
        "watchdog": "off", "gateways": gateways(place),
        "listeners": {"certificate": "", "internal_address": LOOPBACK},
        "environment": {
            "PURNA_ENV": "demo", "PURNA_DOCUMENTS_URL": f"s3://{BUCKET}/documents",
            "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
            "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{store_port()}"},
        "backup": {"type": "posix", "path": str(place / "backup"), "retention-full": "2"},
        "ports": {"machine": base + 63},
        "users": {"purna": user, "database": user, "nginx": "", "haproxy": ""},
        "folders": {"code": str(ROOT), "python": str(python), "data": str(place / "purna"),
                    "postgresql": "/usr/lib/postgresql/15/bin"},
        "machine": [
            _machine(place, "edge1", "edge", {
                "public": base, "internal": base + 1, "nodes": base + 2, "haproxy": base + 3}),
            *(_machine(place, f"web{n}", "web", {
                "web": base + 10 * n, "pool": base + 10 * n + 1, "primary": base + 10 * n + 2,
                "replica": base + 10 * n + 3, "haproxy": base + 10 * n + 4}) for n in (1, 2)),
            *(_machine(place, f"db{n}", "database", {
                "postgresql": base + 30 + 2 * n, "patroni": base + 31 + 2 * n})
              for n in range(1, databases(place) + 1)),
            _machine(place, "etcd1", "etcd", {"etcd": base + 51, "etcd_peer": base + 52}),
            _machine(place, "mon1", "monitoring", {"alertmanager": base + 62}),
        ]}


def _machine(place, name, role, ports):
    home = place / name
    return {"name": name, "address": LOOPBACK, "roles": [role], "ports": ports,
            "folders": {"etc": str(home / "etc"), "state": str(home / "state"),
                        "log": str(home / "log"), "run": str(home / "run"),
                        "database": str(home / "state" / "postgresql")}}
