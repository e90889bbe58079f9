"""Houses full of workers, four servers on one database, clerks at work."""

from types import SimpleNamespace

import pytest

from tests.conftest import POSTGRESQL
from tests.faults.harness import Gateways, desks_for, maju
from tests.faults.houses import Builder, DurableServer
from tests.faults.processes import Server, running
from tests.gateways import free_port

SERVERS = 4


@pytest.fixture(scope="session")
def durable_server():
    """A PostgreSQL with fsync on that these tests may stop; None on SQLite."""
    if not POSTGRESQL:
        yield None
        return
    server = DurableServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def builder(tmp_path_factory, durable_server):
    """Makes houses with one large company."""
    return Builder(tmp_path_factory.mktemp("houses"), durable_server and durable_server.uri)


@pytest.fixture
def house(builder):
    """A house of this test's own; nothing runs in it yet."""
    return builder.house()


@pytest.fixture
def gateways():
    """A mail server and an SMS gateway."""
    with Gateways() as found:
        yield found


@pytest.fixture(scope="package")
def street(builder, tmp_path_factory):
    """Four server processes on one database, for all tests of this folder; each takes workers
    of its own with ``street.take(count)``.

    On PostgreSQL it must not be there yet when ``test_database_gone`` ends every connection: each
    thread of each server would answer 503 once. Tests that use it come later in the alphabet.
    """
    house = builder.house()
    ports = [free_port() for _ in range(SERVERS)]
    log = tmp_path_factory.mktemp("logs")
    with running(*(Server(house, port, log / f"{port}.log") for port in ports)):
        company = maju(house.store)
        fresh = iter(company.memberships)
        yield SimpleNamespace(
            house=house, store=house.store, ports=ports, company=company.public_id,
            desks=desks_for(company.public_id, ports, 8),
            take=lambda count: [next(fresh) for _ in range(count)])
