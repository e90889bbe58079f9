"""Somebody who has left and goes on alone: what the branch has to review, so that its page is not
empty."""

import json
from datetime import timedelta

from webapp.clock import day_of
from webapp.contributions.arrears import earliest_start
from webapp.deactivation import service as deactivation
from webapp.demo.people import WORKERS
from webapp.models.companies import Company
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on
from webapp.switch import sending, service
from webapp.switch.checklist import ITEMS, ORIGINAL
from webapp.switch.queries import open_switch_of
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow


def add_switch(company, clerk, user, now):
    """Report somebody to have left, and send their switch, as they would.

    :param clerk: of the company.
    :param user: the account of who left.
    """
    known, yesterday = WORKERS[user.email], now - timedelta(days=1)
    row = TakenRow(row_number=2, kpj=known.kpj, nik=known.nik, name=user.name,
                   birth_date=known.birth_date, start_date=day_of(now) - timedelta(days=1400),
                   wage=5_100_000, position="Kasir", phone=known.phone, email=user.email)
    for refused in take_in_list(company, [row], now=now, outcome=Outcome()):
        raise RuntimeError(f"demo row refused: {refused}")
    membership = _reported(known.kpj, company, clerk, now - timedelta(days=3))
    worker = membership.worker
    Worker.update(user=user).where(Worker.id == worker.id).execute()
    switch = service.begin(worker, user, membership, yesterday)
    service.keep(switch, user, yesterday, income=2_500_000, has_savings=True, sector="lainnya",
                 starts_on=earliest_start(_last_day(now), day_of(yesterday)),
                 checklist=json.dumps({item.code: ORIGINAL for item in ITEMS}))
    switch = open_switch_of(worker)
    sending.send(switch, user, version=switch.version, rules=rules_on(day_of(yesterday)),
                 now=yesterday)


def _last_day(now):
    return day_of(now) - timedelta(days=5)


def _reported(kpj, company, clerk, filed_at):
    """The membership, which the company has ended."""
    membership = (Membership.select(Membership, Worker, Company).join(Worker).switch(Membership)
                  .join(Company).where(Membership.kpj == kpj).get())
    draft = deactivation.save_draft(membership, clerk, reason="RSG", note="", document=None,
                                    last_day=_last_day(filed_at + timedelta(days=3)), now=filed_at)
    deactivation.file(draft, clerk, version=draft.version, company=company,
                      rules=rules_on(day_of(filed_at)), now=filed_at)
    return membership
