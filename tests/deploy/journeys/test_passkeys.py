"""As on one machine; the cluster's own address is a name."""

import os
from types import SimpleNamespace

import pytest

from tests.browser.test_passkeys import *  # noqa: F403


@pytest.fixture
def server(app, cast):
    """The cluster under the name that its nodes give it."""
    return SimpleNamespace(url=os.environ["PURNA_BASE_URL"], app=app)
