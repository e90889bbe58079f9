"""Changing one's mind within 72 hours, from the page or with the code, and never after."""

from datetime import timedelta

import pytest
import time_machine

from tests.closure.conftest import EMAIL, ask_to_close, cancel_code
from tests.page import Clerk, in_parallel
from webapp.closure import service
from webapp.closure.queries import cancel_index
from webapp.models.accounts import Closure
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import ACTIVE, BLOCKED, CLOSED, CLOSING, User
from webapp.models.workers import Worker
from webapp.receipts.signing import new_number, show_number

ALMOST = timedelta(hours=71, minutes=59, seconds=59)
OVER = timedelta(hours=72)


def row_of(user):
    values = User.get_by_id(user.id).__data__
    return {name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in values.items()}


def type_code(app, code):
    visitor = Clerk(app, device="")
    visitor.open("/batal-tutup-akun")
    return visitor.send(code=code)


def test_cancelling_at_71_59_59_leaves_everything_as_it_was(app, siti, now):
    before, worker = row_of(siti), Worker.get(Worker.user == siti)
    ask_to_close(Clerk(app).sign_in(EMAIL))
    with time_machine.travel(now + ALMOST, tick=False):
        again = Clerk(app).sign_in(EMAIL)
        assert again.page.heading == "Menunggu konfirmasi"
        assert again.send().heading == "Penutupan akun dibatalkan"
        assert again.open("/beranda").heading == "Halo, Siti Rahayu"
        assert service.finish_due(now + 2 * OVER) == 0
    assert row_of(siti) == before
    assert Worker.get(Worker.user == siti).phone == worker.phone
    assert Closure.get().state == "DIBATALKAN"


def test_the_way_back_is_called_alike_everywhere(app, browser, siti):
    act = "Batalkan penutupan akun"
    visitor = Clerk(app)
    link, = visitor.open("/masuk").tree.xpath(f"//main//a[normalize-space()='{act}']")
    assert visitor.open(link.get("href")).words("main button") == visitor.page.heading == act
    assert ask_to_close(browser).words("main button") == act
    told = Message.select().where(Message.kind == "closure:asked")
    assert [act in message.body for message in told] == [True, True]
    assert "Semuanya seperti semula." in browser.send().words()


def test_from_72_hours_on_it_cannot_be_cancelled(app, siti, now):
    ask_to_close(Clerk(app).sign_in(EMAIL))
    due, code = Closure.get().due_at, cancel_code()
    with time_machine.travel(due, tick=False):
        late = Clerk(app).sign_in(EMAIL)
        assert "sedang ditutup" in late.page.words()
        assert not late.page.select("main form")
        token = late.token()
        assert late.post("/tutup-akun/menunggu", {"csrf_token": token}).status == 409
        assert type_code(app, code).status == 422
    assert Closure.get().state == "MENUNGGU"
    assert row_of(siti)["state"] == CLOSING


def test_the_code_of_the_message_cancels_without_signing_in(app, browser, siti):
    ask_to_close(browser)
    assert type_code(app, cancel_code().lower().replace("-", " ")).heading == (
        "Penutupan akun dibatalkan")
    assert row_of(siti)["state"] == ACTIVE
    assert browser.open("/beranda").heading == "Masuk"     # who asked may be somebody else
    entry = AuditEntry.get(AuditEntry.kind == "closure:cancelled")
    assert (entry.actor, entry.subject) == (None, siti.public_id)
    told = Message.select().where(Message.kind == "security:closure cancelled")
    assert {message.channel for message in told} == {"sms", "email"}


def test_unknown_and_finished_codes_are_answered_alike(app, browser, siti, now):
    ask_to_close(browser)
    finished = cancel_code()
    service.finish_due(Closure.get().due_at)
    answers = [type_code(app, code) for code in (finished, show_number(new_number()))]
    assert {answer.status for answer in answers} == {422}
    assert len({answer.errors()["code"] for answer in answers}) == 1
    assert row_of(siti)["state"] == CLOSED


def test_a_code_used_twice_cancels_once(app, browser, siti):
    ask_to_close(browser)
    code = cancel_code()
    type_code(app, code)
    assert "Mungkin sudah dibatalkan" in type_code(app, code).errors()["code"]
    assert AuditEntry.select().where(AuditEntry.kind == "closure:cancelled").count() == 1
    assert row_of(siti)["state"] == ACTIVE


def test_cancelling_twice_from_the_page_is_harmless(browser, siti):
    ask_to_close(browser)
    fields = browser.page.fields()
    browser.send()
    assert browser.post("/tutup-akun/menunggu", fields).heading == "Penutupan akun dibatalkan"
    assert AuditEntry.select().where(AuditEntry.kind == "closure:cancelled").count() == 1
    assert browser.open("/tutup-akun/menunggu").heading == "Halo, Siti Rahayu"


def test_a_mistyped_code_is_noticed(app, cast):
    page = type_code(app, "N7K4-22QD-8MX3")
    assert "salah ketik" in page.errors()["code"]
    assert type_code(app, "").errors()["code"] == "Ketik kode batal dari pesan kami."


def test_codes_cannot_be_tried_without_end(app, cast):
    visitor = Clerk(app)
    for _ in range(20):
        visitor.open("/batal-tutup-akun")
        assert visitor.send(code=new_number()).status == 422
    visitor.open("/batal-tutup-akun")
    code = new_number()
    page = visitor.send(code=code)
    assert page.status == 429
    assert page.fields()["code"].replace("-", "") == code
    assert "Terlalu banyak percobaan. Tunggu" in page.words(".error-summary")


def test_after_cancelling_one_can_ask_again(app, browser, siti):
    ask_to_close(browser)
    first = cancel_code()
    browser.send()
    assert ask_to_close(browser, "email").heading == "Menunggu konfirmasi"
    assert type_code(app, first).status == 422
    assert row_of(siti)["state"] == CLOSING


def test_a_blocked_account_is_neither_restored_nor_finished(app, browser, siti):
    ask_to_close(browser)
    User.update(state=BLOCKED).where(User.id == siti.id).execute()
    assert type_code(app, cancel_code()).status == 422
    assert service.finish_due(Closure.get().due_at) == 0
    assert row_of(siti)["state"] == BLOCKED
    assert Closure.get().state == "MENUNGGU"


@pytest.mark.parametrize("rounds", [40])
def test_of_cancelling_and_finishing_one_wins(app, siti, now, rounds):
    winners = set()
    for _ in range(rounds):
        closure = Closure.create(user=siti, cancel_index=cancel_index(new_number()), due_at=now,
                                 channel="sms", requested_at=now - OVER)
        User.update(state=CLOSING).where(User.id == siti.id).execute()
        in_parallel(lambda place, closure=closure: _race(place, closure, now), 2)
        state, account = Closure.get_by_id(closure.id).state, row_of(siti)["state"]
        assert (state, account) in (("DIBATALKAN", ACTIVE), ("SELESAI", CLOSED))
        winners.add(state)
    done = AuditEntry.select().where(
        AuditEntry.kind << ("closure:cancelled", "account:closed")).count()
    assert done == rounds


def _race(place, closure, now):
    if place:
        return service.finish_due(now)
    try:
        return service.cancel(closure, by="session", actor=None,
                              now=now - timedelta(microseconds=1))
    except service.TooLate:
        return None
