"""Judge the rows of a list of leavers against the company's own workers. Pure, but for the asking.

One level at a time: what cannot be read is said before whom it means, and that before what is odd.
Workers of other companies are answered like numbers nobody has.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.reasons import REASONS
from webapp.formats import kpj_warnings, mask_kpj, show_date
from webapp.linking.names import is_same_name
from webapp.models.uploads import BAD, SKIPPED, VALID, WARNED
from webapp.uploads.leaver_list import Leaver

# The KPJ says whom a row means: a NIK that cannot be read is a reason to look, not to refuse.
NOT_NEEDED = {"nik"}
NOT_OURS = "KPJ ini tidak ada dalam daftar tenaga kerja Anda. Periksa lagi nomornya."


@dataclass(frozen=True, slots=True)
class Person:
    """A membership of the company, as far as judging needs it."""

    membership_id: int
    kpj: str
    name: str
    birth_date: date
    started_on: date
    nik_index: str
    ended_on: date | None = None          # of a membership that has ended
    leaves_on: date | None = None         # where its end is filed for later


@dataclass(slots=True)
class Verdict:
    """What a row is. ``notes`` go by field; ``suggestion`` maps fields to the values that may be
    meant, with ``suggested`` in words."""

    state: str
    notes: dict[str, str] = field(default_factory=dict)
    suggestion: dict[str, str] = field(default_factory=dict)
    suggested: str = ""
    membership_id: int | None = None


class Judge:
    """Judges one list, row by row, in the order of its rows.

    :param person_with: gives the ``Person`` with a KPJ, or None.
    :param likely: gives the one ``Person`` that a row with an unknown KPJ seems to mean, or None.
    :param index_nik: gives the index of a NIK, as ``Person`` has it.
    :param rules: the parameters in force (``webapp.parameters.Rules``).
    :param today: the date in Jakarta.
    """

    def __init__(self, person_with: Callable, likely: Callable, *, index_nik: Callable, rules,
                 today: date) -> None:
        self._person_with, self._likely, self._index_nik = person_with, likely, index_nik
        self._rules, self._today = rules, today
        self._row_of: dict[int, int] = {}

    def judge(self, number: int, leaver: Leaver) -> Verdict:
        """The verdict on a row. Of rows about the same worker the first that could be
        applied counts."""
        if leaver.faults.keys() - NOT_NEEDED:
            return _bad(leaver)
        person = self._person_with(leaver.values["kpj"])
        if person is None:
            return self._unknown(leaver)
        if person.ended_on or person.leaves_on:
            return Verdict(SKIPPED, {"kpj": ended_already(person)},
                           membership_id=person.membership_id)
        fault = last_day_fault(
            leaver.values["last_day"], started_on=person.started_on, name=person.name,
            today=self._today, rules=self._rules)
        if fault:
            return Verdict(BAD, {"last_day": fault}, membership_id=person.membership_id)
        earlier = self._row_of.setdefault(person.membership_id, number)
        if earlier != number:
            return Verdict(BAD, {"kpj": f"Pekerja ini sudah ada di baris {earlier}. "
                                        "Lewati salah satunya."},
                           membership_id=person.membership_id)
        notes = dict(leaver.faults) | _oddities(leaver.values, person, self._index_nik)
        return Verdict(WARNED if notes else VALID, notes, membership_id=person.membership_id)

    def _unknown(self, leaver: Leaver) -> Verdict:
        warnings = kpj_warnings(leaver.values["kpj"])
        verdict = Verdict(BAD, {"kpj": warnings[0] if warnings else NOT_OURS})
        person = self._likely(leaver.values)
        if person:
            verdict.suggestion = {"kpj": person.kpj}
            verdict.suggested = f"{person.name}, KPJ {mask_kpj(person.kpj)}"
        return verdict


def _bad(leaver: Leaver) -> Verdict:
    suggested = REASONS[leaver.meant["reason"]].label if leaver.meant else ""
    return Verdict(BAD, dict(leaver.faults), dict(leaver.meant), suggested)


def ended_already(person: Person) -> str:
    """Since when somebody has left, or for when their end is filed; empty where neither is."""
    if not person.ended_on and not person.leaves_on:
        return ""
    since = (f"nonaktif sejak {show_date(person.ended_on)}" if person.ended_on
             else f"dilaporkan berhenti pada {show_date(person.leaves_on)}")
    return f"Sudah {since}. Tidak ada yang berubah."


def _oddities(values: dict, person: Person, index_nik: Callable) -> dict[str, str]:
    notes = {}
    if values.get("nik") and index_nik(values["nik"]) != person.nik_index:
        notes["nik"] = (f"NIK ini bukan milik {person.name}. "
                        "Periksa apakah nomor KPJ-nya benar.")
    if values.get("name") and not is_same_name(values["name"], person.name):
        notes["name"] = (f"KPJ ini milik {person.name}. "
                         "Periksa apakah nomornya benar.")
    if values.get("birth_date") and values["birth_date"] != person.birth_date:
        notes["birth_date"] = (f"Di daftar kami {show_date(person.birth_date)}. "
                               "Periksa apakah orangnya benar.")
    return notes
