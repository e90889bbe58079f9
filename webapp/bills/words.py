"""How a membership of one's own and its bills are called on screen. Pure."""

from webapp.contributions.amounts import monthly, of_months
from webapp.contributions.arrears import owed_months, unpaid_months
from webapp.formats import show_date, show_rupiah
from webapp.models.switches import ACTIVE, BEHIND, EXPIRED, LAPSED, PAID, WAITING
from webapp.models.workers import NEW_FOR
from webapp.months import month_of, months_before, show_month

STATES = {ACTIVE: ("Aktif", "good"), BEHIND: ("Menunggak", "warning"),
          LAPSED: ("Nonaktif", "quiet")}
BILL_STATES = {WAITING: ("Menunggu dibayar", "warning"), PAID: ("Dibayar", "good"),
               EXPIRED: ("Tidak berlaku lagi", "quiet")}


def status_of(own, today):
    """(word, tone) of a membership of one's own: ``Baru`` in its first month."""
    if own.state == ACTIVE and own.started_on > today:
        return f"Mulai {show_date(own.started_on)}", "info"
    if own.state == ACTIVE and own.started_on > today - NEW_FOR:
        return "Baru", "info"
    return STATES[own.state]


def monthly_of(own, today, rules_of):
    """What a month costs now, rupiah.

    :param rules_of: gives the parameters in force on a day.
    """
    month = month_of(today)
    return monthly(own.income, own.has_savings, own.sector, month, rules_of(month)).amount


def arrears_of(own, today, rules_of):
    """What is owed, in words; nothing any more once it lapsed.

    :param rules_of: as ``monthly_of`` has it.
    """
    unpaid = owed_months(unpaid_months(own.paid_until, today), rules_of(today))
    if own.state == LAPSED or not unpaid:
        return "Tidak ada"
    if unpaid == 1:
        return "Tidak ada. Iuran bulan ini belum dibayar"
    owed = of_months(own.income, own.has_savings, own.sector, months_before(own.paid_until, -1),
                     unpaid, rules_of)
    return f"{unpaid} bulan, {show_rupiah(owed.amount)}"


def months_of(bill):
    """For which months a bill is: "November 2026", "November 2026 sampai Januari 2027"."""
    return span(bill.first_month, bill.months)


def span(first_month, count):
    """So many months from one on, in words."""
    last = months_before(first_month, 1 - count)
    first = show_month(first_month)
    return first if count == 1 else f"{first} sampai {show_month(last)}"
