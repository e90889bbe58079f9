"""What each act costs on PostgreSQL, and the machines that a site of 40 million members takes.

``python -m bench.capacity [--workers 10000]``: measures for about three minutes, then prints the
arithmetic line by line. What is assumed stands in ``bench/machines.py``, apart from what is seen.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

from bench import acts
from bench.costs import Meter, commits_a_second
from bench.explained import lines
from bench.inside import application, database_of
from bench.machines import MACHINE, SITE
from bench.rows import CLERKS_COMPANY, free_cards
from bench.server import House, running, serving
from bench.visitor import Received
from deploy.cluster import postmaster_in
from tests.faults.harness import Gateways, is_all_sent
from tests.faults.houses import Builder, DurableServer, Store
from tests.faults.money import PEOPLE
from tests.faults.processes import wait_until
from webapp import clock, text_sheet
from webapp.db import write_transaction
from webapp.deactivation.service import take_effect
from webapp.models.claims import Savings
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.uploads import DONE, READY, Upload
from webapp.models.workers import Membership, Worker
from webapp.uploads import service as uploads
from webapp.worker_process import HEARTBEAT

WORKERS, MANY, SOME, ROWS = 10_000, 240, 70, 500
IDLE_SECONDS, PATIENCE_SECONDS = 5, 120
QUIET = ("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'",
         # No checkpoint but ours, so that whole pages are in the log when we say so.
         "ALTER SYSTEM SET checkpoint_timeout = '1h'", "ALTER SYSTEM SET max_wal_size = '20GB'",
         # It would come in the middle of some act; bench/machines.py adds its share.
         "ALTER SYSTEM SET autovacuum = off")


def main():
    """Measure and print. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--workers", type=int, default=WORKERS, help="of the one large company")
    options = parser.parse_args()
    costs, idle, commits = measured(options.workers)
    print("\n".join(lines(costs, idle, commits, SITE, MACHINE)))
    return 0


def measured(workers):
    """(``Cost`` by act, that of a second of an idle sender, commits a second of one connection)."""
    with ExitStack() as stack:
        server = DurableServer()
        stack.callback(server.remove)
        store = Store(server.uri)
        with closing(store.connect(autocommit=True)) as line:
            for setting in QUIET:
                line.execute(setting)
        with server.away():     # the first of them asks for a new start
            pass
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="purna-capacity-")))
        built = Builder(work, server.uri, workers).house()
        house = House(built.folder, built.url)
        application(house)
        stack.enter_context(database_of(house))
        postmaster = postmaster_in(server.folder / "data")
        walk = Walk(house, postmaster, stack)
        return walk.costs(), walk.idle, commits_a_second(built.url)


class Walk:
    """All acts in turn, on one house: those of later ones need what earlier ones left."""

    def __init__(self, house, postmaster, stack):
        self._house, self._stack, self.idle = house, stack, None
        self._traffic = Received()
        self._documents = house.folder / "documents"
        self._server = stack.enter_context(serving(house))
        self._meter = stack.enter_context(closing(Meter(
            house.url, self._server.pid, postmaster, self._documents, self._traffic)))

    def costs(self):
        """``Cost`` by act."""
        self._house.run_module("tests.faults.money_people")
        with write_transaction():     # enough for a part, too little for an interview
            Savings.update(credited=9_000_000).execute()
        found = {}
        for name, act, things in self._pages():
            print(f"… {name}", file=sys.stderr, flush=True)
            found[name] = self._meter.measured(act, things)
        found |= self._swept() | self._sent()
        return found

    def _pages(self):
        base, traffic = self._server.base, self._traffic
        clerk = acts.Company(base, traffic)
        cards = iter(free_cards(self._house, 2 * MANY + SOME))
        people = list(User.select().join(Worker, on=Worker.user == User.id).order_by(Worker.id))
        rich, others = people[:PEOPLE], people[PEOPLE:PEOPLE + SOME]
        claimants = acts.visitors(base, traffic, rich)
        visitors = acts.visitors(base, traffic, others)
        officer, = acts.visitors(base, traffic, [acts.person(acts.OFFICER)])
        yield "a sign-in", acts.sign_in, acts.strangers(base, traffic, others)
        yield "a page looked at", acts.look_home, visitors * 4
        yield "a list looked at", clerk.look, range(MANY)
        yield "a search", clerk.search, [next(cards) for _ in range(MANY)]
        yield "a deactivation", clerk.deactivate, [next(cards) for _ in range(MANY)]
        yield "a closing", acts.close, visitors
        yield "a claim filled in", acts.fill_in_claim, claimants
        yield "a paper handed in", acts.hand_in, claimants
        yield "a claim sent", acts.send_claim, claimants
        yield "a decision", acts.decide, [acts.at_the_claims(officer)] * PEOPLE
        yield "(a deactivation ahead)", clerk.schedule, [next(cards) for _ in range(SOME)]

    def _swept(self):
        """The sweep at midnight, by the function that the sender calls."""
        began = time.process_time()
        with self._meter.measuring() as spent:
            count = take_effect(clock.now() + timedelta(days=3))
        own = (time.process_time() - began) * 1000
        return {"a row swept at midnight": shared(spent[0]._replace(web_ms=own), count)}

    def _sent(self):
        """What the sender does: first nothing, then all messages that wait, then a list."""
        store = Store(self._house.url)
        waiting = store.execute("UPDATE message SET due_at = due_at + interval '1 hour' "
                                "WHERE state = 'MENUNGGU'")
        gateways = self._stack.enter_context(Gateways())
        sender = self._stack.enter_context(running(
            [sys.executable, "-m", "flask", "worker"], self._house.environment(
                PURNA_SMTP_URL=gateways.smtp.url, PURNA_SMS_URL=gateways.sms.url)))
        wait_until((self._house.folder / HEARTBEAT).exists, PATIENCE_SECONDS)
        time.sleep(2 * IDLE_SECONDS)     # what it does at its start
        self._meter.pid = sender.pid
        with self._meter.measuring() as spent:
            time.sleep(IDLE_SECONDS)
        self.idle = spent[0].each(IDLE_SECONDS)
        return {
            "a message delivered": self._worked(waiting, lambda: store.execute(
                "UPDATE message SET due_at = due_at - interval '1 hour' "
                "WHERE state = 'MENUNGGU'")),
            "a row of a list": self._worked(ROWS, self._file_list)}

    def _worked(self, count, begin):
        """``Cost`` of one of so many things that the sender does, without its idling."""
        with self._meter.measuring() as spent:
            began = time.monotonic()
            begin()
            wait_until(lambda: is_all_sent(Store(self._house.url)), PATIENCE_SECONDS, pause=0.2)
            seconds = time.monotonic() - began
        return shared(spent[0].without(self.idle, seconds), count)

    def _file_list(self):
        """A list of leavers, from its file to the last receipt."""
        clerk, now = acts.person(acts.CLERK), clock.now()
        company = Company.get(Company.npp == CLERKS_COMPANY)
        last_day = clock.today() - timedelta(days=3)
        people = (Membership.select(Membership.kpj, Worker.name).join(Worker)
                  .where(Membership.kpj << free_cards(self._house, ROWS)).tuples())
        body = text_sheet.write("Keluar", ("KPJ", "Nama", "Sebab", "Tanggal Kejadian"), [
            (kpj, name, "RSG - Mengundurkan diri", f"{last_day:%d/%m/%Y}")
            for kpj, name in people])
        upload = uploads.take_in(company, clerk, body, "keluar.xlsx", now)
        wait_until(lambda: Upload.get_by_id(upload.id).state == READY, PATIENCE_SECONDS, 0.2)
        uploads.start(upload, clerk, version=Upload.get_by_id(upload.id).version,
                      now=clock.now())
        wait_until(lambda: Upload.get_by_id(upload.id).state == DONE, PATIENCE_SECONDS, 0.2)


def shared(cost, count):
    """``Cost`` of one of so many; whole pages are in the log once for all of them."""
    each = cost.each(count)
    return each._replace(full_log_bytes=each.log_bytes)


if __name__ == "__main__":
    sys.exit(main())
