"""The operator's command about contributions: what the radar goes by."""

from operator import attrgetter
from pathlib import Path

import click

from webapp import clock
from webapp.cli_people import company_with, connected
from webapp.list_header import UnusableColumns
from webapp.radar.contribution_list import check_contribution_list
from webapp.radar.service import Outcome, take_in_contributions
from webapp.spreadsheets import UnreadableSheet, read_sheet


@click.command("import-contributions")
@click.argument("npp")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--division", default="000", show_default=True)
@connected
def import_contributions(npp, file, division):
    """Note until which month each worker is paid for (CSV, XLSX, XLS, ODS; KPJ and Iuran Terakhir).

    Every row is taken, there already, or named with its row number, column and reason.
    """
    company, outcome = company_with(npp, division), Outcome()
    try:
        rows = check_contribution_list(read_sheet(file), clock.today())
        refused = take_in_contributions(company, rows, now=clock.now(), outcome=outcome)
        for row in sorted(refused, key=attrgetter("row_number")):
            click.echo(f"baris {row.row_number}, kolom {row.column}: {row.reason}")
    except (UnusableColumns, UnreadableSheet) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{outcome.changed} pekerja dicatat, {outcome.unchanged} sudah ada, "
               f"{outcome.refused} baris ditolak")
