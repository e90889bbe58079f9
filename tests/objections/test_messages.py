"""Every SMS about an objection fits, whatever the company is called."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.page import sms_for_every_name
from webapp.objections import messages

UNTIL = date(2026, 9, 30)     # no day is longer in words
TEXTS = {
    "sent": lambda case: messages.sent(case, UNTIL),
    "answered": lambda case: messages.answered(case, case.company.name),
    "granted": lambda case: messages.granted(case, "x" * 1000),
    "upheld": lambda case: messages.upheld(case, "x" * 1000),
}


def test_every_sms_is_here():
    made = {name for name, one in vars(messages).items() if getattr(one, "__module__", "")
            == messages.__name__ and not name.startswith("_") and not name.endswith("_company")}
    assert made == set(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_every_sms_fits_for_every_name(text):
    for name, sms in sms_for_every_name(lambda name: TEXTS[text](SimpleNamespace(
            number="N7K422QD8MX2", company=SimpleNamespace(name=name)))["sms"]):
        assert 0 < len(sms) <= 160, name
