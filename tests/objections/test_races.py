"""One story whoever comes first: the worker objects, the company undoes, the branch decides."""

import json
from datetime import timedelta

import pytest

from tests.page import forget_tries, in_parallel
from webapp import audit, clock, db
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, Objection
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.objections import service
from webapp.objections.queries import deactivation_about, objection_of
from webapp.parameters import rules_on
from webapp.rate_limit import TooMany

ROUNDS = 40


def rules():
    return rules_on(clock.today())


def file_and_object(cast, now, last_day=None):
    """PT Maju reports Siti, and she objects. Returns the objection."""
    last_day = last_day or clock.day_of(now) - timedelta(days=2)
    membership = Membership.get_by_id(cast.siti_at_maju.id)
    filed = deactivations.save_draft(membership, cast.ani, reason="RSG", note="", document=None,
                                     last_day=last_day, now=now)
    deactivations.file(filed, cast.ani, version=filed.version, company=cast.maju, rules=rules(),
                       now=now)
    report = deactivation_about(membership, filed.public_id)
    objection = service.begin(report, Membership.get_by_id(membership.id), cast.siti, now)
    service.send(objection, cast.siti, version=objection.version,
                 reason="Saya masih bekerja di sana.", rules=rules(), now=now)
    return objection_of(objection.case_id)


@pytest.fixture
def objection(cast, now):
    return file_and_object(cast, now)


def standing(objection):
    """What the tables say now: of the deactivation, the membership, the objection, the case."""
    deactivation = Deactivation.get_by_id(objection.deactivation_id)
    membership = Membership.get_by_id(deactivation.membership_id)
    return (deactivation.state, membership.status,
            Objection.get_by_id(objection.id).state, Case.get_by_id(objection.case_id).holder)


def entries(objection):
    rows = (AuditEntry.select().where(AuditEntry.subject == objection.deactivation.public_id)
            .order_by(AuditEntry.id))
    return [row.kind for row in rows]


def test_an_objection_makes_the_deactivation_disputed(objection):
    assert standing(objection) == ("DISANGGAH", "NONAKTIF", "DIAJUKAN", "branch")
    assert entries(objection) == ["deactivation:filed", "objection:sent"]


def test_restoring_tells_one_story(objection, cast, now):
    service.grant(objection, cast.dewi, case_version=objection.case.version,
                  verdict="Slip gaji November cocok.", now=now)
    assert standing(objection) == ("DIPULIHKAN", "AKTIF", "DIPULIHKAN", None)
    assert entries(objection)[-1] == "objection:granted"
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert last.actor == cast.dewi.public_id
    assert json.loads(last.details)["number"].replace("-", "") == objection.case.number
    told = {(row.kind, row.channel) for row in Message.select()
            .where(Message.kind == "case:objection granted")}
    assert told == {("case:objection granted", "sms"), ("case:objection granted", "email")}
    texts = " ".join(row.body for row in Message.select()
                     .where(Message.kind == "case:objection granted", Message.channel == "email"))
    assert "Slip gaji November cocok." in texts
    assert not list(audit.verify())


def test_upholding_lets_it_stand_as_it_was(objection, cast, now):
    service.uphold(objection, cast.dewi, case_version=objection.case.version,
                   verdict="Surat pengunduran diri ada.", now=now)
    assert standing(objection) == ("BERLAKU", "NONAKTIF", "DITEGUHKAN", None)


def test_what_was_scheduled_waits_while_it_is_disputed(cast, now):
    ahead = clock.today() + timedelta(days=10)
    objection = file_and_object(cast, now, last_day=ahead)
    assert standing(objection)[:2] == ("DISANGGAH", "AKTIF")
    later = now + timedelta(days=12)
    assert deactivations.take_effect(later) == 0
    service.uphold(objection, cast.dewi, case_version=objection.case.version,
                   verdict="Kontraknya memang berakhir.", now=later)
    assert standing(objection) == ("BERLAKU", "NONAKTIF", "DITEGUHKAN", None)
    assert Membership.get_by_id(cast.siti_at_maju.id).ended_on == ahead


def test_what_is_still_ahead_is_scheduled_again(cast, now):
    objection = file_and_object(cast, now, last_day=clock.today() + timedelta(days=10))
    service.withdraw(objection, cast.siti, version=objection.version, now=now)
    assert standing(objection) == ("TERJADWAL", "AKTIF", "DIBATALKAN", None)


def test_withdrawing_pressed_twice_at_once_is_done_once(objection, cast, now):
    again = objection_of(objection.case_id)     # the second press, read before the first was done
    service.withdraw(objection, cast.siti, version=objection.version, now=now)
    told = Message.select().count()
    with pytest.raises(service.AlreadyDone):
        service.withdraw(again, cast.siti, version=again.version, now=now)
    with pytest.raises(CaseChanged):     # a version nobody was shown
        service.withdraw(objection_of(objection.case_id), cast.siti, version=again.version + 1,
                         now=now)
    assert Message.select().count() == told
    assert standing(objection) == ("BERLAKU", "NONAKTIF", "DIBATALKAN", None)


def test_an_objection_read_as_a_draft_is_not_withdrawn_once_it_is_sent(objection, cast, now):
    objection.state = "DRAF"     # as it was read, just before it was sent
    with pytest.raises(CaseChanged):
        service.withdraw(objection, cast.siti, version=objection.version, now=now)
    assert standing(objection) == ("DISANGGAH", "NONAKTIF", "DIAJUKAN", "branch")


def texts(channel):
    return (Message.select().where(Message.kind == "case:objection answered",
                                   Message.channel == channel, Message.worker.is_null(False))
            .count())


def test_answers_of_an_hour_are_told_by_one_sms_and_each_by_email(objection, cast, now):
    for minutes, sms in ((0, 1), (10, 1), (59, 1), (61, 2)):
        service.answer(objection, "branch", cast.dewi, f"Tanya {minutes}?",
                       now + timedelta(minutes=minutes))
        assert texts("sms") == sms
    assert texts("email") == 4


def test_objecting_and_taking_back_has_an_end(objection, cast, now):
    report, membership = objection.deactivation, objection.deactivation.membership
    membership = Membership.get_by_id(membership.id)
    for number in range(5):
        service.withdraw(objection, cast.siti, version=objection.version, now=now)
        report = deactivation_about(membership, report.public_id)
        objection = service.begin(report, membership, cast.siti, now)
        objection = objection_of(objection.case_id)
        told = Message.select().count()
        send = {"version": objection.version, "reason": "Saya masih bekerja di sana.",
                "rules": rules(), "now": now}
        if number == 4:
            with pytest.raises(TooMany):
                service.send(objection, cast.siti, **send)
        else:
            service.send(objection, cast.siti, **send)
            objection = objection_of(objection.case_id)
    assert Message.select().count() == told
    assert standing(objection) == ("BERLAKU", "NONAKTIF", "DRAF", "worker")


def test_the_company_may_agree_even_when_its_window_is_over(objection, cast, now):
    later = now + timedelta(days=9)
    found = filed_of.one(cast.maju, objection.deactivation.public_id)
    deactivations.undo(found, cast.ani, reason="Benar, keliru.", company=cast.maju, rules=rules(),
                       now=later)
    assert standing(objection) == ("DIBATALKAN", "AKTIF", "DIPULIHKAN", None)
    assert Objection.get_by_id(objection.id).decided_by_id == cast.ani.id


def test_a_correction_that_waits_is_over_too(cast, now):
    objection = file_and_object(cast, now - timedelta(days=9))
    service.withdraw(objection, cast.siti, version=objection.version, now=now)
    found = filed_of.one(cast.maju, objection.deactivation.public_id)
    deactivations.request_correction(found, cast.ani, reason="Salah orang", company=cast.maju,
                                     rules=rules(), now=now)
    report = deactivation_about(cast.siti_at_maju, found.public_id)
    again = service.begin(report, Membership.get_by_id(cast.siti_at_maju.id), cast.siti, now)
    service.send(again, cast.siti, version=again.version, reason="Saya masih bekerja.",
                 rules=rules(), now=now)
    again = objection_of(again.case_id)
    service.grant(again, cast.dewi, case_version=again.case.version, verdict="Benar.", now=now)
    assert Correction.get().state == "DIBATALKAN"
    assert not Case.select().where(Case.holder.is_null(False)).exists()


def test_too_late_is_too_late(cast, now):
    filed_at = now - timedelta(days=15)
    objection = file_and_object(cast, filed_at)
    service.withdraw(objection, cast.siti, version=objection.version, now=filed_at)
    membership = Membership.get_by_id(cast.siti_at_maju.id)
    report = deactivation_about(membership, Deactivation.get().public_id)
    with pytest.raises(service.TooLate):
        service.begin(report, membership, cast.siti, now)
    assert service.begin(report, membership, cast.siti, now - timedelta(days=1)).state == "DRAF"


def test_whoever_filed_it_does_not_judge_it(objection, cast, now):
    Deactivation.update(filed_by=cast.dewi).execute()
    fresh = objection_of(objection.case_id)
    with pytest.raises(service.OwnReport):
        service.grant(fresh, cast.dewi, case_version=fresh.case.version, verdict="Ya.", now=now)
    assert standing(objection) == ("DISANGGAH", "NONAKTIF", "DIAJUKAN", "branch")


def test_a_colleagues_case_is_not_decided(objection, cast, now):
    Case.update(owner=cast.eka, owned_since=now).where(Case.id == objection.case_id).execute()
    with pytest.raises(TakenByColleague) as taken:
        service.uphold(objection, cast.dewi, case_version=objection.case.version, verdict="Tidak.",
                       now=now)
    assert taken.value.owner == cast.eka
    assert standing(objection)[0] == "DISANGGAH"


@pytest.mark.parametrize("decide", [service.grant, service.uphold])
def test_company_and_branch_at_once_have_one_winner(cast, now, decide):
    """The company undoes while the branch decides, 40 times: one has it, the other is told."""
    for _ in range(ROUNDS // 2):     # twenty for each decision
        forget_tries(cast.siti, service.SENT)
        objection = file_and_object(cast, now)
        found = filed_of.one(cast.maju, objection.deactivation.public_id)

        def act(number, objection=objection, found=found):
            db.ensure_connection()
            try:
                if number:
                    deactivations.undo(found, User.get_by_id(cast.ani.id), reason="Keliru",
                                       company=cast.maju, rules=rules(), now=now)
                else:
                    decide(objection, User.get_by_id(cast.dewi.id), verdict="Diputuskan.",
                           case_version=objection.case.version, now=now)
            except (CaseChanged, deactivations.Conflict):
                return "told"
            return ("branch", "company")[number]

        outcome = sorted(in_parallel(act, 2))
        state = standing(objection)
        if "told" in outcome:
            assert state == {
                "company": ("DIBATALKAN", "AKTIF", "DIPULIHKAN", None),
                "branch": {service.grant: ("DIPULIHKAN", "AKTIF", "DIPULIHKAN", None),
                           service.uphold: ("BERLAKU", "NONAKTIF", "DITEGUHKAN", None)}[decide],
            }[outcome[0] if outcome[0] != "told" else outcome[1]]
        else:     # the branch let it stand, and then the company undid it within its window
            assert (decide, state[:2]) == (service.uphold, ("DIBATALKAN", "AKTIF"))
        undo_what_stands(cast, objection, now)
    assert not list(audit.verify())


def undo_what_stands(cast, objection, now):
    """Siti works there again, for the next round."""
    found = filed_of.one(cast.maju, objection.deactivation.public_id)
    if found.is_standing:
        deactivations.undo(found, cast.ani, reason="Selesai", company=cast.maju, rules=rules(),
                           now=now)
