"""Siti without her old contacts, at the counter with officer Dewi."""

import pytest

from tests.page import Clerk
from tests.recovery_desk.counter import OLD_PHONE, Counter


@pytest.fixture
def siti(cast):
    """Worker Siti, her old phone proven too."""
    cast.siti.phone = OLD_PHONE
    cast.siti.save()
    return cast.siti


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
