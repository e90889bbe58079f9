"""The journeys in the browser against the cluster that runs: ``python -m deploy.check``.

Whatever follows goes to pytest. Its data is replaced for as long as that takes; afterwards the demo
is loaded anew.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from deploy import cluster_site
from deploy.cluster import Cluster
from deploy.processes import Trouble
from deploy.secrets_folder import write_secret
from webapp.config import SECRETS

TESTS = "tests/deploy/journeys"
# As in `make test`: with JavaScript, and without it in the run that is told of PostgreSQL.
WAYS = {"PURNA_TEST_DATABASE": "sqlite"}, {"PURNA_TEST_DATABASE": "postgresql"}
EMPTIED = """
DO $$ BEGIN
  SET LOCAL session_replication_role = replica;
  EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY'
           FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration');
END $$"""


def main(arguments):
    """Run the tests. Returns the worse of pytest's exit codes, or 1 without a cluster."""
    cluster = Cluster(cluster_site.folder())
    if not any(map(cluster.register.is_alive, cluster.register.names())):
        print("no cluster runs: make cluster", file=sys.stderr)
        return 1
    address = superusers_address(cluster)
    senders = [name for name in cluster.register.names() if name.endswith(".sender")]
    try:
        for name in senders:     # what they sent, a test would wait for in vain
            cluster.register.stop(name, 10)
        codes = [subprocess.run(  # noqa: S603 (our own command)
            [sys.executable, "-m", "pytest", TESTS, "-p", "no:cacheprovider", *arguments],
            cwd=cluster_site.ROOT, env={**_environment(cluster, address), **way},
            check=False).returncode for way in WAYS]
        with psycopg.connect(address, autocommit=True) as line:
            # Migrations give it rows too, which the tests have emptied.
            line.execute("DROP DATABASE purna WITH (FORCE)")
        # Where its audit trail stood is nothing to hold against the next one's.
        for machine in cluster.site.of("web"):
            Path(machine["folders"]["data"], "audit-heads.jsonl").unlink(missing_ok=True)
        cluster.up()
    except Trouble as problem:
        print(problem, file=sys.stderr)
        return 1
    return max(codes)


def superusers_address(cluster):
    """To the primary, of whoever may put a database back."""
    web = cluster.site.of("web")[0]
    return (f"postgresql://{web['users']['database']}:{cluster.site.secret('database_superuser')}"
            f"@127.0.0.1:{web['ports']['primary']}/postgres?sslmode=verify-ca"
            f"&sslrootcert={web['folders']['etc']}/purna/tls/ca.pem")


def _environment(cluster, address):
    """What the tests must know: where pages and the database are, and the nodes' keys."""
    web, data = cluster.site.of("web")[0], cluster.place / "check"
    write_secret(data / "secrets.json",
                 json.dumps({name: cluster.site.secret(name) for name in SECRETS}))
    return {**os.environ, **web["environment"],
            **{name: cluster.site.secret(name) for name in web["gateways"]},
            "PURNA_DATA": str(data), "PURNA_BASE_URL": web["base_url"],
            "PURNA_CLUSTER_DATABASE": address,
            "PURNA_CLUSTER_ADDRESS": cluster.addresses()["internal"]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
