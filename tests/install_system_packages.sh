#!/bin/sh
# The browser tests drive the system's Chromium, the SMS tests the system's Kannel. Install what is
# missing where we may; say plainly where we may not, and the tests that need it say so too.
missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || missing="$missing chromium-headless-shell"
[ -x /usr/sbin/bearerbox ] || missing="$missing kannel"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing$missing"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing fonts-dejavu-core; } >/dev/null 2>&1 && exit 0
fi
command -v chromium >/dev/null 2>&1 && missing="${missing# chromium-headless-shell}"     # it does, more slowly
[ -z "$missing" ] || echo "NOT INSTALLED:$missing. The tests that need it will be skipped. With rights: apt-get install$missing" >&2
exit 0
