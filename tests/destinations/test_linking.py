"""From the form to a linked account: what is asked, what is refused, what is told."""

from datetime import timedelta

import pytest
import time_machine

from tests.destinations.linking import (
    BCA,
    DIGITS,
    GOPAY,
    OTHERS,
    Linker,
    code_sent,
    linked_before,
    newest,
    stop_code,
    told,
    wrong_code,
)
from tests.page import Clerk, in_parallel
from tests.people import PHONE, account_for
from webapp import clock
from webapp.challenges.purposes import code_sms
from webapp.destinations import service
from webapp.destinations.queries import coming_of, linked_of, others_with
from webapp.destinations.words import PROVIDERS, gsm_label, label
from webapp.holds.queries import held_until
from webapp.messages.gsm import LONGEST_SMS, gsm_text
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.claims import BANKS, WALLETS, Destination, Hold
from webapp.models.messages import Message
from webapp.models.people import Session, User
from webapp.models.workers import Worker
from webapp.profile.held_data import everything_about

EMAIL = "siti@pekerja.example"


def states():
    return [row.state for row in Destination.select().order_by(Destination.id)]


def test_a_first_account_is_linked_with_a_code_and_nothing_waits(siti, user):
    assert siti.open("/rekening").words(".empty h2") == "Belum ada yang tersambung"
    page = siti.check()
    assert "Anda akan menyambungkan BCA ••••8123 atas nama SITI RAHAYU." in page.words()
    assert DIGITS in page.words(), "its owner sees the whole number, to check it"
    page = siti.send()
    assert page.heading == "Kode untuk menyambungkan rekening"
    body = Message.select().where(Message.kind == "otp-rekening").get().body
    assert "untuk MENYAMBUNGKAN BCA ****8123" in body
    page = siti.send(code=code_sent())
    assert page.path == "/rekening?selesai=tersambung"
    assert "BCA ••••8123" in page.words()
    assert "22 November 2026" in page.words()
    assert DIGITS not in page.text
    row = linked_of(user)
    assert (row.provider, row.number, row.holder, row.distance) == ("BCA", DIGITS, "SITI RAHAYU", 0)
    assert not Hold.select().exists()
    assert set(told()) == {PHONE, EMAIL}
    assert all("BCA ****8123 tersambung" in text for text in told().values())
    entry = AuditEntry.get(AuditEntry.kind == "destination:linked")
    assert entry.subject == user.public_id
    assert DIGITS not in entry.details
    assert "8123" in entry.details


def test_an_e_wallet_is_known_by_its_phone(siti, user):
    siti.link(GOPAY)
    row = linked_of(user)
    assert (row.number, label(row), gsm_label(row)) == (
        "+6281390004512", "GoPay ••••4512", "GoPay ****4512")


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({}, "provider", "Pilih bank atau e-wallet Anda."),
    ({**BCA, "provider": "CITIBANK"}, "provider", "Pilih bank atau e-wallet Anda."),
    ({**BCA, "number": ""}, "number", "Tulis nomor rekening"),
    ({**BCA, "number": "1234567"}, "number", "7 angka, seharusnya 8 sampai 16"),
    ({**BCA, "number": "1" * 17}, "number", "17 angka, seharusnya 8 sampai 16"),
    ({**BCA, "number": "12345678AB"}, "number", "hanya berisi angka"),
    ({**BCA, "number": "١٢٣٤٥٦٧٨٩"}, "number", "hanya berisi angka"),
    ({**GOPAY, "number": "1234568123"}, "number", "Nomor ponsel"),
    ({**GOPAY, "number": "021 5551234"}, "number", "bukan nomor ponsel"),
    ({**BCA, "holder": " "}, "holder", "Tulis nama pemiliknya."),
    ({**BCA, "holder": "12345"}, "holder", "dengan huruf"),
    ({**BCA, "holder": "x" * 101}, "holder", "Terlalu panjang")])
def test_what_cannot_be_is_said_beside_its_field_and_stays_typed(siti, answers, field, sentence):
    siti.open("/rekening/sambungkan")
    page = siti.send(**answers)
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert page.fields().get("holder", "") == answers.get("holder", "").strip()
    assert not Destination.select().exists()


@pytest.mark.parametrize("number", ["12345678", "1234567890123456"])
def test_the_shortest_and_the_longest_number_are_taken(siti, user, number):
    assert siti.check(number=number).heading == "Periksa dulu"
    assert coming_of(user).number == number


def test_an_unusual_length_is_only_a_warning(siti):
    page = siti.check(number="123456789")
    assert "biasanya 10 angka. Nomor ini 9 angka" in page.words()
    assert "biasanya" not in siti.check().words()


def test_a_small_difference_warns_and_lets_go_on(siti, user):
    page = siti.check(holder="Siti Rahayo")
    assert ("Nama pemilik sedikit berbeda dari nama Anda Rekening ini atas nama Siti Rahayo. Nama "
            "Anda di Purna: Siti Rahayu.") in page.words()
    assert "Sesudah kodenya benar, rekening ini langsung tersambung." in page.words()
    siti.send()
    siti.send(code=code_sent())
    assert linked_of(user).distance == 1


@pytest.mark.parametrize(("holder", "state"), [
    ("Sity Rahayo", "TERSAMBUNG"), ("Sity Rahayoo", "DIPERIKSA")])
def test_two_letters_are_linked_and_three_go_to_the_branch(siti, holder, state):
    siti.link(holder=holder)
    assert states() == [state]


def test_another_name_goes_to_the_branch_after_the_code(siti, user):
    page = siti.check(OTHERS)
    assert "Nama pemilik berbeda dari nama Anda" in page.words()
    assert ("Rekening ini atas nama Bambang Rahardjo. Nama Anda di Purna: Siti Rahayu."
            in page.words())
    assert ("kantor cabang membandingkan kedua nama, paling lambat 27 November 2026. Hasilnya kami "
            "kabarkan.") in page.words()
    siti.send()
    assert states() == ["MENUNGGU_OTP"]
    page = siti.send(code=code_sent())
    assert page.path == "/rekening?selesai=diperiksa"
    assert "Kantor cabang memutuskan paling lambat 27 November 2026" in page.words()
    assert linked_of(user) is None
    row = coming_of(user)
    assert (row.state, row.case.kind, row.case.holder) == ("DIPERIKSA", "rekening", "branch")
    assert row.case.worker == Worker.get(Worker.user == user)
    assert "diperiksa kantor cabang" in told("case:destination in review")[PHONE]
    assert AuditEntry.select().where(AuditEntry.kind == "destination:in review").count() == 1
    assert siti.open("/rekening/sambungkan").path == "/rekening"


def test_nobody_changes_what_was_checked_by_sending_other_fields(siti, user):
    siti.check()
    siti.post(siti.page.action(), {**siti.page.fields(), "number": "999999999", "provider": "BRI",
                                   "holder": "Maling", "state": "TERSAMBUNG", "distance": "0"})
    siti.post(siti.page.action(), {**siti.page.fields(), "code": code_sent(),
                                   "number": "999999999", "destination": "x", "user": "1"})
    row = linked_of(user)
    assert (row.provider, row.number, row.holder) == ("BCA", DIGITS, "SITI RAHAYU")


def test_replaced_after_the_code_was_sent_the_code_is_dead(app, siti, user):
    siti.ask()
    code, page = code_sent(), siti.page
    other = Linker(app).is_signed_in_as(user)
    other.check(GOPAY)
    siti.page = page
    assert siti.send(code=code).status == 410
    assert states() == ["GAGAL", "MENUNGGU_OTP"]
    assert linked_of(user) is None
    gone = Destination.get()
    assert (gone.number, gone.number_index, gone.holder) == (None, None, None)


def test_taken_back_after_the_code_was_sent_the_code_is_dead(app, siti, user):
    siti.ask()
    code, page = code_sent(), siti.page
    other = Linker(app).is_signed_in_as(user)
    other.open(f"/rekening/{newest().public_id}/putuskan")
    assert other.send().path == "/rekening?selesai=batal"
    siti.page = page
    assert siti.send(code=code).status == 410
    assert states() == ["GAGAL"]
    assert not Hold.select().exists(), "nothing was linked, nothing changed"


@pytest.mark.parametrize("column", ["provider", "number_index"])
def test_a_code_is_only_for_the_very_row_it_was_sent_for(siti, user, column):
    siti.ask()
    Destination.update({column: "BRI" if column == "provider" else "0" * 32}).execute()
    page = siti.send(code=code_sent())
    assert page.status == 409
    assert linked_of(user) is None
    assert Challenge.get().used_at is None


def test_a_code_for_another_act_is_none_for_this(siti, user):
    siti.open("/tutup-akun")
    siti.send(channel="email")
    closing = Challenge.get()
    assert siti.open(f"/rekening/kode/{closing.public_id}").status == 404


def test_asking_twice_keeps_the_code_that_is_on_its_way(siti, user):
    siti.ask()
    code = code_sent()
    siti.ask()
    assert Destination.select().count() == 1
    assert siti.send(code=code).path == "/rekening?selesai=tersambung"


def test_the_last_press_twice_is_one_account(siti, user):
    siti.ask()
    page = siti.send_again(code=code_sent())
    assert page.path == "/rekening?selesai=tersambung"
    assert states() == ["TERSAMBUNG"]
    assert AuditEntry.select().where(AuditEntry.kind == "destination:linked").count() == 1


def test_parallel_presses_of_the_form_give_one(app, siti, user):
    fields = {**siti.open("/rekening/sambungkan").fields(), **BCA}
    tabs = same_browser(app, siti, 6)
    in_parallel(lambda place: tabs[place].browser.post("/rekening/sambungkan", data=fields), 6)
    assert states() == ["MENUNGGU_OTP"]


def test_parallel_presses_with_the_right_code_give_one(app, siti, user):
    linked_before(user)
    siti.ask()
    fields, path = {**siti.page.fields(), "code": code_sent()}, siti.page.action()
    tabs = same_browser(app, siti, 6)
    answers = in_parallel(lambda place: tabs[place].browser.post(path, data=fields), 6)
    assert {answer.status_code for answer in answers} == {303}
    assert states() == ["DIPUTUS", "TERSAMBUNG"]
    assert Hold.select().count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "destination:linked").count() == 1


def test_different_accounts_at_once_leave_one_on_its_way(app, siti, user):
    token = siti.open("/rekening/sambungkan").fields()["csrf_token"]
    tabs = same_browser(app, siti, 6)
    in_parallel(lambda place: tabs[place].browser.post("/rekening/sambungkan", data={
        **BCA, "number": f"12345678{place:02}", "csrf_token": token}), 6)
    assert states().count("MENUNGGU_OTP") == 1
    assert set(states()) == {"MENUNGGU_OTP", "GAGAL"}


def same_browser(app, clerk, count):
    """So many tabs of one browser."""
    tabs = [Clerk(app) for _ in range(count)]
    for tab in tabs:
        tab.browser.set_cookie("purna", clerk.browser.get_cookie("purna").value)
    return tabs


def test_the_same_account_once_more_is_linked_already(siti, user):
    siti.link()
    page = siti.check()
    assert page.status == 422
    assert "sudah tersambung ke akun Anda" in page.errors()["number"]


def test_it_wants_a_fresh_proof_and_nothing_typed_is_lost(siti, user):
    siti.open("/rekening/sambungkan")
    fields = siti.page.fields()
    Session.update(factor_at=clock.now() - timedelta(minutes=5)).execute()
    page = siti.post("/rekening/sambungkan", {**fields, **BCA})
    assert page.path.startswith("/buktikan")
    assert not Destination.select().exists()
    page = siti.send(password="purna-demo-2026")
    assert page.path.startswith("/rekening/sambungkan?isian=")
    assert page.fields()["number"] == "1234-5681 23"
    assert page.fields()["provider"] == "BCA"
    assert siti.send().heading == "Periksa dulu"


def test_one_comes_back_to_where_one_came_from(siti, user):
    siti.ask(onward="/pesan")
    page = siti.send(code=code_sent())
    assert page.path == "/pesan"


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_and_never_to_another_place(siti, user, path):
    siti.check()
    siti.post(siti.page.action(), {**siti.page.fields(), "lanjut": path})
    assert siti.send(code=code_sent()).path == "/rekening?selesai=tersambung"


def test_anothers_account_is_missing(app, siti, cast, user):
    siti.ask()
    path, row = siti.page.path, newest()
    agus = Linker(app).is_signed_in_as(account_for(Worker.get(Worker.name == "Agus Setiawan")))
    token = agus.token()
    for address in (path, f"/rekening/sambungkan/{row.public_id}",
                    f"/rekening/{row.public_id}/putuskan"):
        assert agus.open(address).status == 404
        assert agus.post(address, {"csrf_token": token, "version": row.version}).status == 404
    assert states() == ["MENUNGGU_OTP"]


def test_who_is_not_connected_to_memberships_does_that_first(app, cast, user):
    Worker.update(user=None).where(Worker.user == user).execute()
    siti = Linker(app).is_signed_in_as(user)
    assert "Sambungkan kepesertaan Anda dulu" in siti.open("/rekening/sambungkan").words()
    siti.post("/rekening/sambungkan", {**BCA, "csrf_token": siti.token()})
    assert not Destination.select().exists()


def test_the_code_goes_to_a_contact_that_is_settled(siti, user, now):
    User.update(phone_changed_at=now).where(User.id == user.id).execute()
    siti.ask()
    assert Message.get(Message.kind == "otp-rekening").recipient == EMAIL


def test_how_many_others_have_the_same_is_counted(siti, user, now):
    siti.link()
    row = linked_of(user)
    assert others_with(row) == 0
    for name in ("Agus Setiawan", "Dewi Sartika Rahayu"):
        linked_before(account_for(Worker.get(Worker.name == name)), "BCA", DIGITS)
    other = account_for(Worker.get(Worker.name == "Bambang Rahardjo"))
    linked_before(other, "BRI", DIGITS)
    assert others_with(row) == 2


def test_so_many_a_day_nobody_has(siti, user):
    worker = Worker.get(Worker.user == user)
    for number in range(20):
        service.begin(user, worker, provider="BCA", number=f"12345678{number:02}",
                      holder="Siti", now=clock.now())
    page = siti.check()
    assert page.status == 429
    assert page.fields()["number"]


@pytest.mark.parametrize("provider", [*BANKS, *WALLETS])
def test_the_message_with_the_code_fits_one_sms(provider):
    row = Destination(provider=provider)
    row.number = "1234567890123456"
    text = code_sms("rekening", "123456", gsm_label(row))
    assert PROVIDERS[provider] in text
    assert gsm_text(text) == text
    assert len(text) <= LONGEST_SMS


# A change waits


def test_a_second_one_replaces_the_first_and_payouts_wait(siti, user, now):
    before = linked_before(user)
    page = siti.check()
    assert "BNI ••••7766 diputus dari akun Anda" in page.words()
    assert "pencairan baru dibayar sesudah 25 November 2026 pukul 13.30 WIB" in page.words()
    siti.send()
    page = siti.send(code=code_sent())
    assert "Pembayaran menunggu sampai 25 November 2026 pukul 13.30 WIB" in page.words()
    assert states() == ["DIPUTUS", "TERSAMBUNG"]
    assert Destination.get_by_id(before.id).number == "0099887766", "a claim may point there"
    hold = Hold.get()
    assert (hold.cause, hold.until - hold.begun_at) == ("rekening", timedelta(hours=72))
    assert all(stop_code(text) for text in told().values())
    assert set(told()) == {PHONE, EMAIL}


def test_after_the_first_was_cut_another_is_a_change_too(siti, user, now):
    siti.link()
    siti.open(f"/rekening/{newest().public_id}/putuskan")
    assert siti.send().path == "/rekening?selesai=diputus"
    with time_machine.travel(clock.now() + timedelta(days=4)):
        siti.is_signed_in_as(user)
        siti.link(GOPAY)
        assert Hold.select().count() == 2
        assert held_until(user, clock.now()) is not None


def test_cutting_names_what_follows_and_waits(siti, user, now):
    row = linked_before(user)
    page = siti.open(f"/rekening/{row.public_id}/putuskan")
    assert "tidak lagi menerima pencairan Anda" in page.words()
    assert "25 November 2026" in page.words()
    page = siti.send()
    assert "Sudah diputus" in page.words()
    assert linked_of(user) is None
    assert Hold.get().cause == "rekening"
    assert "BNI ****7766 diputus" in told()[PHONE]
    entry = AuditEntry.get(AuditEntry.kind == "destination:cut")
    assert "0099887766" not in entry.details


def test_cutting_twice_is_once_and_an_outdated_page_cuts_nothing(siti, user):
    row = linked_before(user)
    siti.open(f"/rekening/{row.public_id}/putuskan")
    fields, path = siti.page.fields(), siti.page.action()
    Destination.update(version=7).execute()
    assert siti.post(path, fields).status == 409
    assert linked_of(user)
    siti.post(path, {**fields, "version": "7"})
    siti.post(path, {**fields, "version": "7"})
    assert Hold.select().count() == 1


def test_what_waits_at_the_branch_can_be_taken_back(siti, user):
    siti.link(OTHERS)
    siti.open(f"/rekening/{newest().public_id}/putuskan")
    siti.send()
    row = newest()
    assert (row.state, row.case.holder) == ("DIPUTUS", None)
    assert row.case.closed_at is not None
    assert not Hold.select().exists()
    assert siti.open("/rekening/sambungkan").heading == "Sambungkan rekening atau e-wallet"


def test_what_was_typed_and_never_proven_is_forgotten_after_a_day(siti, user, now):
    siti.check()
    assert service.erase_unneeded(now + timedelta(hours=23)) == 0
    assert newest().number == DIGITS
    assert service.erase_unneeded(now + timedelta(hours=25)) == 1
    row = newest()
    assert (row.state, row.number, row.holder) == ("GAGAL", None, None)
    assert siti.open("/rekening").status == 200


def test_the_pages_fit_a_slow_line(siti, user):
    for path in ("/rekening", "/rekening/sambungkan"):
        assert len(siti.open(path).text) < 16_000


def test_a_wrong_code_changes_nothing(siti, user):
    siti.ask()
    page = siti.send(code=wrong_code())
    assert page.status == 422
    assert "Sisa 2 percobaan" in page.errors()["code"]
    assert states() == ["MENUNGGU_OTP"]


def test_what_is_held_about_it_is_in_the_persons_copy(siti, user, now):
    linked_before(user)
    siti.link()
    held = everything_about(user)
    assert [(row["bank_atau_e_wallet"], row["nomor"], row["keadaan"])
            for row in held["rekening_dan_e_wallet"]] == [
        ("BNI", "0099887766", "DIPUTUS"), ("BCA", DIGITS, "TERSAMBUNG")]
    assert [row["sebab_menunggu"] for row in held["pembayaran_yang_menunggu"]] == ["rekening"]
    page = siti.open("/profil/riwayat")
    assert "Rekening atau e-wallet disambungkan: BCA ••••8123" in page.words()
