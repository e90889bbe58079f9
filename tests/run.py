"""The whole suite on both databases, in four parts; exit 0 only when all pass.

``python -m tests.run [pytest arguments]``

What drives a browser or other processes waits much of its time, so it runs beside the rest: three
parts at once keep two cores busy. The rest writes its thousands of databases to memory where there
is room: what a lost machine would leave behind is the business of the faults.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.memory import in_memory

DATABASES = ("sqlite", "postgresql")
APART = ("tests/browser", "tests/faults")     # they meet real time and other processes
AT_ONCE = 3


def main(arguments):
    """Run the parts, the longest first; what each says is shown when it is done."""
    parts = [*((name, rest()) for name in DATABASES), *((name, APART) for name in DATABASES)]
    print(f"{len(parts)} parts, {AT_ONCE} at once", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = list(pool.map(lambda part: run(*part, arguments), parts))
    return max(codes)


def rest():
    """Every other place where tests are."""
    here = Path(__file__).parent
    found = sorted(path.relative_to(here.parent).as_posix() for path in here.iterdir()
                   if path.name.startswith("test_") or (path / "__init__.py").exists())
    return tuple(path for path in found if path not in APART)


def run(database, places, arguments):
    """Run the tests in some places on one database. Returns pytest's exit code."""
    memory = None if places == APART else in_memory()
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryDirectory(dir=memory) as folder:
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *places, f"--basetemp={folder}/tests", *arguments],
            env={**os.environ, "PURNA_TEST_DATABASE": database},
            stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        output.seek(0)
        name = "browser and faults" if places == APART else "the rest"
        sys.stdout.write(f"\n{database}, {name}:\n{output.read()}")
        sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
