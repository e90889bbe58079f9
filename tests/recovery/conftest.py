"""Siti with both contacts, and somebody who forgot."""

import pytest

from tests.people import with_phone
from tests.recovery.forgetful import Forgetful


@pytest.fixture
def siti(cast):
    """Worker Siti, her phone proven too."""
    return with_phone(cast.siti)


@pytest.fixture
def forgetful(app, siti):
    """Somebody at a browser that was never here."""
    return Forgetful(app)
