"""Issuing receipts, inside the transaction of the act they prove."""

from webapp.clock import WIB
from webapp.formats import mask_name
from webapp.models.receipts import Receipt
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
        show_number(number), "NONAKTIF", mask_name(membership.worker.name),
        mask_name(membership.company.name), deactivation.last_day.isoformat(),
        deactivation.reason, now.astimezone(WIB).strftime("%Y-%m-%dT%H:%M+07:00"))
    return Receipt.create(number=number, deactivation=deactivation, issued_at=now, text=text)
