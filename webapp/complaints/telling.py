"""Telling whoever complained, inside the transaction of what they are told: the account's proven
contacts, or the contact they gave."""

from datetime import timedelta

from webapp.messages import outbox
from webapp.models.messages import EMAIL, SMS
from webapp.rate_limit import Limit, TooMany, count_try

# Anybody can give somebody else's phone: nobody gets more of these for it.
WRITTEN = Limit("complaint-contact", 6, timedelta(days=1))


def tell_reporter(complaint, kind, now, *, sms, email):
    """Write on every channel there is.

    :param complaint: with its case.
    """
    about, kind = complaint.case.public_id, f"case:complaint {kind}"
    if complaint.user_id:
        outbox.tell(user=complaint.user, kind=kind, about=about, now=now, sms=sms, email=email)
        return
    for channel, address, text in ((SMS, complaint.phone, sms), (EMAIL, complaint.email, email)):
        if address and _is_within(channel, address, now):
            outbox.write_to(channel, address, kind=kind, about=about, now=now, text=text,
                            expires_in=outbox.KEPT_FOR)


def _is_within(channel, address, now):
    try:
        count_try(WRITTEN, f"{channel} {address}", now)
    except TooMany:
        return False
    return True
