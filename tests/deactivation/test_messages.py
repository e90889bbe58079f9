"""What the worker is told."""

from datetime import date

import pytest

from webapp.deactivation import messages
from webapp.deactivation.reasons import REASONS
from webapp.messages.gsm import LONGEST_SMS, gsm_text
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker

LONG_NAME = "PT Perusahaan Perdagangan Indonesia “Sumber Rejeki” Abadi Sentosa"


def texts(reason):
    """The SMS and the body of the e-mail of each of the two notices."""
    membership = Membership(company=Company(name=LONG_NAME), worker=Worker(name="Siti Rahayu"))
    ended = Deactivation(reason=reason, last_day=date(2026, 10, 31))
    receipt = Receipt(number="N7K422QD8MXT")
    for sms, (_, body) in (messages.filed(membership, ended, receipt, 14),
                           messages.undone(membership, ended, "N7K4-22QD-8MXT")):
        yield from (sms, body)


@pytest.mark.parametrize("reason", REASONS)
def test_each_notice_fits_one_sms(reason):
    for sms in list(texts(reason))[::2]:
        assert len(gsm_text(sms)) <= LONGEST_SMS
        assert "?" not in gsm_text(sms).replace("keliru?", "")


def test_a_mistaken_entry_is_not_called_the_end_of_work():
    assert all("berhenti" not in text for text in texts("SLH"))
