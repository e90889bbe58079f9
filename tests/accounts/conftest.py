"""Siti in her account."""

import pytest

from tests.page import Clerk


@pytest.fixture
def siti_signed_in(app, cast):
    return Clerk(app).is_signed_in_as(cast.siti)
