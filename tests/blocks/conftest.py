"""Gita and Hadi, managers beside Fajar."""

import pytest

from tests.blocks.managers import manager
from tests.page import Clerk


@pytest.fixture
def gita(app, cast):
    """The second manager."""
    return manager("Gita Larasati", cast)


@pytest.fixture
def hadi(app, cast):
    """A third manager."""
    return manager("Hadi Wijaya", cast)


@pytest.fixture
def fajar_page(app, cast):
    """Fajar, signed in."""
    return Clerk(app).is_signed_in_as(cast.fajar)


@pytest.fixture
def gita_page(app, gita):
    """Gita, signed in."""
    return Clerk(app).is_signed_in_as(gita)
