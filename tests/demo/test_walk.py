"""What a newcomer meets in demo mode: codes to read, and accounts that are ready."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.conftest import settle
from tests.page import Clerk
from tests.test_config import production
from webapp import clock
from webapp.demo import data
from webapp.demo.mailbox import FILE
from webapp.demo.people import PASSWORD, RECOVERY_CODES, SITI_NIK, SITI_PHONE
from webapp.demo.routes import open_mailbox
from webapp.demo.switches import add_switch
from webapp.messages.sender import Sender
from webapp.models.accounts import Agreement, Authenticator, RecoveryCode
from webapp.models.cases import Case
from webapp.models.messages import Message
from webapp.models.people import STAFF, User
from webapp.models.workers import Worker
from webapp.worker_process import channels_of


@pytest.fixture
def deliver(app):
    """Do what the sender beside the demo server does."""
    open_mailbox(SimpleNamespace(app=app))
    mailbox = app.config["DATA"] / FILE
    mailbox.unlink(missing_ok=True)
    yield lambda: Sender(channels_of(app.config)).run_once(clock.now())
    mailbox.unlink(missing_ok=True)


def newest_code(person):
    """The code of the newest message on the demo's page."""
    person.open("/demo/pesan")
    return re.search(r"\d{3} \d{3}", person.page.words(".message-body")).group()


@pytest.mark.parametrize("account", ["siti@pekerja.example", "0812-3454-512", SITI_NIK])
def test_a_newcomer_signs_in_on_a_new_device_with_the_code_from_the_page(
        app, cast, deliver, account):
    cast.siti.phone, cast.siti.nik = SITI_PHONE, SITI_NIK
    cast.siti.save()
    newcomer = Clerk(app, device="")
    newcomer.open("/masuk")
    asked = newcomer.send(account=account, password=PASSWORD)
    assert asked.heading == "Perangkat baru"
    deliver()
    code = newest_code(newcomer)
    newcomer.open(asked.path)
    assert newcomer.send(code=code).heading == "Halo, Siti Rahayu"


def test_the_page_shows_what_the_outbox_has_erased(app, cast, deliver):
    newcomer = Clerk(app, device="")
    newcomer.open("/masuk")
    newcomer.send(account="ani@maju.example", password=PASSWORD)
    assert deliver() == 1
    assert Message.get().body is None
    page = newcomer.open("/demo/pesan")
    assert "Email untuk a••" in page.words()
    assert re.search(r"Kode Anda: \d{3} \d{3}", page.words())


def test_before_anything_is_sent_the_page_says_what_to_do(app, cast, deliver):
    assert "Belum ada pesan" in Clerk(app).open("/demo/pesan").words()


def test_production_has_no_mailbox(tmp_path):
    code = ("from webapp import create_app; from webapp.messages.delivery import DemoDelivery; "
            "create_app(); print(DemoDelivery.mailbox)")
    answer = subprocess.run([sys.executable, "-c", code], env=production(tmp_path),
                            capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.strip() == "None"
    assert not list(tmp_path.glob(f"{FILE}*"))


def test_the_demo_begins_usable_and_loading_it_again_adds_nothing(app, cast):
    for model in (Agreement, Authenticator):
        model.delete().execute()
    User.update(email_index=None, email_sealed=None).execute()     # as if nobody were there yet
    counts = []
    for _ in range(2):
        data.load(0, now=clock.now(), today=clock.today())
        siti = User.get(User.email.matches("siti@pekerja.example"))
        assert (siti.phone, siti.nik) == (SITI_PHONE, SITI_NIK)
        assert {agreement.user.name for agreement in Agreement.select()} == {
            "Siti Rahayu", "Rina Handayani"}
        assert Authenticator.select().count() == 0
        staff = User.select().where(User.role << STAFF, User.email_index.is_null(False)).count()
        assert (staff, RecoveryCode.select().count()) == (6, 6 * len(RECOVERY_CODES))
        counts.append((User.select().count(), Message.select().count(), Worker.select().count()))
    assert counts[0] == counts[1]


def test_a_newcomer_finds_a_switch_to_review_and_the_trail_of_accounts(app, cast, dewi):
    data.load(0, now=clock.now(), today=clock.today())
    rina = User.get(User.name == "Rina Handayani")
    add_switch(cast.maju, cast.ani, rina, clock.now())
    settle(User.get(User.name == "Indra Permana"), clock.now())
    indra = Clerk(app).is_signed_in_as(User.get(User.name == "Indra Permana"))
    assert indra.open("/cabang/audit/akun").heading == "Akun dan petugas"
    case = Case.get(Case.kind == "mandiri")
    page = dewi.open(f"/cabang/mandiri/{case.public_id}")
    assert (page.heading, case.holder) == ("Beralih ke Mandiri: Rina Handayani", "branch")
    assert "Diperiksa kantor cabang" in page.words()
    assert Clerk(app).is_signed_in_as(rina).open(f"/mandiri/{case.public_id}").status == 200
