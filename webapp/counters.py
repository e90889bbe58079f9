"""What a process counts for Prometheus: events, from the process's start. Nothing personal, and no
label that a visitor could make values of.

Where several processes serve one address (gunicorn), each writes its counts into a file of
``PROMETHEUS_MULTIPROC_DIR``, and whichever is asked adds them up. How things stand is no count and
is asked of the database instead: ``webapp.operation.state``.
"""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

disable_created_metrics()
_counted = CollectorRegistry()

NOBODY = "none"     # no route: a missing page
AUDIENCES = ("public", "signed in", "worker", "employer", "branch", NOBODY)
CLASSES = ("2xx", "3xx", "4xx", "5xx")

REQUESTS = Counter("purna_http_requests", "Requests answered, without those of machines that ask "
                   "for health.", ["audience", "status"], registry=_counted)
SECONDS = Histogram("purna_http_request_duration_seconds", "How long they took.", ["audience"],
                    buckets=(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10), registry=_counted)
DATABASE_FAULTS = Counter(
    "purna_database_faults", "Requests that the database failed: busy (a lock or a turn to write "
    "that did not come in time), away, full, or a defect.", ["kind"], registry=_counted)
CODES = Counter("purna_codes", "One-time codes by message: sent, withheld (too many were sent), "
                "right, wrong, locked (too many wrong before).", ["outcome"], registry=_counted)
AUTHENTICATOR_WRONG = Counter(
    "purna_authenticator_wrong", "Wrong codes of authenticator apps, and wrong recovery codes.",
    registry=_counted)
SIGN_INS = Counter("purna_sign_ins", "Sessions that began, and tries that were refused.",
                   ["outcome"], registry=_counted)
TRIES_REFUSED = Counter("purna_tries_refused", "Tries not judged, for a limit was reached.",
                        registry=_counted)

CLOCK_DOUBTED = Counter("purna_clock_doubted", "Times that the database's clock was not believed.",
                        registry=_counted)

BUSY, AWAY, FULL, DEFECT = "busy", "away", "full", "defect"
SENT, WITHHELD, RIGHT, WRONG, LOCKED = "sent", "withheld", "right", "wrong", "locked"
BEGAN, REFUSED = "began", "refused"


def note_request(audience, status, seconds):
    """Count one request.

    :param audience: one of ``AUDIENCES``. :param status: its HTTP status.
    """
    REQUESTS.labels(audience, f"{status // 100}xx").inc()
    SECONDS.labels(audience).observe(seconds)


def exposition(state):
    """All counts, and how things stand, as Prometheus reads them (bytes).

    :param state: an object with ``collect``, as prometheus_client has it.
    """
    registry = CollectorRegistry()
    registry.register(_of_all_processes())
    registry.register(state)
    return generate_latest(registry)


def _of_all_processes():
    return MultiProcessCollector(None) if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else _counted


# A count that is not there yet cannot be seen to rise: each begins with nought.
for _audience in AUDIENCES:
    SECONDS.labels(_audience)
    for _class in CLASSES:
        REQUESTS.labels(_audience, _class)
for _counter, _values in ((DATABASE_FAULTS, (BUSY, AWAY, FULL, DEFECT)),
                          (CODES, (SENT, WITHHELD, RIGHT, WRONG, LOCKED)),
                          (SIGN_INS, (BEGAN, REFUSED))):
    for _value in _values:
        _counter.labels(_value)
