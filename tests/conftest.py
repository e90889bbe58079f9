"""A real database for every test: SQLite, or PostgreSQL with PURNA_TEST_DATABASE=postgresql."""

import copy
import hashlib
import os
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from psycopg.pq import TransactionStatus

from tests import postgresql
from tests.copies import copies_of
from tests.page import DEVICE, Clerk
from webapp import clock, config, create_app, db, otp, parameters, passwords
from webapp.application import use_keys
from webapp.demo.people import BRANCHES, CAST, COMPANIES, PASSWORD
from webapp.models.accounts import Agreement, Authenticator
from webapp.models.branches import Branch
from webapp.models.companies import Company, CompanyClerk
from webapp.models.people import Device, User
from webapp.models.workers import Membership, Worker
from webapp.operation.migrations import runner
from webapp.terms import versions
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

POSTGRESQL = os.environ.get("PURNA_TEST_DATABASE") == "postgresql"
FILES = Path(__file__).parent / "files"


DATABASES = {"application", "server_uri", "durable_server", "database_url"}     # fixtures
REAL_TIME = ("browser", "faults", "messages")     # these talk to other processes


def pytest_collection_modifyitems(config, items):
    """What never meets a database runs once, beside SQLite. What a browser was too slow for, on a
    machine that does other things too, is tried once more, and the summary names it."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if not POSTGRESQL:
        return
    apart = {item for item in items if not DATABASES & {*item.fixturenames}}
    items[:] = [item for item in items if item not in apart]
    config.hook.pytest_deselected(items=list(apart))


@pytest.fixture(autouse=True)
def today_is_fixed(request):
    """It is Sunday 22 November 2026, half past one in Jakarta, in every test but real ones."""
    if request.path.parent.name in REAL_TIME:
        yield
        return
    with time_machine.travel("2026-11-22T06:30:00Z"):
        yield


@pytest.fixture(scope="session")
def server_uri():
    """Where PostgreSQL listens (without a database name); None on SQLite."""
    return postgresql.server_uri() if POSTGRESQL else None


@pytest.fixture(scope="session")
def databases(application):
    """Copies of the blank database; a folder whose tests begin with more has its own."""
    with closing(copies_of(application.config["DATABASE_URL"])) as copies:
        yield copies


@pytest.fixture(scope="session")
def application(tmp_path_factory, server_uri):
    """The application, made once; each test points it at its own database."""
    data = tmp_path_factory.mktemp("data")
    url = postgresql.address_of("blank") if server_uri else f"sqlite:///{data}/blank.sqlite3"
    if server_uri:
        postgresql.create("blank")
    app = create_app(config.from_environment({"PURNA_DATA": str(data), "DATABASE_URL": url}))
    app.config["TESTING"] = False      # error pages as people get them
    db.ensure_connection()
    runner(db.database.obj).up()
    parameters.load_shipped()
    _write_cast()
    app.extensions["cast"] = _read_cast()
    db.database.close()
    return app


@pytest.fixture
def database(application, databases, request, tmp_path):
    """A fresh, migrated database; its URL is in ``database.url``."""
    anew = request.node.get_closest_marker("own_files") is not None
    with fresh_database(application, databases, tmp_path, anew) as fresh:
        yield fresh


@contextmanager
def fresh_database(application, databases, folder, anew):
    """Be connected to a fresh database.

    :param folder: for its file, where it is one.
    :param anew: its files hold nothing of earlier tests.
    """
    if POSTGRESQL:
        url = databases.take(anew=anew, kept=_idle_connection())
    else:
        url = databases.take(folder)
    use_keys(application.config)
    if not _is_connected_to(url):
        db.connect_to(url)
        db.ensure_connection()
    yield SimpleNamespace(url=url)
    if not POSTGRESQL:
        db.database.close()


# To connect to PostgreSQL anew takes 20 ms until the server has read its catalogue again, so the
# test's own connection goes on where the next one's database is the same, put back.
def _idle_connection():
    """The server process of this thread's connection, where nothing was left undone on it."""
    if db.database.obj is None or db.is_sqlite() or db.database.is_closed():
        return 0
    driver = db.database.connection()
    is_idle = not driver.closed and driver.info.transaction_status == TransactionStatus.IDLE
    return driver.info.backend_pid if is_idle else 0


def _is_connected_to(url):
    return _idle_connection() != 0 and db.database.database == url


@pytest.fixture
def app(application, database):
    """The application on the test's own database."""
    return application


@pytest.fixture
def now():
    """The present moment."""
    return clock.now()


@pytest.fixture
def cast(application, database):
    """Ani and Budi at PT Maju, Citra at PT Lain, worker Siti, officer Dewi, supervisor Eka,
    manager Fajar; Siti and four others work at PT Maju, Rahmat at PT Lain."""
    return copy.deepcopy(application.extensions["cast"])


@pytest.fixture
def ani(app, cast):
    """Ani, clerk of PT Maju and PT Maju Logistik, signed in."""
    return Clerk(app).is_signed_in_as(cast.ani)


@pytest.fixture
def budi(app, cast):
    """Budi, clerk of PT Maju, signed in."""
    return Clerk(app).is_signed_in_as(cast.budi)


@pytest.fixture
def citra(app, cast):
    """Citra, clerk of PT Lain, signed in."""
    return Clerk(app).is_signed_in_as(cast.citra)


@pytest.fixture
def siti(app, cast):
    """Siti, worker at PT Maju, signed in."""
    return Clerk(app).is_signed_in_as(cast.siti)


@pytest.fixture
def dewi(app, cast):
    """Dewi, officer of the branch that looks after PT Maju, signed in."""
    return Clerk(app).is_signed_in_as(cast.dewi)


@pytest.fixture
def eka(app, cast):
    """Eka, supervisor there, signed in."""
    return Clerk(app).is_signed_in_as(cast.eka)


@pytest.fixture
def joko(app, cast):
    """Joko, officer of another branch, signed in: PT Maju is no business of his."""
    joko = User(name="Joko Santoso", role="officer", created_at=clock.now(),
                branch=Branch.get(Branch.code == BRANCHES[1][0]))
    joko.email = "joko@cabang.example"
    joko.save(force_insert=True)
    settle(joko, clock.now())
    return Clerk(app).is_signed_in_as(joko)


@pytest.fixture
def visitor(app, cast):
    """Somebody who is not signed in."""
    return Clerk(app)


def worker_row(kpj, nik, name, begun=date(2021, 5, 1), born=date(1990, 8, 5), **more):
    """A row of a company's list."""
    return TakenRow(row_number=2, kpj=kpj, nik=nik, name=name, birth_date=born, start_date=begun,
                    **more)


MAJU = (
    worker_row("30145274512", "3171064508900001", "Siti Rahayu", phone="+628123454512",
               email="siti@pekerja.example", position="Staf keuangan"),
    worker_row("30145270001", "3171061203850002", "Agus Setiawan", born=date(1985, 3, 12)),
    worker_row("30145270002", "3171065506920003", "Siti Aminah", born=date(1992, 6, 15)),
    worker_row("30145270003", "3171060101700004", "Bambang Rahardjo", born=date(1970, 1, 1)),
    worker_row("41100000009", "3171062202880005", "Dewi Sartika Rahayu", born=date(1988, 2, 22)),
)
LAIN = (worker_row("20000000017", "3578191701910001", "Rahmat Hidayat", born=date(1991, 1, 17)),)


def _write_cast():
    """The fixed cast of every test, written once into the blank database."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    branches = {code: Branch.create(code=code, name=name, city=city)
                for code, name, city in BRANCHES}
    companies = {npp: Company.create(npp=npp, name=name, city=city, created_at=moment,
                                     branch=branches[branch])
                 for npp, name, city, branch in COMPANIES}
    password_hash = passwords.hash_password(PASSWORD)
    for email, name, role, npps, _ in CAST:
        user = User(name=name, role=role, password_hash=password_hash, created_at=moment)
        user.branch = branches[BRANCHES[0][0]] if user.is_staff else None
        user.email = email
        user.save(force_insert=True)
        for npp in npps:
            CompanyClerk.create(user=user, company=companies[npp])
        settle(user, moment)
    for company, rows in ((companies["JJ010001"], MAJU), (companies["JJ020002"], LAIN)):
        assert not list(take_in_list(company, rows, now=moment, outcome=Outcome()))
    siti = User.get(User.role == "worker")
    Worker.update(user=siti).where(Worker.name == "Siti Rahayu").execute()


def _read_cast():
    users = User.select().order_by(User.id)      # written in this order
    people = {email.split("@")[0]: user
              for (email, *_), user in zip(CAST, users, strict=True)}
    companies = {company.npp: company for company in Company.select()}
    return SimpleNamespace(
        **people, maju=companies["JJ010001"], logistik=companies["JJ010003"],
        lain=companies["JJ020002"], siti_at_maju=Membership.get(Membership.kpj == "30145274512"),
        rahmat_at_lain=Membership.get(Membership.kpj == "20000000017"))


def settle(user, moment):
    """Somebody who has been here before: agreed to the terms, known on this browser; staff have
    their authenticator."""
    # Not long ago by the fixed clock, nor by the real one.
    lately = max(clock.now(), datetime(2026, 11, 1, tzinfo=UTC))
    Device.create(user=user, digest=hashlib.sha256(DEVICE.encode()).hexdigest(), first_at=lately)
    if user.is_worker:
        terms = versions.current(clock.day_of(moment))
        Agreement.create(user=user, version=terms.version, language=terms.language,
                         digest=terms.digest, agreed_at=moment, address="127.0.0.1")
    if user.is_staff:
        authenticator = Authenticator(user=user, created_at=moment, confirmed_at=moment)
        authenticator.secret = otp.new_secret()
        authenticator.save(force_insert=True)
