"""An officer asks for new contacts: papers seen, contacts proven at the counter."""

from datetime import date

import pytest
import time_machine
from peewee import IntegrityError

from tests.page import in_parallel
from tests.recovery_desk.counter import (
    NEW_EMAIL,
    NEW_PHONE,
    NIK,
    OLD_EMAIL,
    OLD_PHONE,
    Counter,
    code_at_counter,
    last_message,
    recorded,
    sent_since,
)
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.formats import mask_phone
from webapp.models.accounts import Challenge, Recovery
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.people import BLOCKED, CLOSING, User
from webapp.models.workers import Worker
from webapp.recovery_desk import service


@pytest.mark.parametrize(("papers", "sentence"), [
    ((), "Masih kurang: KTP asli; kartu keluarga (KK) atau kartu peserta."),
    (("KK",), "Masih kurang: KTP asli."), (("KK", "KARTU"), "Masih kurang: KTP asli."),
    (("KTP",), "Masih kurang: kartu keluarga (KK) atau kartu peserta.")])
def test_all_that_is_missing_is_named_at_once(dewi, siti, papers, sentence):
    page = dewi.ask(siti, papers=papers, phone="123", email="bukan email")
    assert page.status == 422
    assert page.errors()["papers"] == sentence
    assert {"phone", "email"} <= set(page.errors())
    assert not Challenge.select().where(Challenge.purpose == Purpose.RECOVER).exists()


@pytest.mark.parametrize("papers", [("KTP", "KK"), ("KTP", "KARTU"), ("KTP", "KK", "KARTU")])
def test_the_ktp_and_one_more_are_enough(dewi, siti, papers):
    dewi.file(siti, papers=papers)
    assert Recovery.get().papers == ",".join(papers)


def test_papers_nobody_knows_count_for_nothing(dewi, siti):
    assert dewi.ask(siti, papers=("KTP", "SIM")).status == 422


def test_a_contact_is_needed(dewi, siti):
    page = dewi.ask(siti, phone="", email="")
    assert "Isi nomor ponsel baru" in page.errors()["phone"]


def test_another_accounts_contact_is_refused(dewi, siti, cast):
    cast.ani.phone = NEW_PHONE
    cast.ani.save()
    page = dewi.ask(siti, email="ani@maju.example")
    assert set(page.errors()) == {"phone", "email"}


def test_what_was_typed_stays(dewi, siti):
    page = dewi.ask(siti, papers=("KTP",), email=NEW_EMAIL, note="Ponsel dicuri")
    assert page.fields() == {**page.fields(), "papers": "KTP", "phone": NEW_PHONE,
                             "email": NEW_EMAIL, "note": "\nPonsel dicuri"}


def test_the_new_contact_gets_the_code_and_the_person_types_it(dewi, siti):
    page = dewi.ask(siti)
    assert page.heading == "Kode dari kontak baru"
    assert "mengetik sendiri" in page.words()
    assert "•••• •••• 4512" in page.words()
    assert sent_since(0) == [("otp-pulihkan-akun", "sms", NEW_PHONE)]
    assert not Recovery.select().exists()


def test_once_proven_it_waits_for_a_supervisor(dewi, siti, cast, now):
    page = dewi.open(dewi.file(siti, email=NEW_EMAIL, note="Ponsel dicuri"))
    assert page.heading == "Pemulihan akun Siti Rahayu"
    assert "Menunggu penyelia" in page.words()
    row = Recovery.get()
    assert (row.state, row.user, row.asked_by, row.decided_by) == (
        "DIAJUKAN", siti, cast.dewi, None)
    assert (row.phone, row.email, row.note) == (NEW_PHONE, NEW_EMAIL, "Ponsel dicuri")
    assert row.asked_at >= now


def test_each_of_two_contacts_is_proven(dewi, siti):
    dewi.ask(siti, email=NEW_EMAIL)
    assert dewi.prove().heading == "Kode dari kontak baru"
    assert not Recovery.select().exists()
    assert "s•••@pekerja.example" in dewi.page.words()
    assert dewi.prove().heading == "Pemulihan akun Siti Rahayu"
    assert [row for row in sent_since(0) if row[0].startswith("otp")] == [
        ("otp-pulihkan-akun", "sms", NEW_PHONE), ("otp-pulihkan-akun", "email", NEW_EMAIL)]


def test_the_request_is_on_record_and_the_old_contacts_hear_of_it(dewi, siti, cast):
    dewi.ask(siti)
    number = last_message()
    dewi.prove()
    (actor, subject, details), = recorded("recovery:asked for")
    assert (actor, subject) == (cast.dewi.public_id, siti.public_id)
    assert details == {"recovery": Recovery.get().public_id.hex, "papers": "KTP,KK",
                       "contacts": [mask_phone(NEW_PHONE)]}
    assert sent_since(number) == [("security:recovery asked", "sms", OLD_PHONE),
                                  ("security:recovery asked", "email", OLD_EMAIL)]


def test_nothing_changes_until_it_is_decided(dewi, siti):
    before = User.select().where(User.id == siti.id).dicts().get()
    dewi.file(siti)
    assert User.select().where(User.id == siti.id).dicts().get() == before


def test_a_wrong_code_proves_nothing(dewi, siti):
    dewi.ask(siti)
    wrong = f"{(int(code_at_counter()) + 1) % 1000000:06}"
    assert "Sisa 4" in dewi.send(code=wrong).errors()["code"]
    assert not Recovery.select().exists()


def test_a_code_does_not_outlive_its_ten_minutes(dewi, siti):
    dewi.ask(siti)
    code = code_at_counter()
    with time_machine.travel("2026-11-22T06:41:00Z"):
        assert dewi.send(code=code).status == 422
    assert not Recovery.select().exists()


def test_the_code_page_is_for_the_officer_who_began(dewi, eka, siti):
    dewi.ask(siti)
    assert eka.open(dewi.page.path).status == 404


def test_a_code_page_of_another_person_is_missing(dewi, siti, cast):
    dewi.ask(siti)
    challenge = Challenge.get(Challenge.purpose == Purpose.RECOVER).public_id
    path = f"/cabang/orang/{cast.ani.public_id}/pemulihan/{challenge}"
    assert dewi.open(path).status == 404


def test_forty_right_codes_at_once_ask_once(app, dewi, siti):
    dewi.ask(siti)
    fields, path = {**dewi.page.fields(), "code": code_at_counter()}, dewi.page.path
    cookie = dewi.browser.get_cookie("purna").value

    def press(_):
        one = Counter(app)
        one.browser.set_cookie("purna", cookie)
        return one.browser.post(path, data=fields).status_code

    statuses = in_parallel(press, 40)
    assert Recovery.select().count() == 1
    assert set(statuses) <= {303, 409, 422}


# Sent twice


def pressed(dewi, siti, app, times, **contacts):
    """Where each press of "Kirim kode" led, all at once from one browser."""
    dewi.open(f"/cabang/orang/{siti.public_id}/pemulihan")
    path, cookie = dewi.page.path, dewi.browser.get_cookie("purna").value
    fields = {**dewi.page.fields(), "papers": ["KTP", "KK"], "phone": NEW_PHONE, **contacts}

    def press(_):
        one = Counter(app)
        one.browser.set_cookie("purna", cookie)
        return one.post(path, fields).path

    return in_parallel(press, times)


@pytest.mark.parametrize("times", [1, 4])
def test_pressed_twice_it_leads_to_one_page_and_the_code_on_its_way_is_good(
        app, dewi, siti, times):
    paths = {path for _ in range(3) for path in pressed(dewi, siti, app, times)}
    assert len(paths) == 1
    assert sent_since(0) == [("otp-pulihkan-akun", "sms", NEW_PHONE)]
    dewi.open(paths.pop())
    assert dewi.prove().heading == "Pemulihan akun Siti Rahayu"


def test_with_another_contact_it_is_another_wish(app, dewi, siti):
    first, = pressed(dewi, siti, app, 1)
    assert pressed(dewi, siti, app, 1, email=NEW_EMAIL) != [first]


def test_too_soon_for_the_new_phone_is_said_with_how_long_to_wait(dewi, siti):
    with time_machine.travel("2026-11-22T06:30:00Z", tick=False):
        dewi.ask(siti)
    with time_machine.travel("2026-11-22T06:30:20Z", tick=False):
        page = dewi.ask(siti, note="Ponsel dicuri")
        assert "code" not in page.fields()
        assert "Kami mengirim kode" not in page.words()
        assert "Kode lain baru saja dikirim." in page.words()
        assert "Bisa dikirim lagi setelah 40 detik." in page.words()
        page = dewi.send(ulang="sms")
        assert "Kode bisa dikirim lagi setelah 40 detik." in page.words(".error-summary")
        assert len(sent_since(0)) == 1
    with time_machine.travel("2026-11-22T06:31:00Z", tick=False):
        dewi.send(ulang="sms")
        assert dewi.prove().heading == "Pemulihan akun Siti Rahayu"


def test_a_code_sent_twice_leads_where_the_first_one_led(dewi, siti):
    dewi.ask(siti, email=NEW_EMAIL)
    repeats = []
    for heading in ("Kode dari kontak baru", "Pemulihan akun Siti Rahayu"):
        repeats.append((dewi.page.path, {**dewi.page.fields(), "code": code_at_counter()}))
        assert dewi.prove().heading == heading
        onward = dewi.page.path
        assert dewi.post(*repeats[-1]).path == onward
    assert [dewi.post(*repeat).path for repeat in repeats] == [onward, onward]


def test_what_the_schema_refuses_for_another_reason_is_not_called_a_second_request(siti, cast, now):
    challenge = service.begin(cast.dewi, cast.dewi, papers=["KTP"], contacts={"sms": NEW_PHONE},
                              note="", now=now)
    challenges.send(challenge, "sms", NEW_PHONE, now)
    challenges.judge(challenge, code_at_counter(), now)
    with pytest.raises(IntegrityError):
        service.ask(challenge, cast.dewi, now)
    assert not Recovery.select().exists()


def test_one_request_of_an_account_waits_at_a_time(dewi, siti):
    dewi.file(siti)
    page = dewi.open(f"/cabang/orang/{siti.public_id}/pemulihan")
    assert page.status == 409
    assert page.heading == "Pemulihan akun ini sudah diajukan"
    assert page.select(f"a[href='/cabang/pemulihan/{Recovery.get().public_id}']")


def test_one_that_waits_at_another_branch_is_named_and_not_linked(dewi, joko, cast):
    dewi.file(cast.ani)
    page = joko.open(f"/cabang/orang/{cast.ani.public_id}/pemulihan")
    assert (page.status, page.heading) == (409, "Pemulihan akun ini sudah diajukan")
    assert cast.dewi.branch.name in page.words()
    assert not page.select("main a[href*='/cabang/pemulihan/']")


def test_two_officers_at_once_ask_once(app, dewi, eka, siti):
    dewi.ask(siti)
    first, code = dewi.page, code_at_counter()
    eka_at_counter = Counter(app)
    eka_at_counter.browser = eka.browser
    eka_at_counter.file(siti, phone="+6285678909999")
    dewi.post(first.path, {**first.fields(), "code": code})
    assert Recovery.select().count() == 1
    assert Recovery.get().asked_by.name == "Eka Prasetya"


@pytest.mark.parametrize("state", [CLOSING, BLOCKED])
def test_an_account_that_is_closing_or_blocked_is_not_recovered(dewi, siti, state):
    dewi.ask(siti)
    User.update(state=state).where(User.id == siti.id).execute()
    assert dewi.prove().status == 409
    assert dewi.open(f"/cabang/orang/{siti.public_id}/pemulihan").status == 409
    assert not Recovery.select().exists()


def test_az_13_nobody_recovers_an_account_of_their_own(dewi, siti, cast):
    assert dewi.open(f"/cabang/orang/{cast.dewi.public_id}/pemulihan").status == 403
    User.update(nik_index=None).execute()
    cast.dewi.nik = NIK     # Dewi and the worker Siti are one person
    cast.dewi.save()
    page = dewi.open(f"/cabang/orang/{siti.public_id}/pemulihan")
    assert page.status == 403
    assert page.heading == "Ini akun Anda sendiri"
    assert recorded("person:seen")[-1] == (
        cast.dewi.public_id, siti.public_id, {"page": "recovery", "refused": True})


def test_the_queue_shows_it_with_its_age_and_a_masked_name(dewi, siti):
    case = dewi.file(siti)
    with time_machine.travel("2026-11-22T06:40:00Z"):
        page = dewi.open("/cabang")
    assert "S••• R•••" in page.words("table")
    assert "9 menit" in page.words("table") or "10 menit" in page.words("table")
    assert "Siti Rahayu" not in page.text
    assert dewi.open(page.select("table a")[0].get("href")).path == case


def test_it_is_a_case_of_the_officers_branch_promised_for_the_next_working_day(dewi, siti, cast):
    dewi.file(siti)
    row = Case.get()
    assert (row.kind, row.branch, row.user, row.recovery, row.holder, row.opened_by) == (
        "pemulihan", cast.dewi.branch, siti, Recovery.get(), "branch", cast.dewi)
    assert row.due_on == date(2026, 11, 23)     # asked for on a Sunday


def test_another_branch_sees_no_recovery_and_recovers_nobody(dewi, siti, joko):
    case = dewi.file(siti)
    ask = f"/cabang/orang/{siti.public_id}/pemulihan"
    number = AuditEntry.select().count()
    for path in (case, f"{case}/nik", ask):
        assert joko.open(path).status == 404
    for path in (case, f"{case}/nik", ask):
        assert joko.post(path, {"csrf_token": joko.token(), "keputusan": "tolak",
                                "reason": "x"}).status == 404
    assert Recovery.get().state == "DIAJUKAN"
    assert AuditEntry.select().count() == number


def test_somebody_without_an_account_has_none_to_recover(dewi, cast):
    agus = Worker.get(Worker.name == "Agus Setiawan")
    assert dewi.open(f"/cabang/orang/{agus.public_id}/pemulihan").status == 404
