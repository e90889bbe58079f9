"""A random walk over claims by many clients that are killed: nothing is paid twice, or too much."""

import shutil
from contextlib import closing

import pytest

from tests.conftest import POSTGRESQL
from tests.faults import money_checker
from tests.faults.money_walk import prepare, walk_through
from tests.faults.processes import ROOT

CLIENTS, STEPS = 3, 60     # `make soak`: sixteen clients, ten thousand steps


@pytest.fixture
def town(house, tmp_path):
    """A house whose people have something to claim."""
    prepare(house, tmp_path)
    return house


def test_no_walk_pays_twice_or_too_much(town, tmp_path):
    steps, kills = walk_through(town, tmp_path, CLIENTS, STEPS)
    assert steps >= CLIENTS * STEPS
    assert kills
    assert money_checker.faults(town, tmp_path) == []
    states = dict(town.store.rows("SELECT state, count(*) FROM claim GROUP BY state"))
    # Of so few steps some walks end before anything is paid; ``make soak`` pays in each.
    assert {"DISETUJUI", "DIBAYAR", "GAGAL_BAYAR", "DITOLAK"} & {*states}, states


@pytest.mark.skipif(POSTGRESQL, reason="the guards are the same on both: once is enough")
def test_a_build_without_its_guards_is_found_out(town, tmp_path):
    """The schema's constraints gone, and a claim moved on wherever it stood."""
    build = broken_build(tmp_path)
    unguard(town.store)
    walk_through(town, tmp_path, CLIENTS, STEPS, root=build, killed_after=None)
    assert money_checker.faults(town, tmp_path)


def broken_build(folder):
    """A copy of the program whose guarded statement guards nothing."""
    build = folder / "build"
    for part in ("webapp", "tests", "templates", "static"):
        shutil.copytree(ROOT / part, build / part)
    break_in(build / "webapp" / "cases" / "moves.py", {
        "table.version == version,\n": "table.version > 0,\n",
        "table.state << may_come_from": "table.version > 0",
        "table.state == row.state": "table.version > 0"})
    break_in(build / "webapp" / "claim_desk" / "service.py", {
        "    if fresh.version != shown.version:\n        raise CaseChanged\n": "    return\n"})
    return build


def break_in(path, changes):
    """Change a file of a build."""
    text = path.read_text()
    for sound, broken in changes.items():
        assert sound in text, f"{path.name} has no {sound!r} any more"
        text = text.replace(sound, broken)
    path.write_text(text)


def unguard(store):
    """Take the money's constraints out of the schema."""
    for index in ("payout_one_each", "claim_one_open"):
        store.execute(f"DROP INDEX {index}")
    for table in ("claim", "payout", "savings"):
        if store.is_sqlite:
            without_checks(store, table)
            continue
        for (name,) in store.rows("SELECT conname FROM pg_constraint WHERE contype = 'c' "
                                  "AND conrelid = ?::regclass", table):
            store.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def without_checks(store, table):
    """SQLite keeps a table as the statement that made it."""
    made = store.scalar("SELECT sql FROM sqlite_schema WHERE name = ?", table)
    head, _, body = made.partition("(")
    parts, depth = [""], 0
    for letter in body[:-1]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    kept = [part for part in parts if not part.strip().startswith("CHECK")]
    assert len(kept) < len(parts)
    with closing(store.connect()) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?",
                           (f"{head}({','.join(kept)})", table))
        connection.commit()
