"""What the sender process does at midnight, on command: ``python -m tests.faults.midnight``.

Each line read lets what is due take effect once; the number is written back.
"""

import sys

from webapp import clock, create_app
from webapp.db import ensure_connection
from webapp.deactivation.service import take_effect

if __name__ == "__main__":
    create_app()
    ensure_connection()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(take_effect(clock.now()), flush=True)
