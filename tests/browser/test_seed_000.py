"""Seed 000, "Cara Keluar dari Akun Pekerja": each step of the document, walked."""

from datetime import timedelta

import pytest

from tests.browser.codes import code_for
from tests.browser.story import Story, stage_for
from tests.programmes.waving import drawn, family, wave_of
from webapp import clock
from webapp.closure.service import finish_due
from webapp.models.accounts import Closure
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.programmes import service as joining

story = Story()


@pytest.fixture(scope="module")
def stage(application, databases, served, browser, tmp_path_factory):
    """Siti and her phone."""
    yield from stage_for(application, databases, served, browser, tmp_path_factory.mktemp("000"))


@story.step("Masuk ke halaman akun")
def _(stage):
    stage.phone = stage.visitor().open("/").follow("Masuk").sees("Masuk")
    stage.phone.sign_in("siti@pekerja.example").sees("Halo, Siti Rahayu")


@story.step("Melihat status program dan bantuan yang diterima")
def _(stage):
    wave = wave_of(stage.cast, quota=1)
    siti = User.get_by_id(stage.cast.siti.id)
    joining.join(wave, Worker.get(Worker.user == siti), siti, now=clock.now(), family=family(1))
    drawn(wave, stage.cast)
    stage.phone.open("/beranda").follow("Program").sees("Program")
    stage.phone.reads("Kartu Prakerja", "Anda: lolos")
    stage.phone.open("/beranda").follow("Bantuan saya").sees("Bantuan saya")
    stage.phone.reads("Kartu Prakerja", "Rp600.000", "Ditetapkan").open("/beranda")


@story.step("Pilih Keluar di bagian atas halaman")
def _(stage):
    stage.phone.page.locator("header").get_by_role("link", name="Keluar").click()
    stage.phone.sees("Keluar").reads("Keluar dari perangkat ini", "Keluar dari semua perangkat")
    stage.phone.follow("Tutup akun").sees("Tutup akun").reads("Yang hilang", "Yang tetap ada")


@story.step("Masukkan kode OTP yang dikirim lewat SMS atau email")
def _(stage):
    stage.phone.press("Kirim kode lewat email").reads("Konfirmasi")
    stage.phone.type_in("Kode 6 angka", code_for("TUTUP AKUN"))


@story.step("Klik Konfirmasi")
def _(stage):
    stage.phone.press("Konfirmasi").sees("Menunggu konfirmasi")
    assert User.get_by_id(stage.cast.siti.id).state == "MENUNGGU_PENUTUPAN"


@story.step("Konfirmasi dikirim lewat SMS atau email")
def _(stage):
    told = [message.body for message in
            Message.select().where(Message.kind.startswith("clos")).order_by(Message.id)]
    assert any("meminta akun Purna Anda ditutup" in body for body in told)


@story.step("Berhasil keluar dari akun")
def _(stage):
    Closure.update(due_at=clock.now() - timedelta(seconds=1)).execute()
    assert finish_due(clock.now()) == 1
    stage.phone.open("/beranda").sees("Masuk")
    stage.phone.sign_in("siti@pekerja.example").reads("tidak cocok")
    assert Membership.get_by_id(stage.cast.siti_at_maju.id).status == "AKTIF"


@pytest.mark.parametrize("step", story.steps)
def test_how_to_leave_the_account(stage, step):
    story.reach(step, stage)
