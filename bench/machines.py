"""How many machines a site takes: what is known and assumed, and the arithmetic. Pure.

What a thing costs is measured (``bench.capacity``); how often it happens is given here, each number
with where it comes from. An ``ASSUMED`` one has no source: put your own in its place.
"""

from math import ceil
from typing import NamedTuple

ASSUMED = "assumed"
GIVEN = "given with the task"
HOUR, DAY_SECONDS, YEAR_DAYS, MONTHS = 3600, 86_400, 365, 12
GB, MB = 1e9, 1e6


class Number(NamedTuple):
    """Something that the arithmetic is told."""

    value: float
    what: str
    source: str = ASSUMED


# How much there is to do.
SITE = {
    "members": Number(40e6, "members", GIVEN),
    "branches": Number(400, "branches", GIVEN),
    "leavers": Number(0.015, "of the members reported as leavers in a month"),
    "by_list": Number(0.6, "of these in lists, the others one by one"),
    "claims_a_day": Number(6200, "claims on a working day", "domain.md 2.3: JHT in 2020"),
    "claims_growth": Number(3, "times that by now, all kinds together"),
    "papers": Number(3, "papers of a claim"),
    "visitors": Number(0.15, "of the members who sign in at least once in a month"),
    "visits": Number(2, "visits of each of them"),
    "pages": Number(8, "pages of a visit"),
    "searches": Number(2, "searches by a clerk for each leaver reported alone"),
    "closings": Number(0.0005, "of the members who close their account in a month"),
    "messages": Number(2, "messages for each leaver, claim, decision and closing, codes beside"),
    "scheduled": Number(0.3, "of the leavers whose last day is still to come: swept at midnight"),
    # When it is done.
    "working_days": Number(21, "working days of a month"),
    "peak_day": Number(3, "times a working day's mean on the busiest, at the month's end"),
    "peak_hour": Number(0.2, "of a day's acts in its busiest hour"),
    "peak_minute": Number(1.5, "times the busiest hour's mean in its busiest minutes"),
}

# What machines are.
MACHINE = {
    "busy": Number(0.5, "of a processor used at the peak, so that the loss of one is borne",
                   GIVEN),
    "growth": Number(1.1, "times what an act costs at 10.000 workers, with 1.000.000 and more",
                     "README.md, Measured: searches 0,97 to 1,00, the branch's queue 1,10"),
    "vacuum": Number(1.2, "times PostgreSQL's processors and log, for vacuum, which rests here"),
    "web_cores": Number(8, "cores of a web machine, each like one of this machine's"),
    "threads": Number(4, "threads of each process of gunicorn, a process for each core"),
    "edge_cores": Number(4, "cores of an edge machine"),
    "proxy_ms": Number(0.5, "ms of nginx and HAProxy for an answer, TLS included"),
    "pool_ms": Number(0.03, "ms of PgBouncer and HAProxy on the way of a statement"),
    "database_cores": Number(32, "cores of a database machine"),
    "connections": Number(500, "connections to PostgreSQL that are still sensible"),
    "beside": Number(20, "connections of a web machine beside its threads': 4 in the pool and 4 in "
                     "its reserve, 12 of its sender",
                     "deploy/templates/pgbouncer.ini, deploy/site.toml"),
    "flushes": Number(500, "flushes of the log a second on two machines, one after the other"),
    "group": Number(4, "commits that share a flush when many wait"),
    "warm": Number(0.8, "of the pages an act writes are in the log since the last checkpoint: "
                   "those that all acts share, but not the leaves of random keys"),
    "squeezed": Number(0.35, "of its size is left in the archive and in a backup (lz4)"),
    "backups": Number(4, "full backups kept", "deploy/site.toml: retention-full"),
    "static_bytes": Number(18_000, "bytes of stylesheet and scripts at a visit"),
}


class Load(NamedTuple):
    """What all acts together ask of a site."""

    web_cores: float
    sender_cores: float
    database_cores: float
    edge_cores: float
    statements: float           # a second, and so on
    commits: float
    log_bytes: float
    answers: float
    sent_bytes: float
    row_bytes_a_year: float
    rows_a_year: float
    log_bytes_a_month: float
    stored_bytes_a_year: float
    objects_a_year: float


RESERVED = 20     # connections, for whoever looks after it: as in deploy/site.toml
SENDERS = ("a message delivered", "a row of a list", "a row swept at midnight")


def acts_a_month(site):
    """What people do in a month, by the name of what was measured.

    :param site: numbers by name, as in ``SITE``.
    """
    leavers = site["members"] * site["leavers"]
    alone, claims = leavers * (1 - site["by_list"]), (
        site["claims_a_day"] * site["claims_growth"] * site["working_days"])
    closings = site["members"] * site["closings"]
    visits = site["members"] * site["visitors"] * site["visits"]
    told = leavers * (1 - site["by_list"]) + 2 * claims + closings     # a list's are in its rows
    return {
        "a sign-in": visits,
        "a page looked at": visits * site["pages"],
        "a search": alone * site["searches"],
        "a deactivation": alone,
        "a row of a list": leavers * site["by_list"],
        "a claim filled in": claims,
        "a paper handed in": claims * site["papers"],
        "a claim sent": claims,
        "a decision": claims,
        "a closing": closings,
        "a message delivered": told * site["messages"] + claims + closings,
        "a row swept at midnight": leavers * site["scheduled"] + closings}


def a_second(per_month, site):
    """How many of so many in a month come in a second of the busiest minutes."""
    day = per_month / site["working_days"] * site["peak_day"]
    return day * site["peak_hour"] / HOUR * site["peak_minute"]


def load_of(costs, site, machine):
    """The ``Load`` of a month's acts.

    :param costs: ``costs.Cost`` by the name of an act.
    """
    month = acts_a_month(site)
    pace = {name: a_second(count, site) for name, count in month.items()}

    costs = {name: cost.grown(machine["growth"]) for name, cost in costs.items()}

    def at_peak(read):
        return sum(pace[name] * read(costs[name]) for name in pace)

    def in_a_month(read):
        return sum(month[name] * read(costs[name]) for name in month)

    def log(cost):
        return machine["vacuum"] * (machine["warm"] * cost.log_bytes
                                    + (1 - machine["warm"]) * cost.full_log_bytes)

    def own(names):
        return sum(pace[name] * costs[name].web_ms for name in pace if name in names) / 1000

    answers, commits = at_peak(lambda one: one.answers), at_peak(lambda one: one.commits)
    statements = at_peak(lambda one: one.statements) + 2 * commits     # BEGIN, COMMIT
    return Load(
        web_cores=own(set(pace) - set(SENDERS)) + statements * machine["pool_ms"] / 1000,
        sender_cores=own(SENDERS),
        database_cores=at_peak(lambda one: one.database_ms) / 1000 * machine["vacuum"],
        edge_cores=answers * machine["proxy_ms"] / 1000,
        statements=statements, commits=commits,
        log_bytes=at_peak(log), answers=answers,
        sent_bytes=(at_peak(lambda one: one.sent_bytes)
                    + pace["a sign-in"] * machine["static_bytes"]),
        row_bytes_a_year=in_a_month(lambda one: one.row_bytes) * MONTHS,
        rows_a_year=in_a_month(lambda one: one.rows) * MONTHS,
        log_bytes_a_month=in_a_month(log),
        stored_bytes_a_year=in_a_month(lambda one: one.stored_bytes) * MONTHS,
        objects_a_year=in_a_month(lambda one: one.objects) * MONTHS)


class Machines(NamedTuple):
    """How many of each kind, and how much of the one primary they use (1: all it may be used)."""

    web: int
    edge: int
    database: int
    connections: int
    commits_possible: float     # a second
    processor_used: float
    connections_used: float
    commits_used: float

    @property
    def used(self):
        """What the primary has least of."""
        return max(self.processor_used, self.connections_used, self.commits_used)


def machines_for(load, machine):
    """The ``Machines`` that bear a ``Load``: one more of each kind than needed."""
    def with_spare(cores, each):
        return ceil(cores / machine["busy"] / each) + 1

    web = with_spare(load.web_cores + load.sender_cores, machine["web_cores"])
    connections = round(
        web * (machine["web_cores"] * machine["threads"] + machine["beside"])) + RESERVED
    possible = machine["flushes"] * machine["group"]
    return Machines(
        web=web, edge=with_spare(load.edge_cores, machine["edge_cores"]), database=3,
        connections=connections, commits_possible=possible,
        processor_used=load.database_cores / machine["database_cores"] / machine["busy"],
        connections_used=connections / machine["connections"],
        commits_used=load.commits / possible)


def values(numbers):
    """The numbers alone, by name."""
    return {name: number.value for name, number in numbers.items()}
