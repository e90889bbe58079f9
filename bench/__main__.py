"""python -m bench: measure, print one table, exit 1 when a bar is missed."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench import (
    alike,
    backup,
    desk,
    draw,
    filings,
    floors,
    job,
    memory,
    postgresql,
    reports,
    search,
    start,
    uploads,
    weights,
)
from bench.report import table

QUICK, FULL = [10_000], [10_000, 1_000_000]
PARTS = {"weights": weights, "start": start, "floors": floors, "search": search,
         "filings": filings, "job": job, "uploads": uploads, "memory": memory,
         "desk": desk, "reports": reports, "draw": draw, "alike": alike, "backup": backup}


def main():
    """Run the parts asked for and report."""
    options = _options()
    figures = []
    with tempfile.TemporaryDirectory(prefix="purna-bench-") as work:
        options.work = Path(work)
        options.folder = (options.keep or options.work).resolve()
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, part in PARTS.items():
            if options.only in (None, name):
                print(f"… {name}", file=sys.stderr, flush=True)
                part.measure(options, figures)
        if options.postgresql:
            postgresql.measure(options, figures)
    print("\n".join(table(figures)))
    return any(getattr(figure, "passed", None) is False for figure in figures)


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=FULL,
                        help="sizes to compare, smallest first")
    parser.add_argument("--quick", action="store_true", help="10.000 workers only")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--keep", type=Path, help="keep the generated databases here")
    parser.add_argument("--peer", type=Path, default=Path("../shared/peer"),
                        help="folder of the peer to compare with")
    parser.add_argument("--postgresql", action="store_true",
                        help="searches and filings on PostgreSQL too")
    options = parser.parse_args()
    options.peer = options.peer.resolve()
    if options.quick:
        options.workers = QUICK
    return options


if __name__ == "__main__":
    sys.exit(main())
