"""Ending all that opens an account."""

from webapp import clock
from webapp.accounts.service import end_all_access
from webapp.db import write_transaction
from webapp.models.accounts import Passkey
from webapp.models.people import Device, Session


def a_passkey_of(user):
    Passkey.create(user=user, credential=f"k-{user.id}", public_key=b"k", sign_count=0,
                   name="Ponsel", created_at=clock.now())


def test_nothing_that_a_thief_may_have_made_opens_it_any_more(siti_signed_in, cast):
    for user in (cast.siti, cast.ani):
        a_passkey_of(user)
    with write_transaction():
        ended = end_all_access(cast.siti, clock.now())
    assert ended == {"sessions": 1, "passkeys": 1}
    assert [row.user for row in Passkey.select()] == [cast.ani]
    assert not Session.select().where(Session.ended_at.is_null()).exists()
    assert not Device.select().where(Device.user == cast.siti).exists()
    assert siti_signed_in.open("/beranda").path.startswith("/masuk")
