"""What runs on a machine, started from the files that were rendered for it: on a real one systemd
does the same."""

import os
import shutil
import signal
from pathlib import Path

from deploy.processes import Program, Trouble

# command: Debian's package
PACKAGES = {"nginx": "nginx", "haproxy": "haproxy", "pgbouncer": "pgbouncer", "patroni": "patroni",
            "etcd": "etcd-server", "pgbackrest": "pgbackrest", "psql": "postgresql-client-15"}
POSTGRESQL = "/usr/lib/postgresql/15/bin/postgres"
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/bin"


def missing():
    """The Debian packages that are not there."""
    lacking = [package for command, package in PACKAGES.items()
               if not shutil.which(command, path=SEARCHED)]
    return lacking + ([] if Path(POSTGRESQL).exists() else ["postgresql-15"])


def path_of(command):
    """Where a command is."""
    found = shutil.which(command, path=SEARCHED)
    if not found:
        raise Trouble(f"{command} is not on this machine: apt-get install "
                      f"{PACKAGES.get(command, command)}")
    return found


def basic_environment(machine):
    """What a program sees that needs nothing more."""
    return {"PATH": "/usr/sbin:/usr/bin:/bin", "HOME": machine["folders"]["state"],
            "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def programs_of(machine, user):
    """The programs of a machine, in the order in which they are started.

    :param user: of those that Debian brings; ours run as ourselves.
    """
    return [program for role in machine["roles"] for program in BY_ROLE[role](machine, user)]


def command(machine, arguments, user):
    """A command of Debian's that ends by itself."""
    path = arguments[0] if "/" in arguments[0] else path_of(arguments[0])
    return _program(machine, "command", [path, *arguments[1:]], user)


def flask(machine, *arguments):
    """A command of ours, as an operator runs it on a web machine."""
    sender = of_unit(machine, "purna-sender")
    return sender._replace(command=[sender.command[0], "-m", "flask", *arguments],
                           log=sender.log.with_name("command.log"))


def of_unit(machine, unit):
    """A program as a unit of systemd describes it."""
    etc = Path(machine["folders"]["etc"])
    lines = [line.partition("=")[::2] for line in
             (etc / "systemd/system" / f"{unit}.service").read_text("utf-8").splitlines()]
    environment = basic_environment(machine)
    for key, value in lines:
        if key == "EnvironmentFile":
            environment |= variables_in(Path(value))
        elif key == "Environment":
            environment |= dict([value.split("=", 1)])
    said = dict(lines)
    program = _program(machine, unit.removeprefix("purna-"), said["ExecStart"].split(), None)
    farewell = tuple(value.split() for key, value in lines if key == "ExecStop")
    return program._replace(environment=environment, folder=said["WorkingDirectory"],
                            farewell=farewell)


def variables_in(path):
    """What a file of variables sets."""
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _edge(machine, user):
    etc, log = machine["folders"]["etc"], machine["folders"]["log"]
    yield _haproxy(machine, user)
    yield _program(machine, "nginx", [
        path_of("nginx"), "-c", f"{etc}/nginx/nginx.conf", "-e", f"{log}/nginx/error.log",
        "-g", "daemon off;"], user)._replace(goodbye=signal.SIGQUIT)


def _web(machine, user):
    etc = machine["folders"]["etc"]
    yield _haproxy(machine, user)
    yield _program(machine, "pgbouncer", [path_of("pgbouncer"), f"{etc}/pgbouncer/pgbouncer.ini"],
                   user)._replace(goodbye=signal.SIGINT)
    yield of_unit(machine, "purna-sender")
    yield of_unit(machine, "purna-web")


def _haproxy(machine, user):
    return _program(machine, "haproxy", [
        path_of("haproxy"), "-db", "-f", f"{machine['folders']['etc']}/haproxy/haproxy.cfg"], user)


def _database(machine, user):
    etc = machine["folders"]["etc"]
    yield _program(machine, "patroni", [path_of("patroni"), f"{etc}/patroni/config.yml"], user)


def _etcd(machine, user):
    settings = variables_in(Path(machine["folders"]["etc"]) / "default/etcd")
    yield _program(machine, "etcd", [path_of("etcd")], user)._replace(
        environment={**basic_environment(machine), **settings})


def _program(machine, name, command, user):
    return Program(f"{machine['name']}.{name}", command, basic_environment(machine),
                   machine["folders"]["state"], Path(machine["folders"]["log"]) / f"{name}.log",
                   user=user)


BY_ROLE = {"edge": _edge, "web": _web, "database": _database, "etcd": _etcd}
