"""Real processes of Purna: the embedded server and the sender, started, killed and awaited."""

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30      # a busy machine; a quiet one needs one or two
SENDER_IS_UP = b"worker started"


def wait_until(is_true, seconds=10, pause=0.02, what="it"):
    """Ask again until something holds; fails when it does not in time. Returns the seconds."""
    begun = time.monotonic()
    while not is_true():
        assert time.monotonic() - begun < seconds, f"waited {seconds} s for {what}"
        time.sleep(pause)
    return time.monotonic() - begun


class Program:
    """One process of ours, ended by its own id and no other way.

    :param environment: the variables it sees besides ``PATH``: nothing else leaks in.
    :param log: where what it says is kept, for the one who looks into a failure.
    :param root: where its modules are, if not here.
    """

    def __init__(self, arguments, environment, log, root=ROOT):
        self.arguments, self.environment, self.log = arguments, environment, Path(log)
        self.root = root
        self._process, self._log_begins = None, 0

    def start(self):
        """Start it; does not wait until it is up."""
        with self.log.open("ab") as log:
            self._log_begins = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments], cwd=self.root, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
                env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1",
                     "PYTHONUNBUFFERED": "1", "FLASK_APP": "wsgi", **self.environment})
        return self

    def kill(self):
        """SIGKILL: no goodbye, nothing tidied up."""
        self._end(signal.SIGKILL)

    def stop(self):
        """SIGTERM and patience, then SIGKILL."""
        self._end(signal.SIGTERM)

    def wait_until_up(self):
        """Wait until it can work."""
        wait_until(self.is_up, START_SECONDS, what=f"{self.arguments} to start")
        return self

    def is_up(self):
        """Whether it can work; fails when it has ended instead."""
        assert self._process.poll() is None, self.said()[-2000:].decode(errors="replace")
        return self._answers()

    def is_over(self):
        """Whether it has ended."""
        return self._process.poll() is not None

    def ended_well(self, seconds):
        """Wait for its end: whether it was a good one."""
        return self._process.wait(seconds) == 0

    def said(self):
        """What it wrote since its last start."""
        with self.log.open("rb") as log:
            log.seek(self._log_begins)
            return log.read()

    def _end(self, number):
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self):
        return True


class Server(Program):
    """``flask serve`` on a port of loopback."""

    def __init__(self, house, port, log, **more):
        super().__init__(("flask", "serve"), house.environment(PORT=str(port), **more), log)
        self.port = port

    def _answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Sender(Program):
    """``flask worker``, pointed at a mail server and an SMS gateway."""

    def __init__(self, house, gateways, log):
        super().__init__(("flask", "worker"), house.environment(
            PURNA_SMTP_URL=gateways.smtp.url, PURNA_SMS_URL=gateways.sms.url), log)

    def _answers(self):
        return SENDER_IS_UP in self.said()


@contextmanager
def running(*programs):
    """Start programs, wait until all are up, and stop them in the end."""
    try:
        for program in programs:
            program.start()
        for program in programs:
            program.wait_until_up()
        yield programs
    finally:
        for program in programs:
            program.kill()
