"""A site on loopback that can be harmed, and told whether it is well again."""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.process import children, family
from deploy import cluster_site, programs
from deploy.check import superusers_address
from deploy.cluster import Cluster, postmaster_in, status_of
from deploy.processes import Program, birth
from deploy.secrets_folder import write_secret
from tests.faults.houses import House
from tests.faults.processes import SENDER_IS_UP, wait_until

LINE = "s3.line"
RESTART_SECONDS = 1     # as the units say: RestartSec
UP_SECONDS, WELL_SECONDS = 60, 90
FOLLOWING = """
SELECT count(*) FILTER (WHERE state = 'streaming'
                        AND pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) < 1000000),
       coalesce(bool_or(sync_state = 'sync'), false)
FROM pg_stat_replication"""
LINE_CONFIGURATION = """
defaults
    mode tcp
    timeout connect 2s
    timeout client 60s
    timeout server 60s
listen store
    bind {address}:{port}
    server store {address}:{behind}
"""


class HarmedSite(Cluster):
    """All of a site.

    :param workers: how many the one company has.
    :param gateways: a ``harness.Gateways`` that runs.
    """

    def __init__(self, place, workers, gateways):
        self.workers = workers
        for name, gateway in (("PURNA_SMTP_URL", gateways.smtp), ("PURNA_SMS_URL", gateways.sms)):
            write_secret(place / "secrets" / name, gateway.url)
        super().__init__(place)
        self._said = {}      # how long a program's log was when it was started last

    def stores(self):
        """The store keeps everything in memory: not it is killed, but the line to it."""
        port = cluster_site.store_port()
        path = self.place / "s3" / "line.cfg"
        path.write_text(LINE_CONFIGURATION.format(address=cluster_site.LOOPBACK, port=port,
                                                  behind=port + 1))
        line = Program(LINE, [programs.path_of("haproxy"), "-db", "-f", str(path)],
                       {"PATH": "/usr/sbin:/usr/bin:/bin"}, str(self.place / "s3"),
                       self.place / "s3" / "line.log")
        return [self.store(port + 1), line]

    def load(self, web):
        """One large company, as in the fault tests."""
        fill = programs.flask(web)
        self.run(fill._replace(command=[sys.executable, "-m", "tests.faults.population",
                                        str(self.workers)]), "the population")

    def house(self):
        """Where the checkers look: on whichever is the primary."""
        web = self.site.of("web")[0]
        url = Path(web["folders"]["etc"], "purna/secrets/primary_url").read_text("ascii").strip()
        return SiteHouse(self.place / "purna", url, programs.flask(web).environment)

    # Harm

    def restart(self, names):
        """What a service manager does for those who died."""
        time.sleep(RESTART_SECONDS)
        for name in names:
            log = self._named(name).log
            self._said[name] = log.stat().st_size if log.exists() else 0
            self.start(name)

    def kill_worker(self, name, dice):
        """End one process of a web node."""
        workers = children(self.register.pid_of(name))
        if workers:
            chosen = dice.choice(workers)
            born = birth(chosen)
            send(signal.SIGKILL, [chosen])
            wait_until(lambda: birth(chosen) != born or born is None, what="a worker's end")

    def lose_machine(self, name):
        """A database's machine is gone: Patroni, PostgreSQL and all it had begun, at once. Its
        connections are closed."""
        self.silence_machine(name)
        self.end_machine(name)

    def silence_machine(self, name):
        """Patroni, PostgreSQL and all it had begun stand still: nothing is answered any more, and
        no connection closed, as when a machine has lost its network."""
        server = self.postgresql_of(name)
        os.killpg(self.register.pid_of(f"{name}.patroni"), signal.SIGSTOP)
        send(signal.SIGSTOP, [server])
        wait_until(lambda: stands_still(server), what=f"{name} to begin nobody any more")
        send(signal.SIGSTOP, family(server))
        wait_until(lambda: all(map(stands_still, family(server))), what=f"the silence of {name}")

    def end_machine(self, name):
        """What was silenced is gone."""
        server = self.postgresql_of(name)
        born = birth(server)
        os.killpg(self.register.pid_of(f"{name}.patroni"), signal.SIGKILL)
        send(signal.SIGKILL, family(server))
        wait_until(lambda: birth(server) != born, what=f"the end of {name}")

    def postgresql_of(self, name):
        """The id of a database's first process."""
        machine = next(one for one in self.site.of("database") if one["name"] == name)
        return postmaster_in(Path(machine["folders"]["database"]))

    def name_of(self, *roles):
        """The database that has one of these roles now, in Patroni's words; or None."""
        return next((one["name"] for one in self.members() if one["role"] in roles), None)

    # Whether it is well

    def is_up(self, name):
        """Whether a program can work."""
        if not self.register.is_alive(name):
            return False
        if name.endswith(".web"):
            node = dict(zip((f"{web['name']}.web" for web in self.site.of("web")), self.nodes(),
                            strict=True))[name]
            return status_of(f"{node}/healthz") == 200
        if name.endswith(".sender") and name in self._said:
            with self._named(name).log.open("rb") as log:
                log.seek(self._said[name])
                return SENDER_IS_UP in log.read()
        return True

    def wait_until_up(self, names):
        """Wait for programs."""
        for name in names:
            wait_until(lambda name=name: self.is_up(name), UP_SECONDS, pause=0.1, what=name)

    def is_well(self):
        """Whether every database is there and follows, and Patroni knows one that has everything.

        PostgreSQL is asked who follows: Patroni remembers for a while who is gone.
        """
        if not self.name_of("leader") or not self.name_of("sync_standby"):
            return False
        try:
            with psycopg.connect(superusers_address(self), connect_timeout=3) as line:
                following, is_safe = line.execute(FOLLOWING).fetchone()
        except psycopg.OperationalError:
            return False
        return is_safe and following == len(self.site.of("database")) - 1

    def wait_until_well(self):
        """Wait for that. Returns the seconds."""
        return wait_until(self.is_well, WELL_SECONDS, pause=0.3, what="healthy databases")


@dataclass(frozen=True)
class SiteHouse(House):
    """The site as the checkers know a house.

    :param variables: the environment of its commands.
    """

    variables: dict

    def environment(self, **more):
        """As an operator's command on a web machine."""
        return {**self.variables, **more}


def send(number, pids):
    """Send a signal to those that are still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def stands_still(pid):
    """Whether a process was stopped, or is over."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return fields[0] in "TZ"
