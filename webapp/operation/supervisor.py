"""The server and the sender side by side, each started again when it dies."""

import os
import signal
import subprocess
import sys
import threading

PAUSE_SECONDS = 1.0      # before starting again, so that a broken one does not spin
PATIENCE_SECONDS = 20    # for a graceful end
NEVER_AGAIN = os.EX_CONFIG     # a command's answer when starting it again cannot help


def run(commands):
    """Run commands until told to stop (SIGTERM, SIGINT), or until one cannot work at all.

    Returns an exit code when all have ended.

    :param commands: lists of arguments for ``flask``.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    failures = []
    keepers = [threading.Thread(target=_keep, args=(command, stop, failures))
               for command in commands]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()
    return failures[0] if failures else 0


def _keep(command, stop, failures):
    while not stop.is_set():
        process = subprocess.Popen(  # noqa: S603 (our own commands)
            [sys.executable, "-m", "flask", *command], env=os.environ, start_new_session=True)
        while process.poll() is None and not stop.wait(0.2):
            pass
        if process.poll() is None:
            _end(process)
        elif process.returncode == NEVER_AGAIN:
            failures.append(process.returncode)
            stop.set()
        stop.wait(PAUSE_SECONDS)


def _end(process):
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
