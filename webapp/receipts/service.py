"""Issuing receipts, inside the transaction of the act they prove."""

from webapp.clock import day_of
from webapp.formats import mask_name
from webapp.models.receipts import Receipt
from webapp.prepared import add
from webapp.receipts.signing import Signer, new_number, show_number

_signer = None


def use_signer(seeds):
    """Set the keys that receipts are signed with (32-byte seeds, newest first)."""
    global _signer
    _signer = Signer(seeds)


def signer():
    """The signer in use."""
    return _signer


def issue(deactivation, *, membership, now):
    """A receipt for a deactivation that is being filed: number, masked names, day, reason."""
    number = new_number()
    text = _signer.sign(
        show_number(number), "NONAKTIF", _ascii(mask_name(membership.worker.name)),
        _ascii(mask_name(membership.company.name)), deactivation.last_day.isoformat(),
        deactivation.reason, day_of(now).isoformat())
    return add(Receipt(number=number, deactivation=deactivation.id, issued_at=now, text=text))


def _ascii(masked):
    """Stars for bullets, dots for spaces: what is signed stays short inside a QR code."""
    return masked.replace("•", "*").replace(" ", ".")
