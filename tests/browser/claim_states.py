"""Pages of claims and of destinations in every state; see ``tests.browser.states``."""

import io
import re
from datetime import timedelta

from tests.browser.account_states import as_user, newest_code
from tests.browser.case_states import LONG, report
from tests.claim_desk.claims import (
    approve,
    confirm,
    linked,
    saved,
    sent,
    take,
    url,
)
from tests.page import Clerk
from webapp import clock
from webapp.db import write_transaction
from webapp.models.accounts import SendHistory
from webapp.models.claims import (
    APPROVED,
    FAILED,
    IN_REVIEW,
    LINKED,
    PAID,
    Claim,
    Destination,
    Hold,
)
from webapp.models.companies import Company
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Membership, Worker


def claim_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (linking, claiming, following, reviewing, for_heirs, stopping)


def claimant(app, cast, name="Yuni Kartika", number=5):
    """A worker with an account whose membership at PT Maju ended long ago: (signed in, worker)."""
    found = User.get_or_none(User.name == name)
    if not found:
        found = User(name=name, role="worker", created_at=clock.now())
        found.email, found.phone = f"p{number}@pekerja.example", f"+6281355550{number:03}"
        found.save(force_insert=True)
        worker = Worker(name=name, birth_date="1988-03-02", created_at=clock.now(), user=found)
        worker.nik = f"31710642038800{number:02}"
        worker.save(force_insert=True)
        company = Company.get(Company.name == "PT Maju Bersama")
        place = Membership.create(company=company, worker=worker, kpj=f"5550000000{number}",
                                  started_on="2012-01-02", name_key=name.lower())
        report(place, cast.ani, clock.today() - timedelta(days=50), clock.now())
    return as_user(app, found), Worker.get(Worker.user == found)


def linking(app, cast, _):
    yuni, _ = claimant(app, cast)
    yield "none linked", yuni.open("/rekening")
    yield "form", yuni.open("/rekening/sambungkan")
    yield "form, empty", yuni.send()
    filled = {"provider": "BCA", "number": "123-456-8123", "holder": "Yuni Kartikaa"}
    yield "check, a letter apart", yuni.send(**filled)
    yuni.open("/rekening/sambungkan")
    yield "check, another name", yuni.send(**{**filled, "holder": "Bambang Prasetyo"})
    yield "code", yuni.send()
    yield "code, wrong", yuni.send(code="000000")
    yield "in review", yuni.send(code=newest_code())
    row = Destination.get(Destination.state == IN_REVIEW)
    dewi = as_user(app, cast.dewi)
    here = f"/cabang/rekening/{row.case.public_id}"
    yield "at the branch", dewi.open(here)
    yield "at the branch, refused", _refused(dewi, here)
    yield "not linked", yuni.open("/rekening")
    row = linked(User.get(User.name == "Yuni Kartika"), "Yuni Kartika", "9876500123")
    yield "linked", yuni.open("/rekening")
    yield "cutting", yuni.open(f"/rekening/{row.public_id}/putuskan")


def _refused(dewi, here):
    form = next(one for one in dewi.page.select("main form")
                if one.xpath(".//textarea"))
    return dewi.post(form.get("action") or here, {
        **{field.get("name"): field.get("value") or "" for field in form.xpath(".//input")},
        **{area.get("name"): LONG[:300] for area in form.xpath(".//textarea")},
        **{button.get("name"): button.get("value") for button in form.xpath(".//button[@name]")}})


def claiming(app, cast, photograph):
    yuni, worker = claimant(app, cast)
    yield "Pencairan, empty", yuni.open("/pencairan")
    yield "kinds", yuni.open("/pencairan/daftar")
    yield "kinds, none chosen", yuni.send()
    saved(worker, 14_000_000)
    yuni.open("/pencairan/daftar")
    yield "conditions, not met", yuni.send(kind="JHT-PSN")
    yuni.open("/pencairan/daftar")
    yield "conditions, met", yuni.send(kind="JHT-S30")
    here = re.sub(r"/syarat.*", "", yuni.page.path)
    yield "amount", yuni.open(f"{here}/jumlah")
    yield "amount, too much", yuni.send(amount="14.000.000")
    yuni.open(f"{here}/jumlah")
    yield "purpose", yuni.send(amount="4.000.000")
    yield "purpose, empty", yuni.send()
    yuni.open(f"{here}/keperluan")
    yield "contact", yuni.send(purpose="Uang muka rumah", reason=LONG)
    yuni.open(f"{here}/kontak")
    yield "papers", yuni.send(address="Jalan Melati 3, Jakarta")
    yield "papers, lacking", yuni.send("main form:not([data-papers])")
    for kind, body in (("KTP", photograph), ("DOK_RUMAH", b"%PDF")):
        yuni.open(f"{here}/dokumen")
        yuni.send("form[data-papers]", kind=kind, file=(io.BytesIO(body), f"{kind}.jpg"))
    yield "papers, one refused", yuni.page
    yield "destination", yuni.open(f"{here}/rekening")
    yield "a draft is there", yuni.open("/pencairan/daftar")
    yield "Beranda, a draft", yuni.open("/beranda")
    yield "give up", yuni.open(f"{here}/batal")
    yuni.send()
    yuni.open("/pencairan/daftar")
    yuni.send(kind="LAIN")
    yield "check", _filled(yuni)
    yield "code", yuni.send()
    yield "receipt", yuni.send(code=newest_code())


def _filled(yuni):
    here = re.sub(r"/syarat.*", "", yuni.page.path)
    yuni.open(f"{here}/jumlah")
    yuni.send(amount="400.000")
    yuni.open(f"{here}/keperluan")
    yuni.send(purpose="Biaya sekolah anak", reason="Untuk biaya sekolah anak saya bulan ini.")
    yuni.open(f"{here}/kontak")
    yuni.send(address="Jalan Melati 3, Jakarta")
    yuni.open(f"{here}/dokumen")
    yuni.send("main form:not([data-papers])")
    yuni.open(f"{here}/rekening")
    yuni.send()
    return yuni.open(f"{here}/periksa")


def following(app, cast, _):
    yuni, _ = claimant(app, cast)
    claim = Claim.select().order_by(Claim.id.desc()).get()
    here = f"/pencairan/{claim.case.public_id}"
    yield "Pencairan, one runs", yuni.open("/pencairan")
    yield "waiting", yuni.open(here)
    visitor = Clerk(app)
    yield "Lacak", visitor.open("/lacak")
    yield "Lacak, wrong", visitor.send(number=claim.case.number, secret="ABCDEFGH")
    yield "Lacak, found", visitor.send(number=claim.case.number, secret=claim.secret)
    yield "help, found", _asked(visitor, "KIDB")
    yield "help, nothing", _asked(visitor, "zzzz")
    yield "taking back", yuni.open(f"{here}/batal")
    yield "Beranda", yuni.open("/beranda")


def _asked(visitor, words):
    visitor.open("/bantuan")
    name = next(name for name in visitor.page.fields() if name != "csrf_token")
    return visitor.send(**{name: words})


def reviewing(app, cast, _):
    yuni, worker = claimant(app, cast)
    dewi, eka = as_user(app, cast.dewi), as_user(app, cast.eka)
    claim = Claim.select().order_by(Claim.id.desc()).get()
    here = f"/pencairan/{claim.case.public_id}"
    yield "queue", dewi.open("/cabang")
    yield "before it is taken", dewi.open(url(claim))
    yield "taken", take(dewi, claim)
    yield "returning", dewi.open(url(claim, "/kembalikan"))
    yield "returning, nothing marked", dewi.send("#returning")
    yield "refusing", dewi.open(url(claim, "/tolak"))
    yield "refusing, no reason", dewi.send("#refusing")
    yield "approving", dewi.open(url(claim, "/setujui"))
    dewi.open(url(claim, "/kembalikan"))
    fields = dewi.page.fields("#returning")
    why = next(name for name in fields if "reason" in name)
    ticks = next(box for box in dewi.page.select("#returning input[type=checkbox]")
                 if box.get("value") == "reason")
    yield "returned", dewi.post(dewi.page.action("#returning"), {
        **fields, ticks.get("name"): "reason", why: "Tulis untuk sekolah mana."})
    yield "to be corrected", yuni.open(here)
    yield "Beranda, to be corrected", yuni.open("/beranda")
    yield "correcting", yuni.open(f"{here}/perbaiki")
    yield "corrected", yuni.send("#correction", reason="Untuk SD Negeri 3, bulan Desember ini.")
    take(dewi, claim)
    yield "approved", approve(dewi, claim, seen=())
    yield "approved, for the worker", yuni.open(here)
    yield from _afterwards(yuni, claim, here)
    large = sent(cast, "JHT-RSG", credited=14_000_000, worker=worker, user=worker.user)
    Claim.update(needs_interview=True, needs_second=True).where(Claim.id == large.id).execute()
    place = f"/pencairan/{large.case.public_id}"
    take(dewi, large)
    yield "asking for an interview", dewi.open(url(large, "/wawancara"))
    yield "interview asked for", dewi.send()
    yield "to be met", yuni.open(place)
    yield "slots", yuni.open(f"{place}/wawancara")
    yield "slots, none chosen", yuni.post(yuni.page.action(), {
        "csrf_token": yuni.page.fields()["csrf_token"]})
    yuni.open(f"{place}/wawancara")
    slot = yuni.page.select("input[type=radio]")[0]
    yield "booked", yuni.send(**{slot.get("name"): slot.get("value")})
    yield "giving the slot back", yuni.open(f"{place}/wawancara/batal")
    yield "met", dewi.open(url(large, "/wawancara/selesai"))
    dewi.send(note="Cocok dengan KTP.")
    yield "agreed by the first", approve(dewi, large)
    yield "for the second", eka.open(url(large, "/kedua"))
    yield "second, not read", eka.send("#confirming")
    yield "agreed by two", confirm(eka, large)


def _afterwards(yuni, claim, here):
    """What the bank makes of it."""
    claim.state = FAILED
    Claim.update(state=FAILED).where(Claim.id == claim.id).execute()
    yield "bounced", yuni.open(here)
    yield "Beranda, bounced", yuni.open("/beranda")
    Claim.update(state=APPROVED).where(Claim.id == claim.id).execute()
    Hold.create(user=claim.worker.user, cause="email", begun_at=clock.now(), stop_index="0" * 32,
                until=clock.now() + timedelta(days=2))
    yield "held", yuni.open(here)
    Hold.delete().execute()
    Claim.update(state=PAID, paid_on=clock.today()).where(Claim.id == claim.id).execute()
    yield "paid", yuni.open(here)
    yield "Pencairan, over", yuni.open("/pencairan")


def for_heirs(app, cast, _):
    _, worker = claimant(app, cast, "Slamet Gunawan", 6)
    place = Membership.get(Membership.worker == worker)
    with write_transaction():
        place.deactivations.model.update(reason="MGL").where(
            place.deactivations.model.membership == place).execute()
    saved(worker, 30_000_000)
    dewi = as_user(app, cast.dewi)
    yield "person who died", dewi.open(f"/cabang/orang/{worker.user.public_id}")
    yield "heir", dewi.send("form[action$='/ahli-waris']")
    yield "heir, empty", dewi.send("#heir")
    yield "heir, lacking papers", dewi.send(
        "#heir", name="Andi Saputra", nik="3171061203850009", relation="ANAK",
        phone="081355550111", provider="BCA", number="5566778899", holder="Andi Saputra")


def stopping(app, cast, _):
    visitor = Clerk(app)
    yield "stop", visitor.open("/hentikan-pencairan")
    yield "stop, no such code", visitor.send(code="N7K4-22QD-8MX2")
    SendHistory.delete().execute()
    yuni, _ = claimant(app, cast)
    row = Destination.get(Destination.user == User.get(User.name == "Yuni Kartika"),
                          Destination.state == LINKED)
    yuni.open(f"/rekening/{row.public_id}/putuskan")
    yield "cut", yuni.send()
    text = next(row.body for row in Message.select().order_by(Message.id.desc())
                if row.body and re.search(r"\b\w{4}-\w{4}-\w{4}\b", row.body)
                and "entikan" in row.body)
    visitor.open("/hentikan-pencairan")
    yield "stopped", visitor.send(code=re.search(r"\b\w{4}-\w{4}-\w{4}\b", text).group())
    yield "stopped, for the worker", as_user(
        app, User.get(User.name == "Yuni Kartika")).open("/rekening")
