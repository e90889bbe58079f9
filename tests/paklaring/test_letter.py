"""The work letter that a deactivation produces."""

import pytest

from tests.page import file
from webapp.models.deactivations import WorkLetter
from webapp.paklaring import service

ANSWERS = {"signatory": "Ani Wulandari", "signatory_title": "Manajer SDM"}


def letter_path(clerk):
    return clerk.page.path + "/paklaring"


def test_filing_prepares_the_letter_and_the_company_approves_it(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    page = ani.open(letter_path(ani))
    assert page.fields()["position"] == "Staf keuangan"
    page = ani.send(**ANSWERS)
    words = page.words(".letter")
    assert page.heading == "Surat keterangan kerja"
    assert "1 Mei 2021 sampai 20 November 2026" in words
    assert "Mengundurkan diri" in words
    assert page.select(".letter svg.qr")


def test_approving_twice_keeps_the_first(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    form = ani.open(letter_path(ani))
    path, fields = form.action(), {**form.fields(), **ANSWERS}
    ani.post(path, fields)
    ani.post(path, {**fields, "signatory": "Orang Lain"})
    assert WorkLetter.get().signatory == "Ani Wulandari"


def test_what_is_missing_is_named_and_the_rest_kept(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ani.open(letter_path(ani))
    page = ani.send(signatory="Ani Wulandari", position="")
    assert set(page.errors()) == {"position", "signatory_title"}
    assert page.fields()["signatory"] == "Ani Wulandari"


def test_a_mistaken_entry_has_no_letter(ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, reason="SLH", note="KPJ ganda")
    assert ani.open(letter_path(ani)).status == 404


def undo(clerk, report):
    clerk.open(report + "/batalkan")
    clerk.send(reason="Salah orang")


def test_an_undone_report_has_no_letter_any_more(ani, cast):
    report = file(ani, cast.maju, cast.siti_at_maju).path
    ani.open(letter_path(ani))
    ani.send(**ANSWERS)
    undo(ani, report)
    page = ani.open(report + "/paklaring")
    assert (page.status, page.heading) == (409, "Laporan ini sudah dibatalkan")
    assert not page.select(".letter")


def test_a_letter_is_not_approved_once_its_report_is_undone(ani, cast, now):
    report = file(ani, cast.maju, cast.siti_at_maju).path
    form = ani.open(letter_path(ani))
    path, fields = form.action(), {**form.fields(), **ANSWERS}
    undo(ani, report)
    assert ani.post(path, fields).status == 409
    with pytest.raises(service.NotApproved):      # undone between the look and the approval
        service.approve(WorkLetter.get(), cast.ani, company=cast.maju, now=now, **ANSWERS)
    assert WorkLetter.get().approved_at is None
