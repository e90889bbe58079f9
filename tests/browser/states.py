"""Every page in every state, as the server answers it: what accessibility and layout are held to.

The answers are gathered once, by somebody without a browser; a browser then looks at each.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from tests.browser.account_states import account_scenes
from tests.browser.block_states import block_scenes
from tests.browser.case_states import case_scenes
from tests.browser.claim_states import claim_scenes
from tests.browser.company_case_states import company_case_scenes
from tests.browser.desk_states import desk_scenes
from tests.browser.factor_states import new_staff, own_factors, second_step
from tests.browser.programme_states import programme_scenes
from tests.browser.report_states import report_scenes
from tests.browser.switch_states import switch_scenes
from tests.browser.upload_states import uploading
from tests.page import Clerk, deactivation_path, draft, file
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.demo.routes import open_mailbox
from webapp.messages.sender import Sender
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.worker_process import channels_of

TERM = {"exact": "Siti Rahayu", "near": "Sity Rahayu", "number": "301", "nothing": "Zubaidah"}
LONG = "Perusahaan memindahkan bagian ini ke kota lain dan ia memilih tidak ikut. " * 6
LETTER = {"signatory": "Ani Wulandari", "signatory_title": "Manajer SDM",
          "number": "012/SDM/XI/2026"}


@dataclass(frozen=True)
class State:
    """A page as it was answered."""

    name: str
    status: int
    html: str
    headers: tuple


def every_state(app, cast, photograph):
    """Yield a ``State`` for each page and situation."""
    for scene in (before_signing_in, with_nothing_yet, choosing, filling_in, checking, refused,
                  after_filing, undoing, certifying, told, waiting_at_the_branch, proving,
                  uploading, *account_scenes(), second_step, own_factors, new_staff, *case_scenes(),
                  *company_case_scenes(), *desk_scenes(), *claim_scenes(), *block_scenes(),
                  *switch_scenes(), *programme_scenes(), *report_scenes(), turned_away):
        for name, page in scene(app, cast, photograph):
            yield State(f"{scene.__name__}: {name}", page.status, page.text,
                        tuple(page.headers.items()))


def recently(days=2):
    """A day in the form that the form takes."""
    return (clock.today() - timedelta(days=days)).isoformat()


def people_of(cast):
    """Memberships of PT Maju by the worker's name."""
    rows = Membership.select(Membership, Worker).join(Worker).where(
        Membership.company == cast.maju)
    return {row.worker.name: row for row in rows}


def before_signing_in(app, cast, _):
    visitor = Clerk(app)
    yield "welcome", visitor.open("/")
    yield "sign-in", visitor.open("/masuk")
    yield "sign-in, empty", visitor.send()
    yield "sign-in, wrong", visitor.send(account="ani@maju.example", password="bukan-yang-ini")
    yield "check a receipt", visitor.open("/periksa")
    yield "check a receipt, wrong", visitor.send(code="N7K4-22QD")
    yield "no such receipt", visitor.open("/periksa/0000-0000-0000")
    yield "public key", visitor.open("/kunci-publik")
    ani = Clerk(app).is_signed_in_as(cast.ani)
    with write_transaction():
        sessions.end_all(cast.ani, clock.now())
    yield "sign-in, session ended", ani.open("/perusahaan")


def with_nothing_yet(app, cast, _):
    ani = Clerk(app).is_signed_in_as(cast.ani)
    yield "company without workers", ani.open(f"/perusahaan/{cast.logistik.public_id}/tenaga-kerja")
    here = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    yield "nobody new", ani.open(f"{here}?status=baru")
    yield "nobody left", ani.open(f"{here}?status=nonaktif")
    yield "empty queue", Clerk(app).is_signed_in_as(cast.dewi).open("/cabang")
    yield "Beranda without messages", Clerk(app).is_signed_in_as(cast.siti).open("/beranda")
    yield "Pesan without messages", Clerk(app).is_signed_in_as(cast.siti).open("/pesan")
    yield "demo without messages", Clerk(app).open("/demo/pesan")
    stranger = User(role="worker", name="Tanpa Kartu", password_hash="x", created_at=clock.now())
    stranger.email = "tanpa@pekerja.example"
    stranger.save(force_insert=True)
    yield "Beranda without membership", Clerk(app).is_signed_in_as(stranger).open("/beranda")


def choosing(app, cast, _):
    ani = Clerk(app).is_signed_in_as(cast.ani)
    yield "companies", ani.open("/perusahaan")
    yield "no such company", ani.open("/perusahaan?nama=Zubaidah")
    here = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    yield "workers", ani.open(here)
    for kind, term in TERM.items():
        ani.open(here)
        yield f"search, {kind}", ani.send(cari=term)
    yield "worker", ani.open(f"{here}/{cast.siti_at_maju.public_id}")
    yield "Keluar", ani.open("/keluar")


def filling_in(app, cast, photograph):
    ani = Clerk(app).is_signed_in_as(cast.ani)
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    yield "form", ani.open(path)
    yield "form, empty", ani.send()
    ani.open(path)
    yield "form, all wrong", ani.send(reason="CTT", last_day="2020-01-01", note="x" * 501)
    ani.open(path)
    yield "form, paper kept", ani.send(reason="CTT", last_day="",
                                       file=(io.BytesIO(photograph), "surat dokter.jpg"))
    draft(ani, cast.maju, cast.siti_at_maju, last_day=recently())
    yield "form, draft kept", ani.open(path)


def checking(app, cast, photograph):
    ani, siti = Clerk(app).is_signed_in_as(cast.ani), cast.siti_at_maju
    yield "check", draft(ani, cast.maju, siti, last_day=recently(), note=LONG)
    yield "check, scheduled", draft(ani, cast.maju, siti, last_day=recently(-9))
    yield "check, death", draft(ani, cast.maju, siti, reason="MGL", last_day=recently(),
                                file=(io.BytesIO(photograph), "akta.jpg"))
    yield "check, mistake", draft(ani, cast.maju, siti, reason="SLH", last_day=recently(),
                                  note="KPJ milik orang lain")
    Company.update(arrears_months=2).where(Company.id == cast.maju.id).execute()
    yield "check, late and in arrears", draft(ani, cast.maju, people_of(cast)["Agus Setiawan"],
                                              reason="PHK", last_day="2026-01-30")


def refused(app, cast, _):
    ani, budi = Clerk(app).is_signed_in_as(cast.ani), Clerk(app).is_signed_in_as(cast.budi)
    agus = people_of(cast)["Agus Setiawan"]
    form = draft(ani, cast.maju, agus, reason="PHK", last_day="2026-01-30").fields()
    yield "changed in another window", ani.post(ani.page.path, {**form, "version": "99"})
    file(ani, cast.maju, agus, reason="PHK", last_day="2026-01-30")
    yield "a colleague was first", budi.open(deactivation_path(cast.maju, agus))
    yield "not one's company", budi.open(f"/perusahaan/{cast.lain.public_id}/tenaga-kerja")
    yield "another's page", Clerk(app).is_signed_in_as(cast.siti).open("/perusahaan")


def after_filing(app, cast, photograph):
    ani, siti = Clerk(app).is_signed_in_as(cast.ani), cast.siti_at_maju
    yield "receipt", file(ani, cast.maju, siti, last_day=recently(), note=LONG)
    here = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    yield "worker who left", ani.open(f"{here}/{siti.public_id}")
    yield "list of those who left", ani.open(f"{here}?status=nonaktif")
    yield "receipt, scheduled", file(ani, cast.maju, people_of(cast)["Bambang Rahardjo"],
                                     reason="PSN", last_day=recently(-9))
    yield "receipt, death", file(ani, cast.maju, people_of(cast)["Dewi Sartika Rahayu"],
                                 reason="MGL", last_day=recently(),
                                 file=(io.BytesIO(photograph), "akta kematian.jpg"))
    yield "list with a scheduled one", ani.open(here)
    agus = Deactivation.get(Deactivation.membership == people_of(cast)["Agus Setiawan"])
    yield "receipt, late and in arrears", ani.open(report_path(cast, agus))


def report_path(cast, deactivation):
    """Where a receipt is."""
    return f"/perusahaan/{cast.maju.public_id}/nonaktif/{deactivation.public_id}"


def undoing(app, cast, _):
    ani, aminah = Clerk(app).is_signed_in_as(cast.ani), people_of(cast)["Siti Aminah"]
    report = file(ani, cast.maju, aminah, last_day=recently()).path
    yield "undo", ani.open(f"{report}/batalkan")
    yield "undo, empty", ani.send()
    yield "receipt, undone", ani.send(reason="Salah pilih nama")
    yield "undone already", ani.open(f"{report}/batalkan")
    agus = Deactivation.get(Deactivation.membership == people_of(cast)["Agus Setiawan"])
    Deactivation.update(filed_at=clock.now() - timedelta(days=9)).where(
        Deactivation.id == agus.id).execute()
    yield "undo, too late", ani.open(f"{report_path(cast, agus)}/batalkan")
    yield "correction", ani.open(f"{report_path(cast, agus)}/koreksi")
    yield "correction, empty", ani.send()
    yield "receipt, correction asked for", ani.send(reason=LONG)


def certifying(app, cast, _):
    ani = Clerk(app).is_signed_in_as(cast.ani)
    siti = Deactivation.get(Deactivation.membership == cast.siti_at_maju,
                            Deactivation.state == "BERLAKU")
    yield "letter, form", ani.open(f"{report_path(cast, siti)}/paklaring")
    yield "letter, empty", ani.send(position="")
    ani.open(f"{report_path(cast, siti)}/paklaring")
    yield "letter", ani.send(**LETTER)


def deliver(app):
    """What the sender beside a demo server does."""
    open_mailbox(SimpleNamespace(app=app))
    while Sender(channels_of(app.config)).run_once(clock.now()):
        pass


def told(app, cast, _):
    siti = Clerk(app).is_signed_in_as(cast.siti)
    yield "Beranda", siti.open("/beranda")
    yield "Pesan", siti.open("/pesan")
    deliver(app)
    yield "demo messages", Clerk(app).open("/demo/pesan")


def waiting_at_the_branch(app, cast, _):
    yield "queue", Clerk(app).is_signed_in_as(cast.dewi).open("/cabang")


def proving(app, cast, _):
    visitor, ani = Clerk(app), Clerk(app).is_signed_in_as(cast.ani)
    for name in ("Siti Rahayu", "Bambang Rahardjo", "Siti Aminah"):
        act = Deactivation.get(Deactivation.membership == people_of(cast)[name],
                               Deactivation.filed_at.is_null(False))
        number = ani.open(report_path(cast, act)).words(".receipt-number")
        yield f"genuine, {act.state}", visitor.open(f"/periksa/{number}")


def turned_away(app, cast, _):
    ani, visitor = Clerk(app).is_signed_in_as(cast.ani), Clerk(app)
    yield "404", ani.open("/tidak-ada")
    yield "405", ani.open("/keluar/semua")
    yield "400", visitor.post("/periksa", {"code": "N7K4-22QD"})
    visitor.open("/masuk")
    for _ in range(6):
        page = visitor.send(account="x@y.example", password="bukan-yang-ini")
        visitor.open("/masuk")
    yield "429", page
