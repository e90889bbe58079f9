"""A list of 10.000 leavers checked, applied and undone, while others file one by one."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from statistics import quantiles

from bench.client import HTMX, expect, list_url, signed_in
from bench.datasets import dataset
from bench.inside import application, database_of
from bench.journey import Clerk, with_htmx
from bench.process import cpu_ms, family, memory_mib
from bench.report import EQUAL, Figure
from bench.rows import free_cards
from bench.server import running, serving
from webapp import clock, text_sheet
from webapp.db import write_transaction
from webapp.demo.data import COMPANIES, LARGEST, SIZES
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import EFFECTIVE, Deactivation
from webapp.models.people import User
from webapp.models.uploads import CANCELLED, DONE, READY, Upload
from webapp.models.workers import Membership, Worker
from webapp.uploads import service, undoing

ROWS, NPP = LARGEST, f"JJ9{len(COMPANIES):05}"      # the first company that has no clerk
WORKERS = LARGEST + sum(SIZES[npp] for npp, *_ in COMPANIES[1:]) + ROWS
CHECK_SECONDS, APPLY_SECONDS, MOST_MIB, P99_MS = 5, 15, 300, 50
CLIENTS, WARM_UP_SECONDS, ALONE_SECONDS, THINK_SECONDS = 2, 2, 6, 0.05
BEFORE, MOST_SECONDS = "no list is at work", 120
ANI, POLL_SECONDS = "ani@maju.example", 1      # as the page asks


def measure(options, figures):
    """One server, one worker process, a list and two clerks of another company; and the list's own
    clerk, whose browser asks for its progress."""
    house = dataset(options.folder, WORKERS, figures).copy_to(options.work / "uploads")
    cards = iter(free_cards(house, LARGEST // 2))
    application(house)
    with ExitStack() as stack:
        stack.enter_context(database_of(house))
        body = _leavers()
        _let_in()
        server = stack.enter_context(serving(house))
        ani = stack.enter_context(signed_in(server.base, ANI))
        worker = stack.enter_context(running([sys.executable, "-m", "flask", "worker"],
                                             house.environment()))
        others = Others(server, cards)
        with others.at_work("warming up"):
            time.sleep(WARM_UP_SECONDS)
        with others.at_work(BEFORE):
            time.sleep(ALONE_SECONDS)
        with _watched(server.pid, worker.pid) as peaks:
            steps, upload = _done_with(body, others, worker.pid, ani)
            with others.at_work("its result is fetched"):
                figures += _result(ani, upload)
        figures += _figures(steps, others, peaks)


def _let_in():
    """The list's clerk acts for its company too."""
    with write_transaction():
        CompanyClerk.create(company=_company(), user=_ani())


def _company():
    return Company.get(Company.npp == NPP)


def _ani():
    return User.get(User.email.matches(ANI))


def _done_with(body, others, worker, client):
    """A list's way while others work: (seconds, the worker process's processor time, rows that
    stand applied afterwards) of each step; and the list.

    :param client: of the list's clerk.
    """
    ani, company = _ani(), _company()
    applied = Deactivation.select().where(Deactivation.company == company,
                                          Deactivation.state == EFFECTIVE)
    upload, steps = None, {}
    for name, act, is_over in (
            ("checked", lambda _: service.take_in(company, ani, body, "keluar.xlsx", clock.now()),
             lambda now: now.state == READY),
            ("applied", lambda one: service.start(one, ani, version=_version(one),
                                                  now=clock.now()),
             lambda now: now.state == DONE),
            ("undone", lambda one: undoing.undo(one, ani, "Daftar bulan lain.",
                                                version=_version(one), now=clock.now()),
             lambda now: now.state == CANCELLED and now.finished_at)):
        with others.at_work(name):
            before, began = cpu_ms(worker), time.perf_counter()
            upload = act(upload) or upload
            _wait(upload, is_over, client)
            steps[name] = (time.perf_counter() - began, (cpu_ms(worker) - before) / 1000,
                           applied.count())
    return steps, Upload.get_by_id(upload.id)


def _version(upload):
    return Upload.get_by_id(upload.id).version


def _wait(upload, is_over, client):
    """Until the worker process is done, asking for its progress as the page does. Raises
    ``TimeoutError`` when it never is."""
    end, asked = time.monotonic() + MOST_SECONDS, 0
    while not is_over(Upload.get_by_id(upload.id)):
        if time.monotonic() > end:
            raise TimeoutError(f"the list is {Upload.get_by_id(upload.id).state}")
        if time.monotonic() - asked > POLL_SECONDS:
            client.get(f"{_address(upload)}/kemajuan", headers=HTMX)
            asked = time.monotonic()
        time.sleep(0.05)


def _address(upload):
    return f"/perusahaan/{_company().public_id}/unggah/{upload.public_id}"


def _leavers():
    """An XLSX file with everybody of the company."""
    last_day = clock.today() - timedelta(days=3)
    rows = (Membership.select(Membership.kpj, Worker.name, Membership.started_on)
            .join(Worker).join_from(Membership, Company).where(Company.npp == NPP).tuples())
    return text_sheet.write("Keluar", ("KPJ", "Nama", "Sebab", "Tanggal Kejadian"), [
        (kpj, name, "RSG - Mengundurkan diri", f"{max(last_day, started):%d/%m/%Y}")
        for kpj, name, started in rows])


class Others:
    """Clerks of another company who deactivate one worker after the other through the pages, and
    how long each request of theirs took (ms), by what went on meanwhile."""

    def __init__(self, server, cards):
        self._server, self._cards, self._lock = server, cards, threading.Lock()
        self.took = {}

    @contextmanager
    def at_work(self, meanwhile):
        """They work until the block ends."""
        stop, took = threading.Event(), self.took.setdefault(meanwhile, [])
        with ThreadPoolExecutor(CLIENTS) as pool:
            runs = [pool.submit(self._work, stop, took) for _ in range(CLIENTS)]
            try:
                yield
            finally:
                stop.set()
        for run in runs:
            run.result()

    def _work(self, stop, took):
        with signed_in(self._server.base) as client:
            clerk = Clerk(client, list_url(client))
            client.event_hooks = {"request": [_begin], "response": [
                lambda answer: took.append(
                    (time.perf_counter() - answer.request.extensions["began"]) * 1000)]}
            while not stop.is_set():
                with self._lock:
                    card = next(self._cards)
                with_htmx(clerk, card)
                stop.wait(THINK_SECONDS)


def _begin(request):
    request.extensions["began"] = time.perf_counter()


@contextmanager
def _watched(*pids):
    """The most memory (MiB) of each process and of its children, meanwhile: a dict by pid."""
    peaks, stop = {}, threading.Event()

    def watch():
        while not stop.wait(0.05):
            for pid in [one for root in pids for one in family(root)]:
                peaks[pid] = max(peaks.get(pid, 0), memory_mib(pid)[0])

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        try:
            yield peaks
        finally:
            stop.set()
    watching.result()


def _figures(steps, others, peaks):
    bars = {"checked": CHECK_SECONDS, "applied": APPLY_SECONDS}
    for name, (seconds, processor, _) in steps.items():
        yield Figure(f"a list of {ROWS:,} leavers: {name}".replace(",", "."), seconds, "s",
                     bars.get(name),
                     remark=f"{processor:.1f} s of processor, messages sent meanwhile included")
    yield Figure("  rows applied", steps["applied"][2], "", ROWS, EQUAL)
    yield Figure("  rows that stand when undone", steps["undone"][2], "", 0, EQUAL)
    yield Figure("  memory of the largest process", max(peaks.values()), "MiB", MOST_MIB,
                 remark=f"{len(peaks)} processes")
    for meanwhile in (BEFORE, *steps, "its result is fetched"):
        took = others.took[meanwhile]
        cuts = quantiles(took, n=100)
        yield Figure(f"  others' requests, p99, while {meanwhile}", cuts[98], "ms",
                     None if meanwhile == BEFORE else P99_MS,
                     remark=f"median {cuts[49]:.1f}, longest {max(took):.0f} ms, {len(took)} of "
                            "them")


def _result(client, upload):
    """The file that says what became of each row, fetched through the page's link."""
    began = time.perf_counter()
    answer = expect(client.get(f"{_address(upload)}/hasil"), 200)
    yield Figure("  its result file fetched", time.perf_counter() - began, "s",
                 remark=f"{len(answer.content) / 1000:.0f} kB")
