"""Months of contributions: which are due, and how people write them. Pure."""

import re
from datetime import date, timedelta

from webapp.formats import Malformed, clean_text, is_blank, parse_date, show_date
from webapp.working_days import add_working_days

PAY_DAY = 15     # of the following month: research/domain.md §1.4
_WITHOUT_DAY = (
    (re.compile(r"(\d{1,2})[-/. ](\d{4})"), "1/{0}/{1}"),            # 08/2026
    (re.compile(r"(\d{4})[-/. ](\d{1,2})"), "1/{1}/{0}"),            # 2026-08
    (re.compile(r"(\d{4})(0[1-9]|1[0-2])"), "1/{1}/{0}"),            # 202608
    (re.compile(r"([A-Za-z]+)[-/. ]+(\d{4})"), "1 {0} {1}"),         # Agustus 2026
)
_NOT_A_MONTH = "Bulan ini tidak dikenali. Tulis bulan dan tahun: 08/2026."


def month_of(day):
    """The first day of a day's month."""
    return day.replace(day=1)


def months_before(month, count):
    """The month that lies so many months before another; both by their first days."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def last_day_of(month):
    """The last day of a month."""
    return months_before(month, -1) - timedelta(days=1)


def pay_by(month):
    """The last day on which a month's contribution is in time: the 15th of the month after it, or
    the next working day."""
    day = months_before(month, -1).replace(day=PAY_DAY)
    return add_working_days(day - timedelta(days=1), 1)


def last_due_month(today):
    """The newest month whose contribution should have been paid before today."""
    month = month_of(today)
    while pay_by(month) >= today:
        month = months_before(month, 1)
    return month


def unpaid_months(contributed_until, today):
    """How many due months are unpaid.

    :param contributed_until: the first day of the last month that was paid.
    """
    due = last_due_month(today)
    return max(0, (due.year - contributed_until.year) * 12 + due.month - contributed_until.month)


def unpaid_since(today, months):
    """Whoever's last paid month is this one or an earlier one has so many due months unpaid.

    :param months: the parameter ``radar.months``.
    """
    return months_before(last_due_month(today), months)


def parse_month(value):
    """The first day of a month as lists have it: a date, 08/2026, 2026-08, Agustus 2026.

    :raises webapp.formats.Malformed: with the sentence for the person.
    """
    if is_blank(value):
        raise Malformed("Bulan belum diisi. Tulis bulan dan tahun: 08/2026.")
    if isinstance(value, date):
        return month_of(parse_date(value))
    text = clean_text(str(value)).removesuffix(".0")     # a number cell: 202608.0
    for shape, day_of_it in _WITHOUT_DAY:
        if found := shape.fullmatch(text):
            text = day_of_it.format(*found.groups())
            break
    try:
        return month_of(parse_date(text))
    except Malformed as problem:
        raise Malformed(_NOT_A_MONTH) from problem


def parse_paid_until(value, today):
    """The last month that was paid, by its first day.

    :param today: the date in Jakarta: nobody is paid for beyond its month.
    :raises webapp.formats.Malformed: it is no month, or one that is still to come.
    """
    month = parse_month(value)
    if month > month_of(today):
        raise Malformed(f"Bulan ini belum tiba: {show_month(month)}. Periksa lagi tahunnya.")
    return month


def show_month(month):
    """A month in words: Agustus 2026."""
    return show_date(month).partition(" ")[2]
