"""A draw that stopped because something was altered behind our back: the managers are told once,
and nothing is tried again until one of them says so. Whether it has stopped is read from the
trail: what happened to the wave last."""

import json

from webapp import audit
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.audit import AuditEntry
from webapp.models.branches import HEAD_OFFICE
from webapp.models.people import ACTIVE, MANAGER, User
from webapp.models.programmes import DRAWING, Wave
from webapp.programmes.words import name_of, short_name_of

LIST, SECRET, RESULTS = "list", "secret", "results"     # what is not as it was
_TURNS = (Event.WAVE_DRAWING, Event.WAVE_STOPPED)


def stopped_by(wave):
    """What made the draw of a wave stop, ``LIST``, ``SECRET`` or ``RESULTS``; None while it goes
    on, or goes on again."""
    last = (AuditEntry.select()
            .where(AuditEntry.subject == wave.public_id, AuditEntry.kind << [*map(str, _TURNS)])
            .order_by(AuditEntry.id.desc()).first())
    return json.loads(last.details)["what"] if last and last.kind == Event.WAVE_STOPPED else None


def stop(wave, what, now):
    """Note that a draw has stopped, and tell the managers; twice, also at once, is once.

    :param wave: with its programme.
    """
    with write_transaction():
        # Whoever else comes as far waits here, and then finds what is on record.
        held = (Wave.update(version=Wave.version)
                .where(Wave.id == wave.id, Wave.state == DRAWING).execute())
        if not held or stopped_by(wave):
            return
        for manager in _managers(wave):
            outbox.tell(user=manager, kind="programme:stopped", about=wave.public_id, now=now,
                        **_told(wave))
        audit.record(Event.WAVE_STOPPED, chain=audit.ACCOUNTS, actor=None, subject=wave.public_id,
                     now=now, programme=wave.programme.name, number=wave.number, what=what)


def _managers(wave):
    """Those of the branch that opened it, and of the head office."""
    branches = {HEAD_OFFICE, wave.opened_by.branch_id or HEAD_OFFICE}
    return list(User.select().where(User.role == MANAGER, User.state == ACTIVE,
                                    User.branch << list(branches)))


def _told(wave):
    return {"sms": f"Purna: undian {short_name_of(wave)} berhenti, karena datanya berubah sesudah "
                   "ditutup. Buka Purna > Program.",
            "email": (f"Undian {name_of(wave)} berhenti",
                      "Ada data gelombang ini yang berubah sesudah pendaftaran ditutup. Tidak ada "
                      "hasil yang diumumkan, dan undian tidak dicoba lagi dengan sendirinya.\n\n"
                      "Buka Purna > Program untuk melihat apa yang berubah.\n")}
