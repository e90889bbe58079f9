"""The cluster's database as it was at a minute: the steps of README.md, one after the other."""

from deploy import programs
from deploy.processes import Trouble, wait_for

RECOVERY_SECONDS = 600
LEASE_SECONDS = 60
NEWEST = "newest"
IS_OPEN = "DO $$ BEGIN IF pg_is_in_recovery() THEN RAISE 'not yet'; END IF; END $$"


def restore(cluster, moment):
    """Put the database back and bring everything up again. Raises ``Trouble``.

    :param moment: as PostgreSQL reads it, with its zone: ``2026-11-22 06:30:00+00``; or
        ``newest``: whatever the archive has.
    """
    if not moment:
        raise Trouble("say to which moment, as 2026-11-22 06:30:00+00, or newest")
    target = [] if moment == NEWEST else [
        "--type=time", f"--target={moment}", "--target-action=promote"]
    machines = cluster.site.of("database")
    for machine in machines:
        cluster.register.stop(f"{machine['name']}.patroni", 60)
    # up() starts the first one first: with an empty memory, whoever comes first is the primary.
    first = machines[0]
    cluster.run(cluster.pgbackrest(first, "--delta", *target, "restore"), "the backup's files")
    # Not by Patroni, which would follow the log to its end.
    control = [f"{first['folders']['postgresql']}/pg_ctl", "-D", first["folders"]["database"], "-s"]
    cluster.run(_command(cluster, first, [*control, "-w", "-t", str(RECOVERY_SECONDS), "start"]),
                "PostgreSQL")
    asked = cluster.psql(first, f"--command={IS_OPEN}")
    wait_for(lambda: cluster.run(asked, None), RECOVERY_SECONDS, "the moment", asked.log)
    cluster.run(_command(cluster, first, [*control, "-w", "-m", "fast", "stop"]), "its end")
    forget = _command(cluster, first, [
        programs.path_of("patronictl"), "-c", f"{first['folders']['etc']}/patroni/config.yml",
        "remove", first["cluster"]])
    # Where all were killed, not stopped, their leases last a little longer than they do.
    wait_for(lambda: cluster.run(forget, None, said=f"{first['cluster']}\nYes I am aware\n"),
             LEASE_SECONDS, "forgetting who was the primary", forget.log)
    cluster.up()


def _command(cluster, machine, arguments):
    return programs.command(machine, arguments, cluster.user)
