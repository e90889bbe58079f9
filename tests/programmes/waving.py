"""Waves in any state, with people in them."""

from datetime import date, timedelta

from webapp import clock
from webapp.draw.drawing import Draw
from webapp.draw.listing import commitment_of, new_secret, seed_of
from webapp.models.people import User
from webapp.models.programmes import Applicant, Programme, Wave
from webapp.models.workers import Worker
from webapp.programme_desk import service
from webapp.programme_desk.applicant_list import listed
from webapp.programme_desk.turns import Work, take_turns
from webapp.programmes import service as joining
from webapp.programmes.family_card import index_of

CARD = "3171060101120007"


def wave_of(cast, *, quota=2, days=7, declarations=(), is_open=True):
    """A wave of Kartu Prakerja that opens today; the next one where there is one."""
    now = clock.now()
    programme = service.make_programme(cast.fajar, now, name="Kartu Prakerja",
                                       lead="Pelatihan kerja dan insentif.", grant=600_000)
    number = Wave.select().where(Wave.programme == programme).count() + 1
    made = service.make_wave(programme, cast.fajar, now, number=number,
                             opens_on=clock.day_of(now), quota=quota,
                             closes_on=clock.day_of(now) + timedelta(days=days),
                             declarations=list(declarations))
    if is_open:
        take_turns(now)
    return fresh(made)


def work_on(now):
    """Do a piece of what the worker process does; whether there was any."""
    return Work()(now)


def fresh(wave):
    """The wave as it is now, with its programme."""
    return Wave.select(Wave, Programme).join(Programme).where(Wave.id == wave.id).get()


def person(number, born=date(1990, 1, 1)):
    """(user, worker): somebody with an account, who can be reached."""
    user = User(name=f"Peserta {number}", role="worker", created_at=clock.now())
    user.email, user.phone = f"p{number}@pekerja.example", f"+62812{number:08}"
    user.save(force_insert=True)
    worker = Worker(name=f"Peserta {number}", birth_date=born, user=user, created_at=clock.now())
    worker.nik = f"{3171060101900000 + number}"
    worker.save(force_insert=True)
    return user, worker


def family(number):
    """The index of some family card."""
    return index_of(f"{3171060101000000 + number}")


def joined(wave, number, of=None):
    """Somebody who joined: the ``Applicant``.

    :param of: number of the family; each their own when omitted.
    """
    user, worker = person(number)
    return joining.join(wave, worker, user, now=clock.now(),
                        family=family(number if of is None else of))


def closed(wave, cast):
    """The wave closed now, its list fixed."""
    service.close_early(fresh(wave), cast.fajar, clock.now(), version=fresh(wave).version)
    work_on(clock.now())
    return fresh(wave)


def drawn(wave, cast):
    """The wave closed and drawn, its results told."""
    wave = closed(wave, cast) if wave.digest is None else wave
    service.begin_draw(wave, cast.fajar, clock.now(), version=wave.version)
    while work_on(clock.now()):
        pass
    return fresh(wave)


def without_luck(wave, applicant):
    """A closed wave whose secret does not put this one first."""
    while True:
        secret = new_secret()
        drawing = Draw(seed_of(secret, wave.digest))
        for row, entry, _, _ in listed(wave):
            drawing.add(entry, row.to_bytes(4, "big"))
        first = next(drawing.results(1))
        if int.from_bytes(first.key, "big") != applicant.id:
            break
    wave.secret, wave.commitment = secret, commitment_of(secret)
    wave.save(only=[Wave.secret_sealed, Wave.commitment])
    return fresh(wave)


def states_in(wave):
    """The states of a wave's applicants, in the order in which they joined."""
    return [row.state for row in
            Applicant.select().where(Applicant.wave == wave).order_by(Applicant.id)]
