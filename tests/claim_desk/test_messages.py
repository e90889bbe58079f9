"""Every SMS about a review fits, whatever is in it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from tests.page import sms_for_every_name
from webapp.claim_desk import messages
from webapp.claims.faults import codes_for
from webapp.eligibility.kinds import KINDS
from webapp.interviews import messages as slots
from webapp.messages.gsm import gsm_text
from webapp.models.claims import BANKS, WALLETS

UNTIL = date(2026, 9, 30)     # no day is longer in words


def claim(kind="JHT-LNG", provider="LINKAJA", branch="Jakarta"):
    return SimpleNamespace(
        kind=kind, amount=999_999_999_999, approved=None,
        destination=SimpleNamespace(provider=provider, number="081234568123"),
        case=SimpleNamespace(number="N7K422QD8MX2", branch=SimpleNamespace(name=branch)))


def texts(one):
    faults = [(code, "x" * 300) for code in codes_for(one.kind, ("NPWP",))]
    return [messages.taken_up(one, UNTIL), messages.returned(one, faults),
            messages.interview_asked(one), messages.interview_held(one, UNTIL),
            messages.approved(one, 999_999_999_999, "x" * 500), messages.refused(one, "x" * 1000)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("provider", BANKS + WALLETS)
def test_every_sms_fits(kind, provider):
    for told in texts(claim(kind, provider)):
        assert 0 < len(gsm_text(told["sms"])) <= 160, told["sms"]
        subject, body = told["email"]
        assert subject
        assert body.count("nomor N7K4-22QD-8MX2") == 1


def test_what_is_between_the_staff_is_no_sms():
    assert messages.agreed(claim())["sms"] is None
    assert messages.sent_back(claim())["sms"] is None


def test_the_slots_branch_may_have_any_name():
    moment = datetime(2026, 9, 30, 7, 30, tzinfo=UTC)
    for make in (lambda name: slots.booked(claim(branch=name), moment)["sms"],
                 lambda name: slots.cancelled(claim(branch=name))["sms"]):
        for name, sms in sms_for_every_name(make):
            assert 0 < len(sms) <= 160, name
