"""A whole small site on this machine, on loopback, in the shape of a real one.

``python -m deploy.cluster up | down | status | start NAME | stop NAME | kill NAME | backup |
restore MOMENT``

``up`` may be said again: it starts what does not run. Everything lies in ``data/cluster`` and ends
with ``down``, by the process ids that were written there.
"""

import argparse
import json
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy import cluster_site, folders, programs
from deploy.processes import Program, Register, Trouble, birth, wait_for, waited
from deploy.render import Site
from deploy.restoring import restore
from deploy.secrets_folder import write_secret

PYTHON = Path(sys.executable).parent
STORE = "s3.store"
COME_SECONDS = 60      # for a part to come up; a busy machine has two cores for all of this
GO_SECONDS = 40
COMMAND_SECONDS = 900
FOLDERS = ("etc", "state", "state/nginx", "state/etcd", "state/pgbackrest", "log", "log/nginx",
           "log/pgbackrest", "run", "run/postgresql", "run/purna-web")


class Cluster:
    """The site on this machine.

    :param place: the folder for all of it.
    """

    def __init__(self, place):
        self.place = place
        # PostgreSQL refuses to be run by root, and what else Debian brings does not need to be.
        self.user = "postgres" if os.getuid() == 0 else None
        self.register = Register(place / "processes.json")
        owner = self.user or pwd.getpwuid(os.getuid()).pw_name
        self.site = Site(cluster_site.description(place, PYTHON, owner), place / "secrets")

    def up(self):
        """Bring up what does not run, and give it data when it has none. Raises ``Trouble``."""
        self._check()
        self._write()
        programs_by_role = {role: self._programs(role) for role in programs.BY_ROLE}
        for program in (*self.stores(), *programs_by_role["etcd"]):
            self.register.start(program)
        first, *others = programs_by_role["database"]
        self._come(first)
        wait_for(lambda: self._leader(), COME_SECONDS, "a primary", first.log)
        for program in others:
            self._come(program)
        wait_for(lambda: self._has_standby(), COME_SECONDS, "a synchronous standby",
                 others[-1].log)
        for program in programs_by_role["web"]:
            if program.name.endswith(("haproxy", "pgbouncer")):
                self._come(program)
        self._fill()
        for program in (*programs_by_role["web"], *programs_by_role["edge"]):
            self._come(program)
        for name, address in self.addresses().items():
            wait_for(lambda url=address: status_of(f"{url}/healthz") == 200, COME_SECONDS,
                     f"the {name} listener", None)
        wait_for(lambda: all(status_of(f"{url}/readyz") == 200 for url in self.nodes()),
                 COME_SECONDS, "every node's readiness", None)

    def down(self):
        """End all of it, whatever it takes. Returns those that had to be killed."""
        killed = [name for name in self.register.names()
                  if not self.register.stop(name, GO_SECONDS)]
        for machine in self.site.of("database"):
            if _end_postgresql(Path(machine["folders"]["database"])):
                killed.append(f"{machine['name']}.postgresql")
        return killed

    def start(self, name):
        """Start one program again. Raises ``Trouble``."""
        self._come(self._named(name))

    def stop(self, name):
        """End one program as systemd would: with its farewell. Raises ``Trouble``."""
        program = self._named(name)
        for command in program.farewell:
            subprocess.run(command, check=True, timeout=GO_SECONDS)  # noqa: S603 (our own unit's)
        if not self.register.stop(name, GO_SECONDS):
            raise Trouble(f"{name} did not go within {GO_SECONDS} s and was killed")

    def kill(self, name):
        """End one program and what it began, without a goodbye. Raises ``Trouble``."""
        if not self.register.is_alive(name):
            raise Trouble(f"{name} does not run; `status` lists the names")
        self.register.kill(name)

    def status(self):
        """What runs, as lines of text."""
        lines = [f"{name:<16} {'runs' if self.register.is_alive(name) else 'gone'}"
                 for name in sorted(self.register.names())]
        return [*lines, *(f"{member['name']:<16} {member['role']}, {member['state']}"
                          for member in self.members())]

    def backup(self):
        """A full backup by pgBackRest from the primary. Raises ``Trouble``."""
        self.run(self.pgbackrest(self._machine_of_leader(), "--type=full", "backup"), "the backup")

    def addresses(self):
        """Where it is reached: public and internal."""
        edge = self.site.of("edge")[0]
        return {name: f"http://{edge['address']}:{edge['ports'][name]}"
                for name in ("public", "internal")}

    def nodes(self):
        """Where the web nodes themselves listen."""
        return [f"http://{web['address']}:{web['ports']['web']}" for web in self.site.of("web")]

    # What up() is made of

    def _check(self):
        lacking = programs.missing()
        if lacking:
            raise Trouble(f"NOT INSTALLED: {' '.join(lacking)}. With rights: apt-get install "
                          f"{' '.join(lacking)}")
        longest = max(len(f"{machine['folders']['run']}/postgresql/.s.PGSQL.00000")
                      for machine in self.site.machines)
        if longest > 107:
            raise Trouble(f"{self.place} is too long a name for a socket: set PURNA_CLUSTER to a "
                          "shorter one")
        folders.open_the_way(self.place, self.user)
        if self.register.names() and any(map(self.register.is_alive, self.register.names())):
            return
        for machine in self.site.machines:
            for port in machine["ports"].values():
                if _is_taken(port):
                    raise Trouble(f"port {port} is taken: set PURNA_CLUSTER_PORT to another first "
                                  "port, or end what listens there")

    def _write(self):
        """The configuration of every machine, with the folders it names."""
        for folder in ("purna", "s3", "secrets"):
            folders.make(self.place / folder, None, mode=0o700)
        folders.make(self.place / "backup", self.user)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            if not (self.place / "secrets" / name).exists():
                write_secret(self.place / "secrets" / name, secrets.token_hex(16))
        for machine in self.site.machines:
            home = self.place / machine["name"]
            for folder in FOLDERS:
                folders.make(home / folder, self.user)
            for path in self.site.write(machine, "/"):
                folders.give(path, home, self.user)

    def _programs(self, *roles):
        return [program for role in roles for machine in self.site.of(role)
                for program in programs.programs_of(machine, self.user)]

    def stores(self):
        """What stands for S3, in the order in which it is started."""
        return [self.store(cluster_site.store_port())]

    def store(self, port):
        """An S3 store, in memory."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.place / "s3"), "LANG": "C.UTF-8"}
        return Program(STORE, [str(PYTHON / "moto_server"), "-H", cluster_site.LOOPBACK, "-p",
                               str(port)],
                       environment, str(self.place / "s3"), self.place / "s3" / "store.log")

    def _named(self, name):
        for program in (*self.stores(), *self._programs(*programs.BY_ROLE)):
            if program.name == name:
                return program
        raise Trouble(f"there is no {name} here; `status` lists the names")

    def _come(self, program):
        """Start a program; it must still run a moment later."""
        if program.farewell and not self.register.is_alive(program.name):
            # systemd removes the folder of what has ended.
            Path(program.environment["PURNA_DRAIN_FILE"]).unlink(missing_ok=True)
        if self.register.start(program):
            time.sleep(0.3)
            if not self.register.is_alive(program.name):
                wait_for(lambda: False, 0, program.name, program.log)

    def _fill(self):
        """Role, database, archive, bucket, schema and data, where they are not there yet."""
        machine = self._machine_of_leader()
        self.run(self.psql(machine, f"--file={machine['folders']['etc']}/patroni/roles.sql"),
                 "the role")
        self.run(self.pgbackrest(machine, "stanza-create"), "the archive")
        self._make_bucket()
        web = self.site.of("web")[0]
        migrate = programs.flask(web, "migrate")
        wait_for(lambda: self.run(migrate, None), COME_SECONDS, "the schema", migrate.log)
        self.load(web)

    def load(self, web):
        """Give it data, by a command on a web machine, unless it has some. Raises ``Trouble``."""
        self.run(programs.flask(web, "demo", "--if-empty"), "demo data")

    def pgbackrest(self, machine, *act):
        """A command about backups and the archive."""
        return programs.command(machine, [
            "pgbackrest", f"--config={machine['folders']['etc']}/pgbackrest.conf",
            f"--stanza={machine['cluster']}", *act], self.user)

    def psql(self, machine, *arguments):
        """A command to a PostgreSQL, as its superuser."""
        return programs.command(machine, [
            "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1",
            f"--host={machine['folders']['run']}/postgresql",
            f"--port={machine['ports']['postgresql']}", "--dbname=postgres", *arguments], self.user)

    def run(self, program, what, said=""):
        """Run a program to its end. Returns whether it went well; raises when ``what`` is named.

        :param said: what it is told when it asks.
        """
        with program.log.open("wb") as output:
            done = subprocess.run(  # noqa: S603 (our own commands)
                program.command, check=False, stdout=output, stderr=output, timeout=COMMAND_SECONDS,
                input=said.encode(), cwd=program.folder, env=program.environment,
                **program.ownership())
        if done.returncode and what:
            wait_for(lambda: False, 0, what, program.log)
        return done.returncode == 0

    def _make_bucket(self):
        request = urllib.request.Request(  # noqa: S310 (our own address)
            f"http://{cluster_site.LOOPBACK}:{cluster_site.store_port()}/{cluster_site.BUCKET}",
            method="PUT")
        wait_for(lambda: status_of(request) in (200, 409), COME_SECONDS, "the S3 store",
                 self.place / "s3" / "store.log")

    def members(self):
        """What Patroni says about the PostgreSQLs, from whoever answers."""
        for machine in self.site.of("database"):
            try:
                with urllib.request.urlopen(  # noqa: S310 (our own address)
                        _patroni(machine, "cluster"), timeout=3) as answer:
                    return json.load(answer)["members"]
            except (OSError, ValueError, KeyError):
                continue
        return []

    def _leader(self):
        return next((machine for machine in self.site.of("database")
                     if status_of(_patroni(machine, "primary")) == 200), None)

    def _machine_of_leader(self):
        found = self._leader()
        if not found:
            raise Trouble("no PostgreSQL is the primary now")
        return found

    def _has_standby(self):
        return any(status_of(_patroni(machine, "synchronous")) == 200
                   for machine in self.site.of("database"))


def status_of(request):
    """The status that an address or request is answered with; 0 without an answer."""
    try:
        with urllib.request.urlopen(request, timeout=12) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as problem:
        return problem.code
    except (OSError, ValueError):
        return 0


def _patroni(machine, what):
    return f"http://{machine['address']}:{machine['ports']['patroni']}/{what}"


def _is_taken(port):
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((cluster_site.LOOPBACK, port))
        except OSError:
            return True
    return False


def postmaster_in(data):
    """The process id that a PostgreSQL noted in the folder of its data.

    :raises OSError, ValueError, IndexError: there is none.
    """
    return int((data / "postmaster.pid").read_text("ascii").split()[0])


def _end_postgresql(data):
    """End a PostgreSQL whose Patroni was killed. Returns whether there was one.

    Its own note of its id counts only while that process works in this very folder.
    """
    try:
        pid = postmaster_in(data)
        is_ours = Path(os.readlink(f"/proc/{pid}/cwd")) == data
    except (OSError, ValueError, IndexError):
        return False
    if not is_ours:
        return False
    born = birth(pid)
    for number in (signal.SIGINT, signal.SIGQUIT):
        if birth(pid) == born and born is not None:
            os.kill(pid, number)
            waited(lambda: birth(pid) != born, GO_SECONDS / 2)
    return True


def main(arguments):
    """Do what was asked. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cluster", description=__doc__)
    parser.add_argument("act", choices=tuple(ACTS))
    parser.add_argument("name", nargs="?", default="")
    asked = parser.parse_args(arguments)
    begun, cluster = time.monotonic(), Cluster(cluster_site.folder())
    try:
        said = ACTS[asked.act](cluster, asked.name)
    except Trouble as problem:
        print(problem, file=sys.stderr)
        return 1
    print(*said, f"({time.monotonic() - begun:.0f} s)", sep="\n")
    return 0


def _up(cluster, _):
    cluster.up()
    return [f"{name:<9} {address}" for name, address in cluster.addresses().items()]


def _down(cluster, _):
    killed = cluster.down()
    return [f"ended; killed: {', '.join(killed) or 'nobody'}"]


ACTS = {
    "up": _up, "down": _down, "status": lambda cluster, _: cluster.status(),
    "start": lambda cluster, name: cluster.start(name) or [f"{name} runs"],
    "stop": lambda cluster, name: cluster.stop(name) or [f"{name} went by itself"],
    "kill": lambda cluster, name: cluster.kill(name) or [f"{name} was killed"],
    "backup": lambda cluster, _: cluster.backup() or ["there is one backup more"],
    "restore": lambda cluster, moment: restore(cluster, moment) or [f"it is as it was at {moment}"],
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
