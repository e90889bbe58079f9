"""Blocked accounts and complaints in every state; see ``tests.browser.states``."""

from datetime import timedelta

from tests.blocks.managers import blocked, manager, proposed, seen
from tests.browser.account_states import as_user
from tests.browser.desk_states import LONG
from tests.page import Clerk
from tests.people import account_for
from webapp import clock
from webapp.blocks import service as blocks
from webapp.complaints.words import ABOUT_BLOCK, IN_OWN_WORDS
from webapp.models.blocks import Block, Complaint
from webapp.models.branches import Branch
from webapp.models.people import IS_BLOCKED
from webapp.models.workers import Membership, Worker
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

TODAY = clock.today


def block_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (blocking, standing_before_it, complaining, without_an_account, answering)


def some_account(cast, number):
    """Another worker with an account."""
    row = TakenRow(row_number=2, kpj=f"8881119000{number}", nik=f"317106450892888{number}",
                   name=("Ratna Puspita", "Teguh Prakoso")[number],
                   birth_date=clock.today().replace(year=1992), phone=f"+62811222444{number}",
                   start_date=clock.today().replace(year=2021))
    assert not list(take_in_list(cast.maju, [row], now=clock.now(), outcome=Outcome()))
    return account_for(Worker.get_by_id(
        Membership.get(Membership.kpj == row.kpj).worker_id))


def managers(app, cast):
    """Fajar, and a second and a third manager: their accounts, made once."""
    if not hasattr(cast, "gita"):
        cast.gita = manager("Gita Larasati", cast)
        cast.hadi = manager("Hadi Wijaya", cast)
        cast.ratna, cast.teguh = some_account(cast, 0), some_account(cast, 1)
    return as_user(app, cast.fajar), as_user(app, cast.gita)


def here(block):
    return f"/cabang/blokir/{block.public_id}"


def blocking(app, cast, _):
    fajar, gita = managers(app, cast)
    yield "nobody is blocked", fajar.open("/cabang/blokir")
    yield "proposing", fajar.open(f"/cabang/blokir/orang/{cast.ratna.public_id}")
    yield "nothing is filled in", fajar.send()
    block = proposed(cast.ratna, cast.fajar)
    yield "proposed, for who did", fajar.open(here(block))
    yield "proposed, for the second", gita.open(here(block))
    yield "not dropped without why", gita.send(form="#drop")
    yield "list with a proposal", gita.open("/cabang/blokir")
    gita.open(here(block))
    yield "in force", gita.send(form="#confirm")
    Block.update(review_on=TODAY()).where(Block.id == block.id).execute()
    yield "to be reviewed today", fajar.open(here(block))
    yield "a review without its answer", fajar.send(form="#review")
    fajar.open(here(block))
    longer = {"act": "perpanjang", "reason": LONG,
              "until": (TODAY() + timedelta(days=90)).isoformat(),
              "review_on": (TODAY() + timedelta(days=20)).isoformat()}
    yield "longer is proposed", fajar.send(form="#review", **longer)
    yield "longer, for the second", gita.open(here(block))
    yield "the person's page", gita.open(f"/cabang/orang/{cast.ratna.public_id}")
    fresh = seen(block, cast.gita)
    blocks.end(fresh, cast.gita, "Keliru.", version=fresh.version, now=clock.now())
    yield "ended", fajar.open(here(block))


def standing_before_it(app, cast, _):
    blocked(cast.teguh, cast.fajar, cast.gita)
    teguh = as_user(app, cast.teguh, IS_BLOCKED)
    cast.teguh_page = teguh
    yield "the reason", teguh.open("/beranda")


def complaining(app, cast, _):
    teguh = cast.teguh_page
    yield "form", teguh.open("/pengaduan")
    yield "empty", teguh.send("form[action='/pengaduan']")
    yield "sent", teguh.send("form[action='/pengaduan']", subject=ABOUT_BLOCK, story=LONG)
    yield "ticket", teguh.open(ticket())
    yield "the reason, with a ticket", teguh.open("/diblokir")


def ticket():
    return f"/pengaduan/{Complaint.select().order_by(Complaint.id.desc()).get().case.public_id}"


def without_an_account(app, cast, _):
    visitor = Clerk(app)
    yield "visitor's form", visitor.open("/pengaduan")
    yield "visitor's empty form", visitor.send("form[action='/pengaduan']")
    yield "visitor's ticket", visitor.send(
        "form[action='/pengaduan']", subject=IN_OWN_WORDS, other="Petugas meminta uang", story=LONG,
        branch=Branch.get().public_id.hex,
        name="Wati Susanti", phone="081290005678")
    yield "following", visitor.open("/pengaduan/lacak")
    yield "following, empty", visitor.send("form[action='/pengaduan/lacak']")
    complaint = Complaint.select().order_by(Complaint.id.desc()).get()
    visitor.open("/pengaduan/lacak")
    yield "followed", visitor.send("form[action='/pengaduan/lacak']", number=complaint.case.number,
                                   secret=complaint.secret)


def answering(app, cast, _):
    hadi, dewi = as_user(app, cast.hadi), as_user(app, cast.dewi)
    complaint = Complaint.select().order_by(Complaint.id).get()
    desk = f"/cabang/pengaduan/{complaint.case.public_id}"
    yield "for an officer", dewi.open(desk)
    yield "for a manager", hadi.open(desk)
    yield "no question", hadi.send(form="#asking")
    hadi.open(desk)
    yield "asked", hadi.send(form="#asking", question="Mohon kirim foto KTP Anda.")
    yield "the person is asked", cast.teguh_page.open(ticket_of(complaint))
    answered = cast.teguh_page.send("#answer", text="Ini fotonya.")
    yield "answered", answered
    hadi.open(desk)
    yield "no verdict", hadi.send(form="#deciding", putusan="kabulkan")
    hadi.open(desk)
    yield "granted", hadi.send(form="#deciding", putusan="kabulkan", verdict=LONG)


def ticket_of(complaint):
    return f"/pengaduan/{complaint.case.public_id}"
