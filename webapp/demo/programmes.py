"""A programme with a wave that is open, so that the demo's page is not empty."""

from datetime import timedelta

from webapp.clock import day_of
from webapp.programme_desk import service
from webapp.programme_desk.turns import take_turns

OPEN_FOR = timedelta(days=14)


def add_programme(manager, now):
    """Make it, as a manager would."""
    today = day_of(now)
    programme = service.make_programme(
        manager, now, name="Kartu Prakerja", grant=4_200_000,
        lead="Pelatihan kerja dan insentif bagi pencari kerja dan pekerja.")
    service.make_wave(programme, manager, now, number=1, opens_on=today,
                      closes_on=today + OPEN_FOR, quota=100,
                      declarations=["Saya tidak sedang bersekolah atau kuliah."])
    take_turns(now)
