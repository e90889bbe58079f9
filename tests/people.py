"""The cast with more than it has from the start."""

from tests.conftest import settle
from webapp import clock
from webapp.models.people import User
from webapp.models.workers import Worker

PHONE = "+6281234564512"     # masked, it ends like Siti's card number


def with_phone(user, phone=PHONE):
    """A user whose phone is proven too."""
    user.phone = phone
    user.save()
    return user


def account_for(worker):
    """An account for a worker who has none, as settled as Siti's."""
    user = User(name=worker.name, role="worker", created_at=clock.now())
    user.email = f"{worker.name.split()[0].lower()}@pekerja.example"
    user.save(force_insert=True)
    Worker.update(user=user).where(Worker.id == worker.id).execute()
    settle(user, user.created_at)
    return user
