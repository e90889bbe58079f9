"""What takes long and is done once a day: a step at each call, and by one of all processes."""

from datetime import timedelta

from webapp.db import database, write_transaction
from webapp.models.people import Throttle

EVERY = timedelta(days=1)
HELD_FOR = timedelta(hours=1)       # by then whoever began it has said that it goes on, or is gone
LATER = timedelta(minutes=5)        # somebody else is at it: look again

KIND = "done by one"                # of the row in which one process keeps the others off


class Daily:
    """Call it with the present moment, again and again.

    How far it is stands in this process; where that ends in the middle another begins anew.

    :param name: of the work, at most 32 characters.
    :param last: gives the moment when it was done last; None when never.
    :param begin: begins it: returns a generator that yields after each step, and in the end returns
        a function of the moment that keeps what was found.
    """

    def __init__(self, name, last, begin):
        self._name, self._last, self._begin = name, last, begin
        self._steps, self._next_at, self._held_until = None, None, None

    def __call__(self, now):
        """Do a step, if it is due. Returns whether there is more to do now."""
        if self._steps is None and not self._begins(now):
            return False
        try:
            next(self._steps)
        except StopIteration as end:
            self._steps = None
            end.value(now)
            return False
        except Exception:
            self._steps = None     # what was interrupted says nothing about the rest
            raise
        # Steps that see one moment are one transaction, which only reads.
        if not database.in_transaction():
            self._holds(now)
        return True

    def _begins(self, now):
        if self._next_at and now < self._next_at:
            return False
        last = self._last()
        if last and now < last + EVERY:
            self._next_at = last + EVERY
            return False
        if not self._holds(now):
            self._next_at = now + LATER
            return False
        self._steps = self._begin()
        return True

    def _holds(self, now):
        """Whether this process keeps the others off; said anew when half the time is over."""
        if self._held_until and now < self._held_until - HELD_FOR / 2:
            return True
        until, free_from = now + HELD_FOR, max(now, self._held_until or now)
        with write_transaction():
            rows = (Throttle.insert(kind=KIND, subject=self._name, window_ends=until)
                    .on_conflict(conflict_target=[Throttle.kind, Throttle.subject],
                                 update={Throttle.window_ends: until},
                                 where=Throttle.window_ends <= free_from)
                    .returning(Throttle.id).execute())
            self._held_until = until if list(rows) else None
        return self._held_until is not None
