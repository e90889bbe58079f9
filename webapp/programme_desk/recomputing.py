"""Computing a draw again from the database."""

from webapp.draw.verifying import Check
from webapp.models.programmes import DRAWN
from webapp.programmes.publishing import claims_of, rows_of


class NotDrawn(Exception):
    """There is no result yet."""


def check_wave(wave):
    """(what differs, a list of sentences; how many are on the list), a pair.

    :raises NotDrawn: as it says.
    """
    if wave.state not in DRAWN:
        raise NotDrawn
    check = Check(claims_of(wave))
    try:
        for row in rows_of(wave):
            check.add(row)
    except ValueError as problem:
        return [f"Daftar berubah: {problem}."], check.count
    return list(check.differences()), check.count
