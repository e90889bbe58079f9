"""Siti wants to link an account with another name on it; the branch that decides."""

import pytest

from tests.destinations.linking import OTHERS, Linker, newest
from tests.page import Clerk
from tests.people import with_phone
from webapp.models.people import User


@pytest.fixture
def user(cast):
    """Siti's account."""
    return with_phone(User.get_by_id(cast.siti.id))


@pytest.fixture
def siti(app, user):
    """Siti, signed in."""
    return Linker(app).is_signed_in_as(user)


@pytest.fixture
def fajar(app, cast):
    """Manager Fajar."""
    return Clerk(app).is_signed_in_as(cast.fajar)


@pytest.fixture
def case(siti):
    """Her account waits at the branch."""
    siti.link(OTHERS)
    return newest().case
