"""Several at once: one decision for each claim, and money is never granted on a report that is
taken back, nor a report taken back on which money was granted."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.claim_desk.claims import (
    approve,
    case_of,
    confirm,
    fresh,
    linked,
    reported,
    sent,
    take,
    url,
)
from tests.conftest import settle
from tests.page import Clerk, in_parallel, while_uncommitted
from tests.people import account_for
from tests.uploads.conftest import apply_all
from webapp import audit, clock, db
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.claim_desk import granting, service
from webapp.claim_desk.queries import claim_at
from webapp.deactivation import corrections, many
from webapp.deactivation import service as deactivations
from webapp.deactivation.claimed import Claimed
from webapp.deactivation.queries import filed_of
from webapp.desk.queries import correction_of
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, Objection
from webapp.models.claims import Claim, Savings
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.people import User
from webapp.models.uploads import Upload
from webapp.models.workers import Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about, objection_of
from webapp.parameters import rules_on
from webapp.uploads import service as uploads
from webapp.uploads import undoing
from webapp.uploads.checking import check_next

ROUNDS = 12


def rules():
    return rules_on(clock.today())


@pytest.fixture
def taken(cast, dewi):
    """Siti's claim for her savings, which Dewi checks."""
    reported(cast)
    claim = sent(cast)
    take(dewi, claim)
    return claim


def shown_to(officer, claim):
    return service.Shown(fresh(claim).version, case_of(claim).version, officer, clock.now())


def loaded(claim):
    return claim_at(case_of(claim).branch_id, case_of(claim).public_id)


def filed(cast, claim):
    return filed_of.one(cast.maju, fresh(claim).deactivation.public_id)


def undo(cast, report):
    deactivations.undo(report, User.get_by_id(cast.ani.id), reason="Keliru", company=cast.maju,
                       rules=rules(), now=clock.now())


def account_of(worker):
    """An account, which nobody signs in to."""
    user = User(name=worker.name, role="worker", created_at=clock.now())
    user.save(force_insert=True)
    Worker.update(user=user).where(Worker.id == worker.id).execute()
    return user


def test_eight_reviewers_and_ten_claims_make_ten_decisions(app, cast):
    staff = []
    for number in range(8):
        user = User(name=f"Petugas {number}", role="officer", branch=cast.dewi.branch_id,
                    created_at=clock.now())
        user.email = f"petugas{number}@cabang.example"
        user.save(force_insert=True)
        settle(user, clock.now())
        staff.append(Clerk(app).is_signed_in_as(user))
    claims = []
    for worker in Worker.select().where(Worker.user.is_null()):
        account = account_of(worker)
        goal = linked(account, worker.name, number=f"12345{account.id:05}")
        claims += [sent(cast, kind, amount=100_000, worker=worker, user=account, destination=goal,
                        papers=(), **({} if kind == "LAIN" else {
                            "treated_on": clock.today(), "receipt_total": 100_000}))
                   for kind in ("LAIN", "MED")]
    assert len(claims) == 10
    Claim.update(state="VERIFIKASI").execute()
    forms = [[(claim, one.open(url(claim, "/tolak")).fields("#refusing")) for claim in claims]
             for one in staff]

    def decide(number):
        one = staff[number]
        order = forms[number][number:] + forms[number][:number]
        return [one.browser.post(url(claim, "/tolak"), data={**fields, "verdict": f"N{number}"})
                .status_code for claim, fields in order]

    statuses = Counter(status for mine in in_parallel(decide, 8) for status in mine)
    assert statuses == {303: 10, 409: 70}
    for claim in claims:
        now = fresh(claim)
        assert now.verdict == f"N{now.refused_by.name[-1]}"
        assert (now.version, case_of(claim).owner_id) == (2, now.refused_by_id)
    assert AuditEntry.select().where(AuditEntry.kind == "claim:refused").count() == 10
    assert not list(audit.verify())


def test_one_officer_who_presses_eight_times_at_once_grants_once(app, cast, dewi, taken):
    page = dewi.open(url(taken, "/setujui"))
    fields = {**page.fields("#approving"), "seen": ["KTP"]}
    cookie = dewi.browser.get_cookie("purna").value

    def press(_):
        one = Clerk(app)
        one.browser.set_cookie("purna", cookie)
        return one.browser.post(url(taken, "/setujui"), data=fields).status_code

    assert set(in_parallel(press, 8)) == {303}
    assert (Savings.get().taken, fresh(taken).version) == (8_000_000, 3)
    assert AuditEntry.select().where(AuditEntry.kind == "claim:approved").count() == 1


def test_two_claims_on_the_same_savings_at_once_take_what_both_were_granted(cast, dewi, eka):
    bambang = Membership.get(Membership.kpj == "30145270003")     # 56 years old
    reported(cast, bambang)
    account = account_for(bambang.worker)
    goal = linked(account, "Bambang Rahardjo")
    claims = [sent(cast, kind, amount=4_000_000, worker=bambang.worker, user=account,
                   destination=goal) for kind in ("JHT-PKW", "JHT-PSN")]
    Claim.update(state="VERIFIKASI").execute()
    acts = [(loaded(claim), shown_to(officer, claim))
            for claim, officer in zip(claims, (cast.dewi, cast.eka), strict=True)]

    def act(number):
        db.ensure_connection()
        granting.approve(*acts[number], amount=4_000_000)

    in_parallel(act, 2)
    assert {fresh(claim).state for claim in claims} == {"DISETUJUI"}
    assert Savings.get().taken == 8_000_000


def test_what_is_granted_is_not_taken_back(cast, ani, dewi, taken):
    approve(dewi, taken)
    report = filed(cast, taken)
    with pytest.raises(Claimed):
        undo(cast, report)
    path = f"/perusahaan/{cast.maju.public_id}/nonaktif/{report.public_id}/batalkan"
    page = ani.open(path)
    assert page.heading == "Pencairan atas laporan ini sudah disetujui"
    assert not page.select("textarea")
    page = ani.post(path, {"csrf_token": ani.token(), "reason": "Salah orang"})
    assert page.status == 409
    assert page.heading == "Pencairan atas laporan ini sudah disetujui"
    assert "hubungi penyelia di kantor cabang" in page.words()
    assert Deactivation.get().state == "BERLAKU"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"


@pytest.mark.parametrize("state", ["DISETUJUI", "DIBAYAR", "GAGAL_BAYAR"])
def test_nor_once_it_is_paid_or_bounced(cast, dewi, taken, state):
    approve(dewi, taken)
    Claim.update(state=state, paid_on=clock.today() if state == "DIBAYAR" else None).execute()
    with pytest.raises(Claimed):
        undo(cast, filed(cast, taken))


@pytest.mark.parametrize("state", ["DIAJUKAN", "VERIFIKASI", "PERLU_PERBAIKAN"])
def test_while_it_is_only_asked_for_the_report_can_be_taken_back(cast, dewi, taken, state):
    Claim.update(state=state).execute()
    undo(cast, filed(cast, taken))
    assert Deactivation.get().state == "DIBATALKAN"
    assert fresh(taken).state == state     # it stays, and is judged
    if state == "VERIFIKASI":
        page = approve(dewi, taken)
        assert page.status == 422
        assert "Belum ada kepesertaan yang berakhir" in page.words(".error-summary")


def test_a_list_leaves_it_out_and_takes_the_others_back(cast, dewi, taken):
    other = Membership.get(Membership.kpj == "30145270001")
    reported(cast, other)
    approve(dewi, taken)
    reports = [filed_of.one(cast.maju, row.public_id) for row in Deactivation.select()]
    undone = many.undo_all(reports, cast.ani, reason="Daftar keliru", company=cast.maju,
                           now=clock.now())
    assert [one.membership_id for one in undone] == [other.id]
    assert fresh(taken).deactivation.state == "BERLAKU"


def test_a_correction_is_not_granted_then(cast, dewi, eka, taken):
    Deactivation.update(filed_at=clock.now() - timedelta(days=9)).execute()
    deactivations.request_correction(filed(cast, taken), cast.ani, reason="Orang lain.",
                                     company=cast.maju, rules=rules(), now=clock.now())
    approve(dewi, taken)
    case = Case.get(Case.kind == "koreksi")
    with pytest.raises(Claimed):
        corrections.correct(correction_of(case), case, cast.eka, case_version=case.version,
                            verdict="Benar.", now=clock.now())
    eka.open(f"/cabang/kasus/{case.public_id}")
    page = eka.send(form="#deciding", putusan="kabulkan", verdict="Benar, orang lain.")
    assert page.status == 409
    assert page.heading == "Pencairan atas laporan ini sudah disetujui"
    kept = eka.open(f"/cabang/kasus/{case.public_id}").fields("#deciding")["verdict"]
    assert kept.strip() == "Benar, orang lain."
    assert (Correction.get().state, Deactivation.get().state) == ("DIAJUKAN", "BERLAKU")


def test_nor_an_objection(cast, dewi, eka, taken):
    approve(dewi, taken)
    report = fresh(taken).deactivation
    report = deactivation_about(cast.siti_at_maju, report.public_id)
    membership = Membership.get_by_id(cast.siti_at_maju.id)
    objection = objections.begin(report, membership, cast.siti, clock.now())
    objections.send(objection, cast.siti, version=objection.version, rules=rules(),
                    reason="Saya masih bekerja di sana.", now=clock.now())
    objection = objection_of(objection.case_id)
    with pytest.raises(Claimed):
        objections.grant(objection, cast.eka, case_version=objection.case.version,
                         verdict="Ya.", now=clock.now())
    assert (Objection.get().state, Deactivation.get().state) == ("DIAJUKAN", "DISANGGAH")
    objections.uphold(objection, cast.eka, case_version=objection.case.version, verdict="Tidak.",
                      now=clock.now())
    assert Deactivation.get().state == "BERLAKU"


def test_who_undoes_while_it_is_granted_waits_and_then_is_told(cast, taken):
    report, claim = filed(cast, taken), loaded(taken)
    shown = shown_to(cast.dewi, taken)
    told = while_uncommitted(lambda: granting.approve(claim, shown, amount=8_000_000),
                             lambda: undo(cast, report))
    assert isinstance(told, Claimed), told
    assert (fresh(taken).state, Deactivation.get().state) == ("DISETUJUI", "BERLAKU")


def test_who_grants_while_it_is_undone_waits_and_then_is_told(cast, taken):
    report, claim = filed(cast, taken), loaded(taken)
    shown = shown_to(cast.dewi, taken)
    told = while_uncommitted(lambda: undo(cast, report),
                             lambda: granting.approve(claim, shown, amount=8_000_000))
    assert isinstance(told, granting.NotMet | CaseChanged), told
    assert (fresh(taken).state, Savings.get().taken) == ("VERIFIKASI", 0)


def test_a_whole_list_waits_for_the_grant_too(cast, taken):
    report, claim = filed(cast, taken), loaded(taken)
    shown = shown_to(cast.dewi, taken)
    undone = while_uncommitted(
        lambda: granting.approve(claim, shown, amount=8_000_000),
        lambda: many.undo_all([report], cast.ani, reason="Keliru", company=cast.maju,
                              now=clock.now()))
    assert undone == []
    assert Deactivation.get().state == "BERLAKU"


def test_undo_and_grant_at_once_have_one_winner(cast, taken):
    outcomes = Counter()
    for _ in range(ROUNDS):
        report, claim, shown = filed(cast, taken), loaded(taken), shown_to(cast.dewi, taken)

        def act(number, report=report, claim=claim, shown=shown):
            db.ensure_connection()
            try:
                if number:
                    undo(cast, report)
                else:
                    granting.approve(claim, shown, amount=8_000_000)
            except (Claimed, granting.NotMet, CaseChanged, TakenByColleague):
                return "told"
            return ("granted", "undone")[number]

        outcome = tuple(sorted(in_parallel(act, 2)))
        state = fresh(taken).state, Deactivation.get_by_id(report.id).state
        outcomes[outcome] += 1
        assert outcome in (("granted", "told"), ("told", "undone"))
        assert state == {"granted": ("DISETUJUI", "BERLAKU"),
                         "told": ("VERIFIKASI", "DIBATALKAN")}[outcome[0]]
        again(cast, taken, report)
    assert sum(outcomes.values()) == ROUNDS
    assert not list(audit.verify())


def again(cast, taken, report):
    """As it was before the round: a report that stands, a claim that is being checked."""
    now = fresh(taken)
    Savings.update(taken=0).execute()
    if Deactivation.get_by_id(report.id).state == "DIBATALKAN":
        new = reported(cast)
        Claim.update(deactivation=new).where(Claim.id == now.id).execute()
    Claim.update(state="VERIFIKASI", approved=None, approved_by=None, approved_at=None).where(
        Claim.id == now.id).execute()
    Case.update(holder="branch", closed_at=None, due_on=clock.today(), owner=None,
                owned_since=None).where(Case.id == now.case_id).execute()


def test_a_walk_in_is_not_reversed_then(app, cast, dewi, eka):
    dewi.post(f"/cabang/loket/mulai/{cast.siti_at_maju.public_id}", {"csrf_token": dewi.token()})
    dewi.send(form="main form:has(select[name=KTP])", reason="PKW", last_day="2026-11-20",
              KTP="asli", KK="asli", KARTU="asli", PAKLARING="ganti")
    dewi.send()
    path = dewi.page.path
    dewi.send(form="main form:has(textarea)", reason="Orangnya salah")
    claim = sent(cast)
    take(eka, claim)
    approve(eka, claim)
    assert fresh(claim).state == "DISETUJUI"
    eka.open(path)
    page = eka.post(path.replace("/tanda-terima", "/pembatalan/putuskan"),
                    {**eka.page.fields(), "keputusan": "setujui"})
    assert page.status == 409
    assert page.heading == "Pencairan atas laporan ini sudah disetujui"
    assert Deactivation.get().state == "BERLAKU"


def test_an_uploaded_list_that_is_taken_back_ends_though_one_row_stays(cast, dewi):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;PKW;1/9/2026\n30145270001;RSG;1/11/2026\n"
    upload = uploads.take_in(cast.maju, cast.ani, body, "a.csv", clock.now())
    assert check_next(clock.now())
    upload = Upload.get_by_id(upload.id)
    uploads.start(upload, cast.ani, version=upload.version, now=clock.now())
    apply_all(clock.now())
    claim = sent(cast)
    take(dewi, claim)
    approve(dewi, claim)
    upload = Upload.get_by_id(upload.id)
    upload.company = cast.maju
    assert undoing.undoable(upload, clock.now()).count() == 1
    undoing.undo(upload, cast.ani, "Daftar keliru", version=upload.version, now=clock.now())
    for _ in range(5):
        undoing.undo_some(clock.now())
    assert Upload.get_by_id(upload.id).finished_at is not None
    states = {row.membership_id: row.state for row in Deactivation.select()}
    assert states.pop(cast.siti_at_maju.id) == "BERLAKU"
    assert set(states.values()) == {"DIBATALKAN"}


def test_a_report_filed_anew_between_the_two_is_held_by_what_they_granted(cast, dewi, eka):
    first = reported(cast)
    claim = sent(cast, credited=20_000_000)
    Claim.update(state="VERIFIKASI", interviewed_at=clock.now()).execute()
    approve(dewi, claim)
    assert fresh(claim).deactivation == first
    undo(cast, filed(cast, claim))
    second = reported(cast)
    confirm(eka, claim)
    now = fresh(claim)
    assert (now.state, now.confirmed_by, now.deactivation) == ("DISETUJUI", cast.eka, second)
    with pytest.raises(Claimed):
        undo(cast, filed(cast, claim))
    assert Deactivation.get_by_id(second.id).state == "BERLAKU"
