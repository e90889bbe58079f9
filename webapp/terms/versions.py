"""The versions of Syarat dan Ketentuan, and which one holds on a day.

To put new terms into force, drop a file beside this one, named by the day from which they hold
(``2027-03-01.txt``, UTF-8), and restart. Nothing else is to be done: on that day the page shows
them and people are asked to agree at their next sign-in. Before that day they can be read at
their own address, so that they can be announced.

The file's first line is the title. A line that begins with ``# `` is a heading; under it stand
paragraphs, with an empty line between any two. A file that has held is never edited or taken
away: its digest stands beside the name of everybody who agreed to it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent


class Malformed(Exception):
    """A file of terms that cannot be shown as it is; the text names it and what is wrong."""


@dataclass(frozen=True)
class Terms:
    """One version.

    :param version: its name, the day it holds from as ``2026-01-01``.
    :param valid_from: the same as a ``date`` (in Jakarta).
    :param language: ISO 639-1.
    :param sections: pairs of a heading and a tuple of paragraphs.
    :param digest: SHA-256 of the file's bytes, 64 hex digits.
    """

    version: str
    valid_from: date
    language: str
    title: str
    sections: tuple
    digest: str


def load(folder):
    """Every version in a folder, a tuple of ``Terms``, oldest first.

    :raises Malformed: when a file's name is no day or its text has no title, headings or text,
        or when there is no file at all.
    """
    found = tuple(_read(path) for path in sorted(Path(folder).glob("*.txt")))
    if not found:
        raise Malformed(f"{folder} holds no terms.")
    return found


def use(versions):
    """Make these versions (as ``load`` returns them) the ones that hold."""
    global _versions
    _versions = versions


def all_versions():
    """Every version, a tuple of ``Terms``, oldest first; also those that do not hold yet."""
    return _versions


def current(day):
    """The ``Terms`` that hold on a ``date``: the newest that began by then.

    :raises LookupError: on a day before the first.
    """
    begun = [terms for terms in _versions if terms.valid_from <= day]
    if not begun:
        raise LookupError(f"no terms hold on {day}")
    return begun[-1]


def version(name):
    """The ``Terms`` of that name (``2026-01-01``), or None."""
    return next((terms for terms in _versions if terms.version == name), None)


def _read(path):
    body = path.read_bytes()
    lines = body.decode("utf-8-sig").splitlines()
    title = lines[0].strip() if lines else ""
    if not title or title.startswith("#"):
        raise Malformed(f"{path.name} does not begin with a title.")
    return Terms(version=path.stem, valid_from=_day_in(path), language="id", title=title,
                 sections=_sections(path, lines[1:]), digest=hashlib.sha256(body).hexdigest())


def _day_in(path):
    try:
        day = date.fromisoformat(path.stem)
    except ValueError as reason:
        raise Malformed(f"{path.name} is not named by a day, as 2026-01-01.txt.") from reason
    if day.isoformat() != path.stem:     # 20260101 is a day too, but would sort and read otherwise
        raise Malformed(f"{path.name} is not named by a day, as 2026-01-01.txt.")
    return day


def _sections(path, lines):
    sections = []
    for heading, block in _blocks(lines):
        if heading:
            sections.append((heading, []))
        elif sections:
            sections[-1][1].append(block)
        else:
            raise Malformed(f"{path.name} has text before its first heading: {block[:40]!r}.")
    empty = [heading for heading, paragraphs in sections if not paragraphs]
    if empty or not sections:
        raise Malformed(f"{path.name} has a heading without text, or no heading: {empty}.")
    return tuple((heading, tuple(paragraphs)) for heading, paragraphs in sections)


def _blocks(lines):
    """Yield (heading, "") and ("", paragraph); lines of one paragraph are joined."""
    paragraph = []
    for line in [*map(str.strip, lines), ""]:
        if line and not line.startswith("# "):
            paragraph.append(line)
            continue
        if paragraph:
            yield "", " ".join(paragraph)
            paragraph = []
        if line:
            yield line.removeprefix("# ").strip(), ""


_versions = load(FOLDER)
