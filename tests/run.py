"""The whole suite on both databases, in four parts; exit 0 only when all pass.

``python -m tests.run [pytest arguments]``

What drives a browser or other processes waits much of its time, so everything runs at once, and
whoever meets real time comes before the rest. The rest writes its thousands of databases to memory
where there is room: what a lost machine would leave behind is the business of the faults.
"""

import compileall
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.memory import in_memory

DATABASES = ("sqlite", "postgresql")
APART = ("tests/browser", "tests/faults")     # they meet real time and other processes
PATIENCE = 5     # niceness of the rest


def main(arguments):
    """Run the parts; what each says is shown when it is done."""
    # Hundreds of processes start in these tests: none of them should compile us again.
    for place in ("webapp", "tests"):
        compileall.compile_dir(place, quiet=1)
    parts = [(name, places) for places in (APART, rest()) for name in DATABASES]
    print(f"{len(parts)} parts at once", flush=True)
    with ThreadPoolExecutor(len(parts)) as pool:
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
    memory, patience = (None, 0) if places == APART else (in_memory(), PATIENCE)
    environment = {**os.environ, "PURNA_TEST_DATABASE": database}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryDirectory(dir=memory) as folder:
        code = subprocess.run(
            ["nice", "-n", str(patience), sys.executable, "-m", "pytest", *places,
             f"--basetemp={folder}/tests", *arguments], env=environment,
            stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        output.seek(0)
        name = "browser and faults" if places == APART else "the rest"
        sys.stdout.write(f"\n{database}, {name}:\n{output.read()}")
        sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
