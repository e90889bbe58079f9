"""What follows from ending a membership, said before it happens. Pure and table-driven."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.contributions.amounts import lowest as lowest_contribution
from webapp.deactivation.reasons import REASONS
from webapp.working_days import add_working_days


@dataclass(frozen=True)
class Opening:
    """Something that opens for the worker, from which date (None: see the words)."""

    label: str
    from_date: date | None
    words: str = ""


@dataclass(frozen=True)
class Consequences:
    """All that the check page says."""

    last_covered_day: date
    is_scheduled: bool
    is_late: bool
    report_by: date
    undo_until: date
    objection_days: int
    openings: tuple
    continuing_rupiah: int | None     # a month as BPU at the lowest tier, without JHT
    continuing_with_jht_rupiah: int | None


def months_later(day, months):
    """The same day some months later; at the month's end where there is no such day."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def birthday(birth_date, age):
    """The date on which a person reaches an age; those of 29 February on 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def consequences(reason_code, last_day, *, birth_date, rules, today):
    """What ending a membership on ``last_day`` brings with it.

    :param rules: the parameters in force (``webapp.parameters.Rules``).
    """
    reason = REASONS[reason_code]
    report_by = add_working_days(last_day, rules["deactivation.report_working_days"])
    may_continue = "BPU" in reason.opens
    lowest, with_savings = lowest_contribution(rules) if may_continue else (None, None)
    return Consequences(
        last_covered_day=last_day, is_scheduled=last_day > today, is_late=today > report_by,
        report_by=report_by, undo_until=today + timedelta(days=rules["deactivation.undo_days"]),
        objection_days=rules["deactivation.objection_days"],
        openings=tuple(_opening(code, last_day, birth_date, rules) for code in reason.opens
                       if code != "BPU"),
        continuing_rupiah=lowest, continuing_with_jht_rupiah=with_savings)


def _opening(code, last_day, birth_date, rules):
    if code in ("JHT-RSG", "JHT-PHK"):
        return Opening("Jaminan hari tua (JHT)",
                       months_later(last_day, rules["claim.wait_months"]), "seluruh saldo")
    if code in ("JHT-PKW", "JHT-LNG"):
        return Opening("Jaminan hari tua (JHT)", last_day + timedelta(days=1), "seluruh saldo")
    if code == "JHT-PSN":
        from_date = max(birthday(birth_date, rules["claim.pension_age"]),
                        last_day + timedelta(days=1))
        return Opening("Jaminan hari tua (JHT)", from_date, "seluruh saldo")
    return _OPENINGS[code]


_OPENINGS = {
    "JKP": Opening("Jaminan kehilangan pekerjaan (JKP)", None,
                   "uang tunai dan pelatihan, jika syarat iurannya terpenuhi"),
    "JHT-CTT": Opening("Jaminan hari tua (JHT)", None, "setelah surat dokter diterima cabang"),
    "JHT-MGL": Opening("Jaminan hari tua (JHT)", None, "diajukan ahli waris di cabang"),
    "JKM": Opening("Jaminan kematian (JKM)", None, "diajukan ahli waris di cabang"),
}
