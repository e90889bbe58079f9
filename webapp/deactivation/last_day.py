"""When a last working day can be: rules §1."""

from datetime import timedelta

from webapp.formats import show_date


def last_day_fault(last_day, *, started_on, name, today, rules):
    """Why this cannot be somebody's last working day, as a sentence, or None.

    :param started_on: when the membership began.
    :param name: the worker's.
    :param today: the date in Jakarta.
    :param rules: the parameters in force.
    """
    if last_day < started_on:
        return (f"Tanggal ini sebelum {name.split()[0]} mulai bekerja "
                f"({show_date(started_on)}). Periksa lagi tanggalnya.")
    latest = today + timedelta(days=rules["deactivation.days_ahead"])
    if last_day > latest:
        return f"Tanggal ini terlalu jauh. Paling lambat {show_date(latest)}."
    return None
