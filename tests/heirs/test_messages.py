"""Every SMS to an heir fits for every name."""

from datetime import date
from types import SimpleNamespace

from tests.page import sms_for_every_name
from webapp.challenges.purposes import Purpose, code_sms
from webapp.heirs import messages


def claim(name):
    return SimpleNamespace(amount=999_999_999_999, approved=999_999_999_999,
                           worker=SimpleNamespace(name=name),
                           case=SimpleNamespace(number="N7K422QD8MX2"))


def test_every_sms_fits_for_every_name():
    for make in (lambda name: messages.registered(claim(name), date(2026, 9, 30)),
                 lambda name: messages.redirected(claim(name), "LinkAja ****8123")):
        for name, sms in sms_for_every_name(make):
            assert 0 < len(sms) <= 160, name


def test_the_code_names_the_act_the_amount_and_the_account():
    sms = code_sms(Purpose.HEIR_CLAIM, "482913", "Rp999.999.999 ke LinkAja ****8123")
    assert "PENCAIRAN AHLI WARIS Rp999.999.999 ke LinkAja ****8123" in sms
    assert len(sms) <= 160
