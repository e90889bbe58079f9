"""Faults as logs may tell them: what kind and where, never the values that were at hand."""

import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def described(error):
    """An exception's kind and the places it came through, the innermost first, one line.

    Its text is left out: databases put whole rows into it.
    """
    kinds, places = [], []
    while error and len(kinds) < 4:
        kinds.append(type(error).__name__)
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            places.append(f"{_short(frame.filename)}:{frame.lineno} {frame.name}")
        error = error.__cause__ or error.__context__
    return f"{' from '.join(kinds)} at {' < '.join(dict.fromkeys(places[:12]))}"


def _short(filename):
    path = Path(filename)
    if ROOT in path.parents and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
