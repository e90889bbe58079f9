"""Siti with a phone and an e-mail that were proven long ago, and what holds her money."""

import pytest

from tests.destinations.linking import Linker
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
