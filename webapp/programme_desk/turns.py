"""What falls due by itself: waves open, close, are drawn and end; results are told.

Each step is one guarded statement or one transaction that can be begun again: any number of
processes may do it, and none loses or doubles anything when it is killed.
"""

from datetime import timedelta

from webapp import audit
from webapp.audit import Event
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.models.programmes import (
    ANNOUNCED,
    CLOSED,
    DRAWING,
    OPEN,
    OVER,
    Programme,
    Wave,
)
from webapp.parameters import rules_on
from webapp.programme_desk.drawing import ListChanged, draw, fix_list
from webapp.programme_desk.service import review_of
from webapp.programme_desk.stopping import stop, stopped_by
from webapp.programme_desk.telling import tell_some
from webapp.programmes.queries import openable
from webapp.programmes.states import move


def take_turns(now):
    """Open, close, begin to draw and end the waves whose time has come. Returns how many."""
    over = timedelta(days=rules_on(day_of(now))["wave.over_days"])
    steps = (
        (OPEN, Event.WAVE_OPENED, openable(now)),
        (CLOSED, Event.WAVE_CLOSED, (Wave.state == OPEN) & (Wave.closes_at <= now)),
        (DRAWING, Event.WAVE_DRAWING, (Wave.state == CLOSED) & Wave.digest.is_null(False)
         & (Wave.closes_at <= now - review_of(now))),
        (OVER, Event.WAVE_OVER, (Wave.state == ANNOUNCED) & Wave.told_at.is_null(False)
         & (Wave.announced_at <= now - over)))
    return sum(_moved(wave, state, event, now) for state, event, is_due in steps
               for wave in list(_waves().where(is_due)))


class Work:
    """Call it with the present moment, again and again: it does a piece of what there is to do for
    a wave that is closed. It fixes the list, draws, or tells some results; telling comes last,
    since a million results take hours and no other wave is to wait for them.

    A draw is one piece, of up to 30 seconds for a million people: a third of what the process may
    be silent before it counts as dead (``SILENT_SECONDS``).

    A wave in which something was altered stops and its managers are told; the others go on.
    """

    def __call__(self, now):
        """Do a piece. Returns whether there was any."""
        wave = _next_wave()
        if wave is None:
            return False
        try:
            if wave.state == CLOSED:
                fix_list(wave)
            else:
                {DRAWING: draw, ANNOUNCED: tell_some}[wave.state](wave, now)
        except ListChanged as problem:
            stop(wave, problem.what, now)
        return True


def _next_wave():
    """The first wave at which there is something to do, or None."""
    waiting = _waves().where(
        ((Wave.state == CLOSED) & Wave.digest.is_null()) | (Wave.state == DRAWING)
        | ((Wave.state == ANNOUNCED) & Wave.told_at.is_null())).order_by(
            Wave.state == ANNOUNCED, Wave.id)
    return next((wave for wave in waiting
                 if wave.state != DRAWING or not stopped_by(wave)), None)


def _moved(wave, state, event, now):
    try:
        with write_transaction():
            move(wave, wave.version, state)
            audit.record(event, chain=audit.ACCOUNTS, actor=None, subject=wave.public_id, now=now,
                         programme=wave.programme.name, number=wave.number)
    except (AlreadyDone, CaseChanged):     # somebody was faster
        return 0
    return 1


def _waves():
    return Wave.select(Wave, Programme).join(Programme)
