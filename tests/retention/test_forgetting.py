"""What is kept how long: each rule by its moment, in small transactions, and nothing beyond it."""

from datetime import timedelta

import pytest
import time_machine

from tests.desk.matters import asked, objected
from tests.page import Clerk, file, in_parallel
from webapp import audit, clock, db, rate_limit, sessions
from webapp.cases import service as cases
from webapp.claims import service as claims
from webapp.documents import store
from webapp.messages import outbox
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest, Objection, Paper, Statement
from webapp.models.claims import Claim
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.models.people import Session, Throttle
from webapp.models.receipts import Receipt
from webapp.objections import service as objections
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.retention import erasing, service
from webapp.retention.rules import all_rules

DAY = timedelta(days=1)


@pytest.fixture
def rules(cast):
    """Every rule by its name."""
    return {rule.name: rule for rule in all_rules(rules_on(clock.today()))}


def told(cast, count=1, moment=None):
    now = moment or clock.now()
    with db.write_transaction():
        for number in range(count):
            outbox.tell(worker=cast.siti_at_maju.worker, kind="news", about=None, now=now,
                        sms=f"Kabar {number}")
    Message.update(state="TERKIRIM", sent_at=now).where(Message.created_at == now).execute()


def given_up(cast):
    """A worker's draft of a request, with a paper, that was given up."""
    now = clock.now()
    request = requests.begin(cast.siti_at_maju, cast.siti, now)
    document = Document(company=None, uploaded_by=cast.siti, uploaded_at=now, size=3,
                        media_type="application/pdf", digest="0" * 64)
    document.label = "surat.pdf"
    store.put(document, b"abc")
    document.save(force_insert=True)
    Paper.create(case=request.case_id, kind="KTP", document=document, side="worker",
                 added_by=cast.siti, added_at=now)
    DeactivationRequest.update(state="DIBATALKAN").where(
        DeactivationRequest.id == request.id).execute()
    with db.write_transaction():
        cases.close([request.case_id], now)
    return document


def test_what_a_message_said_goes_after_two_years_and_that_it_was_sent_stays(cast, rules, now):
    told(cast, 3)
    told(cast, 1, now + DAY)
    rule = rules["texts"]
    assert rule.kept == timedelta(days=730)
    for moment, count in ((now + rule.kept, 0), (now + rule.kept + timedelta(seconds=1), 3)):
        assert rule.due(moment).count() == rule.forget(moment) == count
        assert rule.forget(moment) == 0
    assert Message.select().where(Message.body_sealed.is_null(False)).count() == 1
    assert Message.select().where(Message.state == "TERKIRIM").count() == 4


def test_pesan_says_that_an_old_text_is_not_kept(app, cast, rules):
    told(cast)
    Message.update(body_sealed=None).execute()
    siti = Clerk(app).is_signed_in_as(cast.siti)
    words = siti.open("/pesan").words()
    assert "isinya tidak kami simpan lagi" in words
    assert "kode rahasia" not in words
    assert "Pesan lama" in siti.open("/beranda").words()


def test_many_are_forgotten_in_small_transactions(cast, rules, now, monkeypatch):
    monkeypatch.setattr(erasing, "CHUNK", 7)
    for number in range(40):
        Throttle.create(kind="x", subject=str(number), window_ends=now)
    rule = rules["tries"]
    sizes, begin = [], db.database.obj.execute_sql

    def noted(sql, *arguments, **more):
        cursor = begin(sql, *arguments, **more)
        if sql.startswith("DELETE"):
            sizes.append(cursor.rowcount)
        return cursor

    monkeypatch.setattr(db.database.obj, "execute_sql", noted)
    assert rule.forget(now + DAY) == 0
    assert rule.forget(now + DAY + timedelta(seconds=1)) == 40
    assert sum(sizes) == 40
    assert max(sizes) == 7


@pytest.mark.parametrize("count", [7, 8, 14])
def test_nothing_is_left_of_a_full_chunk(cast, rules, now, monkeypatch, count):
    monkeypatch.setattr(erasing, "CHUNK", 7)
    for number in range(count):
        Throttle.create(kind="x", subject=str(number), window_ends=now)
    rules["tries"].forget(now + 2 * DAY)
    assert not Throttle.select().exists()


def test_what_is_in_use_again_stays(cast, rules, now):
    Throttle.create(kind="x", subject="a", window_ends=now, locked_until=now + 9 * DAY)
    assert rules["tries"].forget(now + 2 * DAY) == 0
    with db.write_transaction():
        sessions.begin(cast.siti, now, browser="")
    rules["sessions"].forget(now + timedelta(hours=12))
    assert Session.select().exists()
    rules["sessions"].forget(now + timedelta(hours=12, seconds=1))
    assert not Session.select().exists()


def test_a_draft_that_was_given_up_goes_with_its_papers(cast, rules, now):
    document = given_up(cast)
    rule = rules["drafts"]
    assert rule.forget(now + rule.kept) == 0
    later = now + rule.kept + timedelta(seconds=1)
    assert rule.due(later).count() == 1
    assert rule.forget(later) == 1
    for table in (Case, DeactivationRequest, Paper, Document):
        assert not table.select().exists(), table
    assert document.public_id not in set(store.kept_in(document.public_id.hex[:2],
                                                       before=later + DAY))
    assert rule.forget(later) == 0


def test_a_claim_that_was_only_begun_goes_too(cast, rules, now):
    claim = claims.begin(cast.siti_at_maju.worker, cast.siti, "LAIN", now)
    claims.withdraw(claim, cast.siti, version=claim.version, now=now)
    rule = rules["drafts"]
    assert rule.forget(now + rule.kept + DAY) == 1
    assert not Claim.select().exists()


def test_what_was_ever_sent_stays_for_ever(cast, rules, now):
    request = asked(cast)
    requests.withdraw(request, cast.siti, version=request.version, now=now)
    objection = objected(cast).id
    row = Objection.get(Objection.case == objection)
    objections.withdraw(row, cast.siti, version=row.version, now=now)
    before = [table.select().count() for table in (Case, Statement, Receipt, AuditEntry)]
    ends = now + timedelta(days=20 * 365)
    assert rules["drafts"].forget(ends) == 0
    with time_machine.travel(ends):
        service.forget(ends)
    assert [table.select().count() for table in (Case, Statement, Receipt, AuditEntry)] == before
    assert Message.select().count()


def test_every_rule_can_be_listed_and_run(app, cast, ani):
    file(ani, cast.maju, cast.siti_at_maju)
    Message.update(state="TERKIRIM", sent_at=clock.now()).execute()
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["retention", "list"])
    assert listed.exit_code == 0, listed.output
    for name in ("sessions", "texts", "complaints", "drafts"):
        assert f"\n{name} " in f"\n{listed.output}"
    assert "730 days" in listed.output
    with time_machine.travel(clock.now() + 3 * timedelta(days=365)):
        assert "texts: 2" in runner.invoke(args=["retention", "run"]).output
        again = runner.invoke(args=["retention", "run"]).output
        assert again == "nothing else is due\n"
    assert not list(audit.verify())


def test_the_hourly_round_leaves_the_slow_ones_to_the_night(cast, now):
    assert not {"texts", "drafts", "complaints"} & set(service.tidy(now))
    assert {"texts", "drafts", "complaints", "sessions"} <= set(service.forget(now))


def test_a_rule_that_fails_does_not_stop_those_after_it(cast, now):
    told(cast)
    Throttle.create(kind="x", subject="a", window_ends=now)
    db.database.execute_sql('ALTER TABLE "session" RENAME TO "away"')
    try:
        with pytest.raises(service.NotForgotten, match="^sessions$"):
            service.forget(now + 1000 * DAY)
    finally:
        db.database.execute_sql('ALTER TABLE "away" RENAME TO "session"')
    assert not Throttle.select().exists()
    assert not Message.select().where(Message.body_sealed.is_null(False)).exists()


def test_of_many_processes_one_counts_the_draft_it_erased(cast, rules, now):
    given_up(cast)
    later = now + rules["drafts"].kept + DAY
    assert sum(in_parallel(lambda _: rules["drafts"].forget(later), 8)) == 1


def test_codes_go_a_day_after_they_are_over(cast, rules, now):
    common = {"purpose": "x", "person": "p", "created_at": now, "bound_sealed": b"",
              "mac": "0" * 32}
    Challenge.create(expires_at=now, **common)
    Challenge.create(expires_at=now + DAY, **common)
    assert rules["codes"].forget(now + DAY + timedelta(seconds=1)) == 1
    assert rate_limit.KEPT_FOR == DAY
