"""Managers beside Fajar, and blocks as they make them."""

from datetime import timedelta

from tests.conftest import settle
from webapp import clock
from webapp.blocks import service
from webapp.blocks.queries import block_at
from webapp.models.blocks import Block
from webapp.models.people import MANAGER, User
from webapp.parameters import rules_on

NOTE = "Tiga orang memakai nomor KTP yang sama."


def manager(name, cast):
    """Another manager of Fajar's branch."""
    user = User(name=name, role=MANAGER, created_at=clock.now(), branch=cast.fajar.branch)
    user.email = f"{name.split()[0].lower()}@cabang.example"
    user.save(force_insert=True)
    settle(user, clock.now())
    return user


def proposed(user, by, days=30, reason="DATA_PALSU"):
    """A block that waits for the second manager."""
    today = clock.today()
    return service.propose(user, by, reason=reason, note=NOTE, rules=rules_on(today),
                           review_on=today + timedelta(days=7),
                           until=today + timedelta(days=days), now=clock.now())


def blocked(user, by, second, **how):
    """A block in force."""
    block = proposed(user, by, **how)
    service.confirm(seen(block, second), second, version=block.version, now=clock.now())
    return Block.get_by_id(block.id)


def seen(block, by):
    """A block as its page reads it."""
    return block_at(by, block.public_id)
