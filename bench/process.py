"""What Linux knows about a process and its children: processor time and memory."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def family(pid):
    """A process and all that descend from it, those that are there now."""
    found = [pid]
    for one in found:
        found += children(one)
    return found


def children(pid):
    """The processes that one began, those that are there now."""
    return [int(word) for listed in Path(f"/proc/{pid}/task").glob("*/children")
            for word in _read(listed).split()]


def cpu_ms(pid):
    """Processor time (user and system, milliseconds) of a process and its children so far."""
    return sum(_cpu_ticks(one) for one in family(pid)) * TICK_MS


def reaped_ms(pid):
    """Processor time (milliseconds) of a process's children that have ended."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) * TICK_MS if fields else 0


def memory_mib(pid):
    """The memory a process has (MiB): the most in all, and the most that is its own so far.

    The first counts pages of files mapped into it, which the system shares and can drop.
    """
    status = dict(line.split(":", 1) for line in _read(f"/proc/{pid}/status").splitlines())
    peak, anonymous = (int(status.get(name, "0 kB").split()[0]) / 1024
                       for name in ("VmHWM", "RssAnon"))
    return peak, anonymous


def share_mib(pid):
    """The memory of a process and its children now (MiB): what several of them map is counted once
    (PSS)."""
    return sum(int(line.split()[1]) for one in family(pid)
               for line in _read(f"/proc/{one}/smaps_rollup").splitlines()
               if line.startswith("Pss:")) / 1024


def _cpu_ticks(pid):
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0


def _read(path):
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):     # it has ended
        return ""
