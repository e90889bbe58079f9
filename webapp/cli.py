"""The operator's commands: ``flask --help``."""

import json
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp import audit, clock, config, log_lines, parameters
from webapp.audit_desk.service import check_everything
from webapp.audit_desk.service import once_a_day as verify_once_a_day
from webapp.bills.reckoning import reckon
from webapp.blocks.ending import end_over
from webapp.cli_bills import bills
from webapp.cli_contributions import import_contributions
from webapp.cli_operation import COMMANDS as OPERATION
from webapp.cli_payouts import COMMANDS as MONEY
from webapp.cli_people import COMMANDS as PEOPLE
from webapp.cli_people import company_with, connected
from webapp.cli_programmes import COMMANDS as PROGRAMMES
from webapp.cli_retention import retention as retention_commands
from webapp.closure.finishing import Finishing
from webapp.complaints.service import return_unanswered
from webapp.db import database
from webapp.deactivation.service import take_effect
from webapp.demo import data as demo_data
from webapp.list_header import UnusableColumns
from webapp.models.parameters import Parameter
from webapp.operation import migrations, supervisor
from webapp.payouts.reconciling import once_a_day as reconcile_once_a_day
from webapp.profile.service import remind
from webapp.programme_desk.turns import Work, take_turns
from webapp.receipts.signing import NotGenuine, verify
from webapp.reports.service import keep_figures
from webapp.requests.service import escalate_overdue
from webapp.retention import service as retention
from webapp.secrets_file import new_secret
from webapp.spreadsheets import UnreadableSheet, read_sheet
from webapp.switch.following import follow
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next
from webapp.uploads.undoing import undo_some
from webapp.worker_process import run as run_worker
from webapp.workers.service import NotedRow, Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list

NICENESS = 5     # of the worker process: whoever waits for a page goes first


def init_app(app):
    """Register the commands."""
    for command in (migrate, demo, import_workers, import_contributions, *PEOPLE, *MONEY,
                    *PROGRAMMES, *OPERATION, bills, worker, serve, up, audit_commands,
                    retention_commands, rules, receipts, secrets_command):
        app.cli.add_command(command)


@click.command()
@connected
def migrate():
    """Bring the schema up to date and load the shipped parameters.

    Others may work meanwhile, with the release before this one too. Of several only one migrates.
    """
    with migrations.turn_to_migrate(database.obj, _say_that_somebody_migrates):
        _migrate()


def _say_that_somebody_migrates():
    click.echo("somebody else is migrating this database; waiting for them to finish", err=True)


def _migrate():
    if migrations.unknown(database.obj):
        raise click.ClickException("the data was made by a newer release; install that one")
    try:
        done = migrations.apply_pending(database.obj)
    except migrations.TablesInUse as problem:
        raise click.ClickException(f"{problem}: others use its tables all the time; whatever was "
                                   "applied before it stays, run this again") from problem
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

    Every row is taken, there already, or named with its row number, column and reason. What looks
    odd in a row that is taken is named too.
    """
    company = company_with(npp, division)
    outcome = Outcome()
    try:
        rows = check_worker_list(read_sheet(file), clock.today())
        for row in take_in_list(company, rows, now=clock.now(), outcome=outcome):
            ending = " (baris tetap diambil)" if isinstance(row, NotedRow) else ""
            click.echo(f"baris {row.row_number}, kolom {row.column}: {row.reason}{ending}")
    except UnusableColumns as problem:
        raise click.ClickException(str(problem)) from problem
    except UnreadableSheet as problem:     # it may show after thousands of rows
        _echo_counts(outcome)
        raise click.ClickException(str(problem)) from problem
    _echo_counts(outcome)


def _echo_counts(outcome):
    click.echo(f"{outcome.added} baris diambil, {outcome.unchanged} sudah ada, "
               f"{outcome.refused} ditolak")


@click.command()
@with_appcontext
def worker():
    """Send messages and do what falls due, until told to stop."""
    os.nice(NICENESS)
    log_lines.to_stderr()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_worker(current_app.config, stop, tasks=(
        ("scheduled deactivations", 20, take_effect),
        ("overdue requests", 20, escalate_overdue),
        ("switches to go on", 20, follow),
        ("contributions", 20, reckon),
        ("closures", 20, Finishing()),
        ("waves of programmes", 20, take_turns),
        ("blocks that are over", 20, end_over),
        ("complaints without an answer", 60, return_unanswered),
        ("password reminders", 3600, remind),
        ("audit heads", 3600, partial(_note_heads, _heads_file())),
        ("figures of past days", 3600, keep_figures),
        ("housekeeping", 3600, retention.tidy),
        ("retention", 24 * 3600, retention.forget),
    ), work=(
        # Apart: a file that takes long to read keeps nobody's started list waiting.
        ("check uploads", check_next),
        ("apply uploads", apply_some),
        ("undo uploads", undo_some),
        ("draw waves, tell results", Work()),
    ), long_work=(
        ("verify audit trail", verify_once_a_day(partial(_noted_heads, _heads_file()))),
        ("reconcile the money", reconcile_once_a_day()),
    ))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=8, show_default=True)
@with_appcontext
def serve(host, threads):
    """Serve on PORT with the embedded server, which buffers slow clients."""
    # Imported here: no other command needs it.
    from webapp.operation.server import PortTaken, Server

    log_lines.to_stderr()
    port = config.port()
    try:
        server = Server(current_app._get_current_object(), host=host, port=port, threads=threads,
                        behind_proxy=current_app.config["PROXY_HOPS"] > 0)
    except PortTaken as problem:
        click.echo(f"Purna cannot listen on {problem}", err=True)
        sys.exit(supervisor.NEVER_AGAIN)
    click.echo(f"Purna: {current_app.config['BASE_URL']}")
    server.run()


@click.command()
def up():
    """Serve and send, side by side, until told to stop."""
    sys.exit(supervisor.run([["serve"], ["worker"]]))


@click.group("audit")
def audit_commands():
    """The audit trail."""


@audit_commands.command("verify")
@click.option("--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="What `flask audit heads` printed before, kept elsewhere.")
@connected
def audit_verify(heads):
    """Walk every chain; name the first altered, missing or reordered entry of each.

    Heads noted before show that the newest entries were cut off.
    """
    noted = [*_noted_heads(_heads_file()), *(_noted_heads(heads) if heads else ())]
    faults = check_everything(noted, clock.now())
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


def _heads_file():
    return current_app.config["DATA"] / "audit-heads.jsonl"


def _noted_heads(path):
    """The heads in a file, as lists of name, sequence and head, in the order they were noted.

    A line that the machine's end tore off is none: what it would say is noted again.
    """
    text = path.read_text("utf-8", "replace") if path.exists() else ""
    heads = []
    for line in text.splitlines():
        try:
            name, sequence, head = json.loads(line)
        except ValueError:
            continue
        heads.append([name, sequence, head])
    return heads


def _note_heads(path, now):
    """Append the heads that changed since they were noted last."""
    del now
    noted = {name: [sequence, head] for name, sequence, head in _noted_heads(path)}
    changed = [[name, *rest] for name, *rest in audit.heads() if noted.get(name) != rest]
    with path.open("a", encoding="ascii") as file:
        if not _ends_whole(path):
            file.write("\n")
        file.writelines(json.dumps(head) + "\n" for head in changed)


def _ends_whole(path):
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return True
        file.seek(size - 1)
        return file.read() == b"\n"
