"""Where tests write what need not outlive them."""

import shutil
from pathlib import Path

ROOM = 2 * 1024 ** 3     # bytes


def in_memory():
    """A folder that lies in memory, with room; None where there is none."""
    folder = Path("/dev/shm")  # noqa: S108 (files of the tests alone)
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None
