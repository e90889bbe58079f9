"""Every SMS about a request fits, whatever the company is called."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.page import sms_for_every_name
from webapp.requests import messages

UNTIL = date(2026, 9, 30)     # no day is longer in words
TEXTS = {
    "asked": lambda case: messages.asked(case, UNTIL),
    "approved": messages.approved,
    "approved filled": lambda case: messages.approved_filled(case, UNTIL),
    "refused": lambda case: messages.refused(case, "x" * 1000),
    "refused by the branch": lambda case: messages.refused_by_branch(case, "x" * 1000),
    "filled": lambda case: messages.filled(case, UNTIL),
    "escalated": lambda case: messages.escalated(case, UNTIL),
}


def test_every_sms_is_here():
    made = {name for name, one in vars(messages).items() if getattr(one, "__module__", "")
            == messages.__name__ and not name.startswith("_") and not name.endswith("_company")}
    assert made == {name.replace(" by the ", "_by_").replace(" ", "_") for name in TEXTS}


@pytest.mark.parametrize("text", TEXTS)
def test_every_sms_fits_for_every_name(text):
    for name, sms in sms_for_every_name(lambda name: TEXTS[text](SimpleNamespace(
            number="N7K422QD8MX2", company=SimpleNamespace(name=name)))["sms"]):
        assert 0 < len(sms) <= 160, name
