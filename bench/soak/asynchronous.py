"""The checker checked: a site that acknowledges too early must be found out.

Replication is told to be asynchronous; then the processes of the primary that send its log are
stopped, so that what is acknowledged from now on is on one machine alone, and that machine is lost.
"""

import base64
import json
import signal
import time
import urllib.request
from pathlib import Path

from bench.process import children
from bench.soak.damage import send
from tests.faults import checker
from tests.faults.processes import wait_until

CONFIGURATION = {
    "synchronous_mode": False, "synchronous_mode_strict": False,
    "maximum_lag_on_failover": 1 << 30,     # whoever is behind may become the primary
}
SETTLING_SECONDS = 60
ACTS_BEFORE, ACTS_MEANWHILE = 20, 10


def run(town):
    """Lose what was acknowledged; whether the checker says so."""
    site = town.site
    configure(site)
    with town.at_work():
        wait_until(lambda: len(town.load.acknowledged) >= ACTS_BEFORE, 120, what="some acts")
        name = site.name_of("leader")
        stopped = stop_sending(site, name)
        before = len(town.load.acknowledged)
        wait_until(lambda: len(town.load.acknowledged) >= before + ACTS_MEANWHILE, 60,
                   what="acts on one machine alone")
        site.lose_machine(name)
        seconds = town.seconds_to_write(time.monotonic())
        site.start(f"{name}.patroni")
    wait_until(lambda: site.name_of("leader") not in (None, name), 60, what="another primary")
    found = checker.faults(town.load.history, town.house)
    lost = [fault for fault in found if fault.startswith("acknowledged and lost")]
    print(f"asynchronous: {stopped} standbys heard nothing while {ACTS_MEANWHILE} acts or more "
          f"were acknowledged; {name} lost, written again after {seconds:.1f} s")
    print(f"  acknowledged {len(town.load.acknowledged)}; found lost {len(lost)}; faults in all "
          f"{len(found)}", *lost[:5], sep="\n    ")
    return bool(lost)


def configure(site):
    """Tell Patroni, and wait until the primary waits for nobody."""
    machine = site.site.of("database")[0]
    told = base64.b64encode(f"patroni:{site.site.secret('patroni_rest')}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"http://{machine['address']}:{machine['ports']['patroni']}/config", method="PATCH",
        data=json.dumps(CONFIGURATION).encode(),
        headers={"Authorization": f"Basic {told}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()
    wait_until(lambda: waits_for_nobody(site), SETTLING_SECONDS, pause=0.5,
               what="the primary to wait for nobody")


def waits_for_nobody(site):
    """Whether no standby is synchronous any more."""
    return bool(site.name_of("leader")) and not site.name_of("sync_standby")


def stop_sending(site, name):
    """Stop the processes that send the primary's log. Returns how many there were."""
    senders = [pid for pid in children(site.postgresql_of(name))
               if b"walsender" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    send(signal.SIGSTOP, senders)
    return len(senders)
