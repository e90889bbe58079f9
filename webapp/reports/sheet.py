"""A report as a file for a spreadsheet. Pure."""

import csv
import io

_FORMULA = ("=", "+", "-", "@", "\t", "\r")     # a cell that begins so is computed


def name_of(report, period):
    """What the file is called."""
    return f"laporan-{report.code}-{period.words.replace(' ', '-')}.csv"


def build(report):
    """The bytes of a CSV file as Excel in Indonesian reads it: ``;`` between cells, and a mark that
    its letters are UTF-8. No cell is a formula."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(map(defused, (report.unit, *report.series)))
    lines.writerows([defused(name), *values] for name, *values in report.rows)
    return text.getvalue().encode("utf-8-sig")


def defused(text):
    """The same text, which no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
