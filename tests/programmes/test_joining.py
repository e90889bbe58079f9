"""Joining a wave from its page, and taking it back."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from tests.conftest import settle
from tests.page import Clerk, in_parallel, while_uncommitted
from tests.programmes.waving import (
    CARD,
    closed,
    drawn,
    family,
    fresh,
    joined,
    person,
    states_in,
    wave_of,
    without_luck,
    work_on,
)
from webapp import clock
from webapp.db import database
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import KeptInput
from webapp.models.programmes import (
    CHOSEN,
    JOINED,
    NOT_CHOSEN,
    OPEN,
    REVOKED,
    SCHEDULED,
    Applicant,
)
from webapp.models.workers import Worker
from webapp.programme_desk import service as desk
from webapp.programme_desk.turns import take_turns
from webapp.programmes import service
from webapp.programmes.family_card import index_of
from webapp.programmes.queries import withdrawable_of
from webapp.receipts.signing import show_number


def ticks(page):
    """All declarations agreed to."""
    return {box.get("name"): "y" for box in page.select("input[type=checkbox]")}


def ask(clerk, wave, card=CARD, **more):
    """Fill in the form and go on to the check."""
    page = clerk.open(f"/program/{wave.public_id}/gabung")
    return clerk.send(family_card=card, **ticks(page), **more)


def join(clerk, wave):
    """Join as people do."""
    ask(clerk, wave)
    return clerk.send()


def everything():
    """All text in the tables an applicant could leave a trace in."""
    return str([list(database.execute_sql(f'SELECT * FROM "{name}"'))  # noqa: S608
                for name in ("applicant", "message", "audit_entry", "kept_input")])


def test_siti_joins_from_the_list_of_programmes(cast, siti):
    wave = wave_of(cast, declarations=["Saya tidak sedang bersekolah."])
    page = siti.open("/program")
    assert "Dibuka sampai 29 November 2026" in page.words()
    page = siti.open(page.select("main .rows a")[0].get("href"))
    assert "Usia Anda antara 18 dan 64 tahun.Terpenuhi" in page.words()
    page = siti.open(page.select("main a.button-action")[0].get("href"))
    assert len(page.select("input[type=checkbox]")) == 3
    check = siti.send(family_card=CARD, **ticks(page))
    assert check.heading == "Periksa"
    assert "Saya tidak sedang bersekolah." in check.words()
    assert Applicant.select().count() == 0
    done = siti.send()
    row = Applicant.get()
    assert done.path == f"/program/{wave.public_id}"
    assert show_number(row.number) in done.words()
    assert "Terdaftar" in done.words()
    assert (row.worker, row.state, row.place) == (cast.siti_at_maju.worker, JOINED, None)
    assert (row.family_index, row.agreed) == (index_of(CARD), service.agreed_digest(wave))


def test_a_wave_is_open_at_its_minute_also_before_anybody_wrote_it_down(cast, siti):
    wave = wave_of(cast, is_open=False)
    opens = wave.opens_at
    with time_machine.travel(opens - timedelta(seconds=1)):
        assert "Dibuka 22 November 2026" in siti.open("/program").words()
        assert siti.open(f"/program/{wave.public_id}/gabung").path == f"/program/{wave.public_id}"
    assert "Dibuka sampai 29 November 2026Dibuka" in siti.open("/program").words()
    join(siti, wave)
    assert (fresh(wave).state, states_in(wave)) == (SCHEDULED, [JOINED])
    siti.open(f"/program/{wave.public_id}/batal")
    siti.send()
    assert states_in(wave) == []
    join(siti, wave)
    assert [row.wave for row in withdrawable_of(cast.siti_at_maju.worker, clock.now())] == [wave]
    take_turns(clock.now())
    assert (fresh(wave).state, states_in(wave)) == (OPEN, [JOINED])


def test_before_the_wave_before_it_is_drawn_a_wave_opens_for_nobody(cast, siti):
    first = wave_of(cast, days=1)
    second = desk.make_wave(first.programme, cast.fajar, clock.now(), number=2, quota=1,
                            opens_on=clock.today() + timedelta(days=3), declarations=[],
                            closes_on=clock.today() + timedelta(days=9))
    with time_machine.travel(second.opens_at):
        siti.is_signed_in_as(cast.siti)
        assert "Segera dibuka" in siti.open(f"/program/{second.public_id}").words()
        with pytest.raises(service.NotOpen):
            service.join(second, cast.siti_at_maju.worker, cast.siti, now=clock.now(),
                         family=index_of(CARD))


def test_the_family_card_itself_is_kept_nowhere(cast, siti):
    wave = wave_of(cast)
    join(siti, wave)
    assert CARD not in everything()
    assert CARD[-8:] not in everything()


def test_joining_is_told_and_recorded(cast, siti):
    join(siti, wave_of(cast))
    number = show_number(Applicant.get().number)
    letter = Message.get(Message.kind == "programme:joined", Message.channel == "email")
    assert letter.subject == "Anda terdaftar di Kartu Prakerja, Gelombang 1"
    assert number in letter.body
    entry = AuditEntry.get(AuditEntry.kind == "applicant:joined")
    assert entry.subject == cast.siti_at_maju.worker.public_id
    assert json.loads(entry.details)["number"] == number


def test_five_presses_are_one_applicant(cast, siti):
    wave = wave_of(cast)
    check = ask(siti, wave)
    for _ in range(5):
        assert siti.post(check.action(), check.fields()).path == f"/program/{wave.public_id}"
    assert siti.open(f"/program/{wave.public_id}/gabung").path == f"/program/{wave.public_id}"
    assert Applicant.select().count() == 1
    assert Message.select().where(Message.kind == "programme:joined").count() == 2     # SMS, e-mail


def test_each_declaration_is_asked_for_by_its_own_tick(cast, siti):
    wave = wave_of(cast, declarations=["Saya siap mengikuti pelatihan."])
    page = siti.open(f"/program/{wave.public_id}/gabung")
    names = [box.get("name") for box in page.select("input[type=checkbox]")]
    page = siti.send(family_card=CARD, **{names[0]: "y"})
    assert page.status == 422
    assert set(page.errors()) == {*names[1:]}
    siti.post(f"/program/{wave.public_id}/gabung/kirim",
              {"family_card": CARD, names[0]: "y", "csrf_token": siti.token()})
    assert siti.page.status == 422
    assert Applicant.select().count() == 0


@pytest.mark.parametrize(("typed", "words"), [
    ("", "Ketik nomor kartu keluarga"), ("31710601011200", "14 angka, seharusnya 16"),
    ("3171-0601-0112-000X", "hanya berisi angka"), ("3171064508900001", "Ini NIK Anda")])
def test_what_is_no_family_card_is_said_beside_the_field(cast, siti, typed, words):
    page = ask(siti, wave_of(cast), typed)
    assert page.status == 422
    assert words in page.errors()["family_card"]


def test_a_card_may_be_typed_with_spaces_and_dots(cast, siti):
    page = ask(siti, wave_of(cast), "3171 0601.0112-0007")
    assert page.heading == "Periksa"
    siti.send()
    assert Applicant.get().family_index == index_of(CARD)


@pytest.mark.parametrize(("born", "is_met"), [
    (date(2008, 11, 22), True), (date(2008, 11, 23), False),     # 18 today, tomorrow
    (date(1961, 11, 23), True), (date(1961, 11, 22), False)])    # 64 still, 65 today
def test_one_is_18_to_64_on_the_day_of_joining(cast, siti, born, is_met):
    wave = wave_of(cast)
    Worker.update(birth_date=born).where(Worker.id == cast.siti_at_maju.worker_id).execute()
    page = siti.open(f"/program/{wave.public_id}")
    assert bool(page.select("main a.button-action")) is is_met
    ask(siti, wave)
    siti.post(f"/program/{wave.public_id}/gabung/kirim", siti.page.fields() | {
        "family_card": CARD})
    assert Applicant.select().count() == is_met


def test_who_was_chosen_once_cannot_join_again_even_when_revoked(cast, siti):
    wave = wave_of(cast)
    join(siti, wave)
    drawn(wave, cast)
    row = Applicant.get()
    assert row.state == CHOSEN
    desk.revoke(row, cast.fajar, clock.now(), version=row.version, reason="Tidak hadir.")
    second = wave_of(cast)
    words = siti.open(f"/program/{second.public_id}").words()
    assert "Anda sudah pernah lolos di program ini" in words
    assert ask(siti, second).status == 422
    assert states_in(second) == []


def test_the_third_of_a_family_that_had_its_two_is_told_before_joining(cast, siti):
    first = wave_of(cast)
    for number in range(2):
        joined(first, number, of=1)
    drawn(first, cast)
    second = wave_of(cast)
    page = ask(siti, second, f"{3171060101000000 + 1}")
    assert page.status == 422
    assert "Dari kartu keluarga ini sudah dua orang yang lolos" in page.words()
    siti.post(f"/program/{second.public_id}/gabung/kirim", {
        **ticks(siti.open(f"/program/{second.public_id}/gabung")), "csrf_token": siti.token(),
        "family_card": f"{3171060101000000 + 1}"})
    assert siti.page.status == 422
    assert states_in(second) == []


def test_cards_cannot_be_tried_one_after_another(cast, siti):
    wave = wave_of(cast)
    for number in range(20):
        assert ask(siti, wave, f"{3171060101000000 + number}").status == 200
    page = ask(siti, wave, "3171060101000099")
    assert page.status == 429
    assert "Terlalu banyak percobaan" in page.words()


def test_she_takes_it_back_and_joins_again_while_the_wave_is_open(cast, siti):
    wave = wave_of(cast)
    join(siti, wave)
    number = Applicant.get().number
    page = siti.open(f"/program/{wave.public_id}/batal")
    siti.send()
    siti.post(page.action(), page.fields())     # the press before, once more
    assert Applicant.select().count() == 0
    assert AuditEntry.select().where(AuditEntry.kind == "applicant:withdrawn").count() == 1
    join(siti, wave)
    assert Applicant.get().number != number


def test_after_the_closing_nobody_joins_or_withdraws(cast, siti):
    wave = wave_of(cast)
    join(siti, wave)
    withdrawing = siti.open(f"/program/{wave.public_id}/batal")
    user, worker = person(1)
    other = Clerk(siti.browser.application).is_signed_in_as(user)
    settle(user, clock.now())
    ask(other, wave)
    closed(wave, cast)
    page = other.send()
    assert (page.status, page.heading) == (409, "Gelombang ini sudah ditutup")
    assert siti.post(withdrawing.action(), withdrawing.fields()).status == 409
    assert states_in(wave) == [JOINED]
    assert worker.id not in {row.worker_id for row in Applicant.select()}


def test_at_the_very_moment_of_closing_it_is_over_even_if_no_turn_was_taken(cast):
    wave = wave_of(cast, days=0)
    user, worker = person(1)
    last = fresh(wave).closes_at
    with pytest.raises(service.NotOpen):
        service.join(wave, worker, user, family=family(1), now=last)
    service.join(wave, worker, user, family=family(1), now=last - timedelta(microseconds=1))
    with pytest.raises(service.NotOpen):
        service.withdraw(wave, worker, user, last)
    assert states_in(wave) == [JOINED]


def test_not_chosen_the_next_wave_takes_one_press(cast, siti):
    first = wave_of(cast, quota=1)
    join(siti, first)
    siti_row = Applicant.get()
    for number in range(3):
        joined(first, number)
    done = drawn(without_luck(closed(first, cast), siti_row), cast)
    second = wave_of(cast)
    assert Applicant.get_by_id(siti_row.id).state == NOT_CHOSEN
    page = siti.open(f"/program/{done.public_id}")
    assert "Data Anda tetap tersimpan" in page.words()
    siti.open(f"/program/{second.public_id}")
    siti.send()
    row = Applicant.get(Applicant.wave == second)
    assert (row.worker, row.family_index) == (siti_row.worker, siti_row.family_index)


def test_eight_joins_of_one_person_at_once_are_one(cast):
    wave = wave_of(cast)
    user, worker = person(1)
    found = in_parallel(lambda _: service.join(wave, worker, user, family=family(1),
                                               now=clock.now()).number, 8)
    assert len({*found}) == 1
    assert Message.select().where(Message.kind == "programme:joined").count() == 2


def test_eight_of_one_family_join_at_once_and_two_at_most_are_chosen(cast):
    wave = wave_of(cast, quota=8)
    joined(wave, 90, of=1)
    joined(wave, 91, of=1)
    people = [person(number) for number in range(8)]
    in_parallel(lambda number: service.join(wave, people[number][1], people[number][0],
                                            family=family(1), now=clock.now()), 8)
    assert sorted(states_in(drawn(wave, cast))) == [NOT_CHOSEN] * 8 + [CHOSEN] * 2


def test_who_meets_the_closing_half_way_waits_and_is_too_late(cast):
    wave = wave_of(cast)
    user, worker = person(1)
    met = while_uncommitted(
        lambda: desk.close_early(wave, cast.fajar, clock.now(), version=wave.version),
        lambda: service.join(wave, worker, user, family=family(1), now=clock.now()))
    assert isinstance(met, service.NotOpen)
    assert states_in(wave) == []


def test_who_joins_while_it_is_closed_is_on_the_list_or_not_in_at_all(app, cast):
    wave, people = wave_of(cast), [person(number) for number in range(7)]

    def act(number):
        if number == 7:
            return desk.close_early(wave, cast.fajar, clock.now(), version=wave.version)
        try:
            return service.join(wave, people[number][1], people[number][0], now=clock.now(),
                                family=family(number))
        except service.NotOpen:
            return None
    found = [row for row in in_parallel(act, 8) if row]
    work_on(clock.now())
    done = drawn(fresh(wave), cast)
    assert done.applicants == len(found) == Applicant.select().count()
    answer = app.test_cli_runner().invoke(args=["draw", "verify", wave.public_id.hex])
    assert answer.exit_code == 0


def test_a_session_that_ended_keeps_no_family_card(cast, siti):
    wave = wave_of(cast)
    page = siti.open(f"/program/{wave.public_id}/gabung")
    fields = page.fields() | {"family_card": CARD, **ticks(page)}
    with time_machine.travel(clock.now() + timedelta(minutes=40)):
        siti.post(page.action(), fields)
        assert siti.page.heading == "Masuk"
    assert all(CARD not in row.fields for row in KeptInput.select())


def test_what_a_revoked_applicant_reads(cast, siti):
    wave = wave_of(cast)
    join(siti, wave)
    row = Applicant.get()
    desk.revoke(row, cast.fajar, clock.now(), version=row.version, reason="Kartu keluarga palsu.")
    page = siti.open(f"/program/{wave.public_id}")
    assert "Kartu keluarga palsu." in page.words()
    assert "Dicabut" in page.words()
    assert siti.open(f"/program/{wave.public_id}/gabung").path == f"/program/{wave.public_id}"
    assert states_in(wave) == [REVOKED]
    letter = Message.get(Message.kind == "programme:revoked", Message.channel == "email")
    assert "Kartu keluarga palsu." in letter.body
