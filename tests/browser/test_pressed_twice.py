"""A button pressed twice in a hurry, on a phone: one act, whose code works."""

import re

from webapp.demo.people import PASSWORD
from webapp.models.accounts import Challenge
from webapp.models.messages import Message
from webapp.models.people import Session


def code_sent():
    """The digits of the only code that went out."""
    message = Message.get(Message.kind == "otp-masuk")
    return re.search(r"\d{3} \d{3}", message.body)[0]


def test_masuk_pressed_twice_on_a_new_device_leads_to_a_code_page_whose_code_works(
        open_page, cast, javascript):
    ani = open_page(javascript=javascript, device="").open("/masuk")
    ani.type_in("Email, nomor ponsel, atau NIK", "ani@maju.example")
    ani.type_in("Kata sandi", PASSWORD)
    ani.page.get_by_role("button", name="Masuk", exact=True).dblclick(no_wait_after=True)
    ani.sees("Perangkat baru").reads("Kami mengirim kode lewat email ke")
    assert (Message.select().count(), Challenge.select().count()) == (1, 1)
    ani.type_in("Kode 6 angka", code_sent()).press("Masuk").sees("Pilih perusahaan")
    assert Session.select().where(Session.user == cast.ani).count() == 1


def test_sent_again_after_a_lost_answer_masuk_leads_there_too(open_page, cast):
    ani = open_page(device="").open("/masuk")
    ani.watch.line_may_fail = True
    ani.type_in("Email, nomor ponsel, atau NIK", "ani@maju.example")
    ani.type_in("Kata sandi", PASSWORD)

    def lose_answer(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    ani.page.route("**/masuk", lose_answer, times=1)
    ani.press("Masuk").page.get_by_text("Sambungan terputus").wait_for()
    ani.press("Coba lagi").sees("Perangkat baru")
    ani.type_in("Kode 6 angka", code_sent()).press("Masuk").sees("Pilih perusahaan")
