"""A draw among a million: the list fixed, drawn, every result written; then computed again."""

import json
import re
import subprocess
import sys
import time

from bench.postgresql import server
from bench.report import Figure
from bench.server import ROOT, House

APPLICANTS, MOST_SECONDS, MOST_MIB = 1_000_000, 30, 300
FEW = 10_000


def measure(options, figures):
    """On both databases; ``--quick`` draws fewer."""
    applicants = FEW if options.quick else APPLICANTS
    figures += _of_house(_house(options, "draw", ""), applicants, "")
    with server(options.work) as address:
        house = _house(options, "draw-postgresql", address("postgres"))
        figures += _of_house(house, applicants, "PostgreSQL ")


def _house(options, name, url):
    house = House(options.work / name, url)
    house.folder.mkdir()
    return house


def _of_house(house, applicants, name):
    """The figures of a draw in an empty database.

    :param name: of the database, before that of each figure.
    """
    house.run("migrate")
    house.run_module("bench.wave", "fill", str(applicants))
    drawn = json.loads(_said(house, "bench.wave", "draw"))
    began = time.perf_counter()
    wave = re.search(r"[0-9a-f]{32}", _said(house, "bench.wave", "id"))[0]
    agreed = _said(house, "flask", "draw", "verify", wave)
    seconds = time.perf_counter() - began
    if not agreed.startswith(f"cocok: {applicants} "):
        raise RuntimeError(agreed)
    shown = f"{applicants:,}".replace(",", ".")
    yield Figure(f"{name}fixing the list of {shown} applicants", drawn["fixing"], "s")
    yield Figure(f"{name}drawing them and writing every result", drawn["drawing"], "s",
                 MOST_SECONDS if applicants == APPLICANTS else None)
    yield Figure("  memory of the process", drawn["memory"], "MiB", MOST_MIB)
    yield Figure(f"{name}computing that draw again", seconds, "s")


def _said(house, *words):
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=house.environment(),
                          stdout=subprocess.PIPE, text=True, check=True).stdout
