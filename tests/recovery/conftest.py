"""Siti with both contacts, and somebody who forgot."""

import pytest

from tests.recovery.forgetful import PHONE, Forgetful


@pytest.fixture
def siti(cast):
    """Worker Siti, her phone proven too."""
    cast.siti.phone = PHONE
    cast.siti.save()
    return cast.siti


@pytest.fixture
def forgetful(app, siti):
    """Somebody at a browser that was never here."""
    return Forgetful(app)
