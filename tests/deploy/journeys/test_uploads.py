"""As on one machine; lists are worked on by a sender with a node's environment."""

import os

import pytest

from tests.browser.test_uploads import *  # noqa: F403
from tests.faults.processes import Program, running


@pytest.fixture
def worker_process(application, database, tmp_path):
    """``flask worker`` on the cluster's database, with its bucket."""
    environment = {**os.environ, "DATABASE_URL": database.url}
    with running(Program(("flask", "worker"), environment, tmp_path / "worker.log")):
        yield
