"""Backups of one installation, and what they give back.

A backup is a folder: the database as of one moment, every document as it lies in the store, the
heads of the audit trail, and a list of all that with its SHA-256. Personal data in it is sealed as
it is in the installation: without the keys, which are kept elsewhere, nobody reads it. Nor does
anybody change it unseen: the list bears a seal, and nothing is given back that is not in it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from webapp import vault
from webapp.db import sqlite_path
from webapp.documents import store
from webapp.durable import settle
from webapp.models.documents import Document
from webapp.turn import taken

LIST, SEAL, HEADS, DOCUMENTS = "isi.json", "isi.seal", "audit-heads.jsonl", "documents"
SQLITE, DUMP = "database.sqlite3", "database.dump"
UNFINISHED, LOCK = ".part", "purna.lock"
PATIENCE_SECONDS = 6 * 3600     # of a dump


class BackupTrouble(Exception):
    """It could not be made, or given back; the sentence says why."""


@contextmanager
def alone_in(destination):
    """Nobody else makes or forgets backups in this folder meanwhile.

    :raises BackupTrouble: somebody does.
    """
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (destination / LOCK).open("w") as lock:
        if not taken(lock):
            raise BackupTrouble(f"another backup into {destination} is running")
        yield


def make(destination, url, data, now):
    """Write a backup beside earlier ones; documents that are there already are only linked.

    What earlier runs left unfinished is removed first: it may be why the disk is full.

    :param destination: the folder in which backups stand; the caller is ``alone_in`` it.
    :param url: ``DATABASE_URL``.
    :param data: ``PURNA_DATA``, where the heads lie.
    :returns: the folder of this one.
    :raises BackupTrouble: it is not complete, and not kept.
    """
    for left in destination.glob(f"purna-*Z{UNFINISHED}"):
        shutil.rmtree(left)
    final = destination / f"purna-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if final.exists():
        raise BackupTrouble(f"{final} exists already")
    folder = final.with_name(final.name + UNFINISHED)
    folder.mkdir(mode=0o700)
    try:
        _fill(folder, newest_in(destination), url, data, now)
        folder.rename(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    settle(destination)
    return final


def _fill(folder, before, url, data, now):
    _database_into(folder, url)
    if (data / HEADS).exists():
        shutil.copyfile(data / HEADS, folder / HEADS)
    _documents_into(folder / DOCUMENTS, before and before / DOCUMENTS)
    lost = [f"{path} is in the database and not in the store" for path in _wanted(before=now)
            if not (folder / DOCUMENTS / path).exists()]
    if lost:
        raise BackupTrouble("; ".join(lost))
    _write_list(folder, now)


def newest_in(destination):
    """The folder of the newest complete backup, or None."""
    return max((path.parent for path in Path(destination).glob(f"purna-*Z/{LIST}")), default=None)


def forget(destination, keep):
    """Remove all but the newest backups.

    :param destination: the caller is ``alone_in`` it.
    :param keep: how many stay.
    """
    for folder in sorted(path.parent for path in destination.glob(f"purna-*Z/{LIST}"))[:-keep]:
        shutil.rmtree(folder)


def faults(folder):
    """What is wrong with a backup, as sentences: missing, altered, damaged or foreign parts."""
    try:
        listed = _list_of(folder)["files"]
    except BackupTrouble as problem:
        yield str(problem)
        return
    if len(listed.keys() & {SQLITE, DUMP}) != 1:
        yield "it has no database"
    parts = _parts_of(folder)
    for name in sorted(parts - listed.keys()):
        yield f"{name!r} is not in {LIST}"     # its letters may be anything
    for name, digest in listed.items():
        path = folder / name
        if name not in parts or path.is_symlink() or not path.is_file():
            yield f"{name} is missing or no file of its own"
        elif _digest(path) != digest:
            yield f"{name} is not as it was written"
    if (folder / SQLITE).is_file() and not _is_sound(folder / SQLITE):
        yield f"{SQLITE} is damaged"


def _list_of(folder):
    """What is in a backup, by its list, which is read only when its seal is ours."""
    try:
        text, seal = (folder / LIST).read_bytes(), (folder / SEAL).read_bytes()
        vault.current().open(seal, _place_of(text))
    except FileNotFoundError as reason:
        lost = Path(reason.filename).name
        raise BackupTrouble(f"{folder} is no complete backup: it has no {lost}") from reason
    except vault.Unreadable as reason:
        raise BackupTrouble(f"{folder / LIST} was altered, or sealed with keys that this "
                            "installation does not have") from reason
    return json.loads(text)


def _place_of(text):
    """What the seal of a list is bound to; it seals nothing else."""
    return f"backup.list|{hashlib.sha256(text).hexdigest()}".encode()


def _parts_of(folder):
    """The names of all that lies there, but for folders and the list itself."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")
            if path.is_symlink() or not path.is_dir()} - {LIST, SEAL}


def _is_sound(path):
    """Whether a SQLite file is; it is not written to.

    VACUUM has just made its indexes from its tables: to compare them once more, as
    ``integrity_check`` does, would take three times as long as the whole backup.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            return copy.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def restore(folder, url, data):
    """Put a backup into an empty installation; its database and store are empty before.

    The database comes last: what ended before it can be begun again.

    :param url: ``DATABASE_URL``. :param data: ``PURNA_DATA``.
    :raises BackupTrouble: nothing was written, or the database refused.
    """
    found = next(faults(folder), None)
    if found:
        raise BackupTrouble(found)
    listed = _list_of(folder)
    if listed["keys"] != _keys():
        raise BackupTrouble("it was made with other keys: give this installation those first")
    documents = [name.removeprefix(f"{DOCUMENTS}/") for name in listed["files"]
                 if name.startswith(f"{DOCUMENTS}/")]
    if not {*documents}.issuperset(store.paths()):
        raise BackupTrouble("the document store is not empty")
    _refuse_unless_of_its_kind(listed["files"], url)
    _refuse_unless_empty(url)
    for path in documents:
        store.put_sealed(path, (folder / DOCUMENTS / path).read_bytes())
    if HEADS in listed["files"]:
        _put(folder / HEADS, data / HEADS)
    _database_from(folder, url)


def missing_documents():
    """Paths that the database names and the store has not, once both are connected."""
    there = set(store.paths())
    return [path for path in _wanted() if path not in there]


def _wanted(before=None):
    rows = Document.select(Document.public_id)
    if before:
        rows = rows.where(Document.uploaded_at < before)
    return [store.path_of(row) for row in rows.iterator()]


def _database_into(folder, url):
    if path := sqlite_path(url):
        try:
            with closing(sqlite3.connect(path, timeout=10)) as source:
                source.execute("VACUUM INTO ?", (str(folder / SQLITE),))
        except sqlite3.Error as problem:
            raise BackupTrouble(f"{path} into {folder}: {problem}") from problem
        return
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--file", folder / DUMP)


def _refuse_unless_of_its_kind(listed, url):
    if sqlite_path(url) and SQLITE not in listed:
        raise BackupTrouble("this backup is one of PostgreSQL: set DATABASE_URL to one")
    if not sqlite_path(url) and DUMP not in listed:
        raise BackupTrouble("this backup is one of SQLite: restore it there, and move it with "
                            "flask move-database")


def _refuse_unless_empty(url):
    if path := sqlite_path(url):
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-journal")):
            if name.exists():     # an old log would be written into the new file
                raise BackupTrouble(f"the database is not empty: {name} exists already")
        return
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = current_schema()"
                              ).fetchone():
            raise BackupTrouble("the database is not empty")


def _database_from(folder, url):
    if path := sqlite_path(url):
        _put(folder / SQLITE, path)
    else:
        _run(url, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
             folder / DUMP)


def _put(source, target):
    """Copy a file, all of it or nothing."""
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        shutil.copyfile(source, unfinished)
        settle(unfinished)
        unfinished.rename(target)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    settle(target.parent)


def _run(url, program, *arguments):
    """One of PostgreSQL's own programs; the list of processes shows no password."""
    if not shutil.which(program):
        raise BackupTrouble(f"{program} is not installed (Debian: postgresql-client)")
    address = conninfo_to_dict(url)
    secret = {"PGPASSWORD": address.pop("password")} if address.get("password") else {}
    done = subprocess.run(  # noqa: S603 (nothing in it was typed by a visitor)
        [program, "--dbname", make_conninfo(**address), *map(str, arguments)],
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
        env={**os.environ, **secret})
    if done.returncode:
        said = done.stderr.strip()[-500:] or f"it ended with {done.returncode}"
        raise BackupTrouble(f"{program}: {said}")


def _documents_into(folder, before):
    """They never change under their name: what an earlier backup has is only linked."""
    for path in store.paths():
        target = folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if before and (before / path).is_file():
            os.link(before / path, target)
            continue
        try:
            target.write_bytes(store.sealed(path))
        except FileNotFoundError:
            continue     # taken away meanwhile: the database of this backup may name it no more


def _write_list(folder, now):
    files = {}
    for name in sorted(_parts_of(folder)):
        files[name] = _digest(folder / name)
        settle(folder / name)
    text = json.dumps({"made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
                       "keys": _keys(), "files": files}, indent=1).encode()
    for name, held in ((SEAL, vault.current().seal(b"", _place_of(text))), (LIST, text)):
        (folder / name).write_bytes(held)
        settle(folder / name)


def _keys():
    """By which they can be told from others."""
    return vault.current().index("", "backup.keys")


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
