"""A fresh migrated database for each test, and the people of the fixed cast."""

import shutil
import uuid
from contextlib import closing
from datetime import date

import pytest
from playhouse.migrations import Runner

from tests import postgresql
from tests.messages.child import prepare
from webapp import clock, db, turn
from webapp.messages.outbox import tell
from webapp.models.people import EMPLOYER, User
from webapp.models.workers import Worker

MIGRATIONS = "webapp/migrations"


@pytest.fixture(scope="session")
def migrated(server_uri, tmp_path_factory):
    """A migrated database without rows: copies of it on PostgreSQL, a file on SQLite."""
    if server_uri:
        postgresql.create("migrated")
        _migrate(postgresql.address_of("migrated"))
        with closing(postgresql.Databases("migrated")) as copies:
            yield copies
        return
    path = tmp_path_factory.mktemp("migrated") / "purna.sqlite3"
    _migrate(f"sqlite:///{path}")
    yield path


@pytest.fixture
def database_url(migrated, server_uri, tmp_path):
    if server_uri:
        return migrated.take()
    shutil.copy(migrated, tmp_path / "purna.sqlite3")
    return f"sqlite:///{tmp_path}/purna.sqlite3"


@pytest.fixture
def database(database_url):
    database = prepare(database_url)
    database.connect()
    yield database
    leave_database()


def leave_database():
    """Close what this thread holds open of the test's database."""
    db.drop_connection()
    kept = turn._thread.__dict__
    if kept.pop("path", None):
        for file in kept.pop("files"):
            file.close()


@pytest.fixture
def siti(database):
    worker = Worker(nik="3171014506900001", name="Siti", birth_date=date(1990, 6, 5),
                    created_at=clock.now())
    worker.phone, worker.email = "+6281234567890", "siti@contoh.example"
    worker.save()
    return worker


@pytest.fixture
def ani(database):
    user = User(role=EMPLOYER, name="Ani", created_at=clock.now())
    user.email = "ani@maju.example"
    user.save()
    return user


@pytest.fixture
def told(siti):
    """Write one message to Siti as a service would; returns the row."""
    def told(sms=None, email=None, kind="test:told", now=None, **more):
        about = uuid.uuid4()
        with db.write_transaction():
            tell(siti, kind=kind, about=about, now=now or clock.now(), sms=sms, email=email,
                 **more)
        return siti.messages.where(siti.messages.model.about == about).get()
    return told


def _migrate(url):
    database = prepare(url)
    Runner(database.obj, MIGRATIONS).up()
    database.close()
