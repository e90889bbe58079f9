"""A contact of somebody else's account: its owner hears so, the one who asks learns nothing."""

import json
import re

import pytest
import time_machine

from tests.contacts.person import EMAIL, NEW_PHONE, OLD_PHONE, Changer, code_sent, latest, siti_now
from tests.contacts.person import siti_with as with_contacts
from tests.page import Clerk
from webapp import clock
from webapp.contacts import service
from webapp.models.accounts import SendHistory
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.profile.held_data import everything_about


@pytest.fixture
def siti(app, cast):
    """Siti with phone and e-mail, signed in."""
    with_contacts(phone=OLD_PHONE)
    return Changer(app).is_signed_in_as(cast.siti)


def give_to_budi(cast, phone=NEW_PHONE):
    budi = User.get_by_id(cast.budi.id)
    budi.phone = phone
    budi.save()


def test_the_owner_gets_a_message_in_place_of_the_code(siti, cast):
    give_to_budi(cast)
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    message = latest()
    assert message.recipient == NEW_PHONE
    assert "nomor ponsel ini sudah dipakai akun Purna" in message.body
    assert not re.search(r"\d{3} \d{3}", message.body)
    assert len(message.body) <= 160


def test_it_is_the_owners_message_in_pesan_and_in_the_data_and_not_the_askers(siti, app, cast):
    give_to_budi(cast)
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    told = "nomor ponsel ini sudah dipakai akun Purna"
    assert told in Clerk(app).sign_in("budi@maju.example").open("/pesan").words()
    assert told not in siti.open("/pesan").words()
    assert NEW_PHONE not in json.dumps(everything_about(siti_now())["pesan"])


def test_so_does_the_owner_of_an_email(siti):
    siti.ask("/profil/email", value="budi@maju.example", channel="sms")
    siti.send(code=code_sent())
    assert latest().recipient == "budi@maju.example"
    assert "Email ini sudah dipakai akun Purna" in latest().body


@time_machine.travel("2026-11-22T06:31:00Z", tick=False)     # pages say how long to wait
def test_the_pages_look_alike(siti, app, cast):
    def walk(value):
        pages = [siti.ask(value=value, channel="sms")]
        pages.append(siti.send(code=code_sent()))
        pages.append(siti.send(code="000000"))
        Message.delete().execute()
        return [(page.status, re.sub(r'value="[^"]*"|/kontak/[^/]+/', "", page.text))
                for page in pages]

    give_to_budi(cast)
    free = walk("+6281390001112")
    SendHistory.delete().execute()
    taken = walk(NEW_PHONE)
    assert [(status, text.replace("1112", "4512")) for status, text in free] == taken


def test_a_message_sent_again_is_no_code_either(siti, cast):
    give_to_budi(cast)
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    with time_machine.travel(clock.now().timestamp() + 61):
        siti.send(ulang="sms")
    bodies = [row.body for row in Message.select().where(Message.kind == "account:in use")]
    assert len(bodies) == 2
    assert not [body for body in bodies if re.search(r"\d{3} \d{3}", body)]


def test_who_proves_it_second_is_told_and_changes_nothing(siti, cast):
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    code = code_sent()
    give_to_budi(cast)
    page = siti.send(code=code)
    assert page.status == 409
    assert "sudah dipakai akun lain" in page.heading
    assert siti_now().phone == OLD_PHONE
    assert AuditEntry.select().where(AuditEntry.kind == "contact:changed").count() == 0


def test_ones_own_contact_is_not_taken(cast):
    assert service.instead_of_code(cast.siti, service.MAIL, EMAIL) is None
