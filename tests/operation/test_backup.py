"""What a backup holds, and that it gives all of it back."""

import json
import os
import resource
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine

from tests import postgresql
from tests.conftest import POSTGRESQL
from tests.papers.conftest import photograph
from webapp import clock, db, vault
from webapp.documents import service, store
from webapp.models.documents import Document
from webapp.operation import backup


@pytest.fixture(autouse=True)
def own_places(application, database, tmp_path, monkeypatch):
    """A document store of the test's own, and PostgreSQL's programs."""
    monkeypatch.setattr(store, "_store", store._store)     # as it was, afterwards
    store.use_store((tmp_path / "papers").as_uri())
    monkeypatch.setitem(application.config, "DATABASE_URL", database.url)
    monkeypatch.setitem(application.config, "DATA", tmp_path)
    if POSTGRESQL:
        monkeypatch.setenv("PATH", f"{postgresql.programs()}:{os.environ['PATH']}")


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def paper(cast, now):
    return service.take_in(photograph(), "surat.png", cast.ani, company=cast.maju, now=now)


@pytest.fixture
def made(run, paper, tmp_path):
    """A backup, its folder."""
    answer = run("backup", tmp_path / "backups")
    assert answer.exit_code == 0, answer.output
    return backup.newest_in(tmp_path / "backups")


@contextmanager
def files_of_at_most(size):
    """As on a full disk: what becomes longer fails, in this process and its children."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.fixture
def elsewhere(application, tmp_path, monkeypatch, database):
    """Another, empty installation with the same keys: this one from now on."""
    folder = tmp_path / "new"
    folder.mkdir()
    url = f"sqlite:///{folder / 'purna.sqlite3'}"
    if POSTGRESQL:
        url = postgresql.address_of(name := f"restored_{uuid.uuid4().hex[:8]}")
        postgresql.create(name)
    monkeypatch.setitem(application.config, "DATABASE_URL", url)
    monkeypatch.setitem(application.config, "DATA", folder)
    store.use_store((folder / "papers").as_uri())
    db.connect_to(url)
    yield
    db.connect_to(database.url)
    db.ensure_connection()
    if POSTGRESQL:
        postgresql.execute(postgresql.server_uri(), f"DROP DATABASE {name} WITH (FORCE)")


def test_everything_comes_back_and_is_verified(run, made, paper, elsewhere):
    answer = run("restore", made)
    assert answer.exit_code == 0, answer.output
    assert "the audit trail is whole and the money agrees" in answer.output
    assert store.get(Document.get_by_id(paper.id)).startswith(b"\x89PNG")
    again = run("restore", made)
    assert again.exit_code == 1
    assert "not empty" in again.output


@pytest.mark.parametrize("room", [100, 100_000])
def test_on_a_full_disk_it_can_be_begun_again(run, made, paper, elsewhere, tmp_path, room):
    if POSTGRESQL and room == 100_000:
        pytest.skip("its files are the server's")
    with files_of_at_most(room):
        answer = run("restore", made)
    assert is_sentence(answer)
    assert not [*(tmp_path / "new").glob("purna*")]
    assert bool(next(store.paths(), None)) == (room == 100_000)
    assert run("restore", made).exit_code == 0
    assert store.get(Document.get_by_id(paper.id)).startswith(b"\x89PNG")


def test_neither_other_documents_nor_an_old_log_are_mixed_with_it(run, made, elsewhere, tmp_path):
    if not POSTGRESQL:
        (log := tmp_path / "new" / "purna.sqlite3-wal").write_bytes(b"old")
        assert "purna.sqlite3-wal exists already" in run("restore", made).output
        log.unlink()
    store.put_sealed("ab/abc", b"mine")
    assert "the document store is not empty" in run("restore", made).output
    assert [*store.paths()] == ["ab/abc"]


def test_it_goes_back_to_its_own_kind_of_database(run, made, elsewhere, application, monkeypatch):
    other, its = (("sqlite:////nowhere/purna", "PostgreSQL") if POSTGRESQL else
                  ("postgresql://purna@127.0.0.1:1/purna", "SQLite"))
    monkeypatch.setitem(application.config, "DATABASE_URL", other)
    assert f"this backup is one of {its}" in run("restore", made).output
    assert next(store.paths(), None) is None


def test_nothing_personal_can_be_read_in_it(made, cast):
    for path in made.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert cast.siti.email.encode() not in held
            assert b"\x89PNG" not in held
    assert made.stat().st_mode & 0o077 == 0


def test_what_is_there_already_is_only_linked(run, made, tmp_path):
    with time_machine.travel("2026-11-23T20:00:00Z"):
        assert run("backup", tmp_path / "backups").exit_code == 0
    second = backup.newest_in(tmp_path / "backups")
    assert second != made
    (old,), (new,) = (list(folder.glob("documents/*/*")) for folder in (made, second))
    assert old.stat().st_ino == new.stat().st_ino


def test_only_the_newest_are_kept(run, made, tmp_path):
    (tmp_path / "backups" / "purna-20200101T000000Z.part").mkdir()
    for day in (23, 24):
        with time_machine.travel(f"2026-11-{day}T20:00:00Z"):
            assert run("backup", tmp_path / "backups", "--keep", 2).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "backups").iterdir()) == [
        "purna-20261123T200000Z", "purna-20261124T200000Z", backup.LOCK]


def test_a_second_one_at_the_same_time_leaves_the_first_alone(run, paper, tmp_path):
    half = tmp_path / "backups" / "purna-20261122T063000Z.part"
    with backup.alone_in(half.parent):
        half.mkdir()
        answer = run("backup", half.parent, "--keep", 1)
    assert (answer.exit_code, "another backup into" in answer.output) == (1, True)
    assert half.exists()
    assert run("backup", half.parent).exit_code == 0


def is_sentence(answer):
    return (answer.exit_code == 1 and isinstance(answer.exception, SystemExit)
            and answer.output.startswith("Error: "))


@pytest.mark.parametrize("room", [100, 4000])
def test_on_a_full_disk_it_says_so_and_leaves_nothing(run, paper, tmp_path, room):
    with files_of_at_most(room):
        answer = run("backup", tmp_path / "backups")
    assert is_sentence(answer)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [backup.LOCK]
    assert run("backup", tmp_path / "backups").exit_code == 0


def test_a_name_in_the_store_that_is_no_text_is_said(run, paper, tmp_path):
    (tmp_path / "papers" / os.fsdecode(b"\xff")).write_bytes(b"mine")
    answer = run("backup", tmp_path / "backups")
    assert is_sentence(answer)
    assert "the document store" in answer.output


def test_two_in_one_second_are_no_two(run, made):
    assert is_sentence(answer := run("backup", made.parent))
    assert "exists already" in answer.output
    assert run("verify-backup", made).exit_code == 0


@pytest.mark.parametrize("part", ["database", "documents"])
def test_an_altered_or_missing_part_is_named_and_nothing_restored(run, made, part, elsewhere):
    path = next(path for path in made.rglob("*") if path.is_file()
                and path.relative_to(made).as_posix().startswith(part))
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    answer = run("verify-backup", made)
    assert (answer.exit_code, "is not as it was written" in answer.output) == (1, True)
    path.unlink()
    assert "is missing" in run("verify-backup", made).output
    answer = run("restore", made)
    assert (answer.exit_code, "is missing" in answer.output) == (1, True)
    assert next(store.paths(), None) is None


def test_a_half_written_one_is_none(run, made):
    (made / backup.LIST).unlink()
    assert "is no complete backup" in run("verify-backup", made).output


def refused(run, made, reason):
    """Whether it is neither verified nor given back, for this reason."""
    answers = [run(command, made) for command in ("verify-backup", "restore")]
    return (all(reason in answer.output for answer in answers) and is_sentence(answers[1])
            and answers[0].exit_code == 1 and next(store.paths(), None) is None)


@pytest.mark.parametrize("change", [
    lambda listed: {**listed, "files": {**listed["files"], "x": "0" * 64}},
    lambda listed: {**listed, "files": [*listed["files"]]},
    lambda listed: {**listed, "files": None},
    lambda listed: {"files": listed["files"]},
    lambda listed: []])
def test_a_list_that_is_not_ours_is_refused(run, made, elsewhere, change):
    path = made / backup.LIST
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    assert refused(run, made, "was altered, or sealed with keys")
    (made / backup.SEAL).write_bytes(vault.current().seal(b"", b"user.name|1"))
    assert refused(run, made, "was altered, or sealed with keys")
    (made / backup.SEAL).unlink()
    assert refused(run, made, "it has no isi.seal")


@pytest.mark.parametrize("name", [b"documents/ab", b"documents/\xff\n", b"x", b"database.old"])
def test_what_is_not_listed_is_named_and_not_given_back(run, made, elsewhere, name):
    Path(os.fsdecode(bytes(made) + b"/" + name)).write_bytes(b"mine")
    assert refused(run, made, f"{os.fsdecode(name)!r} is not in isi.json")


def test_a_link_is_no_part_of_it(run, made, elsewhere, tmp_path):
    path, = made.glob("database.*")
    path.rename(tmp_path / "mine")
    path.symlink_to(tmp_path / "mine")
    assert refused(run, made, f"{path.name} is missing or no file of its own")
    path.unlink()
    (tmp_path / "mine").rename(path)
    (made / "documents" / "more").symlink_to(tmp_path)
    assert refused(run, made, "'documents/more' is not in isi.json")


def test_without_a_database_it_is_none(run, made, elsewhere):
    path, = made.glob("database.*")
    path.unlink()
    backup._write_list(made, clock.now())
    assert refused(run, made, "it has no database")


def test_it_outlives_a_change_of_the_data_key(run, made, application):
    old, index = application.config["DATA_KEY"], application.config["INDEX_KEY"][0]
    try:
        vault.use(vault.Vault([os.urandom(32), *old], index))
        assert run("verify-backup", made).exit_code == 0
        vault.use(vault.Vault([os.urandom(32)], index))
        assert "sealed with keys that" in run("verify-backup", made).output
    finally:
        vault.use(vault.Vault(old, index))


def test_a_document_that_the_store_lost_is_said_at_once(run, paper, tmp_path):
    store.delete(paper)
    answer = run("backup", tmp_path / "backups")
    assert answer.exit_code == 1
    assert "is in the database and not in the store" in answer.output
    assert backup.newest_in(tmp_path / "backups") is None


def test_with_other_keys_nothing_is_restored(run, made, elsewhere, application):
    try:
        vault.use(vault.Vault(application.config["DATA_KEY"], os.urandom(32)))
        answer = run("restore", made)
    finally:
        vault.use(vault.Vault(application.config["DATA_KEY"], application.config["INDEX_KEY"][0]))
    assert answer.exit_code == 1
    assert "made with other keys" in answer.output
