"""What an heir is told when a claim is registered at the counter: an SMS."""

from webapp.formats import show_date, show_rupiah
from webapp.messages.outbox import shorten
from webapp.receipts.signing import show_number


def redirected(claim, goal):
    """What the bank could not pay goes to another account.

    :param goal: masked, in letters that every phone shows.
    """
    return (f"Purna: pencairan {show_rupiah(claim.approved)} milik "
            f"{shorten(claim.worker.name, 24)} dikirim ke {goal} sesudah 72 jam. "
            f"Ref {show_number(claim.case.number)}.")


def registered(claim, until):
    """It is registered, or was put right."""
    return (f"Purna: pencairan {show_rupiah(claim.amount)} milik {shorten(claim.worker.name, 24)} "
            f"terdaftar. Putusan paling lambat {show_date(until)}. "
            f"Ref {show_number(claim.case.number)}.")
