"""Siti goes on alone, through the pages; company, branch and bank act by their services."""

import hashlib
from datetime import date, timedelta

from tests.claim_desk.claims import reported
from tests.company_cases.asking import report
from webapp import clock
from webapp.bills import importing
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.switches import Bill, OwnMembership, Switch
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.requests.queries import request_of
from webapp.switch.following import follow
from webapp.switch.queries import switch_numbered
from webapp.switch_desk import service as desk
from webapp.switch_desk.queries import switch_at

LEAVING = {"reason": "RSG", "last_day": "2026-11-30", "address": "Jalan Melati 3, Jakarta"}
INCOME = {"income": "1.000.000", "sector": "lainnya", "has_savings": "tidak"}


def begin(siti, membership):
    """Siti stands before the first page of a draft."""
    siti.open("/mandiri")
    return siti.post(f"/mandiri/mulai/{membership.public_id}",
                     {"csrf_token": siti.page.fields("form[action^='/mandiri/mulai']")
                      ["csrf_token"]})


def drafted(siti, cast, **answers):
    """Siti stands before the check page; PT Maju still has her, unless it was reported."""
    page = begin(siti, cast.siti_at_maju)
    if page.path.endswith("/berhenti"):
        siti.send("#leaving-form", **LEAVING)
    siti.send("#income-form", **INCOME | answers)
    siti.send("#start-form")
    return siti.send("#papers-form")


def sent(siti, cast, **answers):
    """Siti stands before what she has sent."""
    drafted(siti, cast, **answers)
    siti.send(".confirm-bar")
    return siti.open(here())


def at_branch(siti, cast, last_day=None, **answers):
    """PT Maju reported her to have left, and what she sent waits at the branch."""
    report(cast, clock.now(), last_day=last_day or clock.today() - timedelta(days=2))
    sent(siti, cast, **answers)
    return only()


def only():
    """The newest switch, as it is now."""
    return switch_numbered(Switch.select().order_by(Switch.id.desc()).get().id)


def here(act=""):
    """Where it is for the worker."""
    return f"/mandiri/{only().case.public_id}{act}"


def loaded(officer):
    """The switch as the branch's pages have it."""
    return switch_at(officer.branch_id, only().case.public_id)


def shown_to(officer):
    """What a page shows to an officer now."""
    return desk.Shown(only().version, only().case.version, officer, clock.now())


def approved(siti, cast, **answers):
    """The branch has granted it; the first bill."""
    at_branch(siti, cast, **answers)
    desk.approve(loaded(cast.dewi), shown_to(cast.dewi))
    return Bill.get()


def bank_list(*payments, day="2026-11-22"):
    """The bytes of a bank's list: (code, amount[, day]) of each payment."""
    body = f"IURAN-MASUK;1;BCA;{day}\nkode;jumlah;tanggal;referensi\n"
    total = 0
    for place, (code, amount, *on) in enumerate(payments, 1):
        body += f"{code};{amount};{on[0] if on else day};BCA-{place:05}\n"
        total += amount
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"{body}KONTROL;{len(payments)};{total};{digest}\n".encode()


def pay(bill, day=None):
    """The bank says that a bill was paid, today if no day is named."""
    day = day or clock.today()
    return importing.take_result(
        bank_list((bill.code, bill.amount, day.isoformat()), day=clock.today().isoformat()),
        clock.now())


def active(siti, cast, **answers):
    """Siti's own membership, the first contribution being paid."""
    pay(approved(siti, cast, **answers))
    return OwnMembership.get()


def worker_siti():
    """Siti as the companies know her."""
    return Worker.get(Worker.name == "Siti Rahayu")


def asked():
    """What the switch asks the company, as it is now."""
    return request_of(only().case_id)


def company_approves(cast):
    """PT Maju agrees; what is left is to confirm."""
    requests.approve(asked(), cast.ani, version=asked().version, now=clock.now())


def company_confirms(cast):
    """PT Maju has agreed and confirms; then the switch goes on by itself."""
    now = clock.now()
    requests.confirm(asked(), cast.ani, version=asked().version, now=now,
                     company=Company.get_by_id(cast.maju.id), rules=rules_on(clock.day_of(now)))
    return follow(now)


def company_refuses(cast, reason="Masih ada serah terima."):
    """PT Maju says no; then the switch waits."""
    requests.refuse(asked(), cast.ani, version=asked().version, reason=reason, now=clock.now())
    return follow(clock.now())


def died(cast):
    """PT Maju, where Siti had a second card, reports her death. Returns the deactivation."""
    second = Membership.create(company=cast.maju, worker=worker_siti(), kpj="30145279999",
                               started_on=date(2026, 1, 1), name_key="siti rahayu")
    return reported(cast, second, reason="MGL", last_day=clock.today())


def siti_user():
    """Siti's account as it is now."""
    return User.get(User.role == "worker")
