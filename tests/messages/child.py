"""A process of its own for tests that kill it: ``python -m tests.messages.child ROLE URL SMS``."""

import logging
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from webapp import audit_seal, clock, db, vault, worker_process
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway
from webapp.models.messages import SMS

DATA_KEY, INDEX_KEY, AUDIT_KEY = b"data" * 8, b"find" * 8, b"book" * 8


def prepare(url):
    """What the application does before anything else."""
    vault.use(vault.Vault([DATA_KEY], INDEX_KEY))
    audit_seal.use_key(AUDIT_KEY)
    return db.connect_to(url)


def send_forever(sms_url):
    """A sender with short times, so that a test need not wait for minutes."""
    sender = Sender({SMS: SmsGateway(sms_url, "Purna")}, lease=2, batch=10, rest=0.3,
                    first_wait=timedelta(seconds=0.1))
    while True:
        try:
            db.ensure_connection()
            tried = sender.run_once(clock.now())
        except Exception:
            db.drop_connection()
            tried = 0
        if not tried:
            time.sleep(0.05)


def work(sms_url, data):
    """The worker process as it is."""
    logging.basicConfig(level=logging.DEBUG)
    config = {"SMS_URL": sms_url, "SMS_SENDER": "Purna", "SMTP_URL": "",
              "MAIL_FROM": "purna@purna.example", "DATA": Path(data)}
    worker_process.run(config, threading.Event())


if __name__ == "__main__":
    role, database_url, *rest = sys.argv[1:]
    prepare(database_url)
    {"send": send_forever, "work": work}[role](*rest)
