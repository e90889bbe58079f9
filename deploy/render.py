"""Write every machine's configuration from a description of the site.

``python -m deploy.render SITE.toml FOLDER --secrets FOLDER``

For each machine there will be a folder of its name, to be copied onto it as it is, with the owners
that README.md names. Secrets and certificates are made where they are not there yet.
"""

import argparse
import sys
import tomllib
from pathlib import Path

import jinja2

from deploy.certificates import Authority
from deploy.secrets_folder import NoSecret, Secrets, write_secret
from webapp.config import SECRETS

TEMPLATES = Path(__file__).parent / "templates"
UNITS = "systemd/system"
# The templates that machines of each role need, and their places below ``etc``.
TARGETS = {
    "edge": {
        "nginx.conf": "nginx/nginx.conf",
        "purna-pages.conf": "nginx/purna-pages.conf",
        "purna-away.html": "nginx/purna-away.html",
        "purna-large.html": "nginx/purna-large.html",
        "edge-haproxy.cfg": "haproxy/haproxy.cfg",
        "edge-sysctl.conf": "sysctl.d/60-purna.conf",
    },
    "web": {
        "purna.env": "purna/purna.env",
        "gateways.env": "purna/gateways.env",
        "pool_url": "purna/secrets/pool_url",
        "replica_url": "purna/secrets/replica_url",
        "primary_url": "purna/secrets/primary_url",
        "gunicorn": "purna/gunicorn.conf.py",
        "purna-web.service": f"{UNITS}/purna-web.service",
        "purna-sender.service": f"{UNITS}/purna-sender.service",
        "haproxy.cfg": "haproxy/haproxy.cfg",
        "pgbouncer.ini": "pgbouncer/pgbouncer.ini",
        "userlist.txt": "pgbouncer/userlist.txt",
    },
    "database": {
        "patroni.yml": "patroni/config.yml",
        "roles.sql": "patroni/roles.sql",
        "pgbackrest.conf": "pgbackrest.conf",
        "purna-backup.service": f"{UNITS}/purna-backup.service",
        "purna-backup.timer": f"{UNITS}/purna-backup.timer",
    },
    "etcd": {
        "etcd": "default/etcd",
    },
    "monitoring": {
        "prometheus.yml": "prometheus/prometheus.yml",
        "purna-alarms.yml": "prometheus/purna-alarms.yml",
    },
}


class Site:
    """A description of machines, with what they share.

    :param description: tables as in ``site.toml``; a machine's own tables go before them.
    :param secrets: a folder.
    """

    def __init__(self, description, secrets):
        self._shared = {key: value for key, value in description.items() if key != "machine"}
        self.machines = [self._merged(machine) for machine in description["machine"]]
        self._secrets, self._authority = Secrets(secrets), Authority(secrets / "tls")
        self._environment = jinja2.Environment(     # noqa: S701 (configuration, not pages)
            loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)

    def of(self, role):
        """The machines with a role, each with all that is known of it."""
        return [machine for machine in self.machines if role in machine["roles"]]

    def secret(self, name):
        """A secret's text. Raises ``NoSecret``."""
        return self._secrets.text(name)

    def write(self, machine, root):
        """Write a machine's files below a folder. Returns their paths."""
        etc = Path(root) / machine["folders"]["etc"].lstrip("/")
        written = [_write(etc / place, *self._rendered(machine, template))
                   for role, places in TARGETS.items() if role in machine["roles"]
                   for template, place in places.items()]
        if "web" in machine["roles"]:
            written += [_write(etc / "purna/secrets" / name, self.secret(name), is_secret=True)
                        for name in SECRETS]
        if {"web", "database"} & {*machine["roles"]}:
            written.append(_write(etc / "purna/tls/ca.pem", self._authority.certificate,
                                  is_secret=False))
        if "database" in machine["roles"]:
            certificate, key = self._authority.pair_for(machine["name"], machine["address"])
            written += [
                _write(etc / f"purna/tls/{machine['name']}.pem", certificate, is_secret=False),
                _write(etc / f"purna/tls/{machine['name']}.key", key, is_secret=True)]
        return written

    def _rendered(self, machine, template):
        """A file's text, and whether there is a secret in it."""
        told = []

        def secret(name):
            told.append(name)
            return self.secret(name)

        text = self._environment.get_template(template).render(
            **machine, me=machine, machines=self.machines, of=self.of, secret=secret,
            application_keys=SECRETS)
        return text, bool(told)

    def _merged(self, machine):
        both = {**self._shared, **machine}
        for key, value in self._shared.items():
            if isinstance(value, dict):
                both[key] = {**value, **machine.get(key, {})}
        # "name" is the cluster's in templates, and "me.name" the machine's.
        return {**both, "cluster": self._shared["name"]}


def _write(path, text, is_secret):
    if is_secret:
        write_secret(path, text)
    else:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return path


def main(arguments):
    """Write everything. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.render", description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--secrets", type=Path, required=True)
    asked = parser.parse_args(arguments)
    try:
        site = Site(tomllib.loads(asked.site.read_text("utf-8")), asked.secrets)
        for machine in site.machines:
            site.write(machine, asked.folder / machine["name"])
    except (NoSecret, OSError, tomllib.TOMLDecodeError, jinja2.TemplateError) as problem:
        print(f"nothing is complete: {problem}", file=sys.stderr)
        return 1
    print(f"{len(site.machines)} machines are in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
