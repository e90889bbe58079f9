"""The operator's command about contributions: the bank's list of what was paid."""

from pathlib import Path

import click

from webapp import clock
from webapp.bank_file import Unusable
from webapp.bills import importing
from webapp.bills.result_file import MOST_BYTES
from webapp.cli_people import connected
from webapp.formats import show_rupiah

WHY = {importing.DIED: "pesertanya sudah meninggal",
       importing.TAKEN_BACK: "peralihannya sudah dibatalkan"}


@click.group()
def bills():
    """Contributions of members of their own (BPU)."""


@bills.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@connected
def import_result(file):
    """Take in a bank's list of contributions that were paid: whole or not at all, and once.

    What was paid after its code had ended counts all the same. Codes that count for nobody any more
    are named: their money is to be sent back.
    """
    with file.open("rb") as stream:
        body = stream.read(MOST_BYTES + 1)
    try:
        taken = importing.take_result(body, clock.now())
    except Unusable as problem:
        raise click.ClickException(problem.sentence) from problem
    except importing.TakenBefore:
        click.echo("daftar ini sudah diambil sebelumnya; tidak ada yang berubah")
        return
    click.echo(f"{taken.count} iuran dibayar ({show_rupiah(taken.total)})")
    for code, why in taken.stray:
        click.echo(f"kode {code}: {WHY[why]}; kembalikan uangnya")
