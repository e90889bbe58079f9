"""The periodic task: ends what is due, and sees to it that the files forget as well."""

from webapp import clock, db
from webapp.closure.erasure import TABLES
from webapp.closure.queries import has_finished_since, last_words_waiting
from webapp.closure.service import finish_due
from webapp.messages.outbox import KEPT_FOR

# So much is written anew in less than a second. More waits for the night.
SMALL = 64 * 1024 * 1024
NIGHT = range(2, 5)     # hours in Jakarta


class Finishing:
    """Call it with the present moment, again and again.

    What was erased is taken out of the files when accounts were closed, and once more when their
    last confirmations, which kept the contacts until then, have ended. What is owed is remembered
    in this process; a new one asks whether somebody closed an account lately.

    :param small: up to how many bytes are written anew at once.
    """

    def __init__(self, small=SMALL):
        self._waiting, self._is_owed, self._small = None, False, small

    def __call__(self, now):
        """Finish what is due. Returns how many accounts were closed."""
        finished, waiting = finish_due(now), last_words_waiting()
        if self._waiting is None:
            self._is_owed = has_finished_since(now - 2 * KEPT_FOR)
        self._is_owed |= finished > 0 or waiting < (self._waiting or 0)
        self._waiting = waiting
        if self._is_owed and (db.bytes_to_clear(TABLES) <= self._small or _is_night(now)):
            db.clear_traces(TABLES)
            self._is_owed = False
        return finished


def _is_night(now):
    return now.astimezone(clock.WIB).hour in NIGHT
