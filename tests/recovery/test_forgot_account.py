"""Lupa akun: what the account is called goes to its owner, and to nobody else."""

import json
import re

import pytest
import time_machine

from tests.people import PHONE
from tests.recovery.forgetful import EMAIL, NIK, Forgetful, entries
from webapp.models.messages import EXPIRED, Message
from webapp.models.people import BLOCKED, CLOSED, CLOSING, User

ANSWER = "Jika ada akun dengan data itu, kami mengirim pesan ke kontaknya."


def ask(one, nik=NIK, birth_date="05/08/1990"):
    one.open("/lupa-akun")
    return one.send(nik=nik, birth_date=birth_date)


def told():
    return [row for row in Message.select() if row.recipient]


def test_the_owner_is_told_on_every_channel_by_what_to_sign_in(forgetful, siti):
    page = ask(forgetful)
    assert page.path == "/lupa-akun/terkirim"
    assert ANSWER in page.words()
    assert {(row.channel, row.recipient) for row in told()} == {("sms", PHONE), ("email", EMAIL)}
    for row in told():
        assert "email s***@pekerja.example, ponsel **** **** 4512, atau NIK Anda" in row.body
        assert row.user == siti


def test_the_message_holds_no_link_no_full_number_and_fits_one_sms(forgetful, siti):
    siti.email = "nama.yang.sangat.panjang@perusahaan-yang-juga-panjang-sekali.example.co.id"
    siti.save()
    ask(forgetful)
    for row in told():
        assert "http" not in row.body
        assert NIK not in row.body
        assert not re.search(r"\d{5}", row.body)
        assert row.channel == "email" or len(row.body) <= 160


def test_who_has_one_contact_is_told_there(app, cast):
    ask(Forgetful(app))
    assert [row.channel for row in told()] == ["email"]
    assert "ponsel" not in told()[0].body


@pytest.mark.parametrize(("nik", "birth_date"), [
    (NIK, "06-08-1990"), ("3171064508907777", "05-08-1990"), ("3171061203850002", "12-03-1985")])
def test_nobody_is_told_where_the_data_do_not_match_an_account(forgetful, siti, nik, birth_date):
    assert ANSWER in ask(forgetful, nik, birth_date).words()
    assert told() == []
    assert {row.state for row in Message.select()} == {EXPIRED}


@pytest.mark.parametrize(("state", "count"), [(CLOSED, 0), (BLOCKED, 2), (CLOSING, 2)])
def test_only_an_account_that_may_be_signed_in_to_is_named(forgetful, siti, state, count):
    User.update(state=state).where(User.id == siti.id).execute()
    ask(forgetful)
    assert len(told()) == count


def test_the_birth_date_the_person_gave_counts_where_no_company_reported_one(forgetful, cast):
    newcomer = User(name="Wati Lestari", role="worker", created_at=cast.siti.created_at,
                    birth_date="1991-08-05")
    newcomer.nik, newcomer.email = "3171064508910007", "wati@pekerja.example"
    newcomer.save(force_insert=True)
    ask(forgetful, "3171064508910007", "05-08-1991")
    assert [row.recipient for row in told()] == ["wati@pekerja.example"]


def test_three_an_hour_whoever_asks(app, siti):
    for number in range(5):
        one = Forgetful(app)
        one.browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert ANSWER in ask(one).words()
    assert len(told()) == 6
    with time_machine.travel("2026-11-22T07:31:00Z"):
        ask(Forgetful(app))
    assert len(told()) == 8


def test_one_address_asks_twenty_times_an_hour(forgetful, siti):
    statuses = [ask(forgetful, f"31710645089{number:05}").status for number in range(21)]
    assert statuses == [200] * 20 + [429]


@pytest.mark.parametrize(("nik", "birth_date", "field"), [
    ("123", "05-08-1990", "nik"), ("", "05-08-1990", "nik"), (NIK, "", "birth_date"),
    (NIK, "31-02-1990", "birth_date")])
def test_what_is_wrong_is_said(forgetful, siti, nik, birth_date, field):
    page = ask(forgetful, nik, birth_date)
    assert page.status == 422
    assert list(page.errors()) == [field]
    assert not Message.select().exists()


def test_the_question_is_on_record_without_the_number(forgetful, siti):
    ask(forgetful)
    (subject, details), = entries("account:ways in asked for", "subject", "details")
    assert subject == siti.public_id
    assert json.loads(details) == {"told": True}


@pytest.mark.parametrize("path", ["/lupa-sandi", "/lupa-akun", "/lupa-akun/terkirim"])
def test_the_way_without_phone_and_email_is_explained(forgetful, path):
    words = forgetful.open(path).words("#at-the-branch")
    for word in ("Pemulihan di kantor cabang", "KTP", "KK", "kartu peserta", "Penyelia"):
        assert word in words
