"""Finding waves, and those who joined them."""

from peewee import fn

from webapp.models.programmes import (
    CLOSED,
    DRAWING,
    DRAWN,
    JOINED,
    NOT_CHOSEN,
    OPEN,
    SCHEDULED,
    Applicant,
    Beneficiary,
    Programme,
    Wave,
)
from webapp.paging import page_of
from webapp.prepared import prepared
from webapp.replica import may_lag

BEFORE_THE_RESULT = (SCHEDULED, OPEN, CLOSED, DRAWING)


def openable(now):
    """The condition that a wave's day has come, and that the one before it is drawn: whoever was
    chosen there cannot join."""
    earlier = Wave.alias()
    waiting = earlier.select(earlier.id).where(
        earlier.programme == Wave.programme, earlier.number < Wave.number,
        earlier.state << BEFORE_THE_RESULT)
    return (Wave.state == SCHEDULED) & (Wave.opens_at <= now) & ~fn.EXISTS(waiting)


def opened(waves, now):
    """The same waves, a list: open from their minute on, also before anybody wrote it down. To be
    looked at, not to be moved on."""
    due = [wave for wave in waves if wave.state == SCHEDULED and wave.opens_at <= now]
    open_now = {number for (number,) in Wave.select(Wave.id).where(
        Wave.id << [wave.id for wave in due], openable(now)).tuples()} if due else ()
    for wave in due:
        wave.state = OPEN if wave.id in open_now else SCHEDULED
    return waves


def wave_with(public_id):
    """A wave with its programme, or None."""
    return _wave_with.one(public_id)


def wave_at(public_id, now):
    """The same, open from its minute on."""
    found = wave_with(public_id)
    return found and opened([found], now)[0]


def waves_at(now, before, size):
    """(up to ``size`` waves with their programmes, the newest first; whether there are older
    ones), a pair.

    :param before: the id of the last one of the page before, or None for the first page.
    """
    rows, has_more = page_of(all_waves(), Wave.id, before, size)
    return opened(rows, now), has_more


# Whoever is signed in may have joined a moment ago, or just been told of a result.
wave_for_visitors = may_lag(wave_at)
waves_for_visitors = may_lag(waves_at)


def all_waves():
    """Every wave with its programme."""
    return Wave.select(Wave, Programme).join(Programme)


def applicant_in(wave, worker):
    """How a person joined a wave, or None."""
    return _applicant_in.one(wave.id, worker.id)


def applicants_in(waves, worker):
    """How a person joined these waves: dict by the wave's number."""
    rows = Applicant.select().where(Applicant.wave << waves, Applicant.worker == worker)
    return {row.wave_id: row for row in rows} if waves else {}


def newest_of(worker):
    """How a person joined a wave last, with it and its programme; or None."""
    return _newest_of.one(worker.id)


def applications_of(worker):
    """Every wave a person joined, the newest first, each with wave and programme."""
    return (Applicant.select(Applicant, Wave, Programme).join(Wave).join(Programme)
            .where(Applicant.worker == worker).order_by(Applicant.id.desc()))


def withdrawable_of(worker, now):
    """What a person joined and can still take back, each with wave and programme, by wave: nobody's
    list is fixed."""
    return (applications_of(worker)
            .where(Applicant.state == JOINED, (Wave.state == OPEN) | openable(now),
                   Wave.closes_at > now)
            .order_by(Wave.id))


def unsuccessful_before(wave, worker):
    """The person's newest try in an earlier wave of the programme that was drawn without them, or
    None."""
    return (Applicant.select(Applicant, Wave).join(Wave)
            .where(Applicant.worker == worker, Applicant.state == NOT_CHOSEN,
                   Wave.programme == wave.programme_id, Wave.number < wave.number,
                   Wave.state << DRAWN)
            .order_by(Wave.number.desc()).first())


def was_chosen(programme, worker):
    """Whether a person was chosen in this programme ever, also if that was revoked."""
    return (Beneficiary.select().where(Beneficiary.programme == programme,
                                       Beneficiary.worker == worker).exists())


def chosen_of_family(programme, family_index):
    """How many of a family were chosen in this programme ever."""
    return (Beneficiary.select().where(Beneficiary.programme == programme,
                                       Beneficiary.family_index == family_index).count())


def next_open(wave):
    """The newest wave of the same programme, if it is not this one: where somebody may try again;
    or None."""
    newest = (Wave.select().where(Wave.programme == wave.programme_id)
              .order_by(Wave.number.desc()).first())
    return newest if newest.number > wave.number else None


def takes_part(wave, workers):
    """Whether any of these joined a wave, also if that was revoked.

    :param workers: their numbers.
    """
    return Applicant.select().where(Applicant.wave == wave,
                                    Applicant.worker << list(workers)).exists()


def count_in(wave):
    """How many have joined a wave."""
    return Applicant.select().where(Applicant.wave == wave).count()


@prepared
def _wave_with(public_id):
    return all_waves().where(Wave.public_id == public_id)


@prepared
def _applicant_in(wave, worker):
    return Applicant.select().where(Applicant.wave == wave, Applicant.worker == worker)


@prepared
def _newest_of(worker):
    return (Applicant.select(Applicant, Wave, Programme).join(Wave).join(Programme)
            .where(Applicant.worker == worker).order_by(Applicant.id.desc()).limit(1))
