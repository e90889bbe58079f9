"""What was altered behind our back, or died, before the results are told."""

import pytest

from tests.claim_desk.claims import reported
from tests.programmes.waving import closed, drawn, family, fresh, joined, wave_of, work_on
from webapp import clock
from webapp.draw.listing import new_secret
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.programmes import (
    CHOSEN,
    DRAWING,
    HELD,
    NOT_CHOSEN,
    Applicant,
    Assistance,
    AssistanceStep,
    Wave,
)
from webapp.models.workers import Worker
from webapp.programme_desk import service
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
