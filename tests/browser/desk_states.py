"""The branch desk in every state; see ``tests.browser.states``."""

from datetime import date

from tests.browser.account_states import as_user
from tests.desk.matters import corrected, escalated, objected, url
from tests.people import account_for
from webapp import clock
from webapp.cases import service as cases
from webapp.models.workers import Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import objection_of
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

LONG = "Perusahaan mengirim slip gaji, absensi, dan surat pengunduran diri yang lengkap. " * 5
NAMES = ("Nurul Hidayah", "Yohanes Simanjuntak", "Kartika Kusumaningrum", "Ujang")


def desk_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (looking_up, at_a_request, at_an_objection, at_a_correction)


def somebody_new(cast, number):
    """A worker of PT Maju with an account: (user, membership)."""
    row = TakenRow(row_number=2, kpj=f"8881110000{number}", nik=f"317106450892777{number}",
                   name=NAMES[number], birth_date=date(1992, 6, 15), start_date=date(2021, 5, 1),
                   phone=f"+62811222333{number}")
    assert not list(take_in_list(cast.maju, [row], now=clock.now(), outcome=Outcome()))
    membership = Membership.get(Membership.kpj == row.kpj)
    return account_for(Worker.get_by_id(membership.worker_id)), membership


def looking_up(app, cast, _):
    dewi = as_user(app, cast.dewi)
    dewi.open("/cabang/orang")
    yield "name without birth date", dewi.send(name="Agus Setiawan")
    yield "without an account", dewi.send(name="Agus Setiawan", birth_date="1985-03-12")
    dewi.open("/cabang/orang")
    yield "of another branch", dewi.send(number="20000000017")
    dewi.open("/cabang/orang")
    yield "nobody", dewi.send(number="99999999999")
    yield "nothing of this kind", dewi.open("/cabang?tampil=loket")


def at_a_request(app, cast, _):
    dewi, eka = as_user(app, cast.dewi), as_user(app, cast.eka)
    user, membership = somebody_new(cast, 0)
    case = escalated(cast, user=user, membership=membership)
    yield "queue", dewi.open("/cabang")
    yield "escalated", dewi.open(url(case))
    eka.open(url(case))
    yield "a colleague is at it", dewi.open(url(case))
    yield "no reason", dewi.send(form="#deciding", putusan="tolak")
    yield "hand over", dewi.open(url(case) + "/serahkan")
    yield "hand over, to nobody", dewi.send()
    cases.take(case, cast.eka, clock.now())
    yield "taken by a colleague", dewi.open(url(case))
    yield "who has it", dewi.post(url(case) + "/ambil", {"csrf_token": dewi.token()})
    yield "taken", eka.open(url(case))
    yield "what follows", eka.open(url(case) + "/nonaktifkan")
    yield "ended", eka.send()
    yield "the person then", dewi.open(f"/cabang/orang/{user.public_id}")


def at_an_objection(app, cast, _):
    dewi, eka = as_user(app, cast.dewi), as_user(app, cast.eka)
    user, membership = somebody_new(cast, 1)
    case = objected(cast, user=user, membership=membership)
    yield "objection", dewi.open(url(case))
    yield "no answer", dewi.send(form="#answering")
    objections.answer(objection_of(case), "worker", user, "Ini slip gaji bulan ini.", clock.now())
    objections.answer(objection_of(case), "company", cast.ani, LONG, clock.now())
    dewi.open(url(case))
    yield "thread", dewi.send(form="#answering", answer="Mohon lampirkan suratnya.")
    stale = dewi.page
    eka.open(url(case))
    yield "granted", eka.send(form="#deciding", putusan="kabulkan", verdict=LONG)
    dewi.page = stale
    yield "decided by another", dewi.send(form="#deciding", putusan="tolak", verdict=LONG)


def at_a_correction(app, cast, _):
    dewi = as_user(app, cast.dewi)
    case = corrected(cast, membership=somebody_new(cast, 2)[1])
    dewi.open(url(case))
    fields = {**dewi.page.fields("#deciding"), "verdict": "Setengah"}
    yield "correction, kept", dewi.post(url(case) + "/simpan", fields)
    yield "correction, turned down", dewi.send(form="#deciding", putusan="tolak", verdict=LONG)
    user, membership = somebody_new(cast, 3)
    cases.take(escalated(cast, user=user, membership=membership), cast.dewi, clock.now())
    yield "queue, one's own", dewi.open("/cabang?tampil=saya")
