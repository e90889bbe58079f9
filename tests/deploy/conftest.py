"""Rendered configuration to look at; and, where a cluster runs, the journeys on it."""

import os
import shutil
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy import cluster_site
from deploy.render import Site
from deploy.secrets_folder import write_secret
from tests.gateways import free_port

SITE = cluster_site.ROOT / "deploy" / "site.toml"
GIVEN_OUT = ("PURNA_SMTP_URL", "PURNA_SMS_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
             "backup_s3_key", "backup_s3_key_secret")

# The journeys need a cluster that runs: `make cluster-check` names it.
if not os.environ.get("PURNA_CLUSTER_ADDRESS"):
    collect_ignore = ["journeys"]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """The example site, rendered: ``folder / machine`` is what is copied onto a machine."""
    folder = tmp_path_factory.mktemp("site")
    for name in GIVEN_OUT:
        write_secret(folder / "secrets" / name, f"https://given-out.example/{name}")
    description = tomllib.loads(SITE.read_text("utf-8"))
    site = Site(description, folder / "secrets")
    files = {machine["name"]: site.write(machine, folder / machine["name"])
             for machine in site.machines}
    return SimpleNamespace(folder=folder, site=site, files=files, description=description)


@pytest.fixture(scope="session")
def on_loopback(tmp_path_factory):
    """Renders the site of ``make cluster`` into a folder of its own; nothing of it runs."""
    def render(**changes):
        place = tmp_path_factory.mktemp("cluster")
        description = cluster_site.description(place, Path("/usr/bin"), "postgres")
        for machine in description["machine"]:
            machine["ports"] = {name: free_port() for name in machine["ports"]}
        description["ports"] = {"plain": free_port(), "machine": free_port()}
        # As root, nginx would let its children be nobody, who may not write here.
        description["users"]["nginx"] = "root" if os.getuid() == 0 else ""
        for key, value in changes.items():
            description[key] = {**description[key], **value}
        for name in GIVEN_OUT:
            write_secret(place / "secrets" / name, "given-out")
        site = Site(description, place / "secrets")
        for machine in site.machines:
            site.write(machine, "/")
            for folder in ("log/nginx", "state/nginx", "run"):
                Path(place / machine["name"] / folder).mkdir(parents=True)
        return site
    return render


@pytest.fixture(scope="session")
def command():
    """Gives the path of a program of Debian's; skips with a sentence where it is missing."""
    def find(name, package):
        path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
        if not path:
            pytest.skip(f"no {name} on this machine: apt-get install {package}")
        return path
    return find
