"""Managers make, open, extend, close, draw and revoke; others of the staff look."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine

from tests.blocks.managers import manager
from tests.memberships.test_pages import statements_of
from tests.page import Clerk, in_parallel, while_uncommitted
from tests.programmes.waving import (
    closed,
    drawn,
    family,
    fresh,
    joined,
    states_in,
    wave_of,
    work_on,
)
from webapp import clock
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    CLOSED,
    DISBURSED,
    DRAWING,
    FAILED,
    JOINED,
    NOT_CHOSEN,
    OPEN,
    OVER,
    REVOKED,
    SCHEDULED,
    Applicant,
    Assistance,
    AssistanceStep,
    Programme,
    Wave,
)
from webapp.models.workers import Worker
from webapp.programme_desk import service, telling
from webapp.programme_desk.turns import take_turns
from webapp.programmes import service as joining
from webapp.programmes.conditions import ALWAYS

FILLED = {"name": "BSU 2026", "lead": "Subsidi upah.", "grant": "600.000"}
TIMES = {"opens_on": "2026-11-23", "closes_on": "2026-11-30", "quota": "1.000",
         "declarations": "Saya siap mengikuti pelatihan.\n\nSaya siap mengikuti pelatihan."}


@pytest.fixture
def gita(app, cast):
    """Another manager of the branch."""
    return manager("Gita Larasati", cast)


@pytest.fixture
def fajar(app, cast):
    """Fajar, manager, signed in."""
    return Clerk(app).is_signed_in_as(cast.fajar)


def entries(kind):
    return [json.loads(row.details) for row in
            AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)]


def at(text):
    """A moment in Jakarta."""
    return datetime.fromisoformat(f"{text}+07:00")


def test_fajar_makes_a_programme_and_opens_its_first_wave(fajar, cast):
    fajar.open("/cabang/program/baru")
    page = fajar.send(**FILLED)
    assert page.heading == "BSU 2026"
    programme = Programme.get()
    assert (programme.grant, programme.created_by) == (600_000, cast.fajar)
    form = fajar.open(f"/cabang/program/{programme.public_id}/gelombang")
    assert form.heading == "Buka Gelombang 1"
    page = fajar.send(**TIMES)
    wave = Wave.get()
    assert "Dibuka 23 November 2026" in page.words()
    assert (wave.state, wave.quota, wave.number) == (SCHEDULED, 1000, 1)
    assert (wave.opens_at, wave.closes_at) == (at("2026-11-23T00:00"), at("2026-12-01T00:00"))
    assert json.loads(wave.declarations) == [*ALWAYS, "Saya siap mengikuti pelatihan."]
    assert entries("wave:made")[0]["commitment"] == wave.commitment
    assert wave.secret not in str(list(AuditEntry.select().tuples()))
    assert entries("programme:made") == [{"grant": 600000, "name": "BSU 2026"}]


def test_within_a_sentence_only_the_first_letter_is_small(fajar, cast):
    wave_of(cast)
    words = fajar.open("/cabang/program").words()
    assert "Gelombang 1: dibuka sampai 29 November 2026" in words


def test_pressing_twice_makes_one_programme_and_one_wave(fajar, cast):
    form = fajar.open("/cabang/program/baru")
    for _ in range(2):
        assert fajar.post(form.action(), {**form.fields(), **FILLED}).heading == "BSU 2026"
    form = fajar.open(f"/cabang/program/{Programme.get().public_id}/gelombang")
    for _ in range(2):
        page = fajar.post(form.action(), {**form.fields(), **TIMES})
        assert page.heading == "BSU 2026, Gelombang 1"
    assert (Programme.select().count(), Wave.select().count()) == (1, 1)
    page = fajar.post(form.action(), {**form.fields(), **TIMES, "quota": "5"})
    assert (page.status, Wave.get().quota) == (409, 1000)
    assert "5" in page.words()


def test_a_name_that_is_taken_is_said_beside_it(fajar, cast):
    wave_of(cast)
    fajar.open("/cabang/program/baru")
    page = fajar.send(**FILLED | {"name": "kartu prakerja"})
    assert page.status == 422
    assert "Sudah ada program" in page.errors()["name"]


@pytest.mark.parametrize(("change", "field"), [
    ({"opens_on": "2026-11-21"}, "opens_on"), ({"closes_on": "2026-11-22"}, "closes_on"),
    ({"opens_on": ""}, "opens_on"), ({"quota": "0"}, "quota"), ({"quota": "banyak"}, "quota"),
    ({"quota": "99999999999999999999"}, "quota"), ({"declarations": "x" * 201}, "declarations"),
    ({"declarations": "\n".join(map(str, range(9)))}, "declarations")])
def test_what_is_no_wave_is_said_beside_the_field(fajar, cast, change, field):
    wave_of(cast, is_open=False)
    programme = Programme.get()
    Wave.delete().execute()
    fajar.open(f"/cabang/program/{programme.public_id}/gelombang")
    page = fajar.send(**TIMES | change)
    assert (page.status, [*page.errors()]) == (422, [field])
    assert Wave.select().count() == 0


def test_a_wave_begins_only_when_the_one_before_can_be_drawn(fajar, cast):
    wave_of(cast, days=7)     # until 29 November
    fajar.open(f"/cabang/program/{Programme.get().public_id}/gelombang")
    page = fajar.send(opens_on="2026-11-30", closes_on="2026-12-07", quota="1")
    assert "Gelombang 1 belum selesai diundi" in page.errors()["opens_on"]
    page = fajar.send(opens_on="2026-12-01", closes_on="2026-12-07", quota="1")
    assert page.heading == "Kartu Prakerja, Gelombang 2"
    first = Wave.get(Wave.number == 1)
    fajar.open(f"/cabang/program/gelombang/{first.public_id}/perpanjang")
    page = fajar.send(closes_on="2026-11-30")
    assert "Gelombang berikutnya sudah dijadwalkan" in page.errors()["closes_on"]


@pytest.mark.parametrize("name", ["dewi", "eka", "joko"])
def test_others_of_the_staff_look_and_change_nothing(cast, request, name):
    clerk = request.getfixturevalue(name)
    wave = wave_of(cast)
    row = joined(wave, 1)
    for path in ("", f"/{wave.programme.public_id}", f"/gelombang/{wave.public_id}",
                 f"/pendaftar/{row.public_id}"):
        page = clerk.open(f"/cabang/program{path}")
        assert page.status == 200
        assert not page.select("main .button-action")
    fields = {"csrf_token": clerk.token(), "version": wave.version, "reason": "Coba.", **FILLED,
              **TIMES, "number": 2}
    for path in ("/baru", f"/{wave.programme.public_id}/gelombang",
                 f"/gelombang/{wave.public_id}/tutup", f"/gelombang/{wave.public_id}/seleksi",
                 f"/gelombang/{wave.public_id}/perpanjang", f"/pendaftar/{row.public_id}"):
        page = clerk.post(f"/cabang/program{path}", fields)
        assert (page.status, page.heading) == (403, "Hanya manajemen yang bisa melakukan ini"), path
    assert (fresh(wave).version, fresh(wave).state, states_in(wave)) == (2, OPEN, [JOINED])
    assert (Programme.select().count(), Wave.select().count()) == (1, 1)


def test_each_act_asks_for_a_fresh_proof(cast, fajar):
    wave = wave_of(cast)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        fajar.open(f"/cabang/program/gelombang/{wave.public_id}/tutup")
        assert "/buktikan" in fajar.send().path or "Buktikan" in fajar.page.heading
    assert fresh(wave).state == OPEN


def test_extending_moves_the_closing_and_the_draw(fajar, cast):
    wave = wave_of(cast)
    form = fajar.open(f"/cabang/program/gelombang/{wave.public_id}/perpanjang")
    for _ in range(2):
        page = fajar.post(form.action(), {**form.fields(), "closes_on": "2026-12-10"})
        assert "Dibuka sampai 10 Desember 2026" in page.words()
    assert fresh(wave).closes_at == at("2026-12-11T00:00")
    assert len(entries("wave:extended")) == 1
    page = fajar.post(form.action(), {**form.fields(), "closes_on": "2026-12-09"})
    assert page.status == 422     # nobody's time is cut short


def test_closing_early_fixes_the_list_and_shows_its_digest(fajar, cast):
    wave = wave_of(cast)
    joined(wave, 1)
    form = fajar.open(f"/cabang/program/gelombang/{wave.public_id}/tutup")
    assert "1 orang sudah bergabung" in form.words()
    for _ in range(2):
        fajar.post(form.action(), form.fields())
    assert fresh(wave).state == CLOSED
    assert fresh(wave).closes_at <= clock.now()
    assert len(entries("wave:closed")) == 1
    work_on(clock.now())
    assert (fresh(wave).applicants, len(fresh(wave).digest)) == (1, 64)


def test_an_outdated_page_says_how_the_wave_stands_now(fajar, cast):
    wave = wave_of(cast)
    form = fajar.open(f"/cabang/program/gelombang/{wave.public_id}/perpanjang")
    closed(wave, cast)
    page = fajar.post(form.action(), {**form.fields(), "closes_on": "2026-12-10"})
    assert page.status == 409
    assert "sudah ditutup, menunggu seleksi" in page.words().lower()
    assert "2026-12-10" in page.words()


def test_by_itself_a_wave_opens_closes_is_drawn_announced_and_over(cast):
    wave = wave_of(cast, days=3, is_open=False)
    moments = [("2026-11-21T23:59:59", SCHEDULED), ("2026-11-22T00:00", OPEN),
               ("2026-11-25T23:59:59", OPEN), ("2026-11-26T00:00", CLOSED),
               ("2026-11-26T23:59:59", CLOSED), ("2026-11-27T00:00", ANNOUNCED),
               ("2026-12-26T23:59", ANNOUNCED), ("2026-12-27T00:01", OVER)]
    for moment, state in moments:
        now = at(moment)
        take_turns(now)
        while work_on(now):
            pass
        assert fresh(wave).state == state, moment
    done = fresh(wave)
    assert done.announced_at == at("2026-11-27T00:00")
    kinds = [row.kind for row in AuditEntry.select().where(AuditEntry.kind.startswith("wave:"))
             .order_by(AuditEntry.id)]
    assert kinds == ["wave:made", "wave:opened", "wave:closed", "wave:draw begun",
                     "wave:announced", "wave:over"]


def test_the_next_wave_waits_until_the_one_before_is_announced(cast):
    first = wave_of(cast, days=1)
    second = service.make_wave(first.programme, cast.fajar, clock.now(), number=2, quota=1,
                               opens_on=clock.today() + timedelta(days=3), declarations=[],
                               closes_on=clock.today() + timedelta(days=9))
    later = second.opens_at + timedelta(hours=1)
    Wave.update(state=DRAWING, digest="0" * 64).where(Wave.id == first.id).execute()
    take_turns(later)
    assert fresh(second).state == SCHEDULED
    Wave.update(state=ANNOUNCED, seed="0" * 64, applicants=0, chosen=0, drawn_at=later,
                announced_at=later).where(Wave.id == first.id).execute()
    take_turns(later)
    assert fresh(second).state == OPEN


def test_eight_turns_at_once_are_one(cast):
    wave = wave_of(cast, days=0, is_open=False)
    in_parallel(lambda _: take_turns(clock.now()), 8)
    assert fresh(wave).state == OPEN
    assert len(entries("wave:opened")) == 1


def test_fajar_finds_an_applicant_by_number_and_revokes_with_a_reason(fajar, cast):
    wave = wave_of(cast)
    row = joined(wave, 1)
    fajar.open(f"/cabang/program/gelombang/{wave.public_id}")
    page = fajar.send(number=row.number.lower())
    assert page.path == f"/cabang/program/pendaftar/{row.public_id}"
    assert "Peserta" not in page.words()     # masked
    assert fajar.send(reason=" ").status == 422
    form = fajar.open(f"/cabang/program/pendaftar/{row.public_id}")
    for _ in range(2):
        page = fajar.post(form.action(), {**form.fields(), "reason": "Kartu keluarga palsu."})
        assert "Dicabut" in page.words()
    after = Applicant.get()
    assert (after.state, after.reason, after.revoked_by, after.is_listed) == (
        REVOKED, "Kartu keluarga palsu.", cast.fajar, False)
    assert b"palsu" not in bytes(after.reason_sealed)
    assert len(entries("applicant:revoked")) == 1
    assert Message.select().where(Message.kind == "programme:revoked").count() == 2
    assert closed(wave, cast).applicants == 0


def test_a_number_that_nobody_has_is_said_beside_the_field(fajar, cast):
    wave = wave_of(cast)
    for typed, words in (("N7K4", "tidak lengkap"), ("", "Ketik nomor")):
        fajar.open(f"/cabang/program/gelombang/{wave.public_id}")
        assert words in fajar.send(number=typed).errors()["number"]
    other = joined(wave, 1)
    Applicant.delete().execute()
    fajar.open(f"/cabang/program/gelombang/{wave.public_id}")
    assert "Tidak ada pendaftar" in fajar.send(number=other.number).errors()["number"]


def test_nobody_revokes_themselves(cast, fajar):
    wave = wave_of(cast)
    row = joined(wave, 1)
    Worker.update(user=cast.fajar).where(Worker.id == row.worker_id).execute()
    page = fajar.open(f"/cabang/program/pendaftar/{row.public_id}")
    assert (page.status, page.heading) == (403, "Ini akun Anda sendiri")
    assert entries("person:seen") == [{"page": "applicant", "refused": True}]
    with pytest.raises(service.NotYours):
        service.revoke(row, cast.fajar, clock.now(), version=1, reason="Saya sendiri.")
    assert states_in(wave) == [JOINED]


@pytest.mark.parametrize("is_linked", [True, False])     # or has the same NIK alone
def test_who_takes_part_in_a_wave_decides_nothing_about_it(app, cast, fajar, gita, is_linked):
    wave = wave_of(cast)
    mine, other = joined(wave, 1), joined(wave, 2)
    if is_linked:
        Worker.update(user=gita).where(Worker.id == mine.worker_id).execute()
    else:
        gita.nik = mine.worker.nik
        gita.save()
        Worker.update(user=None).where(Worker.id == mine.worker_id).execute()
    clerk = Clerk(app).is_signed_in_as(gita)
    here = f"/cabang/program/gelombang/{wave.public_id}"
    assert "Anda sendiri ikut gelombang ini" in clerk.open(here).words()
    assert not clerk.page.select("main .actions .button")
    for act in ("tutup", "perpanjang"):
        assert clerk.open(f"{here}/{act}").heading == "Anda sendiri ikut gelombang ini"
        page = clerk.post(f"{here}/{act}", {"csrf_token": clerk.token(), "version": wave.version,
                                            "closes_on": "2026-12-10"})
        assert (page.status, fresh(wave).state) == (403, OPEN), act
    with pytest.raises(service.NotYours):
        service.revoke(other, gita, clock.now(), version=1, reason="Palsu.")
    shut = closed(wave, cast)
    with pytest.raises(service.NotYours):
        service.begin_draw(shut, gita, clock.now(), version=shut.version)
    assert (fresh(wave).state, states_in(wave)) == (CLOSED, [JOINED, JOINED])
    fajar.open(f"{here}/seleksi")
    fajar.send()
    assert fresh(wave).state == DRAWING


def test_every_look_at_an_applicant_is_recorded_and_another_branchs_is_missing(fajar, cast, joko):
    wave = wave_of(cast)
    row = joining.join(wave, Worker.get_by_id(cast.siti_at_maju.worker_id), cast.siti,
                       now=clock.now(), family=family(9))
    here = f"/cabang/program/pendaftar/{row.public_id}"
    assert fajar.open(here).status == 200
    seen = AuditEntry.get(AuditEntry.kind == "person:seen")
    assert (seen.actor, seen.subject) == (cast.fajar.public_id, cast.siti.public_id)
    User.update(role="manager").where(User.name == "Joko Santoso").execute()
    assert not joko.open(f"/cabang/program/gelombang/{wave.public_id}").select("main table a")
    page = joko.send(number=row.number)
    assert "dilayani di Kantor Cabang Jakarta Selatan" in page.errors()["number"]
    assert joko.open(here).status == 404
    page = joko.post(here, {"csrf_token": joko.token(), "version": 1, "reason": "Palsu."})
    assert (page.status, states_in(wave)) == (404, [JOINED])


def test_a_chosen_one_who_is_revoked_loses_the_assistance_and_frees_no_place(fajar, cast):
    wave = wave_of(cast, quota=1)
    joined(wave, 1)
    joined(wave, 2)
    drawn(wave, cast)
    row = Applicant.get(Applicant.state == CHOSEN)
    page = fajar.open(f"/cabang/program/pendaftar/{row.public_id}")
    assert "Tempatnya tidak diberikan kepada orang lain" in page.words()
    fajar.send(reason="Tidak membeli pelatihan.")
    assert sorted(states_in(wave)) == [NOT_CHOSEN, REVOKED]
    assert Assistance.get().state == FAILED
    assert [step.state for step in AssistanceStep.select().order_by(AssistanceStep.id)][-1] == (
        FAILED)


def test_who_was_paid_is_not_revoked_any_more(fajar, cast):
    wave = wave_of(cast, quota=1)
    row = joined(wave, 1)
    drawn(wave, cast)
    Assistance.update(state=DISBURSED, paid_on=clock.today()).execute()
    form = fajar.open(f"/cabang/program/pendaftar/{row.public_id}")
    assert not form.select("main form.confirm-bar")
    page = fajar.post(f"/cabang/program/pendaftar/{row.public_id}", {
        "csrf_token": fajar.token(), "version": Applicant.get().version, "reason": "Terlambat."})
    assert page.status == 409
    assert "Terlambat." in page.words()
    assert states_in(wave) == [CHOSEN]


def test_while_it_is_drawn_nobody_is_revoked(cast):
    wave = wave_of(cast)
    row = joined(wave, 1)
    shut = closed(wave, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    with pytest.raises(service.CaseChanged):
        service.revoke(row, cast.fajar, clock.now(), version=row.version, reason="Palsu.")


def test_a_revocation_that_meets_the_draw_half_way_is_too_late(cast):
    wave = wave_of(cast)
    row = joined(wave, 1)
    shut = closed(wave, cast)
    met = while_uncommitted(
        lambda: service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version),
        lambda: service.revoke(row, cast.fajar, clock.now(), version=1, reason="Palsu."))
    assert isinstance(met, service.CaseChanged)
    assert states_in(wave) == [JOINED]


def test_eight_managers_who_revoke_at_once_are_one(cast):
    row = joined(wave_of(cast), 1)

    def revoke(_):
        try:
            service.revoke(Applicant.get_by_id(row.id), cast.fajar, clock.now(), version=1,
                           reason="Palsu.")
        except (service.AlreadyDone, service.CaseChanged):
            return 0
        return 1
    assert sum(in_parallel(revoke, 8)) == 1
    assert len(entries("applicant:revoked")) == 1


def test_results_are_told_to_each_once_whenever_the_teller_is_killed(cast, monkeypatch):
    wave = wave_of(cast, quota=4)
    for number in range(11):
        joined(wave, number)
    shut = closed(wave, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    work_on(clock.now())
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    record, calls = telling.audit.record_all, []

    def die_sometimes(*arguments, **more):
        calls.append(1)
        if len(calls) % 2:
            raise KeyboardInterrupt     # all written, nothing committed
        return record(*arguments, **more)
    monkeypatch.setattr(telling.audit, "record_all", die_sometimes)
    for _ in range(30):
        try:
            work_on(clock.now())
        except KeyboardInterrupt:
            continue
    done = fresh(wave)
    assert done.told_at
    told = Message.select().where(Message.kind == "programme:result")
    assert sorted(row.about for row in told.where(Message.channel == "sms")) == sorted(
        row.public_id for row in Applicant.select())
    assert (told.count(), Assistance.select().count()) == (22, 4)
    assert len(entries("assistance:granted")) == 4


def test_eight_tellers_at_once_tell_each_once(cast):
    wave = wave_of(cast, quota=2)
    for number in range(6):
        joined(wave, number)
    shut = closed(wave, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    work_on(clock.now())
    in_parallel(lambda _: work_on(clock.now()), 8)
    while work_on(clock.now()):
        pass
    assert Message.select().where(Message.kind == "programme:result").count() == 12
    assert Assistance.select().count() == 2


def test_the_list_of_applicants_goes_on_page_by_page_with_as_many_statements(fajar, cast):
    wave = wave_of(cast)
    joined(wave, 0)
    here = f"/cabang/program/gelombang/{wave.public_id}"
    one = statements_of(lambda: fajar.open(here))
    for number in range(1, 30):
        joined(wave, number)
    assert statements_of(lambda: fajar.open(here)) == one
    shown = [row.get("href") for row in fajar.page.select("main table th a")]
    fajar.open(fajar.page.select("a[rel=next]")[0].get("href"))
    shown += [row.get("href") for row in fajar.page.select("main table th a")]
    assert len({*shown}) == len(shown) == 30
