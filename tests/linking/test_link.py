"""Whose memberships an account is connected with, and whose never."""

from datetime import date, timedelta

import pytest

from tests.conftest import settle
from tests.page import Clerk, in_parallel
from tests.registration.person import PHONE, Newcomer, code_sent
from webapp import clock
from webapp.linking import service
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.rate_limit import TooMany

# Agus has a card and no reported contact; Siti Aminah neither account nor contact.
AGUS = {"nik": "3171061203850002", "name": "Agus Setiawan", "birth_date": "1985-03-12"}
AGUS_KPJ = "30145270001"


def agus():
    return Worker.get(Worker.name == "Agus Setiawan")


def reported(phone=None, email=None):
    """The company reported these contacts for Agus."""
    worker = agus()
    worker.phone, worker.email = phone, email
    worker.save()


def account(phone=PHONE, email=None, kpj=None, nik=AGUS["nik"], name=AGUS["name"],
            birth_date=date(1985, 3, 12), **more):
    """A worker's account as registration leaves it, unlinked."""
    user = User(role="worker", name=name, birth_date=birth_date, claimed_kpj=kpj,
                created_at=clock.now(), **more)
    user.phone, user.email, user.nik = phone, email, nik
    user.save(force_insert=True)
    return user


def owner():
    return agus().user


@pytest.fixture(autouse=True)
def _cast(app, cast):
    """The fixed cast is there."""


@pytest.mark.parametrize("contacts", [{"phone": PHONE}, {"phone": None, "email": "agus@x.example"}])
def test_a_proven_contact_that_the_company_reported_connects(contacts):
    reported(PHONE, "agus@x.example")
    user = account(**contacts)
    assert service.link(user, clock.now()) == agus()
    assert owner() == user
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.kind, entry.subject) == ("memberships:linked", user.public_id)
    assert '"by":"contact"' in entry.details
    assert not Message.select().exists()


def test_a_card_number_connects():
    user = account(kpj=AGUS_KPJ)
    assert service.link(user, clock.now()) == agus()
    assert owner() == user
    assert not Message.select().exists()


@pytest.mark.parametrize("difference", [
    {"nik": "3171061203850009"}, {"birth_date": date(1985, 3, 13)}, {"name": "Agus Santoso"},
    {"kpj": "30145270002"}, {"kpj": None}, {"state": "MENUNGGU_PENUTUPAN"}, {"state": "DIBLOKIR"}])
def test_with_any_one_thing_different_nothing_is_connected(difference):
    user = account(**{"kpj": AGUS_KPJ, **difference})
    assert service.link(user, clock.now()) is None
    assert owner() is None


def test_a_contact_that_is_not_proven_connects_nothing():
    reported(PHONE)
    user = account(phone="+6281290004599")
    user.unproven = PHONE
    user.save()
    assert service.link(user, clock.now()) is None
    assert owner() is None


def test_the_name_may_be_written_otherwise():
    assert service.link(account(kpj=AGUS_KPJ, name="SETIAWAN, H. AGUS, S.E."), clock.now())


def test_without_contacts_on_either_side_nothing_counts_as_the_same():
    assert service.link(account(phone=None, email="a@x.example"), clock.now()) is None
    assert owner() is None


def test_the_place_of_an_open_account_is_never_taken():
    for state in ("AKTIF", "DIBLOKIR", "MENUNGGU_PENUTUPAN"):
        first = account(phone=None, email=f"{state.lower()}@x.example", state=state)
        Worker.update(user=first).where(Worker.id == agus().id).execute()
        assert service.link(account(phone=None, email=f"{state.lower()}@y.example", kpj=AGUS_KPJ),
                            clock.now()) is None
        assert owner() == first
    assert not AuditEntry.select().where(AuditEntry.kind == "memberships:linked").exists()


def test_the_place_of_a_closed_account_is_free():
    Worker.update(user=account(phone=None, state="DITUTUP")).where(
        Worker.id == agus().id).execute()
    user = account(kpj=AGUS_KPJ)
    assert service.link(user, clock.now())
    assert owner() == user


def test_who_proves_the_reported_contact_takes_over_from_who_only_knew_the_card():
    reported(PHONE)
    colleague = account(phone=None, email="kolega@kantor.example", kpj=AGUS_KPJ)
    service.link(colleague, clock.now())
    assert owner() == colleague
    rightful = account(phone=PHONE)
    assert service.link(rightful, clock.now()) == agus()
    assert owner() == rightful
    assert service.link(colleague, clock.now()) is None
    assert owner() == rightful
    told = Message.get(Message.user == colleague)
    assert "Kepesertaan dilepas dari akun Purna Anda" in told.body
    assert "kantor cabang" in told.body
    assert "Ini bukan saya" not in told.body      # it would bring nothing back
    assert AuditEntry.select().where(AuditEntry.kind == "memberships:unlinked",
                                     AuditEntry.subject == colleague.public_id).count() == 1


def test_a_block_is_not_evaded_by_a_second_account(app):
    reported(PHONE)
    first = account(phone=None, email="a@x.example", kpj=AGUS_KPJ)
    service.link(first, clock.now())
    User.update(state="DIBLOKIR").where(User.id == first.id).execute()
    second = account(phone=PHONE)
    settle(second, clock.now())
    assert service.link(second, clock.now()) is None
    assert owner() == first
    page = Clerk(app).is_signed_in_as(second).open("/profil/kepesertaan")
    assert "Bawa KTP dan kartu peserta ke kantor cabang" in page.words(".notice")


def test_connecting_again_changes_nothing():
    user = account(kpj=AGUS_KPJ)
    for _ in range(3):
        assert service.link(user, clock.now()) == agus()
    assert AuditEntry.select().where(AuditEntry.kind == "memberships:linked").count() == 1


def test_of_two_accounts_at_once_one_is_connected():
    for number in range(4):
        Worker.update(user=None).execute()
        users = [account(phone=f"+628129000{number}{at}00", kpj=AGUS_KPJ) for at in range(4)]
        results = in_parallel(lambda at, users=users: service.link(users[at], clock.now()), 4)
        assert len([worker for worker in results if worker]) == 1
        assert owner() in users
        assert AuditEntry.select().where(
            AuditEntry.kind == "memberships:linked").count() == number + 1


def test_connected_by_card_other_reported_contacts_are_told():
    reported("+6281111110000", "agus@rumah.example")
    service.link(account(kpj=AGUS_KPJ), clock.now())
    sms, email = Message.select().order_by(Message.channel.desc())
    assert (sms.recipient, email.recipient) == ("+6281111110000", "agus@rumah.example")
    for message in (sms, email):
        assert "atas nama Anda" in message.body
        assert "Bukan Anda?" in message.body
        assert PHONE not in message.body
        assert AGUS_KPJ not in message.body
        assert (message.worker, message.user) == (agus(), None)
    assert len(sms.body) <= 160


def test_five_numbers_that_do_not_fit_lock_for_an_hour_and_five_more_for_two():
    user, start = account(), clock.now()

    def tries(moment, count):
        for number in range(count):
            assert service.claim_card(user, f"3014527100{number}", moment) is None

    tries(start, 5)
    with pytest.raises(TooMany) as wait:
        service.claim_card(user, AGUS_KPJ, start + timedelta(minutes=59))
    assert wait.value.until == start + timedelta(hours=1)
    tries(start + timedelta(hours=1), 5)
    with pytest.raises(TooMany):
        service.claim_card(user, AGUS_KPJ, start + timedelta(hours=2, minutes=59))
    assert owner() is None
    assert service.claim_card(user, AGUS_KPJ, start + timedelta(hours=3))
    assert owner() == user


def test_twenty_numbers_at_once_are_five_tries():
    user, start = account(), clock.now()

    def guess(number):
        try:
            return service.claim_card(User.get_by_id(user.id), f"301452710{number:02}", start)
        except TooMany:
            return "too many"

    assert in_parallel(guess, 20).count("too many") == 15


def test_staff_and_clerks_are_connected_with_nobody(cast):
    cast.ani.nik, cast.ani.name = AGUS["nik"], AGUS["name"]
    cast.ani.birth_date, cast.ani.claimed_kpj = date(1985, 3, 12), AGUS_KPJ
    assert service.link(cast.ani, clock.now()) is None
    assert owner() is None


def test_registering_with_the_card_number_connects_at_once(app):
    one = Newcomer(app)
    one.register(**AGUS, kpj=AGUS_KPJ)
    user = User.get(User.phone.matches(PHONE))
    assert owner() == user
    one.send(account=PHONE, password="kuda baterai hijau jendela")
    assert "PT Maju Bersama" in one.page.words()
    kinds = [entry.kind for entry in AuditEntry.select().where(
        AuditEntry.subject == user.public_id).order_by(AuditEntry.sequence)]
    assert kinds[:3] == ["memberships:linked", "account:registered", "terms:agreed"]


def test_registering_with_the_reported_phone_connects_at_once(app):
    reported(PHONE)
    Newcomer(app).register(**AGUS)
    assert owner() == User.get(User.phone.matches(PHONE))


def test_registering_with_the_reported_phone_but_proving_another_contact_does_not(app):
    reported(PHONE)
    one = Newcomer(app)
    one.begin("email", **AGUS, email="penipu@x.example")
    one.send(code=code_sent())
    assert User.select().where(User.email.matches("penipu@x.example")).exists()
    assert owner() is None
