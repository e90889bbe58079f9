"""Filing: the check page, its confirmation, and every way to press it more than once."""

from datetime import date
from threading import Event
from time import sleep

import time_machine

from tests.page import Clerk, deactivation_path, draft, file, in_parallel
from webapp import db
from webapp.deactivation import service
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.parameters import Parameter
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership


def filings():
    return AuditEntry.select().where(AuditEntry.kind == "deactivation:filed").count()


def test_it_says_what_will_happen_before_it_does(ani, cast):
    page = draft(ani, cast.maju, cast.siti_at_maju, last_day="2026-10-31")
    words = page.words()
    assert "Anda akan menonaktifkan Siti Rahayu mulai 31 Oktober 2026" in words
    assert "bisa diajukan mulai 30 November 2026" in words
    assert "Rp16.800 sebulan, atau Rp36.800" in words
    assert "Lewat dari 7 hari kerja" in words
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


def test_confirming_ends_the_membership_and_gives_a_receipt(ani, cast):
    page = file(ani, cast.maju, cast.siti_at_maju)
    row = Membership.get_by_id(cast.siti_at_maju.id)
    assert (row.status, row.ended_on.isoformat()) == ("NONAKTIF", "2026-11-20")
    number = page.words(".receipt-number")
    assert Receipt.get().number == number.replace("-", "")
    assert page.select("svg.qr")


def test_the_worker_is_told_in_the_same_commit(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    sms, email = Message.select().order_by(Message.channel.desc())
    assert sms.recipient == "+628123454512"
    assert "PT Maju Bersama melaporkan Anda berhenti bekerja per 20 Nov 2026" in sms.body
    assert "Buka Purna > Kepesertaan. Ref " in sms.body
    assert len(sms.body) <= 160
    assert email.recipient == "siti@pekerja.example"


def test_the_receipt_gives_the_last_working_day_as_the_check_page_did(ani, cast):
    assert "berlaku sampai hari kerja terakhir: 20 November 2026" in draft(
        ani, cast.maju, cast.siti_at_maju).words()
    words = ani.send().words()
    assert "Siti Rahayu sudah nonaktif. Hari kerja terakhirnya 20 November 2026." in words
    assert "sejak 20 November 2026" not in words


def test_deadlines_come_from_the_rules(ani, cast):
    for name, value in (("objection_days", 21), ("report_working_days", 5), ("days_ahead", 40)):
        Parameter.create(name=f"deactivation.{name}", valid_from=date(2026, 11, 1), value=value,
                         source="test")
    Parameter.create(name="document.max_bytes", valid_from=date(2026, 11, 1), value=3 * 1024 ** 2,
                     source="test")
    with time_machine.travel("2026-11-23T06:30:00Z"):
        ani.sign_in("ani@maju.example")
        form = ani.open(deactivation_path(cast.maju, cast.siti_at_maju)).words()
        assert "sampai 40 hari ke depan" in form
        assert "paling besar 3 MB" in form
        words = draft(ani, cast.maju, cast.siti_at_maju, last_day="2026-10-31").words()
        assert "menyanggah dalam 21 hari" in words
        assert "Lewat dari 5 hari kerja" in words
        assert "lewat dari 5 hari kerja" in ani.send().words()
    assert "sanggah dalam 21 hari" in Message.get(Message.channel == "email").body
    assert '"deactivation.objection_days": 21' in Deactivation.get().parameters


def test_a_draft_begun_meanwhile_by_the_other_press_is_changed(app, cast, now):
    begun = Event()

    def press(number):
        def save():
            return service.save_draft(cast.siti_at_maju, cast.ani, reason="RSG", note="", now=now,
                                      last_day=date(2026, 11, 20), document=None).id

        if number:
            begun.wait(5)
            return save()
        with db.write_transaction():     # the slower one meets a draft it could not see
            saved = save()
            begun.set()
            sleep(0.2)
        return saved

    assert len(set(in_parallel(press, 2))) == 1
    assert Deactivation.get().version == 2


def test_pressing_check_five_times_at_once_keeps_one_draft(app, ani, cast):
    form = ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    path, fields = form.action(), {**form.fields(), "reason": "RSG", "last_day": "2026-11-20"}
    cookie = ani.browser.get_cookie("purna").value

    def press(_):
        clerk = Clerk(app)
        clerk.browser.set_cookie("purna", cookie)
        return clerk.post(path, fields).heading

    assert set(in_parallel(press, 5)) == {"Periksa"}
    assert Deactivation.select().count() == 1


def test_pressing_again_shows_the_same_receipt(ani, cast):
    check = draft(ani, cast.maju, cast.siti_at_maju)
    path, fields = check.action(), check.fields()
    first = ani.post(path, fields).words(".receipt-number")
    assert ani.post(path, fields).words(".receipt-number") == first
    assert ani.open(path).words(".receipt-number") == first
    assert (Receipt.select().count(), filings(), Message.select().count()) == (1, 1, 2)


def test_five_presses_at_once_are_one_deactivation(app, ani, cast):
    check = draft(ani, cast.maju, cast.siti_at_maju)
    path, fields = check.action(), check.fields()
    cookie = ani.browser.get_cookie("purna").value

    def press(_):
        clerk = Clerk(app)
        clerk.browser.set_cookie("purna", cookie)
        return clerk.post(path, fields).words(".receipt-number")

    assert len(set(in_parallel(press, 5))) == 1
    assert (Receipt.select().count(), filings(), Message.select().count()) == (1, 1, 2)


def test_two_clerks_at_once_have_one_winner_and_the_other_sees_who(ani, budi, cast):
    budis = draft(budi, cast.maju, cast.siti_at_maju)
    file(ani, cast.maju, cast.siti_at_maju)
    page = budi.post(budis.action(), budis.fields())
    assert page.status == 409
    assert "Ani Wulandari melaporkannya pada" in page.words()
    assert filings() == 1


def test_a_draft_changed_in_another_window_must_be_checked_again(ani, cast):
    first = draft(ani, cast.maju, cast.siti_at_maju)
    draft(ani, cast.maju, cast.siti_at_maju, reason="PHK")
    page = ani.post(first.action(), first.fields())
    assert page.status == 409
    assert filings() == 0


def test_a_strangers_draft_is_a_missing_page(ani, citra, budi, cast):
    check = draft(ani, cast.maju, cast.siti_at_maju)
    assert citra.open(check.path).status == 404
    assert budi.open(check.path).status == 404
    assert citra.post(check.path, {"csrf_token": citra.token(), "version": 1}).status == 404
    assert filings() == 0


def test_forged_fields_change_nothing(ani, cast):
    check = draft(ani, cast.maju, cast.siti_at_maju)
    ani.post(check.action(), {**check.fields(), "state": "BERLAKU", "company_id": "1",
                              "reason": "MGL", "last_day": "2020-01-01", "is_late": "1"})
    row = Deactivation.get()
    assert (row.reason, row.last_day.isoformat(), row.company_id) == ("RSG", "2026-11-20",
                                                                       cast.maju.id)


def test_htmx_gets_the_next_page_in_the_same_answer(ani, cast):
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    check = ani.send(htmx=True, reason="RSG", last_day="2026-11-20")
    assert check.headers["HX-Push-Url"].endswith("/periksa")
    assert (check.headers["HX-Retarget"], check.headers["HX-Reswap"]) == ("#isi", "outerHTML")
    receipt = ani.send(form="form", htmx=True)
    assert receipt.select("main .receipt-number")
    assert receipt.tree.findtext(".//title").startswith("Tanda terima")
    assert ani.open(receipt.headers["HX-Push-Url"]).words(".receipt-number")


def test_arrears_are_a_flag_and_never_a_refusal(citra, cast):
    cast.lain.arrears_months = 2
    cast.lain.save()
    check = draft(citra, cast.lain, cast.rahmat_at_lain)
    assert "Iuran perusahaan belum lunas" in check.words()
    citra.send()
    assert Deactivation.get().in_arrears


def test_the_decision_keeps_the_values_it_used(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    assert '"deactivation.report_working_days": 7' in Deactivation.get().parameters
