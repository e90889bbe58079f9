"""The operator's commands: ``flask --help``."""

import json
import logging
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp import audit, clock, config, kept_input, parameters, passwords, rate_limit, sessions
from webapp.companies.service import AlreadyThere, add_company
from webapp.db import database, ensure_connection, write_transaction
from webapp.deactivation.service import take_effect
from webapp.demo import data as demo_data
from webapp.documents.service import purge_orphans
from webapp.formats import Malformed, parse_email, parse_npp
from webapp.models.companies import Company
from webapp.models.parameters import Parameter
from webapp.models.people import EMPLOYER, ROLES, User
from webapp.operation import migrations, supervisor
from webapp.receipts.signing import NotGenuine, verify
from webapp.secrets_file import new_secret
from webapp.spreadsheets import UnreadableSheet, read_sheet
from webapp.worker_process import run as run_worker
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import UnusableColumns, check_worker_list


def init_app(app):
    """Register the commands."""
    for command in (migrate, demo, import_workers, add_company_command, add_user, worker, serve, up,
                    audit_commands, rules, receipts, secrets_command):
        app.cli.add_command(command)


def connected(command):
    """A command with the application and a database connection."""
    @with_appcontext
    def run(*args, **kwargs):
        ensure_connection()
        return command(*args, **kwargs)
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@click.command()
@connected
def migrate():
    """Bring the schema up to date and load the shipped parameters."""
    if migrations.unknown(database.obj):
        raise click.ClickException("the data was made by a newer release; install that one")
    done = migrations.runner(database.obj).up()
    parameters.load_shipped()
    click.echo(f"applied: {', '.join(done) if done else 'nothing, up to date'}")


@click.command()
@click.option("--workers", default=350, show_default=True, help="How many workers in all.")
@click.option("--if-empty", is_flag=True, help="Only when there is no data yet.")
@connected
def demo(workers, if_empty):
    """Load the demo cast and generated workers; the same ones every time."""
    if not current_app.config["DEMO"]:
        raise click.ClickException("demo data belongs in demo mode; this is production")
    if if_empty and not demo_data.is_empty():
        return
    demo_data.load(workers, now=clock.now(), today=clock.today())
    click.echo("demo data is there")


@click.command("import-workers")
@click.argument("npp")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--division", default="000", show_default=True)
@connected
def import_workers(npp, file, division):
    """Take a company's list of workers (CSV, XLSX, XLS, ODS) as the company has it.

    Every row is taken, there already, or named with its row number, column and reason.
    """
    company = Company.get_or_none(Company.npp == npp.upper(), Company.division == division)
    if not company:
        raise click.ClickException(
            f"NPP {npp} belum terdaftar. Daftarkan dulu: flask add-company {npp} \"NAMA\"")
    outcome = Outcome()
    try:
        rows = check_worker_list(read_sheet(file), clock.today())
        for refused in take_in_list(company, rows, now=clock.now(), outcome=outcome):
            click.echo(f"baris {refused.row_number}, kolom {refused.column}: {refused.reason}")
    except (UnreadableSheet, UnusableColumns) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{outcome.added} baris diambil, {outcome.unchanged} sudah ada, "
               f"{outcome.refused} ditolak")


@click.command("add-company")
@click.argument("npp")
@click.argument("name")
@click.option("--division", default="000", show_default=True)
@click.option("--city", default="")
@click.option("--clerk", "clerks", multiple=True, help="E-mail of a user who acts for it.")
@connected
def add_company_command(npp, name, division, city, clerks):
    """Add an employer by NPP and name."""
    try:
        users = [_user(email) for email in clerks]
        add_company(parse_npp(npp.upper()), name, division=division, city=city, clerks=users,
                    now=clock.now())
    except Malformed as problem:
        raise click.ClickException(str(problem)) from problem
    except AlreadyThere as problem:
        raise click.ClickException(f"NPP {npp} divisi {division} sudah terdaftar") from problem
    click.echo(f"{name} ({npp}) terdaftar")


@click.command("add-user")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=EMPLOYER, show_default=True)
@click.password_option()
@connected
def add_user(email, name, role, password):
    """Add somebody who can sign in; asks for the password."""
    if not 12 <= len(password) <= 128:
        raise click.ClickException("the password needs 12 to 128 characters")
    user = User(role=role, name=name, created_at=clock.now(),
                password_hash=passwords.hash_password(password))
    user.email = parse_email(email)
    if User.select().where(User.email.matches(user.email)).exists():
        raise click.ClickException("there is such a user already")
    user.save(force_insert=True)
    click.echo("user added")


@click.command()
@with_appcontext
def worker():
    """Send messages and do what falls due, until told to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_worker(current_app.config, stop, tasks=(
        ("scheduled deactivations", 20, take_effect),
        ("audit heads", 3600, partial(_note_heads, _heads_file())),
        ("housekeeping", 3600, _tidy),
    ))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=8, show_default=True)
@with_appcontext
def serve(host, threads):
    """Serve on PORT with the embedded server, which buffers slow clients."""
    import waitress

    port = config.port()
    click.echo(f"Purna: http://{host}:{port}")
    waitress.serve(current_app._get_current_object(), host=host, port=port, threads=threads,
                   ident=None, channel_timeout=30, connection_limit=1000, asyncore_use_poll=True,
                   clear_untrusted_proxy_headers=not current_app.config["PROXY_HOPS"])


@click.command()
def up():
    """Serve and send, side by side, until told to stop."""
    supervisor.run([["serve"], ["worker"]])


@click.group("audit")
def audit_commands():
    """The audit trail."""


@audit_commands.command("verify")
@connected
def audit_verify():
    """Walk every chain; name the first altered, missing or reordered entry of each."""
    faults = [*audit.verify(), *audit.verify_heads(_noted_heads())]
    for fault in faults:
        click.echo(f"chain {fault.chain}: entry {fault.sequence} {fault.problem}")
    if faults:
        sys.exit(1)
    click.echo("every entry is as it was written")


@audit_commands.command("heads")
@connected
def audit_heads():
    """Print where each chain stands, one JSON line each; keep them on another machine."""
    for head in audit.heads():
        click.echo(json.dumps(head))


@click.group()
def rules():
    """Amounts, rates, limits and deadlines."""


@rules.command("list")
@connected
def rules_list():
    """Print every parameter with the day it is valid from and its source."""
    for row in Parameter.select().order_by(Parameter.name, Parameter.valid_from):
        click.echo(f"{row.name:<36} {row.valid_from}  {row.value:>10}  {row.source}")


@click.group()
def receipts():
    """Receipts."""


@receipts.command("verify")
@click.argument("text")
@click.option("--key", type=click.File(), required=True, help="The published key, a PEM file.")
def receipts_verify(text, key):
    """Check the text of a QR code offline, with the published key."""
    from urllib.parse import unquote

    try:
        fields = verify(unquote(text.rpartition("#")[2]), key.read())
    except NotGenuine as problem:
        raise click.ClickException(f"NOT genuine: {problem}") from problem
    click.echo("genuine: " + "; ".join(fields))


@click.command("secrets")
def secrets_command():
    """Print a fresh set of secrets for the environment of a production server."""
    for name in config.SECRETS:
        click.echo(f"{name}={new_secret(config.KEY_BYTES)}")


def _user(email):
    user = User.get_or_none(User.email.matches(parse_email(email)))
    if not user:
        raise click.ClickException(f"no user {email}; add one with flask add-user")
    return user


def _heads_file():
    return current_app.config["DATA"] / "audit-heads.jsonl"


def _noted_heads():
    path = _heads_file()
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _note_heads(path, now):
    del now
    with path.open("a", encoding="ascii") as file:
        file.writelines(json.dumps(head) + "\n" for head in audit.heads())


def _tidy(now):
    with write_transaction():
        kept_input.purge(now)
        rate_limit.purge(now)
        sessions.purge(now - sessions.LIFE[False])
    purge_orphans(now)
