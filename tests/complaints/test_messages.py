"""What whoever complained is told fits an SMS."""

from datetime import date

import pytest

from webapp.complaints import messages
from webapp.messages.gsm import gsm_text
from webapp.models.cases import Case

CASE, DAY = Case(number="N7K422QDXXXX"), date(2027, 9, 29)


@pytest.mark.parametrize("told", [
    messages.received(CASE, DAY), messages.received_with(CASE, DAY, "ABCDEFGH"),
    messages.asked(CASE, "x" * 2000, DAY), messages.unanswered(CASE, DAY),
    messages.granted(CASE, "x" * 2000, is_open_again=True),
    messages.granted(CASE, "x" * 2000, is_open_again=False), messages.refused(CASE, "x" * 2000)])
def test_it_fits(told):
    assert len(gsm_text(told["sms"])) <= 160
    assert "http" not in told["sms"]
