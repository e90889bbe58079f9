"""The arithmetic of ``bench.machines`` as lines that can be followed one by one."""

from bench.machines import (
    GB,
    MB,
    RESERVED,
    a_second,
    acts_a_month,
    load_of,
    machines_for,
    values,
)

COLUMNS = (("web", 7, lambda one: f"{one.web_ms:.1f}"),
           ("database", 9, lambda one: f"{one.database_ms:.1f}"),
           ("statements", 11, lambda one: f"{one.statements:.0f}"),
           ("commits", 8, lambda one: f"{one.commits:.1f}"),
           ("log kB", 8, lambda one: f"{one.log_bytes / 1000:.1f}"),
           ("… full", 8, lambda one: f"{one.full_log_bytes / 1000:.0f}"),
           ("rows", 6, lambda one: f"{one.rows:.1f}"),
           ("grows kB", 9, lambda one: f"{one.row_bytes / 1000:.1f}"),
           ("stored kB", 10, lambda one: f"{one.stored_bytes / 1000:.0f}"),
           ("sent kB", 8, lambda one: f"{one.sent_bytes / 1000:.1f}"))
NAME = 26


def lines(costs, idle, commits_a_second, site, machine):
    """All of it, line by line."""
    told, means = values(site), values(machine)
    load = load_of(costs, told, means)
    yield from _measured(costs, idle, commits_a_second)
    yield from _told("What there is to do", site)
    yield from _told("What machines are", machine)
    yield from _month(costs, told)
    yield from _load(load)
    yield from _machines(load, means)
    yield from _kept(load, means)
    twice = {**told, "peak_hour": told["peak_hour"] * 2}
    found = machines_for(load_of(costs, twice, means), means)
    yield f"At twice that peak: {_counted(found)}; {_left(found)}"


def _measured(costs, idle, commits_a_second):
    yield "Measured in this run, of one act (ms of processor; web: our own process):"
    yield "".join([" " * NAME, *(name.rjust(width) for name, width, _ in COLUMNS)])
    for name, cost in (*costs.items(), ("a second of idle sender", idle)):
        yield "".join([name.ljust(NAME), *(
            show(cost).rjust(width) for _, width, show in COLUMNS)])
    yield "log: WAL an act writes; full: of the first after a checkpoint, which copies whole pages."
    yield ("Rare acts plan statements that a connection of long standing has planned: rather less "
           "there.")
    yield "What the sender does (messages, lists, the sweep) is under web too, as our own process."
    yield (f"One connection alone commits {commits_a_second:.0f} times a second on this disk, "
           "without a standby.")
    yield ""


def _told(title, numbers):
    yield f"{title}:"
    for number in numbers.values():
        yield f"  {_plain(number.value):>12}  {number.what} [{number.source}]"
    yield ""


def _month(costs, told):
    days, hour = told["working_days"], told["peak_hour"]
    yield (f"An act's pace at the peak = a month's / {days:.0f} days × {told['peak_day']} × {hour} "
           f"/ 3.600 s × {told['peak_minute']}:")
    yield (f"{'':<{NAME}}{'a month':>14}{'a second':>10}{'web cores':>11}"
           f"{'database cores':>16}")
    for name, count in acts_a_month(told).items():
        pace = a_second(count, told)
        yield (f"{name:<{NAME}}{_plain(count):>14}{pace:>10.2f}"
               f"{pace * costs[name].web_ms / 1000:>11.2f}"
               f"{pace * costs[name].database_ms / 1000:>16.2f}")
    claims = acts_a_month(told)["a decision"] / days / told["branches"]
    yield f"A branch decides about {claims:.0f} claims on a mean day."
    swept = acts_a_month(told)["a row swept at midnight"] / days * told["peak_day"]
    cost = costs["a row swept at midnight"]
    yield (f"The sweep of the busiest midnight: {_plain(round(swept))} rows × "
           f"({cost.web_ms:.1f} + {cost.database_ms:.1f}) ms = "
           f"{swept * (cost.web_ms + cost.database_ms) / 1000:.0f} s by one sender.")
    yield ""


def _load(load):
    yield "All acts together, at the peak:"
    yield (f"  processors: web {load.web_cores:.1f}, senders {load.sender_cores:.1f}, database "
           f"{load.database_cores:.1f}, edge {load.edge_cores:.1f}")
    yield (f"  PostgreSQL: {load.statements:.0f} statements, {load.commits:.0f} commits, "
           f"{load.log_bytes / MB:.1f} MB of log a second")
    yield (f"  network: {load.answers:.0f} answers, {load.sent_bytes * 8 / MB:.0f} Mbit a second "
           f"to clients; {2 * load.log_bytes * 8 / MB:.0f} Mbit to two standbys")
    yield ""


def _machines(load, means):
    found = machines_for(load, means)
    yield f"Machines, processors {means['busy']:.0%} busy at the peak, one more than needed:"
    yield (f"  web: ⌈({load.web_cores:.1f} + {load.sender_cores:.1f}) / {means['busy']} / "
           f"{means['web_cores']:.0f}⌉ + 1 = {found.web}, each with one sender")
    yield (f"  edge: ⌈{load.edge_cores:.1f} / {means['busy']} / {means['edge_cores']:.0f}⌉ + 1 = "
           f"{found.edge}")
    yield ("  database: a primary, its synchronous standby, and one more; they share nothing that "
           "grows with the number of web machines but connections")
    yield (f"    processors: {load.database_cores:.1f} of {means['database_cores']:.0f} × "
           f"{means['busy']}: {found.processor_used:.0%} of what may be used")
    yield (f"    connections: {found.web} × ({means['web_cores']:.0f} × {means['threads']:.0f} + "
           f"{means['beside']:.0f}) + {RESERVED} = {found.connections} of "
           f"{means['connections']:.0f}: {found.connections_used:.0%}")
    yield (f"    commits: {load.commits:.0f} of {means['flushes']:.0f} × {means['group']:.0f} a "
           f"second: {found.commits_used:.0%}")
    yield f"  In all {_counted(found)}, and 3 small ones for etcd; {_left(found)}"
    yield ""


def _kept(load, means):
    archive = load.log_bytes_a_month * means["squeezed"]
    yield "What stays:"
    yield (f"  database: {load.row_bytes_a_year / GB:.0f} GB and "
           f"{load.rows_a_year / 1e6:.0f} million rows a year, before anything is forgotten")
    yield (f"  documents: {load.stored_bytes_a_year / GB / 1000:.1f} TB and "
           f"{load.objects_a_year / 1e6:.1f} million objects a year")
    yield (f"  archive of the log: {load.log_bytes_a_month / GB:.0f} GB a month, "
           f"{archive / GB:.0f} GB of it kept; a full backup is the database × "
           f"{means['squeezed']}, {means['backups']:.0f} of them kept")
    yield ""


def _counted(found):
    return f"{found.web} web, {found.edge} edge, {found.database} database machines"


def _left(found):
    if found.used <= 1:
        return f"the one primary bears {1 / found.used:.1f} times that."
    return f"the one primary does NOT bear it: {found.used:.0%}."


def _plain(number):
    if number >= 1000:
        return f"{number:,.0f}".replace(",", ".")
    return f"{number:g}".replace(".", ",")
