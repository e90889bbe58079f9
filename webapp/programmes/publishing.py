"""What is made known of a draw: the file, and the script that computes it again."""

from functools import partial

from webapp.draw import recompute_path
from webapp.draw.published import Claims, Row, lines_of
from webapp.models.programmes import CHOSEN, DRAWN, NOT_CHOSEN, REVOKED, Wave
from webapp.programme_desk.applicant_list import asked, listed
from webapp.replica import may_lag

LINES_AT_ONCE = 2_000


def script():
    """The script as the page shows it."""
    return recompute_path().read_text(encoding="utf-8")


def file_name(wave):
    """What the file is called."""
    return f"purna-undian-{wave.public_id.hex[:8]}.csv"


def claims_of(wave):
    """What is said about the draw of a wave."""
    return Claims(wave.public_id.hex, wave.quota, wave.commitment, wave.secret, wave.digest,
                  wave.seed)


def rows_of(wave, ask=asked):
    """Yields a ``Row`` for each on the list, by number: as drawn, whatever came afterwards.

    :param ask: as for ``listed``.
    """
    for _, entry, state, place in listed(wave, ask):
        yield Row(entry, place, _drawn(state, place))


def parts_of(wave):
    """Yields the published file in parts, text. It never changes: any replica may be asked that has
    the result."""
    part = []
    for line in lines_of(claims_of(wave), rows_of(wave, partial(asked_of_drawn, wave.id))):
        part.append(line)
        if len(part) >= LINES_AT_ONCE:
            yield "".join(part)
            part.clear()
    yield "".join(part)


@may_lag
def asked_of_drawn(wave_id, query):
    """The rows of a query about a wave, a list; None where its draw is not there yet."""
    is_there = Wave.select().where(Wave.id == wave_id, Wave.state << DRAWN).exists()
    return asked(query) if is_there else None


def _drawn(state, place):
    """Who was chosen and revoked after the draw was chosen in it."""
    if state == REVOKED:
        return CHOSEN if place else REVOKED
    return CHOSEN if state == CHOSEN else NOT_CHOSEN
