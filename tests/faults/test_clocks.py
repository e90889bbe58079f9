"""Two nodes whose clocks are ten minutes apart, five on either side of the database's."""

import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import POSTGRESQL
from tests.faults.browser import Browser
from tests.faults.codes import newest_code
from tests.faults.processes import ROOT, Program, Server, running
from tests.gateways import free_port
from webapp import clock

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
APART = timedelta(minutes=5)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NEW_DEVICE = {"purna-perangkat": "peramban-baru"}
NOBODY, OVERDUE, ALL_THE_REST = [0, 0, 0], [0, 0, 1], [0, 1, 1]     # as tests.faults.due counts

pytestmark = [
    pytest.mark.skipif(not POSTGRESQL, reason="a file of SQLite has one machine and one clock"),
    pytest.mark.skipif(not FAKETIME.exists(), reason="no faketime: apt-get install faketime")]


def shown(ahead):
    """The variables of a process whose clock shows so much more than the real one."""
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{ahead.total_seconds():+.0f}s",
            "DONT_FAKE_MONOTONIC": "1"}


@pytest.fixture(scope="module")
def nodes(builder, tmp_path_factory):
    """A house with two servers: (house, port of the fast one, port of the slow one)."""
    house, log = builder.house(), tmp_path_factory.mktemp("clocks")
    ports = free_port(), free_port()
    with running(*(Server(house, port, log / f"{port}.log", **shown(ahead))
                   for port, ahead in zip(ports, (APART, -APART), strict=True))):
        yield house, *ports


def test_a_code_sent_by_one_node_lives_ten_minutes_at_the_other(nodes):
    house, fast, slow = nodes
    person, path, sent = asked_for_code(house, slow, "budi@maju.example", "127.0.6.1")
    assert timedelta(minutes=10) <= code_ends(house) - sent < timedelta(minutes=10.5)
    end_codes(house, datetime.now(UTC) + MINUTE)
    assert typed(person.another([fast]), path, newest_code(house)).status == 303

    person, path, sent = asked_for_code(house, fast, "siti@pekerja.example", "127.0.6.2")
    assert timedelta(minutes=10) <= code_ends(house) - sent < timedelta(minutes=10.5)
    end_codes(house, datetime.now(UTC) - SECOND)
    assert typed(person.another([slow]), path, newest_code(house)).status == 422


def test_a_session_ends_after_half_an_hour_at_every_node(nodes):
    house, fast, slow = nodes
    ani = Browser([slow], "127.0.6.3").sign_in("ani@maju.example")
    half_an_hour = timedelta(minutes=30)
    used(house, half_an_hour - MINUTE)
    assert is_signed_in(ani.another([fast]))
    used(house, half_an_hour + MINUTE)
    assert not is_signed_in(ani.another([slow]))


def test_what_is_due_happens_when_the_database_says_so_and_not_before(builder, tmp_path):
    house = builder.house()
    midnight = clock.start_of(clock.today() + timedelta(days=1))
    before, after = midnight - 2 * MINUTE, midnight + SECOND
    ask(house, before, tmp_path)
    with the_time_being(house, before) as real, due(house, real + APART) as fast:
        assert fast() == OVERDUE     # for its own clock the day is over, and both accounts due
        assert fast() == NOBODY
    with the_time_being(house, after) as real, due(house, real - APART) as slow:
        assert slow() == ALL_THE_REST     # for its own clock nothing is


# What the tests are made of


def asked_for_code(house, port, account, address):
    """Somebody before the page that asks: (browser, its path, when)."""
    browser = Browser([port], address, cookies=NEW_DEVICE)
    asked_at = datetime.now(UTC)
    path = browser.try_to_sign_in(account, "purna-demo-2026").location
    assert path.startswith("/masuk/kode/")
    return browser, path, asked_at


def code_ends(house):
    """When the newest code is good no more."""
    (ends,), = house.store.rows("SELECT code_expires_at FROM challenge ORDER BY id DESC LIMIT 1")
    return ends.replace(tzinfo=UTC)


def end_codes(house, at):
    """Let the newest code be good until then."""
    house.store.execute("UPDATE challenge SET code_expires_at = ? WHERE id = "
                        "(SELECT max(id) FROM challenge)", at.replace(tzinfo=None))


def typed(browser, path, code):
    """The answer to a code."""
    return browser.post(path, {**browser.get(path).form()[1], "code": code})


def used(house, ago):
    """Let every session have been used last so long ago."""
    house.store.execute("UPDATE session SET seen_at = ?",
                        (datetime.now(UTC) - ago).replace(tzinfo=None))


def is_signed_in(browser):
    """Whether the company's pages are open to it."""
    return "/masuk" not in (browser.get("/perusahaan").headers["Location"] or "")


def ask(house, now, folder):
    """Something that waits for its hour."""
    program = Program(("tests.faults.asked", now.isoformat()), house.environment(),
                      folder / "asked.log").start()
    assert program.ended_well(30), program.said().decode()


@contextmanager
def the_time_being(house, moment):
    """The house's database has a clock of its own. Gives how far that is from the real one."""
    ahead = moment - datetime.now(UTC)
    name = urlsplit(house.url).path[1:]
    house.store.execute("CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz "
                        "LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + "
                        f"interval '{ahead.total_seconds():.3f} s' $$")
    house.store.execute(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
    yield ahead


@contextmanager
def due(house, ahead):
    """A process that does what is due when told to, and whose own clock is that far ahead."""
    with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.due"], cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={"PATH": "", **house.environment(**shown(ahead))}) as process:
        assert process.stdout.readline() == "ready\n"

        def do():
            process.stdin.write("now\n")
            return json.loads(process.stdout.readline())

        yield do
