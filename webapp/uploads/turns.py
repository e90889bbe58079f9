"""Lists that wait for work take turns; one at which the work fails does not hold up the others."""

import logging
from datetime import timedelta

from peewee import InterfaceError, OperationalError

from webapp import faults
from webapp.db import write_transaction
from webapp.models.uploads import Upload

REST = timedelta(minutes=1)     # what fails fails again: often enough to see it mended
log = logging.getLogger(__name__)


def are_rested(now):
    """The condition that lists need no rest, nor are in another process's hands."""
    return Upload.leased_until.is_null() | (Upload.leased_until < now)


def in_turn(uploads, act, now):
    """Do something with each list. Returns whether there was something to do.

    :param act: called with the list and the moment; says whether there was something to do.
    :raises peewee.OperationalError: the database is away or busy: that is no fault of a list.
    """
    return any([_one(upload, act, now) for upload in uploads])


def _one(upload, act, now):
    try:
        return act(upload, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        log.error("list %s: %s", upload.id, faults.described(fault))
    with write_transaction():
        Upload.update(leased_until=now + REST).where(Upload.id == upload.id).execute()
    return False
