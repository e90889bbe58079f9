"""Issuing receipts, inside the transaction of the act they prove."""

from webapp.clock import day_of
from webapp.models.receipts import Receipt
from webapp.prepared import add_all
from webapp.receipts.signing import Signer, new_number

DEACTIVATION = "NTK"     # nonaktif tenaga kerja
CLAIM = "PCR"            # pencairan
_signer = None


def use_signer(seeds):
    """Set the keys that receipts are signed with (32-byte seeds, newest first)."""
    global _signer
    _signer = Signer(seeds)


def signer():
    """The signer in use."""
    return _signer


def issue_all(deactivations, *, now):
    """A receipt for each deactivation that is being filed: number, initials, days, reason.

    What is signed stays short: it must fit a QR code that an old phone reads from paper.

    :param deactivations: with their membership, its worker and its company.
    :returns: the ``Receipt`` of each, in their order.
    """
    made = [_receipt(deactivation, now) for deactivation in deactivations]
    add_all(Receipt, [receipt.__data__ for receipt in made])
    return made


def issue_claim(claim, now):
    """A receipt for a claim that is being sent: number, initials, kind, day. Its number is that of
    the claim's case, so that a person has one to keep.

    :param claim: with its case and worker.
    """
    number = claim.case.number
    text = _signer.sign(number, CLAIM, _initials(claim.worker.name), claim.kind,
                        f"{day_of(now):%y%m%d}")
    return Receipt.create(number=number, claim=claim, issued_at=now, text=text)


def _receipt(deactivation, now):
    number, membership = new_number(), deactivation.membership
    text = _signer.sign(
        number, DEACTIVATION, _initials(membership.worker.name), _initials(membership.company.name),
        f"{deactivation.last_day:%y%m%d}", deactivation.reason, f"{day_of(now):%y%m%d}")
    return Receipt(number=number, deactivation=deactivation.id, issued_at=now, text=text)


def _initials(name):
    return ".".join(word[0] for word in name.split())[:15]
