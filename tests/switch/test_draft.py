"""The pages of a draft: one at a time, kept, gone on with, and what each says."""

from datetime import date, timedelta

import pytest

from tests.claim_desk.claims import reported
from tests.company_cases.asking import report
from tests.page import forget_tries
from tests.papers.conftest import photograph
from tests.requests.asking import sent as ask_company
from tests.switch.walking import INCOME, LEAVING, begin, drafted, here, only
from webapp import clock
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.switches import OwnMembership, Switch
from webapp.models.workers import Membership
from webapp.papers import service as papers
from webapp.switch import papers as papers_of_switch
from webapp.switch import service
from webapp.switch.queries import ending_of


def test_a_running_membership_asks_why_and_when_first(siti, cast):
    page = begin(siti, cast.siti_at_maju)
    assert page.path == here("/berhenti")
    assert "Langkah 1 dari 5" in page.words()
    assert {choice.get("value") for choice in page.select("[name=reason]")} == {
        "RSG", "PKW", "PHK", "PSN"}
    page = siti.send("#leaving-form", **LEAVING)
    assert page.path == here("/penghasilan")
    assert (only().reason, only().last_day.isoformat()) == ("RSG", "2026-11-30")
    page = siti.send("#income-form", **INCOME)
    assert "sehari sesudahnya: 1 Desember 2026" in page.words()
    assert page.fields("#start-form")["starts_on"] == "2026-12-01"


def test_after_the_end_nothing_is_asked_about_it(siti, cast):
    report(cast, clock.now(), last_day=clock.today() - timedelta(days=2))
    page = begin(siti, cast.siti_at_maju)
    assert page.path == here("/penghasilan")
    assert "Langkah 1 dari 4" in page.words()
    page = siti.send("#income-form", **INCOME)
    assert "mulai sehari sesudahnya: 21 November 2026" in page.words()


def test_long_after_the_end_it_begins_this_month(siti, cast):
    report(cast, clock.now(), last_day=clock.today() - timedelta(days=200))
    begin(siti, cast.siti_at_maju)
    words = siti.send("#income-form", **INCOME).words()
    assert "mulai awal bulan ini: 1 November 2026" in words
    assert "Bulan-bulan sebelumnya tidak ditagih" in words


@pytest.mark.parametrize(("day", "words"), [
    ("2026-11-30", "Paling cepat 1 Desember 2026"), ("2027-02-01", "terlalu jauh"), ("", "Isi")])
def test_it_never_begins_before_the_end(siti, cast, day, words):
    begin(siti, cast.siti_at_maju)
    siti.send("#leaving-form", **LEAVING)
    siti.send("#income-form", **INCOME)
    page = siti.send("#start-form", starts_on=day)
    assert (page.status, only().starts_on) == (422, None)
    assert words in page.errors()["starts_on"]


@pytest.mark.parametrize(("answers", "field"), [
    ({"reason": "LNG"}, "reason"), ({"reason": "MGL"}, "reason"), ({"last_day": "2027-06-01"},
                                                                   "last_day"),
    ({"last_day": "2019-01-01"}, "last_day"), ({"address": ""}, "address")])
def test_what_does_not_fit_stays_and_is_said(siti, cast, answers, field):
    begin(siti, cast.siti_at_maju)
    page = siti.send("#leaving-form", **LEAVING | answers)
    assert (page.status, list(page.errors()), only().reason) == (422, [field], "")
    assert page.fields("#leaving-form")["address"].strip() == (LEAVING | answers)["address"]


def test_there_is_one_draft_however_often_it_is_begun(siti, cast):
    begin(siti, cast.siti_at_maju)
    for _ in range(2):
        siti.post(f"/mandiri/mulai/{cast.siti_at_maju.public_id}",
                  {"csrf_token": siti.token()})
        assert siti.page.path == here("/berhenti")
    assert (Switch.select().count(), Case.select().count()) == (1, 1)
    page = siti.open("/mandiri")
    assert [one.text_content() for one in page.select(".button-action")] == ["Lanjutkan"]
    assert "Peralihan Anda ke Mandiri belum dikirim" in siti.open("/beranda").words()
    assert "Lanjutkan peralihan" in siti.open("/kepesertaan").words()


def test_what_was_typed_waits_on_every_device(app, siti, cast):
    begin(siti, cast.siti_at_maju)
    fields = siti.page.fields("#leaving-form") | {"address": "Jalan Anggrek"}
    assert "Tersimpan" in siti.post(here("/simpan"), fields, htmx=True).text
    shown = siti.open(here("/berhenti")).fields("#leaving-form")["address"]
    assert shown.strip() == "Jalan Anggrek"
    assert siti.post(here("/simpan"), fields | {"step": "lain"}, htmx=True).status == 409


def test_each_paper_is_uploaded_or_brought_and_the_rest_is_named_at_once(siti, cast):
    drafted(siti, cast)
    papers.add(only().case, "worker", cast.siti, "KTP", photograph(), "ktp.png", clock.now())
    siti.open(here("/dokumen"))
    page = siti.post(here("/dokumen"), {**siti.page.fields("#papers-form"),
                                        "originals": ["KK", "FOTO"]})
    assert page.path == here("/periksa")
    assert "Yang belum ada: Akta kelahiran Anda tetap bisa mengirim." in page.words()
    assert "Bisa juga ijazah, surat kenal lahir, atau buku nikah" in page.words()
    standing = [" ".join(row.text_content().split()) for row in page.select("#checklist li")]
    assert standing[1:3] == ["KTPDiunggah", "Kartu keluargaAsli dibawa"]
    assert page.select(".confirm-bar button")[0].text_content() == "Kirim"


@pytest.mark.parametrize(("end", "letter", "lacking"), [
    (None, "Menyusul", ["KTP"]), ("report", "Sudah tercatat", ["KTP"]),
    ("list", "Belum ada", ["SURAT", "KTP"])])
def test_what_we_hold_ourselves_counts_as_the_paper(siti, cast, end, letter, lacking):
    if end == "report":
        report(cast, clock.now(), last_day=clock.today() - timedelta(days=2))
    if end == "list":     # it was taken in as over: nobody has a receipt of that
        (Membership.update(status="NONAKTIF", ended_on=clock.today() - timedelta(days=2))
         .where(Membership.id == cast.siti_at_maju.id).execute())
    drafted(siti, cast)
    rows = {row.cssselect("div")[0].text.strip(): " ".join(row.text_content().split())
            for row in siti.open(here("/dokumen")).select("#checklist li")}
    assert rows["Surat pengunduran diri atau referensi kerja"].endswith(letter)
    assert rows["Kartu peserta"] == "Kartu pesertaNomor KPJ sudah tercatat di sini.Sudah tercatat"
    missing = papers_of_switch.lacking(only(), ending_of(only()))
    assert [item.code for item in missing][:len(lacking)] == lacking


def test_the_check_page_says_what_is_paid_and_that_nothing_is_owed(siti, cast):
    cast.maju.arrears_months = 7
    cast.maju.save()
    words = drafted(siti, cast, has_savings="ya").words()
    assert ("beralih ke Mandiri mulai 1 Desember 2026 dengan iuran Rp28.400 sebulan. Anda meminta "
            "PT Maju Bersama mengakhiri kepesertaan Anda per 30 November 2026") in words
    assert "Potongan sementara -Rp8.400" in words
    assert "Mulai Januari 2027, tanpa potongan: Rp36.800 sebulan" in words
    assert "Tunggakan Anda: 0 bulan" in words


def test_a_page_that_is_skipped_comes_first(siti, cast):
    begin(siti, cast.siti_at_maju)
    assert siti.open(here("/periksa")).path == here("/berhenti")


def test_a_strangers_switch_is_missing(app, siti, cast, ani):
    begin(siti, cast.siti_at_maju)
    agus = Membership.get(Membership.kpj == "30145270001")
    assert siti.open(f"/mandiri/mulai/{agus.public_id}").status == 404
    other = here()
    siti.open("/keluar")
    assert ani.open(other).status == 403


def test_whoever_pays_alone_already_does_not_begin_again(siti, cast):
    OwnMembership.create(worker=cast.siti_at_maju.worker_id, continues=cast.siti_at_maju,
                         income=0, base=1_000_000, has_savings=False, sector="lainnya",
                         started_on=clock.today(), paid_until=clock.today().replace(day=1))
    assert siti.open("/mandiri").words().count("Beralih dari") == 0
    with pytest.raises(service.AlreadyOwn):
        service.begin(cast.siti_at_maju.worker, cast.siti, cast.siti_at_maju, clock.now())


def test_the_recorded_dead_begin_nothing(siti, cast):
    reported(cast, reason="MGL")
    siti.open("/mandiri")
    page = siti.send("form[action^='/mandiri/mulai']")
    assert (page.status, Switch.select().count()) == (409, 0)


def test_a_draft_is_given_up_and_nobody_is_told(siti, cast):
    drafted(siti, cast)
    siti.open(here("/batal"))
    assert siti.send().path == "/mandiri"
    assert (only().state, only().case.holder) == ("DIBATALKAN", None)
    assert DeactivationRequest.select().count() == 0


def test_a_request_that_was_sent_before_is_waited_for(siti, cast):
    ask_company(siti, cast.siti_at_maju)
    forget_tries(cast.siti, service.BEGUN)
    page = begin(siti, cast.siti_at_maju)
    assert page.path == here("/penghasilan")


def test_who_still_works_somewhere_leaves_there_and_nowhere_else(siti, cast):
    Membership.update(worker=cast.siti_at_maju.worker, status="NONAKTIF",
                      ended_on=date(2024, 1, 31)).where(
        Membership.id == cast.rahmat_at_lain.id).execute()
    assert begin(siti, cast.rahmat_at_lain).status == 404
    assert not Switch.select().exists()
    assert begin(siti, cast.siti_at_maju).path.endswith("/berhenti")
