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


def texts(reason, company=LONG_NAME, branch=None, state="BERLAKU"):
    """The SMS and the body of the e-mail of each of the three notices."""
    membership = Membership(company=Company(name=company), worker=Worker(name="Siti Rahayu"))
    ended = Deactivation(reason=reason, last_day=date(2026, 10, 31), branch=branch, state=state)
    receipt = Receipt(number="N7K422QD8MXT")
    for sms, (_, body) in (messages.filed(membership, ended, receipt, 14),
                           messages.as_asked(membership, ended, receipt, 14),
                           messages.undone(membership, ended, "N7K4-22QD-8MXT")):
        yield from (sms, body)


@pytest.mark.parametrize("reason", REASONS)
def test_each_notice_fits_one_sms(reason):
    for sms in list(texts(reason))[::2]:
        assert len(gsm_text(sms)) <= LONGEST_SMS
        assert "?" not in gsm_text(sms).replace("keliru?", "")


@pytest.mark.parametrize("state", ["BERLAKU", "TERJADWAL"])
@pytest.mark.parametrize("branch", [None, 2])
@pytest.mark.parametrize("reason", ["RSG", "SLH"])
def test_each_notice_fits_whatever_the_company_is_called(reason, branch, state):
    for length in range(1, 80):
        for name in ("A" * length, ("PT " + "Abadi " * 20)[:length].strip() or "A"):
            for sms in list(texts(reason, name, branch, state))[::2]:
                assert len(gsm_text(sms)) <= LONGEST_SMS, (name, sms)


def test_a_mistaken_entry_is_not_called_the_end_of_work():
    assert all("berhenti" not in text for text in texts("SLH"))
