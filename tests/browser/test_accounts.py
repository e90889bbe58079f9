"""An account's whole life on a phone, with real codes: from Daftar to the message that it ended."""

import re
from datetime import timedelta

import pytest

from tests.browser.conftest import data_of_its_own
from tests.faults.processes import Program, running, wait_until
from tests.gateways import SmsServer, SmtpServer
from webapp import clock
from webapp.db import write_transaction
from webapp.models.accounts import Agreement, Closure, SendHistory
from webapp.models.people import User
from webapp.models.workers import Membership, Worker

AGUS = {"nik": "3171061203850002", "name": "Agus Setiawan", "kpj": "30145270001",
        "phone": "0812 9000 1234", "email": "agus@rumah.example"}
FIRST, SECOND, THIRD = ("jendela kuning pasir delapan", "lampu basah gunung kertas",
                        "sepatu terbang meja hujan")
CODE = re.compile(r"\b(\d{3}) (\d{3}) untuk ([A-Z ]+),")


class Post:
    """What a person's phone and mailbox received."""

    def __init__(self, sms, another_worker):
        self.sms, self.another_worker, self._read = sms, another_worker, 0

    def code(self, act):
        """The six digits of the next SMS that holds some, which must name the act."""
        found = CODE.search(self.sms_with(CODE.search))
        assert found[3] == act
        return f"{found[1]} {found[2]}"

    def sms_with(self, wanted):
        """The next text of which ``wanted`` is true, once it has come."""
        while True:
            wait_until(lambda: len(self.sms.received) > self._read, 15, what="an SMS")
            self._read += 1
            text = self.sms.received[self._read - 1].text
            if wanted(text):
                return text


@pytest.fixture
def post(application, database, tmp_path):
    """Real gateways, and the real sender between them and this test's database."""
    with SmsServer() as sms, SmtpServer() as mail:
        environment = {"PURNA_DATA": str(data_of_its_own(application, tmp_path)),
                       "DATABASE_URL": database.url,
                       "PURNA_SMS_URL": sms.url, "PURNA_SMTP_URL": mail.url}

        def worker():
            return running(Program(("flask", "worker"), environment, tmp_path / "worker.log"))

        with worker():
            yield Post(sms, worker)


def a_day_passes():
    """For the limits of codes to one phone, that is: nobody waits so long in a test."""
    with write_transaction():
        SendHistory.delete().execute()


def agus(**where):
    """The account, read again."""
    return User.get(User.phone.matches("+6281290001234"), **where)


def test_an_account_from_daftar_to_its_end(somebody, open_page, cast, post):
    person = somebody.open("/").follow("Daftar")
    register(person, post)
    sign_in(person, FIRST)
    person.sees("Halo, Agus Setiawan").reads("PT Maju Bersama")
    change_password(person)
    leave(person)
    forget_password(person, post)
    sign_in(person, THIRD)     # a contact was proven on this phone just now
    person.sees("Halo, Agus Setiawan")
    another = open_page(javascript=person.javascript, device="")
    sign_in_on_a_new_phone(another, post)
    close(another, post)
    person.open("/beranda").sees("Masuk")     # the other phone is signed out
    wait_for_the_end(another, post)


def register(person, post):
    person.sees("Daftar").press("Lanjut").reads("Ketik 16 angka NIK dari KTP Anda.")
    for label, text in (("NIK", AGUS["nik"]), ("Nama lengkap", AGUS["name"]),
                        ("Tanggal lahir", "1985-03-12"), ("Nomor KPJ", AGUS["kpj"]),
                        ("Nomor ponsel", AGUS["phone"]), ("Email", AGUS["email"]),
                        ("Kata sandi", FIRST)):
        person.type_in(label, text)
    person.press("Lanjut").sees("Syarat dan Ketentuan")
    person.page.locator(".option label").filter(has_text="Saya sudah membaca").click()
    person.choose("Kirim kode lewat SMS")
    person.press("Setuju dan kirim kode").reads("1234")
    person.type_in("Kode 6 angka", "000000").press("Buat akun").reads("Kode tidak cocok")
    person.type_in("Kode 6 angka", post.code("DAFTAR AKUN")).press("Buat akun")
    person.sees("Masuk").reads("Akun Anda sudah dibuat")
    assert Agreement.select().where(Agreement.user == agus()).count() == 1
    assert Worker.get(Worker.name == AGUS["name"]).user == agus()
    assert agus().unproven == AGUS["email"]


def sign_in(person, password):
    person.sign_in(AGUS["phone"], password)


def change_password(person):
    person.follow("Profil").sees("Profil").follow("Ganti kata sandi").sees("Ganti kata sandi")
    person.type_in("Kata sandi sekarang", FIRST).type_in("Kata sandi baru", SECOND)
    person.press("Ganti kata sandi").sees("Profil")


def leave(person):
    person.follow("Keluar").sees("Keluar").press("Keluar dari perangkat ini").sees("Masuk")
    person.go_back().sees("Masuk").does_not_read("Agus", "Setiawan")


def forget_password(person, post):
    person.open("/masuk").follow("Lupa sandi?").sees("Lupa sandi")
    a_day_passes()
    person.type_in("Email, nomor ponsel, atau NIK", AGUS["nik"]).choose("lewat SMS")
    person.press("Kirim kode")
    code = post.code("MEMBUAT KATA SANDI BARU")
    person.type_in("Kode 6 angka", code).type_in("Kata sandi baru", "pendek").press("Simpan")
    person.reads("terlalu pendek")
    person.type_in("Kode 6 angka", code).type_in("Kata sandi baru", THIRD).press("Simpan")
    person.sees("Masuk")


def sign_in_on_a_new_phone(person, post):
    a_day_passes()
    sign_in(person, THIRD)
    person.sees("Perangkat baru").type_in("Kode 6 angka", post.code("MASUK DI PERANGKAT BARU"))
    person.press("Masuk").sees("Halo, Agus Setiawan")


def close(person, post):
    a_day_passes()
    person.follow("Keluar").sees("Keluar").follow("Tutup akun").sees("Tutup akun")
    person.reads("Yang hilang", "Yang tetap ada")
    person.press("Kirim kode lewat SMS").reads("1234")
    person.type_in("Kode 6 angka", post.code("TUTUP AKUN")).press("Konfirmasi")
    person.sees("Menunggu konfirmasi")
    assert agus().state == "MENUNGGU_PENUTUPAN"


def wait_for_the_end(person, post):
    post.sms_with(lambda text: "akan DITUTUP" in text)
    with write_transaction():
        Closure.update(due_at=clock.now() - timedelta(seconds=1)).execute()
    with post.another_worker():     # which looks at once for what is due
        post.sms_with(lambda text: "sudah DITUTUP" in text)
    assert Closure.get().state == "SELESAI"
    person.open("/beranda").sees("Masuk")
    person.sign_in(AGUS["phone"], THIRD).reads("tidak cocok")
    assert Membership.get(Membership.kpj == AGUS["kpj"]).status == "AKTIF"
    assert not User.select().where(User.phone.matches("+6281290001234")).exists()
