"""Siti without her old contacts, at the counter with officer Dewi."""

import pytest

from tests.page import Clerk
from tests.people import with_phone
from tests.recovery_desk.counter import Counter


@pytest.fixture
def siti(cast):
    """Worker Siti, her old phone proven too."""
    return with_phone(cast.siti)


@pytest.fixture
def dewi(app, cast, siti):
    """Officer Dewi at the counter."""
    return Counter(app).is_signed_in_as(cast.dewi)


@pytest.fixture
def eka(app, cast, siti):
    """Supervisor Eka."""
    return Clerk(app).is_signed_in_as(cast.eka)


@pytest.fixture
def fajar(app, cast, siti):
    """Manager Fajar."""
    return Clerk(app).is_signed_in_as(cast.fajar)
