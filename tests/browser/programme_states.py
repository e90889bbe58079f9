"""Programmes, the draw and assistance in every state; see ``tests.browser.states``."""

from datetime import timedelta

from tests.browser.account_states import as_user
from tests.page import Clerk
from tests.programmes.waving import drawn, fresh, joined, wave_of
from webapp import clock
from webapp.models.programmes import Applicant, Programme, Wave
from webapp.programme_desk.turns import take_turns

CARD = "3171060101120007"


def programme_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (opening, joining, announcing)


def newest():
    """The wave that was made last."""
    return fresh(Wave.select().order_by(Wave.id.desc()).get())


def opening(app, cast, _):
    fajar = as_user(app, cast.fajar)
    yield "no programme yet", fajar.open("/cabang/program")
    yield "nothing for anybody yet", Clerk(app).open("/program")
    yield "making one", fajar.open("/cabang/program/baru")
    yield "made of nothing", fajar.send()
    yield "made", fajar.send(name="Kartu Prakerja", grant="600.000",
                             lead="Pelatihan kerja dan insentif untuk pencari kerja.")
    fajar.open(f"/cabang/program/{Programme.get().public_id}/gelombang")
    yield "a wave", fajar.page
    yield "a wave without days", fajar.send(opens_on="", closes_on="", quota="")
    today = clock.today()
    fajar.open(f"/cabang/program/{Programme.get().public_id}/gelombang")
    yield "a wave is made", fajar.send(
        opens_on=today.isoformat(), closes_on=(today + timedelta(days=7)).isoformat(), quota="2")
    take_turns(clock.now())
    yield "programmes", fajar.open("/cabang/program")


def joining(app, cast, _):
    siti, fajar = as_user(app, cast.siti), as_user(app, cast.fajar)
    wave = newest() if Wave.select().exists() else wave_of(cast)
    here = f"/program/{wave.public_id}"
    yield "for a visitor", Clerk(app).open(here)
    yield "waves", siti.open("/program")
    yield "a wave that is open", siti.open(here)
    yield "joining", siti.open(f"{here}/gabung")
    yield "nothing agreed", siti.send()
    siti.open(f"{here}/gabung")
    ticks = {tick.get("name"): "y" for tick in siti.page.select("main input[type=checkbox]")}
    yield "check", siti.send(family_card=CARD, **ticks)
    yield "joined", siti.send(".confirm-bar")
    yield "leaving again", siti.open(f"{here}/batal")
    yield "the draw to come", siti.open(f"{here}/undian")
    yield "a wave at the desk", fajar.open(f"/cabang/program/gelombang/{wave.public_id}")
    applicant = Applicant.select().order_by(Applicant.id.desc()).get()
    yield "an applicant", fajar.open(f"/cabang/program/pendaftar/{applicant.public_id}")
    yield "revoked without why", fajar.send()
    for act in ("perpanjang", "tutup"):
        yield act, fajar.open(f"/cabang/program/gelombang/{wave.public_id}/{act}")


def announcing(app, cast, _):
    siti, fajar = as_user(app, cast.siti), as_user(app, cast.fajar)
    wave = newest()
    joined(wave, 91)
    yield "no assistance yet", siti.open("/bantuan-saya")
    drawn(wave, cast)
    yield "the draw", Clerk(app).open(f"/program/{wave.public_id}/undian")
    yield "the result", siti.open(f"/program/{wave.public_id}")
    yield "assistance", siti.open("/bantuan-saya")
    yield "on Beranda", siti.open("/beranda")
    yield "drawn, at the desk", fajar.open(f"/cabang/program/gelombang/{wave.public_id}")
