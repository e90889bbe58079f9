"""PostgreSQL as Purna has it: what a session promises, and servers that may change places."""

import select

import peewee
import psycopg
from playhouse.postgres_ext import Psycopg3Database
from psycopg.conninfo import conninfo_to_dict

STATEMENT_SECONDS = 5     # a statement that runs longer is a defect: end it, free its locks
LOCK_SECONDS = 3
READ_ONLY, LOCK_NOT_AVAILABLE, DEADLOCK, CANCELED = "25006", "55P03", "40P01", "57014"   # SQLSTATE
BUSY_STATES = (LOCK_NOT_AVAILABLE, DEADLOCK, CANCELED)
USUAL = {"connect_timeout": 5, "application_name": "purna", "keepalives_idle": 10,
         "keepalives_interval": 5, "keepalives_count": 3}


def settings(is_local, **values):
    """The one statement that sets these, for the session or for the transaction alone."""
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', {is_local})"
                                 for name, value in values.items())


# Said after connecting and not while: a pool in between refuses options it does not know.
SESSION = settings(False, statement_timeout=f"{STATEMENT_SECONDS}s",
                   lock_timeout=f"{LOCK_SECONDS}s", timezone="UTC", synchronous_commit="on")
WITHOUT_WAITING = settings(True, lock_timeout="1ms", synchronous_commit="local")


class Primary(Psycopg3Database):
    """PostgreSQL as a cluster has it: the server behind an address may become another one."""

    session, refusal = SESSION, peewee.OperationalError

    def is_connection_usable(self):
        """Whether it works, as far as can be told without asking the server.

        :return: ``False`` also when the other side hung up since it was used last: after a
            failover nobody's request is spent on finding that out.
        """
        return super().is_connection_usable() and not _was_hung_up(self._state.conn.pgconn)

    def execute_sql(self, *statement, **options):
        """Run one statement; a server that became a standby is one that is away, not a defect."""
        try:
            return super().execute_sql(*statement, **options)
        except peewee.InternalError as problem:
            if getattr(problem.__context__, "sqlstate", None) != READ_ONLY:
                raise
            raise self.refusal("the server takes no writes") from problem

    def _connect(self):
        connection = super()._connect()
        try:
            connection.execute(self.session)
        except psycopg.Error:
            connection.close()
            raise
        return connection


def _was_hung_up(driver):
    """Whether something came in on an idle line: a last word and the end of it, else nothing does.

    :param driver: psycopg's ``pgconn``.
    """
    line = select.poll()
    line.register(driver.socket, select.POLLIN)
    for _ in range(2):      # the first time it may have been a notice
        if not line.poll(0):
            return False
        try:
            driver.consume_input()
        except psycopg.OperationalError:
            return True
    return True


def server_at(url, kind, **usual):
    """The PostgreSQL at an address; what the address says itself goes before what is usual.

    :param kind: ``Primary``, or a class made of it.
    """
    url = url.replace("postgres://", "postgresql://", 1)     # the only name peewee knows
    said = conninfo_to_dict(url)
    return kind(url, **{name: value for name, value in usual.items() if name not in said})
