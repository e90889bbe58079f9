"""What one deactivation costs the server, and what it costs Django's admin in the same run."""

from contextlib import ExitStack
from statistics import median

from bench import journey, peer
from bench.client import list_url, signed_in
from bench.datasets import dataset
from bench.process import cpu_ms
from bench.report import Absent, Figure
from bench.rows import free_cards
from bench.server import serving

WORKERS, WHEN_QUICK = 100_000, 10_000
WARM_UP, JOBS, PEER_JOBS, ROUNDS = 40, 200, 100, 2
SHARE = 1 / 15
VARIANTS = (("with htmx", journey.with_htmx),
            ("without JavaScript", journey.without_javascript),
            ("with htmx, and back to the list", journey.with_return_to_list))


def measure(options, figures):
    """Alternate ours and the peer's: ours, peer, ours, peer."""
    workers = WHEN_QUICK if options.quick else WORKERS
    house = dataset(options.folder, workers, figures).copy_to(options.work / "job")
    cards = iter(free_cards(house, WARM_UP + ROUNDS * len(VARIANTS) * JOBS))
    python = _peer(options, figures)
    ours, theirs = {name: [] for name, _ in VARIANTS}, []
    with ExitStack() as stack:
        server = stack.enter_context(serving(house))
        client = stack.enter_context(signed_in(server.base))
        clerk = journey.Clerk(client, list_url(client))
        _jobs(server, clerk, journey.with_htmx, cards, WARM_UP)
        for _ in range(ROUNDS):
            for name, act in VARIANTS:
                ours[name].append(_jobs(server, clerk, act, cards, JOBS))
            if python:
                theirs.append(peer.cpu_per_job(python, options.peer, options.folder,
                                               workers=workers, jobs=PEER_JOBS))
    figures += _judged(ours, theirs)


def _peer(options, figures):
    try:
        return peer.prepared(options.peer, options.folder)
    except FileNotFoundError:
        figures.append(Absent("server CPU per job against Django's admin", "peer not here"))
        return None


def _jobs(server, clerk, act, cards, count):
    """Server processor time for one job (ms), over ``count`` of them."""
    before = cpu_ms(server.pid)
    for _ in range(count):
        act(clerk, next(cards))
    return (cpu_ms(server.pid) - before) / count


def _judged(ours, theirs):
    for name, runs in ours.items():
        remark = "runs: " + ", ".join(f"{run:.2f}" for run in runs)
        yield Figure(f"server CPU of one deactivation, {name}", median(runs), "ms", remark=remark)
    if not theirs:
        return
    remark = "runs: " + ", ".join(f"{run:.1f}" for run in theirs)
    yield Figure("server CPU of the same in Django's admin", median(theirs), "ms", remark=remark)
    first, *others = ours
    yield Figure("  ours as a share of that (1/15 = 0,0667)",
                 round(median(ours[first]) / median(theirs), 4), "", round(SHARE, 4),
                 remark=f"1/{median(theirs) / median(ours[first]):.1f}")
    for name in others:
        yield Figure(f"  the share {name}", round(median(ours[name]) / median(theirs), 4),
                     remark=f"1/{median(theirs) / median(ours[name]):.1f}")
