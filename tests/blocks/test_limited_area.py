"""Somebody blocked reaches the reason, the complaint and the way out, and nothing else."""

import re
from datetime import date

import pytest
import time_machine

from tests.blocks.managers import blocked, seen
from tests.page import Clerk
from tests.switch.walking import approved
from webapp import clock
from webapp.bills.codes import show_code
from webapp.blocks import service
from webapp.models.blocks import Block
from webapp.models.people import ACTIVE, BLOCKED, IS_BLOCKED, Session, User
from webapp.models.switches import Bill

MISSING = "00000000-0000-4000-8000-000000000000"
REACHED = {"/diblokir", "/keluar", "/sesi", "/pengaduan/<uuid:case_id>",
           "/pengaduan/<uuid:case_id>/jawab", "/pengaduan/<uuid:case_id>/berkas",
           "/pengaduan/<uuid:case_id>/berkas/<uuid:paper_id>",
           "/pengaduan/<uuid:case_id>/berkas/<uuid:paper_id>/hapus", "/keluar/semua"}


@pytest.mark.parametrize("email", ["siti@pekerja.example", "ani@maju.example",
                                   "dewi@cabang.example"])
def test_after_signing_in_as_always_there_is_the_reason_and_nothing_else(app, cast, gita, email):
    user = User.get(User.email.matches(email))
    blocked(user, cast.fajar, gita)
    clerk = Clerk(app).sign_in(email)
    page = clerk.page
    assert page.heading == "Akun Anda diblokir"
    for words in ("Data yang diisi palsu", "22 Desember 2026", "29 November 2026",
                  "Isi Formulir pengaduan"):
        assert words in page.words()
    assert not page.select("nav[aria-label=Utama]")
    for path in ("/", "/beranda", "/pesan", "/profil", "/profil/data", "/kepesertaan",
                 "/pencairan", "/perusahaan", "/cabang", "/tutup-akun"):
        assert clerk.open(path).heading == "Akun Anda diblokir", path
    assert clerk.open("/pengaduan").heading == "Formulir pengaduan"
    assert clerk.open("/panduan-keamanan").heading == "Panduan keamanan"
    clerk.open("/keluar")
    assert clerk.send().path.startswith("/masuk")


def test_how_contributions_are_paid_meanwhile(app, siti, cast, gita):
    bill = approved(siti, cast)
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    assert f"Rp8.400, paling lambat 6 Desember 2026, dengan kode bayar {show_code(bill.code)}" in (
        clerk.page.words())
    Bill.update(expires_on=date(2026, 11, 21)).execute()
    words = clerk.open("/diblokir").words()
    assert "Perlu sekarang? Datang ke kantor cabang dengan KTP." in words
    assert show_code(bill.code) not in words


def test_who_pays_nothing_alone_reads_nothing_of_it(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita)
    assert "Iuran mandiri" not in Clerk(app).sign_in("siti@pekerja.example").page.words()


def test_every_route_that_is_not_public_leads_to_the_reason(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    token, elsewhere = clerk.token(), {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if view.audience == "public" or rule.rule == "/keluar/semua":
            continue
        path = re.sub(r"<uuid:\w+>", MISSING, rule.rule).replace("<number>", "x")
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = clerk.browser.open(path, method=method, data={"csrf_token": token}
                                        if method == "POST" else None)
            if not (answer.status_code == 303 and "/diblokir" in answer.location):
                elsewhere[rule.rule] = answer.status_code
    assert set(elsewhere) <= REACHED
    assert {"/diblokir", "/keluar"} <= set(elsewhere)


def test_a_wrong_password_still_opens_nothing(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app)
    clerk.open("/masuk")
    page = clerk.send(account="siti@pekerja.example", password="bukan yang ini")
    assert (page.status, Session.select().count()) == (422, 0)


def test_on_a_new_device_a_code_is_still_asked_for(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app, device="")
    clerk.open("/masuk")
    assert clerk.send(account="siti@pekerja.example",
                      password="purna-demo-2026").heading == "Perangkat baru"


def test_once_it_is_ended_the_limited_session_is_over_and_a_new_one_opens_all(app, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    assert Session.get(Session.ended_at.is_null()).stage == IS_BLOCKED
    service.end(seen(block, gita), gita, "Keliru.", version=2, now=clock.now())
    assert clerk.open("/beranda").heading == "Masuk"
    assert clerk.sign_in("siti@pekerja.example").page.heading == "Halo, Siti Rahayu"


def test_whoever_looks_at_the_reason_after_the_last_day_is_let_go(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita, days=7)
    with time_machine.travel("2026-11-29T16:50:00Z"):
        clerk = Clerk(app).sign_in("siti@pekerja.example")
    with time_machine.travel("2026-11-29T17:02:00Z"):
        assert "Akun Anda tidak diblokir lagi" in clerk.open("/diblokir").words()
        assert clerk.sign_in("siti@pekerja.example").page.heading == "Halo, Siti Rahayu"
    assert User.get_by_id(cast.siti.id).state == ACTIVE


def test_a_blocked_account_without_a_block_on_record_stays_so(app, cast):
    User.update(state=BLOCKED).where(User.id == cast.siti.id).execute()
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    assert "Tanyakan sebabnya ke kantor cabang" in clerk.page.words()
    assert Block.select().count() == 0


def test_the_reason_page_is_nobody_elses(siti, visitor):
    assert siti.open("/diblokir").heading == "Halo, Siti Rahayu"
    assert visitor.open("/diblokir").heading == "Masuk"


def test_who_was_to_close_reads_that_it_waits(app, cast, gita):
    User.update(state="MENUNGGU_PENUTUPAN").where(User.id == cast.siti.id).execute()
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    assert "Penutupan akun berhenti sementara" in clerk.page.words()
    assert clerk.open("/tutup-akun/menunggu").heading == "Akun Anda diblokir"
