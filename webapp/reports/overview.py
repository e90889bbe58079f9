"""The five reports of a period: what each is called, its figures, and what they say. Pure."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from webapp.formats import show_count, show_date
from webapp.reports import chart, words
from webapp.reports.counting import (
    DELIVERED,
    FILED,
    IN_TIME,
    LATE,
    MESSAGES,
    OPENED,
    REFUSED,
    RETURNED,
    UNDELIVERED,
)
from webapp.reports.periods import in_bars

MOST_REASONS = 10       # as bars; the others are one bar, and stand in the table


@dataclass(frozen=True)
class Report:
    """One report.

    :param code: for addresses and names of files.
    :param sentence: what the figures say, in short.
    :param unit: the heading of the first column.
    :param names: of the rows, in full.
    :param labels: the same for below the bars; empty where the bars lie, each under its name.
    :param series: dict of what is counted: a value for each row.
    """

    code: str
    title: str
    sentence: str
    unit: str
    names: list
    labels: list
    series: dict

    @cached_property
    def chart(self):
        """Where everything goes."""
        values = [*self.series.values()]
        if self.labels:
            return chart.columns(self.labels, values)
        if len(self.names) <= MOST_REASONS:
            return chart.rows(self.names, values)
        rest = MOST_REASONS - 1
        return chart.rows([*self.names[:rest], "Sebab yang lain"],
                          [[*row[:rest], sum(row[rest:])] for row in values])

    @property
    def rows(self):
        """The table: a name and the values of each row."""
        return [[name, *values]
                for name, *values in zip(self.names, *self.series.values(), strict=True)]

    @property
    def is_empty(self):
        """Whether there is nothing to draw."""
        return not any(map(any, self.series.values()))


def reports_of(period, figures, waiting):
    """All ``Report``s, as the page shows them.

    :param figures: a ``Counter`` by day, measure and label.
    :param waiting: how much waits, by age: (within its promise, past it).
    """
    return [_incoming(period, figures), _lateness(period, figures), _queue(waiting),
            _refusals(period, figures), _messages(period, figures)]


def _by_day(figures, measure, labels=None):
    """How many of some labels, or of all, there were on each day."""
    total = Counter()
    for (day, of, label), value in figures.items():
        if of == measure and (labels is None or label in labels):
            total[day] += value
    return total


def _in_time(period, code, title, sentence, series):
    """A report of bars that stand for days, weeks or months."""
    unit = {"hari": "Hari", "minggu": "Minggu mulai", "bulan": "Bulan"}[period.unit]
    names = [show_date(start) for start in period.starts]
    if period.unit == "bulan":
        names = [name.partition(" ")[2] for name in names]
    return Report(code, title, sentence, unit, names, period.labels, series)


def _incoming(period, figures):
    series = {"Laporan nonaktif": in_bars(period, _by_day(figures, FILED)),
              "Kasus": in_bars(period, _by_day(figures, OPENED))}
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    reports, cases = map(sum, series.values())
    report = _in_time(period, "masuk", f"Masuk per {period.unit}", "", series)
    most = max(totals)
    when = {"hari": "pada", "minggu": "dalam minggu mulai", "bulan": "dalam"}[period.unit]
    peak = (f" Paling banyak {show_count(most)} {when} {report.names[totals.index(most)]}."
            if most else "")
    return _with(report, f"{show_count(reports)} laporan nonaktif dan {show_count(cases)} kasus."
                         f"{peak}")


def _lateness(period, figures):
    series = {"Tepat waktu": in_bars(period, _by_day(figures, FILED, (IN_TIME,))),
              "Terlambat": in_bars(period, _by_day(figures, FILED, (LATE,)))}
    in_time, late = map(sum, series.values())
    share = f" ({round(100 * late / (in_time + late))} %)" if late else ""
    return _in_time(period, "keterlambatan", f"Laporan terlambat per {period.unit}",
                    f"{show_count(late)} dari {show_count(in_time + late)} laporan nonaktif "
                    f"terlambat{share}.", series)


def _queue(waiting):
    within, past = [list(values) for values in zip(*waiting, strict=True)]
    return Report("antrean", "Umur antrean sekarang",
                  f"{show_count(sum(within) + sum(past))} kasus menunggu kantor cabang, "
                  f"{show_count(sum(past))} lewat tanggal janji.", "Sudah menunggu",
                  list(words.AGES), [], {"Dalam janji": within, "Lewat janji": past})


def _refusals(period, figures):
    counts = {}
    first = period.starts[0].isoformat()
    for (day, measure, code), value in figures.items():
        if measure in (REFUSED, RETURNED) and day >= first:
            label = (words.refused_label if measure == REFUSED else words.fault_label)(code)
            counts.setdefault((measure, label), 0)
            counts[measure, label] += value
    names = sorted({label for _, label in counts}, key=lambda label: (
        -counts.get((REFUSED, label), 0) - counts.get((RETURNED, label), 0), label))
    series = {title: [counts.get((measure, label), 0) for label in names] for title, measure in (
        ("Ditolak", REFUSED), ("Dikembalikan untuk diperbaiki", RETURNED))}
    refused, returned = map(sum, series.values())
    return Report("penolakan", "Ditolak dan dikembalikan menurut sebab",
                  f"{show_count(refused)} ditolak. {show_count(returned)} bagian dikembalikan "
                  "untuk diperbaiki.", "Sebab", names, [], series)


def _messages(period, figures):
    series = {f"{name} {outcome}": in_bars(period, _by_day(figures, MESSAGES,
                                                           (f"{channel} {outcome}",)))
              for outcome in (DELIVERED, UNDELIVERED)
              for channel, name in (("sms", "SMS"), ("email", "Email"))}
    sms, email, *failed = map(sum, series.values())
    return _in_time(period, "pesan", f"Pesan per {period.unit}",
                    f"{show_count(sms)} SMS dan {show_count(email)} email terkirim, "
                    f"{show_count(sum(failed))} gagal. Ini pesan semua kantor cabang.", series)


def _with(report, sentence):
    return Report(report.code, report.title, sentence, report.unit, report.names, report.labels,
                  report.series)
