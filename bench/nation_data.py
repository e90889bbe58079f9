"""A nation in a PostgreSQL: 1.000.000 workers in 4.000 companies, 250.000 accounts, 5.000.000 audit
entries. Written by COPY on both cores, then kept.

What it is at work with (cases, the demo's cast) comes through the application's services.
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from uuid import UUID

import psycopg

from bench import nation_people
from bench.inside import application, database_of
from bench.nation_people import BRANCHES, FIRST_BRANCH, Chain, Region, account_entries
from webapp import audit, clock, passwords
from webapp.deactivation import service as deactivation
from webapp.demo.data import FIRST, LAST
from webapp.demo.people import PASSWORD
from webapp.models.audit import AuditChain, AuditEntry
from webapp.models.branches import Branch
from webapp.models.people import OFFICER, User
from webapp.models.workers import Membership, NameDeletion, NameWord
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about
from webapp.parameters import rules_on
from webapp.tables import Table
from webapp.terms import versions
from webapp.workers.name_search import deletions

REGIONS, ENTRIES = 20, 5_000_000
PROCESSES = 2
AT_ONCE = 20_000          # entries written at a time
OFFICERS, CASES = 3, 25   # of a branch
COMPLETE = "complete"     # in the house's folder: nothing more is to be made


def fill(house, regions=REGIONS, entries=ENTRIES):
    """Make a nation in an empty database."""
    house.run("migrate")
    app = application(house)
    with database_of(house), app.app_context():
        shared = _shared()
    ours = entries - regions * nation_people.COMPANIES * nation_people.PER_COMPANY
    with _without_indexes(house):
        with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _connect, [house]) as pool:
            parts = [[chain for chain in shared["chains"] if int(chain[1][9:]) % PROCESSES == one]
                     for one in range(PROCESSES)]
            made = [pool.submit(_write_accounts, part, ours, regions) for part in parts]
            made += [pool.submit(_write_region, number, shared) for number in range(regions)]
            for place, one in enumerate(made, 1):
                one.result()
                _say(f"{place} of {len(made)} parts are written")
    _set_sequences(house)
    house.run("demo", "--workers", "350")
    with database_of(house), app.app_context():
        _open_cases(regions)
    with psycopg.connect(house.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    _say("it is complete")


def _shared():
    """Small tables, and what each process must know of them."""
    words = sorted({word.casefold() for word in (*FIRST, *LAST)})
    NameWord.insert_many([{"text": word} for word in words]).execute()
    ids = dict(NameWord.select(NameWord.text, NameWord.id).tuples())
    NameDeletion.insert_many([{"text": shorter, "word": number} for word, number in ids.items()
                              for shorter in deletions(word)]).execute()
    Branch.insert_many([{"id": FIRST_BRANCH + number, "public_id": nation_people.public_id(number),
                         "code": f"R{number:02}", "name": f"Kantor Cabang {number}"}
                        for number in range(REGIONS * BRANCHES)]).execute()
    chains = AuditChain.select(AuditChain.id, AuditChain.name).where(
        AuditChain.name << audit.OF_ACCOUNTS[1:]).order_by(AuditChain.id)
    return {"words": ids, "password_hash": passwords.hash_password(PASSWORD),
            "terms": versions.current(clock.today()), "chains": list(chains.tuples())}


_house = None


def _connect(house):
    global _house
    _house = house
    application(house)     # its keys


@contextmanager
def _writing():
    """A connection that believes what it is told: no foreign key is looked up."""
    with psycopg.connect(_house.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        yield connection


def _write_region(number, shared):
    region = Region(number, shared["words"], shared["password_hash"], shared["terms"])
    with _writing() as connection:
        for rows in region.companies():
            for table, instances in rows.items():
                _copy(connection, table, instances)


def _write_accounts(chains, count, regions):
    chains = [Chain(number, name) for number, name in chains]
    first = regions * nation_people.COMPANIES * nation_people.PER_COMPANY + 1
    entries = account_entries(chains, first, count, regions * nation_people.USERS)
    with _writing() as connection:
        while some := list(islice(entries, AT_ONCE)):
            _copy(connection, AuditEntry, some)
        for chain in chains:
            connection.execute("UPDATE audit_chain SET sequence = %s, head = %s WHERE id = %s",
                               [chain.sequence, chain.head, chain.number])


def _copy(connection, table, instances):
    if not instances:
        return
    meta = table._meta
    fields = [field for field in meta.sorted_fields if field.name in instances[0].__data__]
    names = [field.name for field in fields]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    lines = ["\t".join([_text(row.__data__.get(name)) for name in names]) for row in instances]
    with connection.cursor().copy(f'COPY "{meta.table_name}" ({columns}) FROM STDIN') as copy:
        copy.write("\n".join(lines) + "\n")


def _text(value):
    """A value as COPY reads it; no text of ours has anything that must be escaped."""
    kind = type(value)
    if kind is str:
        return value
    if value is None:
        return "\\N"
    if kind is bytes:
        return "\\\\x" + value.hex()
    if kind is UUID:
        return value.hex
    if kind is datetime:
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value)


@contextmanager
def _without_indexes(house):
    """Take the indexes of large tables away, and make them again on all cores."""
    with psycopg.connect(house.url, autocommit=True) as connection:
        found = connection.execute("""
            SELECT indexname, indexdef FROM pg_indexes
            WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
            AND tablename IN ('worker', 'membership', 'membership_word', 'user',
                              'agreement', 'audit_entry')""").fetchall()
        for name, _ in found:
            connection.execute(f'DROP INDEX "{name}"')
        yield
        _say(f"{len(found)} indexes are made again")
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in found:
            connection.execute(definition)


def _set_sequences(house):
    with psycopg.connect(house.url, autocommit=True) as connection:
        for table in Table.__subclasses__():
            if table._meta.auto_increment:
                name = table._meta.table_name
                connection.execute(
                    f"""SELECT setval(pg_get_serial_sequence('"{name}"', 'id'),
                        coalesce(max(id), 0) + 1, false) FROM "{name}" """)


def _open_cases(regions):
    """Officers for each branch, and objections for them to decide."""
    now = clock.now()
    for branch in range(FIRST_BRANCH, FIRST_BRANCH + regions * BRANCHES):
        for place in range(OFFICERS):
            officer = User(role=OFFICER, name=f"Petugas {branch}-{place}", branch=branch,
                           created_at=now)
            officer.email = f"petugas{branch}-{place}@cabang.example"
            officer.save(force_insert=True)
    for region in range(regions):
        for place in range(BRANCHES * CASES):
            _object(region * nation_people.WORKERS + nation_people.WITH_ACCOUNT * place * 100, now)
    _say("cases are open")


def _object(at, now):
    """The worker at this place says that the company's report is wrong."""
    membership = Membership.get(Membership.id == at + 1)
    company, worker = membership.company, membership.worker
    clerk = company.clerks.get().user
    filed, today = now - timedelta(days=2), clock.today()
    draft = deactivation.save_draft(membership, clerk, reason="RSG", note="", document=None,
                                    last_day=today - timedelta(days=5), now=filed)
    deactivation.file(draft, clerk, version=draft.version, company=company, rules=rules_on(today),
                      now=filed)
    objection = objections.begin(deactivation_about(membership, draft.public_id), membership,
                                 worker.user, now)
    objections.send(objection, worker.user, version=objection.version, rules=rules_on(today),
                    reason="Saya masih bekerja di sana. Slip gaji bulan ini ada.", now=now)


def _say(what):
    print(f"… {time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
