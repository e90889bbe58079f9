"""Ani with a list of leavers, on command: ``python -m tests.faults.lists FILE``.

Each line read is what she does next; the list's number in the database is written back.
"""

import sys
from pathlib import Path

from webapp import clock, create_app
from webapp.db import ensure_connection
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.uploads import Upload
from webapp.uploads import service, undoing

REASON = "Daftar bulan lain."


def _hand_in():
    path = Path(sys.argv[1])
    return service.take_in(Company.get(Company.npp == "JJ010001"), _ani(), path.read_bytes(),
                           path.name, clock.now())


def _start():
    upload = _newest()
    service.start(upload, _ani(), version=upload.version, now=clock.now())
    return upload


def _undo():
    upload = _newest()
    undoing.undo(upload, _ani(), REASON, version=upload.version, now=clock.now())
    return upload


def _newest():
    return Upload.select().order_by(Upload.id.desc()).get()


def _ani():
    return User.get(User.email.matches("ani@maju.example"))


ACTS = {"hand in": _hand_in, "start": _start, "undo": _undo}

if __name__ == "__main__":
    create_app()
    ensure_connection()
    print("ready", flush=True)
    for line in sys.stdin:
        print(ACTS[line.strip()]().id, flush=True)
