"""The whole suite on both databases at once, one core each; exit 0 only when both pass.

``python -m tests.run [pytest arguments]``
"""

import os
import subprocess
import sys
import tempfile

DATABASES = ("sqlite", "postgresql")


def main(arguments):
    """Run pytest once for each database; what the second says is shown when the first is done."""
    runs = []
    for name in DATABASES:
        output = tempfile.TemporaryFile("w+") if runs else None
        runs.append((name, output, subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            env={**os.environ, "PURNA_TEST_DATABASE": name},
            stdout=output, stderr=subprocess.STDOUT)))
    print(f"running on {DATABASES[0]} (shown) and {DATABASES[1]} (shown after it)", flush=True)
    codes = []
    for name, output, process in runs:
        codes.append(process.wait())
        if output:
            output.seek(0)
            print(f"\n{name}:", flush=True)
            sys.stdout.write(output.read())
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
