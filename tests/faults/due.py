"""What the sender process does by itself when its day or hour has come, on command.

``python -m tests.faults.due``: each line read does it once; how many deactivations took effect,
requests went on to the branch and accounts were closed is written back.
"""

import json
import sys

import wsgi
from webapp import clock
from webapp.closure.service import finish_due
from webapp.db import ensure_connection
from webapp.deactivation.service import take_effect
from webapp.requests.service import escalate_overdue

if __name__ == "__main__":
    assert wsgi.app
    ensure_connection()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps([act(clock.now()) for act in (take_effect, escalate_overdue, finish_due)]),
              flush=True)
