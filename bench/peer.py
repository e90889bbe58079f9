"""The generic alternative to compare with: Django's admin, in an environment of its own."""

import os
import re
import subprocess
import sys

from bench.server import KEPT_FROM_OUTSIDE

PACKAGES = ("django", "gunicorn", "whitenoise", "requests")
CPU = re.compile(r"server CPU per job ([\d.]+) ms")


def prepared(source, work):
    """A Python that has what the peer needs; made when it is not there yet."""
    python = work / "peer-venv" / "bin" / "python"
    if not (source / "job.py").exists():
        raise FileNotFoundError(source)
    if not (work / "peer-venv" / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", work / "peer-venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        *PACKAGES], check=True, stderr=subprocess.DEVNULL)
        (work / "peer-venv" / "complete").touch()
    return python


def cpu_per_job(python, source, work, *, workers, jobs):
    """Milliseconds of server processor time that the peer needs for one deactivation."""
    kept = {name: os.environ[name] for name in KEPT_FROM_OUTSIDE if name in os.environ}
    folder = work / "peer-data"
    done = subprocess.run(
        [python, source / "job.py", "--workers", str(workers), "--jobs", str(jobs),
         "--folder", folder], check=True, text=True, env=kept, capture_output=True, timeout=900)
    return float(CPU.search(done.stdout).group(1))
