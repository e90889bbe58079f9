"""The operator's commands about money: balances in, payments out, the bank's answer, the check."""

import sys
from pathlib import Path

import click

from webapp import clock
from webapp.cli_people import connected
from webapp.formats import show_rupiah
from webapp.list_header import UnusableColumns
from webapp.models.claims import PayoutFile
from webapp.payouts import exporting, importing, reconciling
from webapp.payouts.payment_file import name_of
from webapp.payouts.result_file import MOST_BYTES, Unusable
from webapp.receipts.signing import parse_number, show_number
from webapp.savings.savings_list import check_savings_list
from webapp.savings.service import Outcome, take_in_savings
from webapp.spreadsheets import UnreadableSheet, read_sheet

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_folder = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)


@click.command("import-savings")
@click.argument("file", type=_file)
@connected
def import_savings(file):
    """Note balances as the fund reports them (CSV, XLSX, XLS, ODS).

    Columns: NIK or KPJ; Saldo, all that was ever put in, before anything was taken out; Per
    tanggal; and, where a part was taken once, Sebagian diambil tanggal. Every row is taken, there
    already, or named with its row number, column and reason.
    """
    outcome = Outcome()
    try:
        rows = check_savings_list(read_sheet(file), clock.today())
        for row in take_in_savings(rows, now=clock.now(), outcome=outcome):
            click.echo(f"baris {row.row_number}, kolom {row.column}: {row.reason}")
    except UnusableColumns as problem:
        raise click.ClickException(str(problem)) from problem
    except UnreadableSheet as problem:     # it may show after thousands of rows
        _echo_counts(outcome)
        raise click.ClickException(str(problem)) from problem
    _echo_counts(outcome)


def _echo_counts(outcome):
    click.echo(f"{outcome.changed} saldo dicatat, {outcome.unchanged} sudah ada, "
               f"{outcome.refused} baris ditolak")


@click.group()
def payouts():
    """Payments: to the bank, from the bank, and the check."""


@payouts.command("export")
@click.argument("folder", type=_folder)
@click.option("--again", metavar="NUMBER", help="Write this one file once more, answered or not.")
@connected
def export(folder, again):
    """Write payment files for the bank into FOLDER: all that is approved and may be paid.

    Running it again changes nothing; a file that a crash kept from being written is written then.
    """
    try:
        written = [_echoed(file) for file in _written(folder, again)]
    except exporting.Altered as problem:
        raise click.ClickException(
            f"baris berkas {show_number(str(problem))} tidak seperti saat dibuat; berkas itu tidak "
            "ditulis. Jalankan flask payouts reconcile") from problem
    for number in exporting.left_out(clock.now()):
        click.echo(f"pencairan {show_number(number)} dilewati: nomor rekeningnya bukan angka")
    if not written:
        click.echo("tidak ada berkas baru")


def _written(folder, again):
    """The ``PayoutFile`` rows whose file is written now, one by one."""
    if again:
        file = _file_numbered(again)
        exporting.write(file, folder)
        yield file
        return
    exporting.export(clock.now())
    yield from exporting.write_waiting(folder)


def _file_numbered(text):
    number = parse_number(text)
    file = number and PayoutFile.get_or_none(PayoutFile.number == number)
    if not file:
        raise click.ClickException(f"tidak ada berkas pembayaran {text}")
    return file


def _echoed(file):
    click.echo(f"{name_of(file.number)}: {file.count} pembayaran, {show_rupiah(file.total)}")
    return file


@payouts.command("import")
@click.argument("file", type=_file)
@connected
def import_result(file):
    """Take in the bank's answer to a payment file: whole or not at all, and once."""
    with file.open("rb") as stream:
        body = stream.read(MOST_BYTES + 1)
    try:
        taken = importing.take_result(body, clock.now())
    except Unusable as problem:
        raise click.ClickException(problem.sentence) from problem
    except importing.TakenBefore:
        click.echo("hasil ini sudah diambil sebelumnya; tidak ada yang berubah")
        return
    click.echo(f"{show_number(taken.number)}: {taken.paid} dibayar "
               f"({show_rupiah(taken.paid_total)}), {taken.bounced} gagal "
               f"({show_rupiah(taken.bounced_total)})")


@payouts.command()
@connected
def reconcile():
    """Compare claims, payouts, savings, audit trail and messages; exits 1 on any difference."""
    differences = reconciling.reconcile(clock.now())
    for difference in differences:
        click.echo(difference)
    if differences:
        sys.exit(1)
    click.echo("semua cocok: pencairan, pembayaran, saldo, jejak audit, dan pesan")


COMMANDS = (import_savings, payouts)
