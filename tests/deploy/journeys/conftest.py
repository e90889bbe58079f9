"""The same tests as in ``tests/browser``, against a cluster that runs.

Pages come from its edge, through its nodes; people and what they did before are put straight into
its database, as there. One database serves all tests: it is put back as it was between them, which
also ends the nodes' connections each time, and nobody may notice. Its senders rest meanwhile: a
test that sends has a sender and gateways of its own.
"""

import os
from contextlib import closing

import psycopg
import pytest

from deploy.check import EMPTIED
from tests import postgresql
from tests.browser.conftest import (  # noqa: F401 (fixtures)
    ani_at_form,
    ani_at_list,
    browser,
    gallery,
    javascript,
    last_day,
    open_page,
    photograph,
    server,
    somebody,
)
from tests.conftest import _read_cast, _write_cast
from webapp import config, create_app, db, parameters

DATABASE = "purna"
# Every address that the tests' tools make is one of the cluster's server.
postgresql.server_uri = lambda: os.environ["PURNA_CLUSTER_DATABASE"]


class TheOne(postgresql.Databases):
    """The database that the nodes are connected to, put back between tests."""

    def __init__(self):
        super().__init__(DATABASE)
        self._name = DATABASE

    def take(self, folder=None, *, anew=False, kept=0):
        """Its address, once it is as it was."""
        del folder, anew
        if self._connection is None:
            self._learn()
        assert self._put_back(kept), "the cluster's database cannot be put back"
        return postgresql.address_of(DATABASE)

    def close(self):
        """Leave it without what was needed to put it back."""
        if self._connection:
            self._connection.execute("DROP SCHEMA blank CASCADE")
            self._connection.close()


@pytest.fixture(autouse=True)
def today_is_fixed():
    """It is not: the nodes have the machine's clock."""


@pytest.fixture(scope="session")
def application():
    """The application as a node has it, with the tests' cast as its only data."""
    url = postgresql.address_of(DATABASE)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS blank CASCADE")
        connection.execute(EMPTIED)
    app = create_app(config.from_environment({**os.environ, "DATABASE_URL": url}))
    db.ensure_connection()
    parameters.load_shipped()
    _write_cast()
    app.extensions["cast"] = _read_cast()
    db.database.close()
    return app


@pytest.fixture(scope="session")
def databases(application):
    """The one database; it depends on the application, which fills it."""
    with closing(TheOne()) as one:
        yield one


@pytest.fixture(scope="session")
def served():
    """Where the cluster answers everybody, staff too."""
    return os.environ["PURNA_CLUSTER_ADDRESS"]
