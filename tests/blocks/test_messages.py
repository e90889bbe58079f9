"""What a blocked person is told fits an SMS, whatever the reason."""

from datetime import UTC, date, datetime

import pytest

from webapp.blocks import messages
from webapp.blocks.words import REASONS
from webapp.messages.gsm import gsm_text
from webapp.models.blocks import REASONS as CODES
from webapp.models.blocks import Block

LONG = date(2027, 9, 29)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_fits(reason):
    told = messages.confirmed(Block(reason=reason, until=LONG))
    assert len(gsm_text(told["sms"])) <= 160
    assert REASONS[reason].told in told["sms"]
    assert "http" not in told["sms"]


def test_every_reason_of_the_rules_has_its_words():
    assert set(REASONS) == set(CODES)


@pytest.mark.parametrize("told", [
    messages.rescheduled(LONG), messages.ended(None),
    messages.ended(datetime(2027, 9, 29, 23, 59, tzinfo=UTC))])
def test_the_others_fit(told):
    assert len(gsm_text(told["sms"])) <= 160
