"""The worker chooses a slot, changes it, gives it back; nobody gets a place that is taken."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.claim_desk.claims import case_of, events, fresh, reported, saved, sent, told, url
from tests.page import Clerk, in_parallel
from webapp import clock, db
from webapp.claims.queries import claim_of_case
from webapp.interviews import service
from webapp.models.claims import Claim, Interview
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on

MONDAY_NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY_TEN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def claim(cast):
    """Siti has more than 15 million: she is asked to come."""
    reported(cast)
    claim = sent(cast, credited=20_000_000)
    waits(claim)
    return claim


def waits(claim):
    Claim.update(state="MENUNGGU_WAWANCARA").where(Claim.id == claim.id).execute()
    type(claim.case).update(holder="worker", due_on=None).where(
        type(claim.case).id == claim.case_id).execute()


def where(claim):
    return f"/pencairan/{claim.case.public_id}/wawancara"


def code(slot):
    return slot.strftime("%Y%m%d%H%M")


def choose(siti, claim, slot):
    siti.open(where(claim))
    return siti.send(slot=code(slot))


def test_a_slot_is_chosen_and_the_branch_has_it(cast, siti, dewi, claim):
    page = siti.open(where(claim))
    assert "23 November 2026" in page.words()
    assert len(page.select("input[type=radio]")) == 100
    assert "Anda bisa memilih waktu sampai 4 Desember 2026." in page.words()
    page = choose(siti, claim, MONDAY_NINE)
    assert page.path == f"/pencairan/{claim.case.public_id}"
    slot = Interview.get()
    assert (slot.claim, slot.starts_at, slot.place) == (claim, MONDAY_NINE, 1)
    case = case_of(claim)
    assert (case.holder, case.due_on) == ("branch", clock.day_of(MONDAY_NINE))
    sms = told()[0][2]
    assert "23 November 2026 pukul 09.00 WIB" in sms
    assert events() == [("claim:interview booked", {
        "kind": "JHT-PKW", "number": events()[0][1]["number"],
        "starts": "2026-11-23T02:00:00+00:00"})]
    assert "Wawancara 23 November 2026 pukul 09.00 WIB" in dewi.open(url(claim)).words()
    assert "Pencairan" in dewi.open("/cabang").words("table")


@pytest.mark.parametrize(("slot", "words"), [
    ("", "Pilih hari dan jamnya."), ("202611220200", "Waktu ini baru saja penuh"),
    ("x", "Waktu ini baru saja penuh"), ("202611231000", "Waktu ini baru saja penuh")])
def test_what_is_no_slot_is_not_booked(siti, claim, slot, words):
    siti.open(where(claim))
    page = siti.post(where(claim), {**siti.page.fields(), "slot": slot})
    assert page.status == 422
    assert words in page.words(".field-error")
    assert Interview.select().count() == 0


def test_choosing_twice_is_choosing_once(siti, claim):
    siti.open(where(claim))
    siti.send_again(slot=code(MONDAY_NINE))
    assert Interview.select().count() == 1
    assert len(told()) == 2     # an SMS and an e-mail


def test_changed_the_day_before(siti, claim):
    choose(siti, claim, MONDAY_NINE)
    assert "Ganti waktu wawancara" in siti.open(where(claim)).heading
    choose(siti, claim, TUESDAY_TEN)
    assert Interview.get().starts_at == TUESDAY_TEN
    assert case_of(claim).due_on == clock.day_of(TUESDAY_TEN)


def test_given_back_it_is_free_again(siti, claim):
    choose(siti, claim, MONDAY_NINE)
    siti.open(where(claim) + "/batal")
    page = siti.send()
    assert page.path == where(claim)
    assert Interview.select().count() == 0
    assert (case_of(claim).holder, fresh(claim).state) == ("worker", "MENUNGGU_WAWANCARA")
    assert "dibatalkan" in told()[-2][2]


def test_on_the_day_itself_it_stays(app, cast, siti, claim):
    choose(siti, claim, MONDAY_NINE)
    with time_machine.travel(MONDAY_NINE - timedelta(hours=1)):
        siti = Clerk(app).is_signed_in_as(cast.siti)
        page = siti.open(where(claim))
        assert "tidak bisa diganti lagi" in page.words()
        fields = {"csrf_token": siti.token(), "version": fresh(claim).version,
                  "slot": code(TUESDAY_TEN)}
        assert siti.post(where(claim), fields).status == 409
        assert siti.post(where(claim) + "/batal", fields).status == 409
    assert Interview.get().starts_at == MONDAY_NINE


def test_who_did_not_come_chooses_again(app, cast, siti, claim):
    choose(siti, claim, MONDAY_NINE)
    with time_machine.travel(MONDAY_NINE + timedelta(hours=1)):
        siti = Clerk(app).is_signed_in_as(cast.siti)
        assert "Waktunya sudah lewat. Pilih waktu lain." in siti.open(where(claim)).words()
        choose(siti, claim, TUESDAY_TEN)
    assert Interview.get().starts_at == TUESDAY_TEN


def test_a_page_the_branch_has_overtaken_books_nothing(siti, claim):
    siti.open(where(claim))
    Claim.update(version=Claim.version + 1).execute()
    page = siti.send(slot=code(MONDAY_NINE))
    assert page.status == 409
    assert Interview.select().count() == 0


def test_who_is_asked_for_nothing_chooses_nothing(siti, claim):
    Claim.update(state="VERIFIKASI").execute()
    assert siti.open(where(claim)).path == f"/pencairan/{claim.case.public_id}"


def test_somebody_elses_claim_is_missing(app, cast, claim):
    other = User(name="Rahmat", role="worker", created_at=clock.now())
    other.save(force_insert=True)
    Worker.update(user=other).where(Worker.name == "Rahmat Hidayat").execute()
    rahmat = Clerk(app).is_signed_in_as(other)
    rahmat.page = None
    response = rahmat.browser.get(where(claim))
    assert response.status_code == 404


def test_a_withdrawn_claim_holds_no_place(cast, siti, claim):
    choose(siti, claim, MONDAY_NINE)
    for place, kpj in ((2, "30145270001"),):
        taken_by(cast, kpj, MONDAY_NINE, place)
    assert code(MONDAY_NINE) in siti.open(where(claim)).text     # one's own does not count
    Claim.update(state="DIBATALKAN").where(Claim.id != claim.id).execute()
    third = waiting_claim(cast, "30145270002")
    service.book(claim_of_case(third.case), cast.siti, MONDAY_NINE, version=third.version,
                 rules=rules_on(clock.today()), now=clock.now())
    assert {row.claim_id for row in Interview.select()} == {claim.id, third.id}


def taken_by(cast, kpj, slot, place):
    claim = waiting_claim(cast, kpj)
    Interview.create(claim=claim, branch=claim.case.branch_id, starts_at=slot, place=place,
                     booked_at=clock.now())


def waiting_claim(cast, kpj):
    """Somebody else who is asked to come."""
    worker = Membership.get(Membership.kpj == kpj).worker
    saved(worker, 20_000_000)
    claim = sent(cast, "LAIN", amount=100_000, worker=worker, papers=())
    waits(claim)
    return fresh(claim)


def test_five_at_once_for_two_places_are_two(cast, claim):
    rules, now = rules_on(clock.today()), clock.now()
    claims = [claim, *(waiting_claim(cast, kpj) for kpj in
                       ("30145270001", "30145270002", "30145270003", "41100000009"))]
    ready = [claim_of_case(one.case) for one in claims]

    def book(number):
        db.ensure_connection()
        one = ready[number]
        try:
            service.book(one, cast.siti, MONDAY_NINE, version=one.version, rules=rules, now=now)
        except service.SlotTaken:
            return "taken"
        return "booked"

    assert sorted(in_parallel(book, 5)) == ["booked"] * 2 + ["taken"] * 3
    assert {row.place for row in Interview.select()} == {1, 2}
    assert sum(one.holder == "branch" for one in map(case_of, claims)) == 2


def test_two_who_change_places_do_not_wait_for_one_another(cast, claim):
    rules, now = rules_on(clock.today()), clock.now()
    other = waiting_claim(cast, "30145270001")
    for _ in range(6):
        for one, slot in ((claim, MONDAY_NINE), (other, TUESDAY_TEN)):
            one = claim_of_case(one.case)
            service.book(one, cast.siti, slot, version=one.version, rules=rules, now=now)
        ready = [(claim_of_case(claim.case), TUESDAY_TEN), (claim_of_case(other.case), MONDAY_NINE)]

        def book(number, ready=ready):
            db.ensure_connection()
            one, slot = ready[number]
            service.book(one, cast.siti, slot, version=one.version, rules=rules, now=now)

        in_parallel(book, 2)
        found = {row.claim_id: row.starts_at for row in Interview.select()}
        assert found == {claim.id: TUESDAY_TEN, other.id: MONDAY_NINE}
