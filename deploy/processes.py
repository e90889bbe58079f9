"""Processes that outlive the command which started them, known by the ids it wrote down."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple


class Trouble(Exception):
    """Something does not come up or is missing; the text is for whoever asked for it."""


class Program(NamedTuple):
    """What to run.

    :param environment: all it sees.
    :param goodbye: the signal on which it ends well.
    :param user: who runs it; ourselves when ``None``.
    :param farewell: commands to be run before it is asked to end.
    """

    name: str
    command: list
    environment: dict
    folder: str
    log: Path
    goodbye: int = signal.SIGTERM
    user: str | None = None
    farewell: tuple = ()

    def ownership(self):
        """What ``subprocess`` must be told of its user."""
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}


class Register:
    """Who was started, in a file."""

    def __init__(self, path):
        self._path, self._children = path, {}

    def start(self, program):
        """Start a program unless it runs. Returns whether it had to be started."""
        if self.is_alive(program.name):
            return False
        with program.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 (our own commands)
                program.command, cwd=program.folder, env=program.environment, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, umask=0o077,
                **program.ownership())
        self._children[program.name] = process
        self._note(program.name, process.pid, program.goodbye)
        return True

    def names(self):
        """Everybody who was started, the last one first."""
        return list(reversed(self._known()))

    def is_alive(self, name):
        """Whether the process that was started under a name still runs."""
        if name in self._children:
            self._children[name].poll()     # else its end would go unnoticed
        known = self._known().get(name)
        return known is not None and birth(known["pid"]) == known["birth"]

    def pid_of(self, name):
        """Its process id; None when it does not run."""
        return self._known()[name]["pid"] if self.is_alive(name) else None

    def send(self, name, number):
        """Send a signal to it, if it runs."""
        if self.is_alive(name):
            os.kill(self._known()[name]["pid"], number)

    def kill(self, name):
        """End it and what it began, without a goodbye, as a machine's end would."""
        if self.is_alive(name):
            os.killpg(self._known()[name]["pid"], signal.SIGKILL)
            waited(lambda: not self.is_alive(name), 5)

    def stop(self, name, seconds):
        """Ask it to end, wait, and end it and what it began. Returns whether it went by itself."""
        known = self._known().get(name)
        if known is None:
            return True
        self.send(name, known["goodbye"])
        went = waited(lambda: not self.is_alive(name), seconds)
        if not went:
            self.kill(name)
        self.forget(name)
        return went

    def forget(self, name):
        """It is not one of ours any more."""
        self._write({key: value for key, value in self._known().items() if key != name})

    def _note(self, name, pid, goodbye):
        known = {key: value for key, value in self._known().items() if key != name}
        self._write({**known, name: {"pid": pid, "birth": birth(pid), "goodbye": int(goodbye)}})

    def _known(self):
        return json.loads(self._path.read_text("ascii")) if self._path.exists() else {}

    def _write(self, known):
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(known, indent=1), "ascii")
        fresh.replace(self._path)


def birth(pid):
    """When a process began, in the kernel's ticks: an id alone may be somebody else's by now.

    ``None`` when there is none, or when it has ended and only waits to be noticed.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def waited(is_true, seconds, pause=0.2):
    """Ask again until something holds. Returns whether it did in time."""
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def wait_for(is_true, seconds, what, log):
    """Wait for something that a program does. Raises ``Trouble`` with the end of its log."""
    if not waited(is_true, seconds):
        end = log.read_text("utf-8", "replace").splitlines()[-8:] if log else []
        told = "\n".join([f"{log} ends with:", *end]) if log else ""
        raise Trouble(f"{what} did not come within {seconds} s. {told}")
