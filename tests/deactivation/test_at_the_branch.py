"""What the branch did or decides about a report, as its company reads it."""

from datetime import timedelta

import pytest

from tests.page import deactivation_path, file
from webapp import clock
from webapp.deactivation import corrections, service
from webapp.models.cases import Case
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.workers import Membership
from webapp.parameters import rules_on
from webapp.receipts.signing import show_number


def receipt_path(cast):
    return f"/perusahaan/{cast.maju.public_id}/nonaktif/{Deactivation.get().public_id}"


@pytest.fixture
def asked(ani, cast):
    """Ani has asked for a correction; she stands on the answer."""
    file(ani, cast.maju, cast.siti_at_maju)
    Deactivation.update(filed_at=clock.now() - timedelta(days=8)).execute()
    ani.open(f"{receipt_path(cast)}/koreksi")
    return ani.send(reason="Yang berhenti orang lain bernama sama")


@pytest.fixture
def filed_there(cast, now):
    """Dewi ended Siti's membership at the branch."""
    draft = service.save_draft(
        Membership.get_by_id(cast.siti_at_maju.id), cast.dewi, reason="RSG", note="",
        document=None, last_day=clock.today() - timedelta(days=2), now=now)
    service.file(draft, cast.dewi, version=draft.version, company=cast.maju, now=now,
                 rules=rules_on(clock.today()))
    return Deactivation.get()


def decide(act, cast, now, verdict):
    case = Case.get(Case.correction.is_null(False))
    act(Correction.get(), case, cast.dewi, case_version=case.version, verdict=verdict, now=now)


def test_the_answer_leads_with_the_number_and_the_promised_day(asked):
    assert asked.heading == "Koreksi diminta"
    lead = asked.words(".lead")
    assert f"Nomor koreksi: {show_number(Correction.get().number)}" in lead
    assert "Kantor cabang memutuskan paling lambat 27 November 2026" in lead


def test_a_correction_that_was_made_says_so_with_the_branch_s_reason(asked, ani, cast, now):
    decide(corrections.correct, cast, now, "Absensinya cocok.")
    page = ani.open(receipt_path(cast))
    assert page.heading == "Laporan ini dibatalkan kantor cabang"
    assert "disetujui 22 November 2026" in page.words()
    assert "Absensinya cocok." in page.words()
    assert "Dewi" not in page.words()
    assert "oleh kantor cabang" in ani.open(f"{receipt_path(cast)}/batalkan").words()


def test_a_correction_that_was_not_made_says_why_and_can_be_asked_for_again(asked, ani, cast, now):
    decide(corrections.keep, cast, now, "Surat pengunduran dirinya ada.")
    page = ani.open(receipt_path(cast))
    assert page.heading == "Selesai"
    assert f"{show_number(Correction.get().number)} tidak disetujui" in page.words()
    assert "Alasannya: Surat pengunduran dirinya ada." in page.words()
    ani.open(f"{receipt_path(cast)}/koreksi")
    assert ani.send(reason="Surat itu bukan miliknya").heading == "Koreksi diminta"
    assert Correction.select().count() == 2


def test_what_the_branch_filed_says_so_and_is_corrected_not_undone(ani, cast, filed_there):
    page = ani.open(receipt_path(cast))
    assert "Kantor Cabang Jakarta Selatan menonaktifkan Siti Rahayu" in page.words(".lead")
    assert "oleh Kantor Cabang Jakarta Selatan" in page.words(".receipt")
    assert "Dewi" not in page.words()
    assert "Laporan ini dibuat kantor cabang" in page.words()
    assert not page.tree.xpath("//main//a[contains(@href, '/batalkan')]")
    undo = ani.open(f"{receipt_path(cast)}/batalkan")
    assert undo.heading == "Laporan ini dari kantor cabang"
    correction = ani.open(f"{receipt_path(cast)}/koreksi")
    assert "Laporan ini dibuat kantor cabang." in correction.words()
    assert ani.send(reason="Ia masih bekerja").heading == "Koreksi diminta"


def test_the_list_offers_to_have_it_corrected(ani, cast, filed_there):
    page = ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja?status=nonaktif")
    assert "Minta koreksi" in page.words()
    assert "Batalkan nonaktif" not in page.words()


def test_whoever_comes_to_report_the_same_is_told_who_did(ani, cast, filed_there):
    page = ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    assert page.status == 409
    assert "Kantor cabang melaporkannya pada 22 November 2026" in page.words()
