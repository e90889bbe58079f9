"""The worker's pages of leaving and objecting in every state; see ``tests.browser.states``."""

import io
from datetime import timedelta

from PIL import Image

from tests.browser.account_states import as_user
from webapp import clock
from webapp.db import write_transaction
from webapp.deactivation import service as deactivations
from webapp.models.cases import DeactivationRequest, Objection
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import objection_of
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.requests.queries import request_numbered

LONG = ("Saya masih bekerja di sini setiap hari. Yang berhenti adalah rekan saya yang bernama "
        "hampir sama. ") * 4
PLACES = ("PT Maju Bersama", "PT Maju Logistik", "PT Lain Sejahtera")


def case_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (asking, answered, objecting)


def worker_of_three(app):
    """A worker with a membership at each company, and an account: (signed in, memberships)."""
    found = User.get_or_none(User.name == "Wulan Permatasari")
    if not found:
        found = User(name="Wulan Permatasari", role="worker", created_at=clock.now())
        found.email = "wulan@pekerja.example"
        found.save(force_insert=True)
        _give_memberships(found)
    rows = (Membership.select(Membership, Company, Worker).join(Company).switch(Membership)
            .join(Worker).where(Worker.user == found))
    return as_user(app, found), {row.company.name: row for row in rows}


def _give_memberships(user):
    worker = Worker(name=user.name, birth_date="1994-03-02", created_at=clock.now(), user=user)
    worker.nik = "3171064203940077"
    worker.save(force_insert=True)
    for number, company in enumerate(PLACES):
        Membership.create(company=Company.get(Company.name == company), worker=worker,
                          kpj=f"7770000000{number}", started_on="2022-01-03",
                          position="Staf gudang", name_key="wulan permatasari")


def fresh(asked):
    """A request as it is now."""
    return request_numbered(asked.id)


def newest_request():
    """The request that was begun last."""
    return request_numbered(DeactivationRequest.select().order_by(
        DeactivationRequest.id.desc()).get().id)


def asking(app, cast, _):
    wulan, at = worker_of_three(app)
    yield "Kepesertaan", wulan.open("/kepesertaan")
    yield "active", wulan.open(f"/kepesertaan/{at['PT Maju Bersama'].public_id}")
    yield "draft", wulan.send()
    here = wulan.page.path
    yield "draft, empty", wulan.send()
    wulan.post(f"{here}/simpan", {**wulan.page.fields(), "note": LONG})
    yield "draft, kept", wulan.page
    yield "active, draft begun", wulan.open(f"/kepesertaan/{at['PT Maju Bersama'].public_id}")
    yield "Beranda, draft begun", wulan.open("/beranda")
    wulan.open(here)
    day = (clock.today() + timedelta(days=5)).isoformat()
    yield "check", wulan.send(reason="LNG", last_day=day, note=LONG)
    fields = wulan.page.fields()
    yield "waiting for the company", wulan.send()
    yield "sent by another window", wulan.post(here, {**fields, "note": LONG})
    yield "withdraw", wulan.open(f"{here}/tarik")
    yield "active, asked", wulan.open(f"/kepesertaan/{at['PT Maju Bersama'].public_id}")


def statement():
    """Another photograph: the same file twice would be one paper."""
    body = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(body, "JPEG")
    return body.getvalue()


def answered(app, cast, photograph):
    wulan, at = worker_of_three(app)
    asked, now = newest_request(), clock.now()
    here, rules = f"/permohonan/{asked.case.public_id}", rules_on(clock.today())
    requests.approve(asked, cast.ani, version=asked.version, now=now)
    yield "Beranda, form due", wulan.open("/beranda")
    yield "form", wulan.open(here)
    yield "form, lacking", wulan.send("#fill-in")
    wulan.open(here)
    yield "form, a paper there", wulan.send("form[data-papers]", kind="PASPOR", file=(
        io.BytesIO(photograph), "paspor.jpg"))
    wulan.open(here)
    wulan.send("form[data-papers]", kind="PERNYATAAN", file=(
        io.BytesIO(statement()), "pernyataan.jpg"))
    asked = fresh(asked)
    requests.fill_in(asked, User.get(User.name == "Wulan Permatasari"), version=asked.version,
                     address="Jalan Melati 3, Bandung", rules=rules, now=now)
    yield "waiting for the confirmation", wulan.open(here)
    requests.escalate_overdue(now + timedelta(days=40))
    yield "escalated", wulan.open(here)
    asked = fresh(asked)
    requests.refuse_at_branch(asked, cast.dewi, version=asked.version, reason=LONG,
                              case_version=asked.case.version, now=now)
    yield "refused", wulan.open(here)
    yield from done(wulan, at, cast, rules, now)


def done(wulan, at, cast, rules, now):
    place = at["PT Maju Logistik"]
    asked = requests.begin(place, place.worker.user, now)
    asked = requests.keep_draft(asked, reason="RSG", note="", now=now,
                                last_day=clock.today() - timedelta(days=20))
    requests.send(asked, place.worker.user, version=asked.version, rules=rules, now=now)
    report(place, cast.ani, clock.today() - timedelta(days=20), now)
    yield "done", wulan.open(f"/permohonan/{asked.case.public_id}")
    yield "ended, late", wulan.open(f"/kepesertaan/{place.public_id}")
    link, = wulan.page.tree.xpath("//a[contains(@href, 'tanda-terima')]/@href")
    yield "receipt", wulan.open(link)
    yield "letter not there yet", wulan.open(link.replace("tanda-terima", "paklaring"))
    yield "Beranda, objectionable", wulan.open("/beranda")


def report(membership, clerk, last_day, now):
    """A clerk ends a membership."""
    company = membership.company
    with write_transaction():
        draft = deactivations.draft_within(membership, clerk, reason="RSG", last_day=last_day,
                                           note="", now=now)
    deactivations.file(draft, clerk, version=draft.version, company=company,
                       rules=rules_on(clock.day_of(now)), now=now)


def objecting(app, cast, _):
    wulan, at = worker_of_three(app)
    place, now = f"/kepesertaan/{at['PT Maju Logistik'].public_id}", clock.now()
    wulan.open(place)
    yield "draft", wulan.send()
    here = wulan.page.path
    yield "draft, too short", wulan.send("#draft", reason="Salah")
    yield "ended, objection begun", wulan.open(place)
    wulan.open(here)
    yield "sent", wulan.send("#draft", reason=LONG)
    objection = objection_of(Objection.select().order_by(Objection.id.desc()).get().case)
    objections.answer(objection, "company", cast.ani, "Kami punya suratnya.\n" + LONG, now)
    objections.answer(objection, "branch", cast.dewi, "Kapan terakhir Anda masuk?", now)
    yield "thread", wulan.open(here)
    yield "thread, empty answer", wulan.send("#answer")
    yield "disputed", wulan.open(place)
    yield "Beranda, answered", wulan.open("/beranda")
    yield "withdraw", wulan.open(f"{here}/tarik")
    objections.uphold(objection, cast.dewi, case_version=objection_of(objection.case).case.version,
                      verdict=LONG, now=now)
    yield "turned down", wulan.open(here)
    report(at["PT Lain Sejahtera"], cast.citra, clock.today() - timedelta(days=2), now)
    wulan.open(f"/kepesertaan/{at['PT Lain Sejahtera'].public_id}")
    wulan.send()
    here = wulan.page.path
    wulan.send("#draft", reason=LONG)
    objection = objection_of(Objection.select().order_by(Objection.id.desc()).get().case)
    objections.grant(objection, cast.dewi, case_version=objection.case.version, verdict=LONG,
                     now=now)
    yield "granted", wulan.open(here)
    yield "restored", wulan.open(f"/kepesertaan/{at['PT Lain Sejahtera'].public_id}")
    yield "Kepesertaan, of each kind", wulan.open("/kepesertaan")
