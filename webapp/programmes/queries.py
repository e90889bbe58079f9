"""Finding waves, and those who joined them."""

from webapp.models.programmes import (
    DRAWN,
    JOINED,
    NOT_CHOSEN,
    OPEN,
    Applicant,
    Beneficiary,
    Programme,
    Wave,
)
from webapp.prepared import prepared


def wave_with(public_id):
    """A wave with its programme, or None."""
    return _wave_with.one(public_id)


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
            .where(Applicant.state == JOINED, Wave.state == OPEN, Wave.closes_at > now)
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
