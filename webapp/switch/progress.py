"""How far the draft of a switch is: the order of its pages, and which is to be filled in next.
Pure."""

from datetime import timedelta

from webapp.contributions.arrears import earliest_start
from webapp.formats import show_date

LEAVING, INCOME, START = "berhenti", "penghasilan", "tanggal"
PAPERS, CHECK = "dokumen", "periksa"
NOTHING_SAID = "{}"     # of the checklist: its page was not sent yet


def order_of(ending):
    """The pages, in their order.

    :param ending: a ``queries.Ending``: who is asked to end the membership, where nobody has.
    """
    return ((LEAVING,) if ending.must_be_asked else ()) + (INCOME, START, PAPERS, CHECK)


def place_of(step, ending):
    """(which, of how many) a page is, as the ``steps`` macro takes it."""
    order = order_of(ending)
    return order.index(step) + 1, len(order)


def open_steps(switch, ending, today, rules, *, is_leaving_said):
    """The pages of a draft that are not done, in their order.

    :param is_leaving_said: whether reason and last day stand and the address is known.
    """
    done = {
        LEAVING: is_leaving_said,
        INCOME: switch.income is not None and switch.sector is not None,
        START: bool(switch.starts_on) and not start_fault(switch.starts_on, ending, today, rules),
        PAPERS: switch.checklist != NOTHING_SAID,
    }
    return [step for step in order_of(ending)[:-1] if not done[step]]


def after(step, ending, undone):
    """Where a page leads once it is done: the next one, or, where nothing is left to fill in, to
    the check page.

    :param undone: what ``open_steps`` gives now.
    """
    order = order_of(ending)
    if not undone or step not in order:
        return undone[0] if undone else CHECK
    return order[order.index(step) + 1]


def suggested_start(ending, today):
    """The day that leaves no gap; None while nobody said when the membership ends."""
    return ending.last_day and earliest_start(ending.last_day, today)


def start_fault(day, ending, today, rules):
    """Why a membership of one's own cannot begin on this day, as a sentence, or None.

    :param rules: the parameters in force.
    """
    if not ending.last_day:
        return "Isi dulu hari kerja terakhir Anda."
    earliest = suggested_start(ending, today)
    if day < earliest:
        return f"Paling cepat {show_date(earliest)}. Periksa lagi tanggalnya."
    latest = max(earliest, today) + timedelta(days=rules["deactivation.days_ahead"])
    if day > latest:
        return f"Tanggal ini terlalu jauh. Paling lambat {show_date(latest)}."
    return None
