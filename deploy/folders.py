"""Folders of the cluster and who may read them."""

import shutil
import subprocess

from deploy import cluster_site
from deploy.processes import Trouble


def make(folder, user, mode=0o755):
    """Make a folder and hand it to a user; to nobody else when ``None``."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    _hand(folder, user)


def give(path, home, user):
    """Hand a file to a user, and the folders between it and a home."""
    _hand(path, user)
    for parent in path.parents:
        if parent == home:
            break
        _hand(parent, user)


def open_the_way(place, user):
    """Make the cluster's folder and see that a user reaches it. Raises ``Trouble``.

    What lies beside it stays as unreadable as it was.
    """
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o711)
    if not user:
        return
    if place.parent.parent == cluster_site.ROOT:
        place.parent.chmod(place.parent.stat().st_mode | 0o011)
    asked = subprocess.run(["/usr/bin/test", "-x", place], user=user, group=user,  # noqa: S603
                           extra_groups=[], check=False)
    if asked.returncode:
        raise Trouble(f"{user} cannot reach {place}: a folder on the way is closed to others. Set "
                      "PURNA_CLUSTER to a folder elsewhere")


def _hand(path, user):
    if user:
        shutil.chown(path, user, user)
