"""Going on alone, in every state; see ``tests.browser.states``."""

from datetime import timedelta

from tests.browser.account_states import as_user
from tests.page import Clerk
from tests.people import account_for
from tests.switch.walking import INCOME, pay
from webapp import clock
from webapp.deactivation import service as deactivations
from webapp.models.switches import Bill, OwnMembership, Switch
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on
from webapp.switch.following import follow
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow


def switch_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (reckoning, leaving_and_switching, reviewing, paying)


def leaver(cast):
    """A worker of PT Maju with an account: made once."""
    found = Worker.get_or_none(Worker.name == "Intan Maharani")
    if not found:
        row = TakenRow(row_number=2, kpj="88811170001", nik="3171064508977771",
                       name="Intan Maharani", birth_date=clock.today().replace(year=1991),
                       start_date=clock.today().replace(year=2020), phone="+628112225551")
        assert not list(take_in_list(cast.maju, [row], now=clock.now(), outcome=Outcome()))
        found = Worker.get(Worker.name == "Intan Maharani")
        account_for(found)
    return Worker.get_by_id(found.id)


def reckoning(app, cast, _):
    visitor = Clerk(app)
    yield "calculator", visitor.open("/mandiri/hitung")
    yield "no income", visitor.send()
    visitor.open("/mandiri/hitung")
    yield "what a month costs", visitor.send(**INCOME)
    intan = as_user(app, leaver(cast).user)
    yield "nothing begun", intan.open("/mandiri")
    yield "nothing to pay", intan.open("/iuran")


def leaving_and_switching(app, cast, _):
    intan, ani = as_user(app, leaver(cast).user), as_user(app, cast.ani)
    membership = Membership.get(Membership.worker == leaver(cast))
    intan.open("/mandiri")
    yield "leaving", intan.post(
        f"/mandiri/mulai/{membership.public_id}",
        {"csrf_token": intan.page.fields("form[action^='/mandiri/mulai']")["csrf_token"]})
    yield "leaving, empty", intan.send("#leaving-form")
    yield "income", intan.send("#leaving-form", reason="RSG", address="Jalan Melati 3, Jakarta",
                               last_day=(clock.today() - timedelta(days=2)).isoformat())
    yield "income, empty", intan.send("#income-form")
    yield "start", intan.send("#income-form", **INCOME)
    yield "papers", intan.send("#start-form")
    yield "begun", intan.open("/mandiri")
    intan.open(f"{switch_url()}/dokumen")
    yield "check", intan.send("#papers-form")
    yield "sent", intan.send(".confirm-bar")
    yield "with the company", intan.open(switch_url())
    yield "taking it back", intan.open(f"{switch_url()}/batal")
    yield "the company's list", ani.open(f"/perusahaan/{cast.maju.public_id}/permohonan")
    draft = deactivations.save_draft(
        Membership.get_by_id(membership.id), cast.ani, reason="RSG", note="", document=None,
        last_day=clock.today() - timedelta(days=2), now=clock.now())
    deactivations.file(draft, cast.ani, version=draft.version, company=cast.maju,
                       rules=rules_on(clock.today()), now=clock.now())
    follow(clock.now())
    yield "with the branch", intan.open(switch_url())


def switch():
    return Switch.select().order_by(Switch.id.desc()).get()


def switch_url():
    return f"/mandiri/{switch().case.public_id}"


def reviewing(app, cast, _):
    intan, dewi = as_user(app, leaver(cast).user), as_user(app, cast.dewi)
    desk = f"/cabang{switch_url()}"
    yield "for the branch", dewi.open(desk)
    yield "taken", dewi.send("form[action$='/ambil']")
    yield "returning", dewi.open(f"{desk}/kembalikan")
    yield "returning nothing", dewi.send("#returning")
    yield "refusing", dewi.open(f"{desk}/tolak")
    yield "refusing without why", dewi.send("#refusing")
    yield "granting", dewi.open(f"{desk}/setujui")
    yield "granted", dewi.send("#approving")
    yield "first payment waits", intan.open(switch_url())


def paying(app, cast, _):
    intan = as_user(app, leaver(cast).user)
    yield "what is to be paid", intan.open("/iuran")
    pay(Bill.select().order_by(Bill.id.desc()).get())
    yield "active", intan.open(switch_url())
    yield "paid", intan.open("/iuran")
    yield "memberships", intan.open("/kepesertaan")
    OwnMembership.update(state="NONAKTIF", ended_on=clock.today()).execute()
    yield "lapsed", intan.open("/iuran")
    yield "lapsed, on Beranda", intan.open("/beranda")
