"""Whether the service lives, and whether it can work."""

import shutil
import time

from flask import Blueprint, Response, abort, current_app
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from webapp import clock, counters, faults
from webapp.db import database, drop_connection, ensure_connection, write_transaction
from webapp.models.people import Throttle
from webapp.operation.migrations import pending
from webapp.operation.state import State
from webapp.permissions import (
    EVERY_STAGE,
    during,
    from_branch_network,
    from_monitoring_network,
    presented_session,
    public,
    signed_in,
)
from webapp.sessions import seconds_left
from webapp.worker_process import HEARTBEAT

blueprint = Blueprint("operation", __name__)

LEAST_FREE = 0.02     # of the disk
PROBE = "readiness probe"
WRITTEN_LATELY_SECONDS = 1     # what was so then is so for a stranger, who makes us write nothing

_written = {"at": float("-inf")}


@blueprint.get("/healthz")
@public
def alive():
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/sesi")
@signed_in
@during(*EVERY_STAGE)
def stay():
    """The seconds left to somebody who is still there: being asked has used the session."""
    left = seconds_left(presented_session(), clock.now())
    return Response(str(left), mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready():
    """It can serve: the database takes writes, the schema is right, there is room on the disk, and
    nobody is about to stop it.

    What fails is named only to the branch's networks and the monitoring ones.
    """
    failing = [name for name, check in CHECKS.items() if not _passes(check)]
    body = {"status": "failing" if failing else "ok"}
    if failing and _is_inside():
        body["failing"] = failing
    return body, 503 if failing else 200


@blueprint.get("/metrics")
@public
def metrics():
    """What was counted and how things stand, for Prometheus; from elsewhere than the monitoring
    networks a missing page."""
    if not from_monitoring_network():
        ensure_connection()     # as for any other
        abort(404)
    told = counters.exposition(State(current_app.config["DATA"], clock.now()))
    return Response(told, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _passes(check):
    try:
        return check()
    except Exception as problem:  # noqa: BLE001 (whatever it is, the service is not ready)
        drop_connection()
        current_app.logger.error("readiness check failed: %s", faults.described(problem))
        return False


def _is_inside():
    return from_branch_network() or from_monitoring_network()


def _takes_writes():
    if not _is_inside() and time.monotonic() < _written["at"] + WRITTEN_LATELY_SECONDS:
        return True
    # A row is really written: without its standby a primary lets what changes nothing pass.
    now = clock.now()
    with write_transaction():
        (Throttle.insert(kind=PROBE, subject="", window_ends=now)
         .on_conflict(conflict_target=[Throttle.kind, Throttle.subject],
                      update={Throttle.window_ends: now}).execute())
    _written["at"] = time.monotonic()
    return True


def _is_wanted():
    """Whoever stops a node says so first, by this file, and waits until nobody is sent there."""
    return not current_app.config["DRAIN_FILE"].exists()


def _schema_is_current():
    return not pending(database.obj)


def _has_room():
    usage = shutil.disk_usage(current_app.config["DATA"])
    return usage.free > usage.total * LEAST_FREE


def _sender_is_alive():
    beat = current_app.config["DATA"] / HEARTBEAT
    return not beat.exists() or time.time() - beat.stat().st_mtime < 60


CHECKS = {"database": _takes_writes, "schema": _schema_is_current, "disk": _has_room,
          "sender": _sender_is_alive, "draining": _is_wanted}
