"""The disk is full: writes say so with a page of their own, reads work, it resumes by itself."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from tests.faults import checker
from tests.faults.harness import desks_for, maju
from tests.faults.houses import House, with_database
from tests.faults.processes import Server, running
from tests.gateways import free_port

DISK = "40m"
MOST_FILINGS = 150      # until room inside files that are there already is used up too


@pytest.fixture
def small_disk():
    """A folder on a small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="purna-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0755", "tmpfs",
                              str(folder)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
def cramped_house(builder, durable_server, small_disk):
    """A house whose database lies on the small disk."""
    if not durable_server:
        yield builder.house(small_disk / "data")
        return
    house = builder.house()
    with psycopg.connect(durable_server.uri, autocommit=True) as connection:
        place = small_disk / "tables"
        place.mkdir()
        shutil.chown(place, durable_server.system_user)
        connection.execute(f"CREATE TABLESPACE cramped LOCATION '{place}'")
        connection.execute("CREATE DATABASE cramped TEMPLATE fault_template TABLESPACE cramped "
                           "STRATEGY FILE_COPY")
    yield House(house.folder, with_database(durable_server.uri, "cramped"))
    with psycopg.connect(durable_server.uri, autocommit=True) as connection:
        connection.execute("DROP DATABASE cramped WITH (FORCE)")
        connection.execute("DROP TABLESPACE cramped")


def test_a_full_disk_is_507_for_writers_nothing_for_readers_and_over_when_there_is_room(
        cramped_house, small_disk, tmp_path):
    server = Server(cramped_house, free_port(), tmp_path / "server.log")
    with running(server):
        company = maju(cramped_house.store)
        desk = desks_for(company.public_id, [server.port], 1)[0]
        history, memberships = [], iter(company.memberships)
        desk.act(next(memberships), history)
        ballast = fill(small_disk)
        refused = file_until_full(desk, memberships, history)
        listed = desk.browser.get(f"/perusahaan/{company.public_id}/tenaga-kerja")
        ballast.unlink()
        again = desk.act(refused.membership, history)
    assert refused.answer.status == 507
    assert "Penyimpanan kami penuh" in refused.answer.words("h1")
    assert int(refused.answer.headers["Retry-After"]) > 0
    assert listed.status == 200
    assert again.is_acknowledged
    assert checker.faults(history, cramped_house) == []


def file_until_full(desk, memberships, history):
    """Deactivate workers until a write is refused: whose, and the answer."""
    told = []
    ask = desk.browser.ask

    def listening(*request):
        told.append(ask(*request))
        if told[-1].status >= 500:
            raise Full
        return told[-1]

    desk.browser.ask = listening
    try:
        for _, membership in zip(range(MOST_FILINGS), memberships, strict=False):
            desk.act(membership, history)
    except Full:
        return SimpleNamespace(membership=membership, answer=told[-1])
    finally:
        desk.browser.ask = ask
    raise AssertionError(f"{MOST_FILINGS} filings fit on a full disk")


class Full(Exception):
    """A write was refused."""


def fill(folder):
    """Use up all room on the disk of a folder; the file to delete afterwards."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast
