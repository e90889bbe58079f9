"""Of programmes the words go after two years; what happened stays, and draws can be recomputed."""

from datetime import timedelta

import pytest

from tests.page import Clerk
from tests.programmes.waving import drawn, fresh, joined, wave_of
from webapp import clock
from webapp.models.programmes import (
    DISBURSED,
    HELD,
    REVOKED,
    Applicant,
    Assistance,
    AssistanceStep,
)
from webapp.parameters import rules_on
from webapp.programme_desk import service
from webapp.programme_desk.recomputing import check_wave
from webapp.retention.rules import all_rules

SECOND = timedelta(seconds=1)


@pytest.fixture
def rules(cast):
    """Every rule by its name."""
    return {rule.name: rule for rule in all_rules(rules_on(clock.today()))}


def revoked(cast):
    """A drawn wave, one of whose applicants was revoked before it was closed."""
    wave = wave_of(cast, quota=1)
    joined(wave, 1)
    row = joined(wave, 2)
    service.revoke(row, cast.fajar, clock.now(), version=row.version, reason="Data palsu.")
    return drawn(wave, cast)


def test_why_somebody_was_revoked_goes_and_that_they_were_stays(app, cast, rules, now):
    wave, rule = revoked(cast), rules["revocations"]
    assert rule.kept == timedelta(days=730)
    for moment, count in ((now + rule.kept, 0), (now + rule.kept + SECOND, 1)):
        assert rule.due(moment).count() == rule.forget(moment) == count
        assert rule.forget(moment) == 0
    row = Applicant.get(Applicant.state == REVOKED)
    assert (row.reason, row.revoked_by) == (None, cast.fajar)
    assert Applicant.select().count() == 2
    assert check_wave(fresh(wave))[0] == []
    page = Clerk(app).is_signed_in_as(cast.fajar).open(f"/cabang/program/pendaftar/{row.public_id}")
    assert "tidak kami simpan lagi" in page.words()


@pytest.mark.parametrize(("state", "count"), [(DISBURSED, 1), (HELD, 0)])
def test_notes_about_assistance_go_once_nothing_more_will_happen(cast, rules, now, state, count):
    wave, rule = wave_of(cast, quota=1), rules["assistance"]
    joined(wave, 1)
    drawn(wave, cast)
    row, day = Assistance.get(), timedelta(days=1)
    AssistanceStep.create(assistance=row, state=HELD, at=now, note="Nama berbeda")
    AssistanceStep.create(assistance=row, state=state, at=now + day)
    Assistance.update(state=state, paid_on=clock.today() if state == DISBURSED else None).execute()
    for moment in (now + rule.kept + SECOND, now + day + rule.kept):
        assert rule.due(moment).count() == rule.forget(moment) == 0
    moment = now + day + rule.kept + SECOND
    assert rule.due(moment).count() == rule.forget(moment) == count
    assert AssistanceStep.select().where(AssistanceStep.note != "").count() == 1 - count
    assert AssistanceStep.select().count() == 3
