"""How things stand, asked at each scrape: the same at every node, but for what is the machine's.

A fixed number of statements, whatever there is; none of them reads more than ``MOST`` messages.
"""

import json
import logging
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import peewee
from peewee import fn
from prometheus_client.core import GaugeMetricFamily

from webapp import faults
from webapp.audit_desk.queries import last_checks
from webapp.branch.service import REVEALS
from webapp.db import database, drop_connection, ensure_connection, is_sqlite
from webapp.models.messages import EMAIL, FAILED, SMS, WAITING, Message
from webapp.models.people import Throttle
from webapp.operation.migrations import pending
from webapp.payouts.reconciling import last_reconciliation
from webapp.worker_process import HEARTBEAT

MOST = 5_000      # of a channel; more are no worse news
FAILED_WITHIN = timedelta(days=1)

log = logging.getLogger(__name__)


class State:
    """One look at it, as prometheus_client collects it.

    :param data: ``PURNA_DATA``, a path. :param now: the present moment.
    """

    def __init__(self, data, now):
        self._data, self._now = data, now

    def collect(self):
        """Yield the families; what the database did not say is missing among them."""
        yield from _machine(self._data)
        found, is_up = _asked(self._now)
        yield _one("purna_database_up", "Whether the database said all that it was asked.", is_up)
        yield from found


def _asked(now):
    """(what the database said, whether that is all)."""
    found = []
    try:
        ensure_connection()
        # The schema first: where it is behind, others may ask for what is not there yet.
        for ask in (_migrations, _size, _archive, partial(_outbox, now),
                    partial(_full_views, now), _audit, _money):
            found += ask()
    except peewee.PeeweeException as problem:
        log.error("state is not known: %s", faults.described(problem))
        drop_connection()
        return found, False
    return found, True


def _machine(data):
    disk, beat = shutil.disk_usage(data), data / HEARTBEAT
    yield _one("purna_disk_free_ratio", "Of the disk that PURNA_DATA is on.",
               disk.free / disk.total)
    if beat.exists():
        yield _one("purna_sender_beat_timestamp_seconds",
                   "When this machine's sender was well last.", beat.stat().st_mtime)


def _migrations():
    yield _one("purna_migrations_pending", "Steps of the schema that were not made.",
               len(pending(database.obj)))


def _size():
    if is_sqlite():
        size = _bytes_of(database.database)
        yield _one("purna_wal_bytes", "SQLite's log, which is to be small.",
                   _bytes_of(f"{database.database}-wal"))
    else:
        size, = database.execute_sql("SELECT pg_database_size(current_database())").fetchone()
    yield _one("purna_database_bytes", "The database.", size)


def _bytes_of(path):
    return Path(path).stat().st_size if Path(path).exists() else 0


def _archive():
    """How far PostgreSQL's log was archived: what is lost if all databases are."""
    if is_sqlite():
        return
    # A standby that was promoted, or a server that lost its statistics, has archived nothing yet.
    done, fails = database.execute_sql(
        "SELECT extract(epoch FROM coalesce(last_archived_time, stats_reset)), "
        "coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) "
        "FROM pg_stat_archiver").fetchone()
    yield _one("purna_wal_archived_timestamp_seconds", "When a part of the log was archived; where "
               "none was, when PostgreSQL began to count.", float(done))
    yield _one("purna_wal_archive_failing", "Whether the newest try failed.", fails)


def _outbox(now):
    waiting = _family("purna_outbox_waiting", f"Messages not sent yet; {MOST} at most are counted.")
    # Since it was promised: when it is due moves on with each try. Beyond MOST it is the oldest of
    # those that come next, which are old enough; an index by promise would make each filing dearer.
    oldest = _family("purna_outbox_oldest_seconds", "For how long the oldest of them has waited.")
    failed = _family("purna_outbox_failed", "Messages of the last day given up for good; "
                     f"{MOST} at most are counted.")
    for channel in (SMS, EMAIL):
        count, first = _counted(_next(channel))
        waiting.add_metric([channel], count)
        oldest.add_metric([channel], max(0, (now - first).total_seconds()) if count else 0)
        count, _ = _counted(_given_up(channel, now - FAILED_WITHIN))
        failed.add_metric([channel], count)
    return waiting, oldest, failed


def _next(channel):
    return (Message.select(Message.created_at)
            .where(Message.channel == channel, Message.state == WAITING)
            .order_by(Message.due_at).limit(MOST))


def _given_up(channel, since):
    return (Message.select(Message.created_at)
            .where(Message.channel == channel, Message.state == FAILED, Message.created_at > since)
            .limit(MOST))


def _counted(messages):
    """(how many, when the first was promised)."""
    rows = messages.alias("some")
    count, first = (Message.select(fn.COUNT(rows.c.created_at), fn.MIN(rows.c.created_at))
                    .from_(rows).tuples().get())
    return count, Message.created_at.python_value(first)


def _full_views(now):
    """Full NIKs and account numbers that staff asked for, in their current hours."""
    total, most = (Throttle.select(fn.SUM(Throttle.tries), fn.MAX(Throttle.tries))
                   .where(Throttle.kind == REVEALS.kind, Throttle.window_ends > now)
                   .tuples().get())
    yield _one("purna_full_views", "Full NIKs and account numbers asked for within an hour, by "
               "all staff.", total or 0)
    yield _one("purna_full_views_most", "The same by whoever asked for the most.", most or 0)


def _audit():
    labels = "Entries at fault, by the last check of all entries, or of the newest since then."
    faulty = GaugeMetricFamily("purna_audit_faults", labels, labels=["scope"])
    whole, newest = last_checks()
    if whole:
        faulty.add_metric(["all"], _faults_of(whole))
        yield _one("purna_audit_checked_timestamp_seconds", "When all entries were verified.",
                   whole.checked_at.timestamp())
        yield _one("purna_audit_checked_entries", "How many those were.", whole.entries)
    if newest and (whole is None or newest.id > whole.id):
        faulty.add_metric(["newest"], _faults_of(newest))
    yield faulty


def _faults_of(check):
    return len(json.loads(check.faults))


def _money():
    last = last_reconciliation()
    if last:
        yield _one("purna_reconciliation_differences", "Between claims, payouts, savings, audit "
                   "trail and messages.", last.differences)
        yield _one("purna_reconciliation_checked_timestamp_seconds", "When they were compared.",
                   last.checked_at.timestamp())


def _one(name, meaning, value):
    return GaugeMetricFamily(name, meaning, value=value)


def _family(name, meaning):
    return GaugeMetricFamily(name, meaning, labels=["channel"])
