"""The draw of a wave: the order computed, each result written, all of it made known at once.

The results are written a part at a time while the wave is being drawn, and nobody is shown one
before all are there. What they are is certain from the closing on: whoever begins again after a
crash, or at the same time, writes the same.
"""

import logging
from array import array
from bisect import bisect_left
from itertools import islice

from webapp import audit
from webapp.audit import Event
from webapp.db import database, is_sqlite, write_transaction
from webapp.draw.drawing import Draw
from webapp.draw.listing import ListDigest, commitment_of, seed_of
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    CLOSED,
    DRAWING,
    NOT_CHOSEN,
    REVOKED,
    Wave,
)
from webapp.programme_desk.applicant_list import digest_now, head_for, listed
from webapp.programme_desk.stopping import LIST, RESULTS, SECRET

AT_ONCE = 2_000     # rows in one transaction: others wait some ten milliseconds
_KEY = 4            # bytes
_MOST_PLACES = 0x3FFF_FFFF
_FOR_SQLITE = ('UPDATE "applicant" SET "state" = ?, "place" = ?, "version" = "version" + 1 '
               """WHERE "id" = ? AND "state" = 'TERDAFTAR'""")
_FOR_POSTGRESQL = (
    'UPDATE "applicant" SET "state" = "drawn"."state", "place" = "drawn"."place", '
    '"version" = "applicant"."version" + 1 '
    'FROM unnest(%s::varchar[], %s::int[], %s::int[]) AS "drawn" ("state", "place", "id") '
    """WHERE "applicant"."id" = "drawn"."id" AND "applicant"."state" = 'TERDAFTAR'""")
_OF_THE_CHOSEN = (
    'INSERT INTO "beneficiary" '
    '("programme_id", "wave_id", "worker_id", "applicant_id", "family_index") '
    'SELECT "programme_id", "wave_id", "worker_id", "id", "family_index" FROM "applicant" '
    'WHERE "id" IN ({}) ON CONFLICT ("applicant_id") DO NOTHING')

log = logging.getLogger(__name__)


class ListChanged(Exception):
    """The list is not what it was at the closing: nothing is drawn."""

    what = LIST


class SecretChanged(ListChanged):
    """The secret is not the one whose digest was shown from the start."""

    what = SECRET


class ResultsChanged(ListChanged):
    """A result stands in the table that the draw does not give."""

    what = RESULTS


def fix_list(wave):
    """Note the digest of the list of a wave that is closed; once."""
    digest, count = digest_now(wave)
    with write_transaction():
        (Wave.update(digest=digest, applicants=count)
         .where(Wave.id == wave.id, Wave.state == CLOSED, Wave.digest.is_null()).execute())


def draw(wave, now):
    """Draw a wave whose turn it is, and announce the result. Twice, also at once, is once.

    :raises ListChanged: somebody changed the table behind our back.
    """
    seed = seed_of(wave.secret, wave.digest)
    rows, chosen = iter(_results(wave, seed)), 0
    while part := [_unpacked(one) for one in islice(rows, AT_ONCE)]:
        chosen += _write(part)
    _announce(wave, seed, chosen, now)


def _results(wave, seed):
    """What to write, as numbers that sort by the row they are for: neighbours in the table are
    written together, and a million of them are small."""
    if commitment_of(wave.secret) != wave.commitment:
        raise _logged(SecretChanged(), wave)
    drawing, digest, written = Draw(seed), ListDigest(head_for(wave)), array("q")
    for row, entry, state, place in listed(wave):
        digest.add(entry)
        if state != REVOKED:
            drawing.add(entry, row.to_bytes(_KEY, "big"))
        if state in (CHOSEN, NOT_CHOSEN):     # by who was interrupted, or is at it too
            written.append(_packed(row, min(place or 0, _MOST_PLACES), state == CHOSEN))
    if digest.hex() != wave.digest:
        raise _logged(ListChanged(), wave)
    results = sorted(array("q", (_packed(int.from_bytes(key, "big"), place, is_chosen)
                                 for key, place, is_chosen in drawing.results(wave.quota))))
    if any(results[(at := bisect_left(results, one)):at + 1] != [one] for one in written):
        raise _logged(ResultsChanged(), wave)
    return results


def _logged(problem, wave):
    log.error("wave %s is not drawn: %s", wave.public_id, type(problem).__name__)
    return problem


def _packed(row, place, is_chosen):
    return row << 31 | place << 1 | is_chosen


def _unpacked(one):
    """(state, place, row) of a number."""
    return CHOSEN if one & 1 else NOT_CHOSEN, (one & 0x7FFF_FFFF) >> 1, one >> 31


def _write(rows):
    """Write some results. Returns how many of them were chosen."""
    chosen = [row for state, _, row in rows if state == CHOSEN]
    with write_transaction():
        if is_sqlite():
            database.cursor().executemany(_FOR_SQLITE, rows)
        else:
            database.execute_sql(_FOR_POSTGRESQL, [list(column) for column
                                                   in zip(*rows, strict=True)])
        if chosen:
            places = ", ".join([database.param] * len(chosen))
            database.execute_sql(_OF_THE_CHOSEN.format(places), chosen)
    return len(chosen)


def _announce(wave, seed, chosen, now):
    with write_transaction():
        is_first = (Wave.update(state=ANNOUNCED, version=Wave.version + 1, seed=seed,
                                chosen=chosen, drawn_at=now, announced_at=now)
                    .where(Wave.id == wave.id, Wave.state == DRAWING).execute())
        if is_first:
            audit.record(Event.WAVE_ANNOUNCED, chain=audit.ACCOUNTS, actor=None,
                         subject=wave.public_id, now=now, digest=wave.digest, seed=seed,
                         applicants=wave.applicants, chosen=chosen)
