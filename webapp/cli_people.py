"""The operator's commands about branches, companies and the people who sign in."""

import click
from flask.cli import with_appcontext

from webapp import clock
from webapp.accounts.contacts import owner_of
from webapp.accounts.service import AlreadyThere as AccountAlreadyThere
from webapp.accounts.service import add_account
from webapp.authenticator.service import give_first_codes, reset_by_operator
from webapp.companies import service as companies
from webapp.db import ensure_connection, write_transaction
from webapp.formats import Malformed, one_line, parse_division, parse_email, parse_nik, parse_npp
from webapp.models.branches import Branch
from webapp.models.companies import Company
from webapp.models.messages import EMAIL
from webapp.models.people import EMPLOYER, ROLES, STAFF
from webapp.password_rules import LONGEST, SHORTEST, weakness


def connected(command):
    """A command with the application and a database connection."""
    @with_appcontext
    def run(*args, **kwargs):
        ensure_connection()
        return command(*args, **kwargs)
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@click.command("add-branch")
@click.argument("code")
@click.argument("name")
@click.option("--city", default="")
@click.option("--address", default="")
@connected
def add_branch(code, name, city, address):
    """Add a branch office; its staff see what concerns its own companies alone."""
    if Branch.select().where(Branch.code == code.upper()).exists():
        raise click.ClickException(f"there is a branch {code} already")
    with write_transaction():
        Branch.create(code=code.upper(), name=one_line(name), city=one_line(city),
                      address=one_line(address))
    click.echo(f"{name} ({code.upper()}) added")


def _branch(code):
    branch = Branch.get_or_none(Branch.code == code.upper())
    if not branch:
        raise click.ClickException(f"no branch {code}; add one with flask add-branch")
    return branch


@click.command("add-company")
@click.argument("npp")
@click.argument("name")
@click.option("--division", default="000", show_default=True)
@click.option("--city", default="")
@click.option("--branch", default="000", show_default=True, help="Code of the branch.")
@click.option("--clerk", "clerks", multiple=True, help="E-mail of a user who acts for it.")
@connected
def add_company_command(npp, name, division, city, branch, clerks):
    """Add an employer by NPP and name."""
    try:
        users = [_user(email) for email in clerks]
        companies.add_company(parse_npp(npp.upper()), name, division=parse_division(division),
                              city=city, clerks=users, now=clock.now(),
                              branch=_branch(branch))
    except Malformed as problem:
        raise click.ClickException(str(problem)) from problem
    except companies.AlreadyThere as problem:
        raise click.ClickException(f"NPP {npp} divisi {division} sudah terdaftar") from problem
    except companies.NoClerk as problem:
        raise _no_clerk(problem) from problem
    click.echo(f"{name} ({npp}) terdaftar")


@click.command("add-clerk")
@click.argument("npp")
@click.argument("email")
@click.option("--division", default="000", show_default=True)
@connected
def add_clerk(npp, email, division):
    """Let a user act for a company."""
    company, user = company_with(npp, division), _user(email)
    try:
        is_new = companies.add_clerk(company, user, now=clock.now())
    except companies.NoClerk as problem:
        raise _no_clerk(problem) from problem
    click.echo(f"{user.name} may act for {company.name}" + ("" if is_new else " already"))


def _no_clerk(problem):
    return click.ClickException(f"an account with the role {problem} cannot act for a company")


@click.command("add-user")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=EMPLOYER, show_default=True)
@click.option("--nik", help="Staff need one: nobody decides on their own account as a worker.")
@click.option("--branch", default="000", show_default=True, help="Of staff: the branch's code.")
@click.password_option()
@connected
def add_user(email, name, role, nik, branch, password):
    """Add somebody who can sign in; asks for the password."""
    if role in STAFF and not nik:
        raise click.ClickException("staff need their --nik")
    if weakness(password, (name, email)):
        raise click.ClickException(
            f"use a password of {SHORTEST} to {LONGEST} characters that is not easily guessed "
            "and holds neither the name nor the e-mail")
    try:
        user = add_account(parse_email(email), name, role=role, password=password,
                           now=clock.now(), nik=nik and parse_nik(nik),
                           branch=_branch(branch) if role in STAFF else None)
    except Malformed as problem:
        raise click.ClickException(f"{email} {nik or ''}: {problem}") from problem
    except AccountAlreadyThere as problem:
        raise click.ClickException("there is such a user already") from problem
    click.echo("user added")
    _print_first_codes(user)


@click.command("reset-authenticator")
@click.argument("email")
@connected
def reset_authenticator(email):
    """For staff who lost their authenticator and every recovery code; ends their sessions.

    Look the person in the face first, and hand over the codes this prints.
    """
    user = _user(email)
    reset_by_operator(user, clock.now())
    click.echo("the authenticator is gone; a new one is set up at the next sign-in")
    _print_first_codes(user)


def _print_first_codes(user):
    """What staff without an app sign in with besides the password, each once."""
    if user.is_staff:
        click.echo("recovery codes to sign in with, each once, until the app is set up:")
        for code in give_first_codes(user, clock.now()):
            click.echo(f"  {code}")


def company_with(npp, division):
    """The company with this NPP, or the command ends with what to do."""
    company = Company.get_or_none(Company.npp == npp.upper(), Company.division == division)
    if not company:
        raise click.ClickException(
            f"NPP {npp} belum terdaftar. Daftarkan dulu: flask add-company {npp} \"NAMA\"")
    return company


def _user(email):
    try:
        user = owner_of(EMAIL, parse_email(email))
    except Malformed as problem:
        raise click.ClickException(str(problem)) from problem
    if not user:
        raise click.ClickException(f"no user {email}; add one with flask add-user")
    return user


COMMANDS = (add_branch, add_company_command, add_clerk, add_user, reset_authenticator)
