"""As months go by: the bill of each, arrears, the lapse, and going on again."""

from datetime import date

import pytest
import time_machine

from tests.eligibility.asking import rules
from tests.switch.walking import active, approved, died, pay, worker_siti
from webapp import clock
from webapp.bills import messages, service
from webapp.bills.reckoning import reckon
from webapp.eligibility.facts import facts_of
from webapp.eligibility.judging import judge
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.switches import Bill, OwnMembership


@pytest.fixture
def own(siti, cast):
    """Siti's own membership, paid for November 2026."""
    return active(siti, cast)


def newest():
    return Bill.select().order_by(Bill.id.desc()).get()


def fresh(own):
    return OwnMembership.get_by_id(own.id)


def on(day):
    return time_machine.travel(f"{day}T06:30:00Z")


def user(cast):
    return User.get_by_id(cast.siti.id)


def told(kind):
    return Message.select().where(Message.kind == f"bill:{kind}", Message.channel == "email")


def test_nothing_is_asked_for_what_is_paid(own):
    assert reckon(clock.now()) == 0


def test_each_month_has_its_bill_and_its_notice_once(own, siti):
    with on("2026-12-01"):
        assert [reckon(clock.now()) for _ in range(3)] == [1, 0, 0]
        bill = newest()
        assert (bill.kind, bill.first_month, bill.months, bill.amount, bill.expires_on) == (
            "bulanan", date(2026, 12, 1), 1, 8_400, date(2026, 12, 31))
        assert fresh(own).state == "AKTIF"
        assert [row.body.count("Rp8.400") for row in told("due")] == [1]
        assert bill.code not in told("due").get().body
        words = page_of(siti, "/iuran").words()
        assert "Desember 2026" in words
        assert bill.code[:4] in words
        assert "Bayar iuran: Rp8.400" in page_of(siti, "/beranda").words()


def page_of(siti, path):
    return siti.is_signed_in_as(User.get(User.role == "worker")).open(path)


@pytest.mark.parametrize(("day", "state", "months", "amount"), [
    ("2026-12-31", "AKTIF", 1, 8_400), ("2027-01-01", "MENUNGGAK", 2, 25_200),
    ("2027-02-28", "MENUNGGAK", 3, 42_000)])
def test_up_to_three_months_are_owed(own, day, state, months, amount):
    with on(day):
        reckon(clock.now())
        assert (fresh(own).state, newest().months, newest().amount) == (state, months, amount)
        assert newest().first_month == date(2026, 12, 1)


def test_month_by_month_an_expired_bill_is_replaced_by_a_new_one(own):
    for day in ("2026-12-01", "2027-01-01", "2027-02-01"):
        with on(day):
            assert reckon(clock.now()) == 1
    states = [row.state for row in Bill.select().where(Bill.kind == "bulanan").order_by(Bill.id)]
    assert states == ["KEDALUWARSA", "KEDALUWARSA", "MENUNGGU"]
    assert told("behind").count() == 2
    assert "nonaktif mulai 1 Maret 2027" in told("behind").order_by(Message.id.desc()).get().body
    assert AuditEntry.select().where(AuditEntry.kind == "own membership:behind").count() == 1


def lapsed(own):
    for day in ("2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"):
        with on(day):
            reckon(clock.now())
    return fresh(own)


def test_with_the_fourth_month_it_lapses_and_nothing_is_owed(own, siti):
    row = lapsed(own)
    assert (row.state, row.ended_on) == ("NONAKTIF", date(2026, 11, 30))
    assert Bill.select().where(Bill.state == "MENUNGGU").count() == 0
    assert "Bulan-bulan sebelumnya tidak ditagih" in told("lapsed").get().body
    with on("2027-03-02"):
        assert reckon(clock.now()) == 0
        words = page_of(siti, "/iuran").words()
        assert "Nonaktif sejak 30 November 2026" in words
        assert "Aktifkan lagi" in words
        assert "Mandiri (BPU)" in siti.open("/kepesertaan").words()


def test_it_goes_on_again_for_the_present_month_alone(own, siti):
    lapsed(own)
    with on("2027-03-05"):
        page = page_of(siti, "/iuran")
        for _ in range(2):     # pressed twice
            siti.post("/iuran/aktifkan", {"csrf_token": page.fields(
                "form[action='/iuran/aktifkan']")["csrf_token"]})
        bill = newest()
        assert (bill.kind, bill.first_month, bill.months, bill.amount) == (
            "aktif-lagi", date(2027, 3, 1), 1, 16_800)
        assert Bill.select().where(Bill.kind == "aktif-lagi").count() == 1
        pay(bill)
        again = OwnMembership.select().order_by(OwnMembership.id.desc()).get()
        assert (again.state, again.started_on, again.paid_until, fresh(own).state) == (
            "AKTIF", date(2027, 3, 1), date(2027, 3, 1), "NONAKTIF")
        assert "aktif lagi mulai 1 Maret 2027" in told("paid").get().body
        assert Bill.get_by_id(bill.id).own_id == again.id


def test_what_was_paid_before_the_lapse_takes_it_back(own):
    with on("2027-02-01"):
        reckon(clock.now())
        bill = newest()
    lapsed(own)
    with on("2027-03-03"):
        pay(bill, day=date(2027, 2, 27))
        assert (fresh(own).state, fresh(own).paid_until, fresh(own).ended_on) == (
            "AKTIF", date(2027, 2, 1), None)


def test_what_was_paid_after_the_lapse_begins_anew_with_all_it_pays_for(own):
    with on("2027-02-01"):
        reckon(clock.now())
        bill = newest()
    lapsed(own)
    with on("2027-03-03"):
        pay(bill)     # three months of arrears, which are not owed any more
        again = OwnMembership.select().order_by(OwnMembership.id.desc()).get()
        assert (again.started_on, again.paid_until) == (date(2027, 3, 1), date(2027, 5, 1))


def test_paying_ahead_costs_what_each_month_costs(own, siti, cast):
    page = page_of(siti, "/iuran")
    choices = [one.get("value") for one in page.select("[name=months] option")]
    assert choices == [str(number) for number in range(1, 13)]
    siti.send("form[action='/iuran/kode']", months="3")
    assert (newest().first_month, newest().amount) == (date(2026, 12, 1), 8_400 + 2 * 16_800)
    siti.send("form[action='/iuran/kode']", months="3")     # the same again
    assert Bill.select().where(Bill.kind == "bulanan").count() == 1
    assert siti.post("/iuran/kode", {**siti.page.fields("form[action='/iuran/kode']"),
                                     "months": "99"}).status == 422
    pay(newest())
    assert fresh(own).paid_until == date(2027, 2, 1)
    with on("2027-02-20"):
        assert reckon(clock.now()) == 0


def test_who_is_behind_pays_all_of_it(own, cast):
    with on("2027-01-05"), pytest.raises(service.NotSoMany) as caught:
        service.new_bill(worker_siti(), user(cast), 1, clock.now())
    assert (caught.value.least, caught.value.most) == (2, 14)


def test_a_first_code_that_ended_is_told_and_a_new_one_begins_this_month(siti, cast):
    first = approved(siti, cast)
    with on("2026-12-07"):
        assert [reckon(clock.now()) for _ in range(2)] == [1, 0]
        assert (Bill.get_by_id(first.id).state, told("expired").count()) == ("KEDALUWARSA", 1)
        assert "Kode bayarnya sudah tidak berlaku" in page_of(siti, "/iuran").words()
        siti.send("form[action='/iuran/kode']")
        assert (newest().kind, newest().state, newest().first_month) == (
            "pertama", "MENUNGGU", date(2026, 12, 1))
        siti.open("/iuran")
        assert newest().code[-4:] in siti.page.words()


def test_a_recorded_death_ends_it_and_asks_for_nothing(own, cast):
    with on("2026-12-01"):
        reckon(clock.now())
    with on("2026-12-10"):
        made = died(cast)
        assert (fresh(own).state, fresh(own).ended_on) == ("NONAKTIF", made.last_day)
        assert newest().state == "KEDALUWARSA"
        with pytest.raises(service.NothingToPay):
            service.make_again(worker_siti(), user(cast), clock.now())
    with on("2027-01-10"):
        assert reckon(clock.now()) == 0


@pytest.mark.parametrize(("day", "treated", "is_met"), [
    ("2026-12-20", date(2026, 12, 15), True), ("2027-01-20", date(2027, 1, 15), False),
    ("2027-01-20", date(2026, 11, 25), True)])
def test_it_counts_as_active_for_costs_while_it_is_paid(own, day, treated, is_met):
    with on(day):
        reckon(clock.now())
        verdict = judge("MED", facts_of(worker_siti(), clock.today()), rules(clock.today()),
                        treated_on=treated, receipt_total=5, amount=5)
        assert verdict.is_eligible == is_met


def test_it_never_hinders_claiming_the_savings(own):
    with on("2026-12-25"):
        known = facts_of(worker_siti(), clock.today())
        verdict = judge("JHT-RSG", known, rules(clock.today()))
        assert "not working" in {one.code for one in verdict.conditions if one.is_met}
        assert [one.is_own for one in known.memberships] == [False, True]


def test_every_sms_fits():
    bill = Bill(amount=999_999_999, months=3, first_month=date(2026, 8, 1),
                expires_on=date(2026, 9, 30), paid_on=date(2026, 9, 30))
    own = OwnMembership(started_on=date(2026, 9, 30), ended_on=date(2026, 9, 30),
                        paid_until=date(2026, 9, 1))
    for words in (messages.due(bill), messages.behind(bill, date(2026, 9, 30)),
                  messages.lapsed(own, 3), messages.not_counted(bill),
                  messages.paid(bill, own),
                  messages.active_again(bill, own), messages.expired(bill)):
        assert len(words["sms"]) <= 160
        assert "!" not in words["email"][1]
