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
def dewi(app, siti):
    """Officer Dewi at the counter."""
    return Counter(app).sign_in("dewi@cabang.example")


@pytest.fixture
def eka(app, siti):
    """Supervisor Eka."""
    return Clerk(app).sign_in("eka@cabang.example")


@pytest.fixture
def fajar(app, siti):
    """Manager Fajar."""
    return Clerk(app).sign_in("fajar@cabang.example")
