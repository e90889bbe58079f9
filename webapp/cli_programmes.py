"""The operator's commands about programmes: draws computed again, what became of assistance."""

import sys
from pathlib import Path
from uuid import UUID

import click

from webapp import clock
from webapp.assistance import importing
from webapp.assistance.disbursement_list import MOST_BYTES
from webapp.cli_people import connected
from webapp.draw.published import Reader, Unreadable
from webapp.draw.verifying import check_file
from webapp.formats import show_rupiah
from webapp.programme_desk.recomputing import NotDrawn, check_wave
from webapp.programmes.queries import wave_with

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def draw():
    """Draws of programmes."""


@draw.command("verify")
@click.argument("wave", required=False)
@click.option("--file", "published", type=_file, help="The published file, in the wave's place.")
@connected
def verify(wave, published):
    """Compute the draw of WAVE (its id, as in the address of its page) again.

    Says what differs: a changed list, secret, seed or result; exits 1 then.
    """
    if bool(wave) == bool(published):
        raise click.UsageError("name either a wave or --file")
    differences, count = _checked_file(published) if published else _checked_wave(wave)
    for difference in differences:
        click.echo(difference)
    if differences:
        sys.exit(1)
    click.echo(f"cocok: {count} pendaftar, daftar, rahasia, benih, dan hasil")


def _checked_file(path):
    with path.open(encoding="ascii", errors="replace") as first, \
            path.open(encoding="ascii", errors="replace") as second:
        readers = iter((first, second))
        try:
            return check_file(lambda: Reader(next(readers)))
        except Unreadable as problem:
            raise click.ClickException(problem.sentence) from problem


def _checked_wave(text):
    try:
        found = wave_with(UUID(text))
    except ValueError:
        found = None
    if found is None:
        raise click.ClickException(f"tidak ada gelombang {text}")
    try:
        return check_wave(found)
    except NotDrawn as problem:
        raise click.ClickException("gelombang ini belum diundi") from problem


@click.group()
def assistance():
    """Assistance: what became of it."""


@assistance.command("import")
@click.argument("file", type=_file)
@connected
def import_list(file):
    """Take in a list of what became of assistance: whole or not at all, and once."""
    with file.open("rb") as stream:
        body = stream.read(MOST_BYTES + 1)
    try:
        taken = importing.take_list(body, clock.now())
    except importing.Unusable as problem:
        raise click.ClickException(problem.sentence) from problem
    except importing.Illegal as problem:
        raise click.ClickException("\n".join(problem.sentences)) from problem
    except importing.TakenBefore:
        click.echo("berkas ini sudah diambil sebelumnya; tidak ada yang berubah")
        return
    for sentence in taken.held:
        click.echo(sentence)
    click.echo(f"{taken.changed} bantuan berubah, {taken.unchanged} sudah begitu, jumlah "
               f"{show_rupiah(taken.total)}")


COMMANDS = (draw, assistance)
