"""The operator's commands about what is forgotten."""

import click

from webapp import clock
from webapp.cli_people import connected
from webapp.retention import service


@click.group()
def retention():
    """What is kept how long."""


@retention.command("list")
@connected
def list_rules():
    """Print every rule: what, how long, who says so, and how much is due now."""
    for rule, count in service.due(clock.now()):
        click.echo(f"{rule.name:<13} {_words(rule.kept):>9}  {count:>8} due  {rule.source:<19} "
                   f"{rule.what}")


@retention.command("run")
@connected
def run():
    """Forget all that is due now. The worker process does so by itself once a day."""
    for name, count in service.forget(clock.now()).items():
        if count:
            click.echo(f"{name}: {count}")
    click.echo("nothing else is due")


def _words(kept):
    """A length of time in its largest whole unit."""
    hours = int(kept.total_seconds()) // 3600
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
