"""How a membership of one's own and its bills are called on screen. Pure."""

from webapp.formats import show_date
from webapp.models.switches import ACTIVE, BEHIND, EXPIRED, LAPSED, PAID, WAITING
from webapp.models.workers import NEW_FOR
from webapp.months import months_before, show_month

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


def months_of(bill):
    """For which months a bill is: "November 2026", "November 2026 sampai Januari 2027"."""
    return span(bill.first_month, bill.months)


def span(first_month, count):
    """So many months from one on, in words."""
    last = months_before(first_month, 1 - count)
    first = show_month(first_month)
    return first if count == 1 else f"{first} sampai {show_month(last)}"
