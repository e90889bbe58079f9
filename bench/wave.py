"""A wave with as many applicants as asked for, and its draw: ``python -m bench.wave fill 1000000``,
then ``python -m bench.wave draw``, each in a process of its own."""

import json
import os
import random
import sys
import time
from datetime import date, timedelta
from uuid import UUID

from bench.process import memory_mib
from webapp import clock, config, create_app, db
from webapp.db import write_transaction
from webapp.draw.listing import commitment_of, new_secret
from webapp.models.people import MANAGER, User
from webapp.models.programmes import CLOSED, DRAWING, Applicant, Programme, Wave
from webapp.models.workers import Worker
from webapp.prepared import add_all
from webapp.programme_desk.drawing import draw, fix_list

AT_ONCE, QUOTA_OF = 5_000, 20     # one of twenty is chosen
FAMILIES_OF = 3                   # three people of a family, on average


def fill(count, now):
    """A wave that is closed, with so many applicants. Returns the ``Wave``."""
    with write_transaction():
        manager = User.create(name="Fajar", role=MANAGER, created_at=now)
        programme = Programme.create(name="Kartu Prakerja", lead="Pelatihan.", grant=600_000,
                                     created_by=manager, created_at=now)
        wave = Wave(programme=programme, number=1, state=CLOSED, quota=max(1, count // QUOTA_OF),
                    opens_at=now - timedelta(days=7), closes_at=now, declarations="[]",
                    opened_by=manager, created_at=now)
        secret = new_secret()
        wave.secret, wave.commitment = secret, commitment_of(secret)
        wave.save(force_insert=True)
    dice = random.Random(count)
    for start in range(0, count, AT_ONCE):
        _fill_some(wave, range(start, min(count, start + AT_ONCE)), count, dice, now)
    return wave


def _fill_some(wave, serials, count, dice, now):
    """Their people are rows without a NIK that could be read: nobody asks for it here."""
    with write_transaction():
        highest = Worker.select(Worker.id).order_by(Worker.id.desc()).limit(1).scalar() or 0
        add_all(Worker, [{"id": highest + place, "nik_sealed": b"-", "nik_index": f"-{serial:031}",
                          "name": "Peserta", "birth_date": date(1990, 1, 1), "created_at": now}
                         for place, serial in enumerate(serials, 1)])
        add_all(Applicant, [
            {"public_id": UUID(int=dice.getrandbits(128)), "wave": wave.id,
             "programme": wave.programme_id, "worker": highest + place,
             "number": f"{dice.getrandbits(48):012X}", "agreed": "-", "joined_at": now,
             "family_index": f"{dice.randrange(1 + count // FAMILIES_OF):032x}"}
            for place, _ in enumerate(serials, 1)])


def timed_draw(now):
    """(seconds to fix the list, seconds to draw it and write all results) of the wave there is."""
    began = time.perf_counter()
    fix_list(Wave.get())
    fixed = time.perf_counter()
    Wave.update(state=DRAWING).execute()
    draw(Wave.get(), now)
    return fixed - began, time.perf_counter() - fixed


def main():
    """Do what the first word says, in the database of the environment."""
    create_app(config.from_environment(os.environ))
    db.ensure_connection()
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), clock.now())
        return
    if sys.argv[1] == "id":
        print(Wave.get().public_id.hex)
        return
    fixing, drawing = timed_draw(clock.now())
    peak, _ = memory_mib("self")
    print(json.dumps({"fixing": fixing, "drawing": drawing, "memory": peak}))


if __name__ == "__main__":
    main()
