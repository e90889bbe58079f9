"""Issuing receipts, inside the transaction of the act they prove."""

from webapp.clock import day_of
from webapp.models.receipts import Receipt
from webapp.prepared import add
from webapp.receipts.signing import Signer, new_number

DEACTIVATION = "NTK"     # nonaktif tenaga kerja
_signer = None


def use_signer(seeds):
    """Set the keys that receipts are signed with (32-byte seeds, newest first)."""
    global _signer
    _signer = Signer(seeds)


def signer():
    """The signer in use."""
    return _signer


def issue(deactivation, *, membership, now):
    """A receipt for a deactivation that is being filed: number, initials, days, reason.

    What is signed stays short: it must fit a QR code that an old phone reads from paper.
    """
    number = new_number()
    text = _signer.sign(
        number, DEACTIVATION, _initials(membership.worker.name), _initials(membership.company.name),
        f"{deactivation.last_day:%y%m%d}", deactivation.reason, f"{day_of(now):%y%m%d}")
    return add(Receipt(number=number, deactivation=deactivation.id, issued_at=now, text=text))


def _initials(name):
    return ".".join(word[0] for word in name.split())[:15]
