"""The audit viewer: for managers, of their own branch, masked, and itself on record."""

import json
from uuid import UUID

import pytest

from tests.complaints.complaining import complain
from tests.desk.matters import objected
from tests.page import Clerk, file
from tests.statements import Statements
from tests.test_audit import disarm
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.audit_desk.words import OF_COMPANIES
from webapp.models.audit import AuditChain, AuditCheck, AuditEntry
from webapp.models.blocks import Complaint
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import Case
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.profile.history import WORDS
from webapp.receipts.signing import show_number


@pytest.fixture
def fajar(app, cast):
    """Fajar, manager of the branch of PT Maju, signed in."""
    return Clerk(app).is_signed_in_as(cast.fajar)


@pytest.fixture
def head(app, cast):
    """Fajar, manager of the head office instead."""
    User.update(branch=HEAD_OFFICE).where(User.id == cast.fajar.id).execute()
    return Clerk(app).is_signed_in_as(User.get_by_id(cast.fajar.id))


def looks():
    return [json.loads(row.details) | {"subject": row.subject} for row in
            AuditEntry.select().where(AuditEntry.kind == "audit:seen").order_by(AuditEntry.id)]


def test_every_event_has_words():
    assert set(Event) == set(WORDS) | set(OF_COMPANIES)
    assert not set(WORDS) & set(OF_COMPANIES)


@pytest.mark.parametrize("path", ["", "/akun", "/cari", "/periksa"])
def test_only_managers_may_look(dewi, eka, path):
    for other in (dewi, eka):
        page = other.open(f"/cabang/audit{path}")
        assert (page.status, page.heading) == (403, "Jejak audit hanya untuk manajemen")
        assert "Minta manajemen kantor cabang Anda" in page.words()
    assert not looks()


def test_only_managers_may_check(eka):
    token = eka.open("/profil/sandi").fields()["csrf_token"]
    assert eka.post("/cabang/audit/periksa", {"csrf_token": token}).status == 403
    assert not AuditCheck.select().exists()


def test_every_look_is_on_record(head):
    head.open("/cabang/audit")
    head.open("/cabang/audit/akun?hari=2026-11-20")
    assert [(one.get("page"), one.get("of", ""), one.get("day", "")) for one in looks()] == [
        ("chains", "", ""), ("entries", "accounts", "2026-11-20")]


def test_the_newest_entries_are_checked_at_once(fajar, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    page = fajar.open("/cabang/audit")
    assert "Belum pernah diperiksa seluruhnya" in page.words()
    page = fajar.send("form[action$='/periksa']")
    assert "Catatan terbaru belum diubah" in page.words()
    check, = AuditCheck.select()
    assert (check.is_whole, check.faults) == (False, "[]")
    assert AuditEntry.select().where(AuditEntry.kind == "audit:checked").count() == 1


def test_a_changed_entry_is_named_with_its_chain(fajar, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    disarm()
    filed = AuditEntry.get(AuditEntry.kind == "deactivation:filed")
    AuditEntry.update(details="{}").where(AuditEntry.id == filed.id).execute()
    fajar.open("/cabang/audit")
    words = fajar.send("form[action$='/periksa']").words()
    assert f"{cast.maju.name}, catatan {filed.sequence}: diubah" in words
    assert "Catatan terbaru belum diubah" not in words


def test_a_company_of_another_branch_is_missing(fajar, cast):
    assert fajar.open(f"/cabang/audit/perusahaan/{cast.lain.public_id}").status == 404
    assert cast.lain.name not in fajar.open("/cabang/audit").words()
    page = fajar.open(f"/cabang/audit/perusahaan/{cast.maju.public_id}")
    assert page.heading == cast.maju.name


def test_entries_by_pages_at_a_constant_price(fajar, cast, ani):
    chain = audit.company_chain(cast.maju)
    with db.write_transaction():
        audit.record_all([audit.Act(Event.DOCUMENT_READ, cast.ani, None, {})] * 120, chain=chain,
                         now=clock.now())
    here = f"/cabang/audit/perusahaan/{cast.maju.public_id}"
    with Statements() as first:
        page = fajar.open(here)
    seen, pages = [], 0
    while True:
        seen += [int(row.text_content()) for row in page.select("tbody th")]
        pages += 1
        older = page.tree.xpath("//a[@rel='next']/@href")
        if not older:
            break
        with Statements() as next_one:
            page = fajar.open(older[0])
        assert next_one.count <= first.count
    assert pages == 3
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == AuditChain.get(AuditChain.name == chain).sequence
    assert "Ani Wulandari" in page.words()


@pytest.mark.parametrize(("day", "is_there"), [("2026-11-22", True), ("2026-11-21", False)])
@pytest.mark.parametrize("place", ["company", "accounts"])
def test_entries_until_a_day(request, cast, day, is_there, place):
    chain, path = (audit.ACCOUNTS, "akun") if place == "accounts" else (
        audit.company_chain(cast.maju), f"perusahaan/{cast.maju.public_id}")
    with db.write_transaction():
        audit.record(Event.DOCUMENT_READ, chain=chain, actor=None, subject=None, now=clock.now())
    clerk = request.getfixturevalue("head" if place == "accounts" else "fajar")
    words = clerk.open(f"/cabang/audit/{path}?hari={day}").words()
    assert ("Berkas dibuka" in words) is is_there


def test_a_day_that_is_none_is_said_so(head):
    page = head.open("/cabang/audit/akun?hari=kemarin")
    assert page.errors() == {"hari": "Tanggal ini keliru. Tulis seperti 31/10/2026."}


def test_workers_are_masked(head, cast):
    with db.write_transaction():
        audit.record(Event.SIGNED_IN, chain=audit.ACCOUNTS, actor=cast.siti,
                     subject=cast.siti.public_id, now=clock.now())
    words = head.open("/cabang/audit/akun").words()
    assert "S••• R•••" in words
    assert "Siti" not in words


def test_a_case_is_found_by_its_number_and_its_person_sees_the_look(app, fajar, cast):
    case = objected(cast)
    fajar.open("/cabang/audit")
    page = fajar.send("form[action$='/cari']", number=show_number(case.number).lower())
    assert page.heading == show_number(case.number)
    assert "Sanggahan dikirim" in page.words()
    assert looks()[-1]["subject"] == cast.siti.public_id
    history = Clerk(app).is_signed_in_as(cast.siti).open("/profil/riwayat").words()
    assert "Manajemen membuka jejak audit tentang Anda" in history


def test_a_complaint_of_somebody_without_an_account_is_found_but_not_ones_own(
        fajar, visitor, cast):
    complain(visitor)
    case = Case.get()
    fajar.open("/cabang/audit")
    page = fajar.send("form[action$='/cari']", number=show_number(case.number))
    assert (page.status, page.heading) == (200, show_number(case.number))
    assert "Pengaduan dikirim" in page.words()
    assert "orang tanpa akun" in page.words()
    assert looks()[-1]["subject"] == case.public_id
    complaint = Complaint.get()
    complaint.email = cast.fajar.email
    complaint.save()
    fajar.open("/cabang/audit")
    assert fajar.send("form[action$='/cari']", number=show_number(case.number)).status == 403
    assert looks()[-1]["refused"] is True


def test_accounts_of_all_branches_are_for_the_head_office_alone(fajar):
    page = fajar.open("/cabang/audit")
    assert "Hanya manajemen kantor pusat" in page.words()
    assert not page.select("a[href='/cabang/audit/akun']")
    page = fajar.open("/cabang/audit/akun")
    assert (page.status, page.heading) == (403, "Hanya untuk manajemen kantor pusat")


def test_a_receipt_is_found_by_its_number(fajar, ani, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    fajar.open("/cabang/audit")
    assert "Nonaktif dilaporkan" in fajar.send("form[action$='/cari']", number=number).words()


def test_another_branchs_number_is_not_found_and_what_was_typed_stays(fajar, citra, cast):
    number = file(citra, cast.lain, cast.rahmat_at_lain).words(".receipt-number")
    fajar.open("/cabang/audit")
    for typed, words in ((number, "Tidak ada kasus"), ("N7K4", "Nomor ini keliru")):
        page = fajar.send("form[action$='/cari']", number=typed)
        assert page.status == 422
        assert words in page.errors()["number"]
    assert page.fields("form[action$='/cari']")["number"] == "N7K4"


def test_a_case_of_another_branch_is_not_found(fajar, cast):
    case = objected(cast)
    Case.update(branch=HEAD_OFFICE).where(Case.id == case.id).execute()
    fajar.open("/cabang/audit")
    page = fajar.send("form[action$='/cari']", number=show_number(case.number))
    assert "Tidak ada kasus" in page.errors()["number"]


def test_az_13_a_managers_own_matter_is_refused_and_that_is_on_record(fajar, cast):
    case = objected(cast)
    Worker.update(user=cast.fajar).where(Worker.user == cast.siti).execute()
    fajar.open("/cabang/audit")
    page = fajar.send("form[action$='/cari']", number=show_number(case.number))
    assert (page.status, page.heading) == (403, "Ini akun Anda sendiri")
    assert looks()[-1]["refused"] is True


def test_entries_of_accounts_stand_in_one_row_whichever_part_they_are_in(head):
    subjects = [UUID(int=number) for number in range(60)]
    for subject in subjects:
        with db.write_transaction():
            audit.record(Event.SIGNED_OUT, chain=audit.ACCOUNTS, actor=None, subject=subject,
                         now=clock.now())
    page = head.open("/cabang/audit/akun")
    seen = [row.text_content() for row in page.select("tbody th")]
    assert len({place.partition("/")[0] for place in seen}) == 16
    older, = page.tree.xpath("//a[@rel='next']/@href")
    seen += [row.text_content() for row in head.open(older).select("tbody th")]
    assert len(seen) == len(set(seen)) >= 60
    # The looks at the older page and at this one were recorded, too.
    assert f"{len(seen) + 2} catatan" in head.open("/cabang/audit").words()
