#!/bin/sh
# The browser tests drive the system's Chromium, the SMS tests the system's Kannel, those of clocks
# faketime; with "cluster" as its argument, what `make cluster` brings up. Install what is missing
# where we may; say plainly where we may not, and what needs it says so too.
missing=""
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing="$missing $2"; }
if [ "$1" = cluster ]; then
    fonts=""
    need nginx nginx; need haproxy haproxy; need pgbouncer pgbouncer; need patroni patroni
    need etcd etcd-server; need pgbackrest pgbackrest; need psql postgresql-client-15
    [ -x /usr/lib/postgresql/15/bin/postgres ] || missing="$missing postgresql-15"
else
    fonts="fonts-dejavu-core"
    need chromium-headless-shell chromium-headless-shell; need bearerbox kannel
    need faketime faketime
fi
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing$missing"
    # Debian's packages start their services: none of them is wanted, every one here is started apart.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && trap "rm -f $policy" EXIT
    fi
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing $fonts; } >/dev/null 2>&1 && exit 0
fi
command -v chromium >/dev/null 2>&1 && missing="${missing# chromium-headless-shell}"     # it does, more slowly
[ -z "$missing" ] || echo "NOT INSTALLED:$missing. What needs it is skipped or says so. With rights: apt-get install$missing" >&2
exit 0
