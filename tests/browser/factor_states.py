"""Second factors in every state, for ``tests.browser.states``."""

from datetime import timedelta

from tests.authenticator.app import app_on, enrol
from tests.page import Clerk
from tests.passkey.conftest import Keyring
from webapp import clock
from webapp.authenticator.service import give_first_codes
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Challenge
from webapp.models.people import Session


def second_step(app, cast, _):
    """The pages between a right password and a session."""
    stranger = Clerk(app, device="")
    stranger.open("/masuk")
    yield "new device", stranger.send(account="budi@maju.example", password=PASSWORD)
    yield "new device, wrong code", stranger.send(code="000000")
    dewi = Clerk(app)
    dewi.open("/masuk")
    yield "authenticator", dewi.send(account="dewi@cabang.example", password=PASSWORD)
    path = dewi.page.path
    yield "authenticator, wrong code", dewi.send(code="000000")
    yield "recovery code", dewi.open(f"{path}?pemulihan=1")
    yield "recovery code, wrong", dewi.send(code="0000-0000-0000-0000")
    Challenge.update(expires_at=clock.now()).execute()
    yield "too late", dewi.open(path)
    yield "passkey", stranger.open("/masuk/passkey")
    yield "passkey, wrong", stranger.send(credential='{"id":"AAAA"}')


def own_factors(app, cast, _):
    """Setting up, replacing and removing."""
    budi = Clerk(app).sign_in("budi@maju.example")
    yield "set up", budi.open("/profil/autentikator")
    yield "set up, wrong code", budi.send(code="000000")
    phone = app_on(budi.page)
    yield "recovery codes", budi.send(code=phone.code())
    yield "set up already", budi.open("/profil/autentikator")
    yield "lost", budi.open("/profil/autentikator?lanjut=/perusahaan")
    yield "another phone", budi.open("/profil/autentikator/ganti")
    yield "new recovery codes", budi.open("/profil/kode-pemulihan")
    yield "remove", budi.open("/profil/autentikator/lepas")
    yield "no passkeys", budi.open("/profil/passkey")
    yield "add a passkey", budi.open("/profil/passkey/tambah")
    yield "add a passkey, empty", budi.send(name="")
    yield "passkeys", Keyring(app).add(budi, "Ponsel " + "panjang" * 12)
    yield "remove a passkey", budi.open(budi.page.select(".rows a")[0].get("href"))
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    yield "prove, passkey and code", budi.open("/profil/passkey/tambah")
    yield "prove, wrong code", budi.send("form:not([data-passkey])", code="000000")
    yield "prove, passkey unread", budi.send(credential="")
    citra = Clerk(app).sign_in("citra@lain.example")
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    yield "prove, password", citra.open("/profil/passkey/tambah")
    yield "prove, wrong password", citra.send(password="bukan-kata-sandi")


def new_staff(app, cast, _):
    """Staff who have yet to set up theirs."""
    Authenticator.delete().where(Authenticator.user == cast.eka).execute()
    eka = Clerk(app)
    eka.open("/masuk")
    eka.send(account="eka@cabang.example", password=PASSWORD)
    yield "a code that was handed over", eka.page
    yield "must set up", eka.send(code=give_first_codes(cast.eka, clock.now())[0])
    enrol(eka)
    yield "recovery codes of staff", eka.page
