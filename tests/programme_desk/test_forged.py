"""What was altered behind our back, or died, before the results are told."""

import json

import pytest

from tests.claim_desk.claims import reported
from tests.page import Clerk, in_parallel
from tests.programmes.waving import closed, drawn, family, fresh, joined, wave_of, work_on
from webapp import clock
from webapp.draw.listing import new_secret
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    DRAWING,
    HELD,
    NOT_CHOSEN,
    OPEN,
    Applicant,
    Assistance,
    AssistanceStep,
    Wave,
)
from webapp.models.workers import Worker
from webapp.programme_desk import service
from webapp.programme_desk.stopping import stop
from webapp.programmes import service as joining


def attempted(wave, cast):
    """The wave after one attempt to draw it."""
    service.begin_draw(wave, cast.fajar, clock.now(), version=wave.version)
    work_on(clock.now())
    return fresh(wave)


def test_another_secret_draws_nothing(cast, caplog):
    wave = wave_of(cast, quota=1)
    joined(wave, 1)
    wave = closed(wave, cast)
    wave.secret = new_secret()
    wave.save(only=[Wave.secret_sealed])
    assert attempted(fresh(wave), cast).state == DRAWING
    assert not Assistance.select().exists()
    assert "SecretChanged" in caplog.text


def test_a_draw_that_stopped_is_told_once_and_waits_for_a_manager(app, cast, joko):
    wave = wave_of(cast, quota=1)
    first, _ = joined(wave, 1), joined(wave, 2)
    wave = closed(wave, cast)
    Applicant.update(is_listed=False).where(Applicant.id == first.id).execute()
    assert attempted(wave, cast).state == DRAWING
    assert [work_on(clock.now()) for _ in range(3)] == [False] * 3
    told = Message.select().where(Message.kind == "programme:stopped")
    assert [row.user for row in told] == [cast.fajar]
    entry = AuditEntry.get(AuditEntry.kind == "wave:draw stopped")
    assert (entry.subject, json.loads(entry.details)["what"]) == (wave.public_id, "list")
    fajar = Clerk(app).is_signed_in_as(cast.fajar)
    here = f"/cabang/program/gelombang/{wave.public_id}"
    assert "Daftar pendaftar tidak sama lagi" in fajar.open(here).words()
    assert "Undian berhenti" in joko.open(here).words()
    for done in (DRAWING, ANNOUNCED):     # altered still, then as it was
        fajar.open(here)
        fajar.open(fajar.page.select("main .actions a.button-action")[0].get("href"))
        fajar.send()
        assert work_on(clock.now())
        assert fresh(wave).state == done
        Applicant.update(is_listed=True).execute()
    assert told.count() == 2
    assert "Undian berhenti" not in fajar.open(here).words()


def test_the_other_waves_go_on(cast):
    wave = wave_of(cast, quota=1)
    joined(wave, 1)
    wave = closed(wave, cast)
    Wave.update(digest="0" * 64).where(Wave.id == wave.id).execute()
    attempted(fresh(wave), cast)
    programme = service.make_programme(cast.fajar, clock.now(), name="BSU", lead="Upah.", grant=1)
    other = service.make_wave(programme, cast.fajar, clock.now(), number=1, quota=1,
                              opens_on=clock.today(), closes_on=clock.today(), declarations=[])
    Wave.update(state=OPEN).where(Wave.id == other.id).execute()
    assert drawn(fresh(other), cast).state == ANNOUNCED


def test_eight_who_find_it_at_once_tell_it_once(cast):
    wave = wave_of(cast, quota=1)
    joined(wave, 1)
    wave = closed(wave, cast)
    service.begin_draw(wave, cast.fajar, clock.now(), version=wave.version)
    in_parallel(lambda _: stop(fresh(wave), "list", clock.now()), 8)
    assert AuditEntry.select().where(AuditEntry.kind == "wave:draw stopped").count() == 1
    assert Message.select().where(Message.kind == "programme:stopped").count() == 1


@pytest.mark.parametrize("forged", [{"state": CHOSEN, "place": 3}, {"state": NOT_CHOSEN}])
def test_a_result_that_the_draw_does_not_give_stops_it(cast, caplog, forged):
    wave = wave_of(cast, quota=1)
    first, _ = joined(wave, 1), joined(wave, 2)
    wave = closed(wave, cast)
    Applicant.update(**forged).where(Applicant.id == first.id).execute()
    assert attempted(wave, cast).state == DRAWING
    assert not Assistance.select().exists()
    assert "ResultsChanged" in caplog.text


def test_what_somebody_won_who_died_meanwhile_waits_and_nobody_is_told(cast):
    wave = wave_of(cast, quota=2)
    siti = Worker.get_by_id(cast.siti_at_maju.worker_id)
    joining.join(wave, siti, User.get_by_id(cast.siti.id), now=clock.now(), family=family(9))
    joined(wave, 1)
    reported(cast, reason="MGL", last_day=clock.today())
    drawn(wave, cast)
    assert Assistance.select().count() == 2
    row = Assistance.get(Assistance.worker == siti)
    steps = AssistanceStep.select().where(AssistanceStep.assistance == row)
    assert (row.state, [one.note for one in steps.order_by(AssistanceStep.id)]) == (
        HELD, ["", "Penerima dilaporkan meninggal, jadi pengiriman menunggu."])
    told = {one.worker_id for one in Message.select().where(Message.kind == "programme:result")}
    assert (len(told), siti.id in told) == (1, False)
