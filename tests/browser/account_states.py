"""The pages of accounts in every state; see ``tests.browser.states``."""

from tests.page import Clerk
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.models.accounts import Agreement, Closure
from webapp.models.messages import Message
from webapp.models.people import IS_CLOSING, NEEDS_TERMS, Session, User

GUIDES = ("panduan-keamanan", "kontak", "kanal-resmi", "syarat-dan-ketentuan")
OWN_PAGES = ("", "/sandi", "/ponsel", "/email", "/alamat", "/pengingat", "/perangkat", "/riwayat",
             "/data", "/bukan-saya", "/autentikator", "/passkey", "/kepesertaan", "/kontak")
RATNA = {"nik": "3171065506920099", "name": "Ratna Dewi", "birth_date": "1992-06-15",
         "kpj": "30145270002", "phone": "0812 9000 7777", "email": "ratna@rumah.example",
         "new_password": "jendela kuning pasir delapan"}


def account_scenes():
    """The scenes, in an order in which each finds what it needs."""
    return (guides, registering, forgetting, own_pages, as_others, in_a_stage,
            at_the_desk, recovering, closing)


def as_user(app, user, stage=""):
    """Somebody who is signed in already."""
    clerk = Clerk(app)
    with write_transaction():
        token = sessions.begin(user, clock.now(), browser="Firefox/150.0 (Windows NT 10.0)",
                               stage=stage)
    clerk.browser.set_cookie("purna", token)
    return clerk


def proven_long_ago():
    """Whoever is signed in must prove it again before a sensitive act."""
    with write_transaction():
        Session.update(factor_at=clock.now() - 2 * sessions.FRESH_FOR).execute()


def newest_code():
    """The six digits that went out last."""
    rows = Message.select().where(Message.kind.startswith("otp")).order_by(Message.id.desc())
    text = next(row.body for row in rows if row.body)
    return "".join(sign for sign in text.partition(" untuk")[0] if sign.isdigit())[-6:]


def guides(app, cast, _):
    visitor = Clerk(app)
    for page in GUIDES:
        yield page, visitor.open(f"/{page}")


def registering(app, cast, _):
    visitor = Clerk(app, device="")
    yield "register", visitor.open("/daftar")
    yield "register, empty", visitor.send()
    yield "terms", visitor.send(**RATNA)
    yield "terms, not agreed", visitor.send()
    yield "code", visitor.send(is_agreed="y", channel="sms")
    yield "code, wrong", visitor.send(code="000000")
    yield "code, no code", visitor.send(code="abc")
    yield "registered", visitor.send(code=newest_code())
    ratna = as_user(app, User.select().order_by(User.id.desc()).get())
    yield "Beranda, not connected", ratna.open("/beranda")
    yield "Profil, e-mail not proven", ratna.open("/profil")
    yield "Kepesertaan, not connected", ratna.open("/profil/kepesertaan")


def forgetting(app, cast, _):
    visitor = Clerk(app)
    yield "forgot the password", visitor.open("/lupa-sandi")
    yield "forgot the password, empty", visitor.send(account="")
    yield "forgot, code", visitor.send(account="tidak@ada.example", channel="email")
    yield "forgot, weak password", visitor.send(code="000000", new_password="pendek")
    yield "forgot the account", visitor.open("/lupa-akun")
    yield "forgot the account, empty", visitor.send()
    yield "forgot the account, told", visitor.send(nik="3171060000000001", birth_date="1990-01-01")
    yield "cancel a closure", visitor.open("/batal-tutup-akun")
    yield "cancel a closure, wrong", visitor.send(code="N7K4-22QD-8MX2")


def own_pages(app, cast, _):
    siti = as_user(app, cast.siti)
    for page in OWN_PAGES:
        yield f"Profil{page}", siti.open(f"/profil{page}")
    siti.open("/profil/sandi")
    yield "Profil/sandi, empty", siti.send()
    siti.open("/profil/ponsel")
    yield "Profil/ponsel, wrong", siti.send(phone="123", value="123")
    siti.open("/profil/email")
    yield "Profil/email, code to the old one", siti.send(email="siti@baru.example",
                                                         value="siti@baru.example")
    yield "Keluar", siti.open("/keluar")
    proven_long_ago()
    yield "prove", siti.open("/buktikan?lanjut=/profil")
    yield "prove, wrong", siti.send(password="bukan-yang-ini")


def as_others(app, cast, _):
    ani = as_user(app, cast.ani)
    yield "Profil of a clerk", ani.open("/profil")
    dewi = as_user(app, cast.dewi)
    yield "Profil of staff", dewi.open("/profil")
    proven_long_ago()
    yield "prove, staff", dewi.open("/buktikan?lanjut=/profil")


def in_a_stage(app, cast, _):
    Agreement.delete().where(Agreement.user == cast.siti).execute()
    siti = as_user(app, cast.siti, NEEDS_TERMS)
    yield "new terms", siti.open("/beranda")
    yield "new terms, not agreed", siti.send()
    assert siti.send(is_agreed="y").heading.startswith("Halo")


def at_the_desk(app, cast, _):
    dewi = as_user(app, cast.dewi)
    yield "search a person", dewi.open("/cabang/orang")
    yield "search, empty", dewi.send()
    yield "search, found", dewi.send(number="30145274512")
    yield "person", dewi.open(f"/cabang/orang/{cast.siti.public_id}")
    nik = "form[action$='/nik']"
    yield "person, no reason", dewi.send(form=nik)
    yield "person, full NIK", dewi.send(form=nik, reason="COCOKKAN_KTP")


def recovering(app, cast, _):
    dewi, eka = as_user(app, cast.dewi), as_user(app, cast.eka)
    yield "asking", dewi.open(f"/cabang/orang/{cast.siti.public_id}/pemulihan")
    yield "papers missing", dewi.send()
    yield "code", dewi.send(papers=["KTP", "KK"], phone="0812 9000 1234", note="Ponsel dicuri")
    yield "asked for", dewi.send(code=newest_code())
    yield "queue", eka.open("/cabang")
    yield "to decide", eka.open(dewi.page.path)
    yield "not checked", eka.send(form="#approve")
    yield "without a reason", eka.send(form="#refuse")
    yield "refused", eka.send(form="#refuse", reason="Foto di KTP tidak cocok")


def closing(app, cast, _):
    budi = as_user(app, cast.budi)
    yield "Tutup akun", budi.open("/tutup-akun")
    yield "Tutup akun, code", budi.send(channel="email")
    yield "Tutup akun, code wrong", budi.send(code="000000")
    yield "waiting", budi.send(code=newest_code())
    assert Closure.select().count() == 1
    yield "waiting, signed in anew", as_user(app, User.get_by_id(cast.budi.id),
                                             IS_CLOSING).open("/beranda")
    yield "Keluar while closing", budi.open("/keluar")
    budi.open("/tutup-akun/menunggu")
    yield "cancelled", budi.send()
    yield "staff cannot close", as_user(app, cast.eka).open("/tutup-akun")
