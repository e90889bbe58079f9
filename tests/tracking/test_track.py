"""Lacak without signing in: by number and letters, the same answer whichever is wrong."""

import pytest
import time_machine

from tests.claims.claiming import here, moved, only_claim, submitted
from tests.whole_app.test_weights import Line
from webapp import clock
from webapp.claims.words import STATES
from webapp.models.people import Throttle
from webapp.rate_limit import TooMany
from webapp.receipts.signing import new_number, show_number
from webapp.tracking import service


def track(visitor, number, secret):
    visitor.open("/lacak")
    return visitor.send(number=number, secret=secret)


def test_number_and_letters_tell_how_far_it_is(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    page = track(visitor, show_number(claim.case.number), claim.secret)
    words = page.words()
    assert page.status == 200
    assert STATES["DIAJUKAN"][0] in words
    assert "Kantor Cabang Jakarta Selatan" in words
    assert "Paling lambat 23 November 2026" in words
    assert "Anda tidak perlu melakukan apa-apa." in words
    assert page.headers["Cache-Control"] == "no-store"


def test_nothing_personal_is_told(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    page = track(visitor, claim.case.number, claim.secret)
    for secret in ("Siti", "Rahayu", "4.250.000", "8123", "BCA", "Biaya", "rawat", "Maju",
                   claim.secret):
        assert secret not in page.text


def test_both_may_be_typed_carelessly(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    number = f" {show_number(claim.case.number).lower().replace('-', ' ')}"
    assert track(visitor, number, f"{claim.secret[:4].lower()}-{claim.secret[4:]}").status == 200


def test_whichever_is_wrong_the_answer_is_the_same(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    answers = {(page.status, page.words(".error-summary")) for page in (
        track(visitor, claim.case.number, "AAAAAAAA"),
        track(visitor, new_number(), claim.secret),
        track(visitor, "N7K4-22QD", claim.secret),
        track(visitor, claim.case.number, "é"),
        track(visitor, claim.case.number, "--------"))}
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_a_draft_has_no_letters_and_is_not_found(siti, visitor, cast):
    submitted(siti, cast)
    claim = moved(only_claim(), "DIBATALKAN", submitted_at=None)
    assert track(visitor, claim.case.number, claim.secret).status == 422
    moved(claim, "DIAJUKAN", submitted_at=clock.now(), secret_sealed=None)
    assert track(visitor, claim.case.number, "--------").status == 422


@pytest.mark.parametrize(("answers", "field"), [
    ({"number": "", "secret": "A"}, "number"), ({"number": "A", "secret": ""}, "secret")])
def test_what_is_missing_is_said(visitor, cast, answers, field):
    visitor.open("/lacak")
    page = visitor.send(**answers)
    assert page.status == 422
    assert set(page.errors()) == {field}


def test_a_number_cannot_be_guessed_at_for_long(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    for _ in range(10):
        assert track(visitor, claim.case.number, "AAAAAAAA").status == 422
    page = track(visitor, claim.case.number, claim.secret)
    assert page.status == 429
    assert "Retry-After" in page.headers
    with time_machine.travel("2026-11-22T07:31:00Z"):
        assert track(visitor, claim.case.number, claim.secret).status == 200


def test_a_stranger_elsewhere_does_not_keep_the_owner_out(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    visitor.browser.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(11):
        page = track(visitor, claim.case.number, "AAAAAAAA")
    assert page.status == 429
    visitor.browser.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert track(visitor, claim.case.number, claim.secret).status == 200


def guessed(number, places, letters="AAAAAAAA"):
    """How many of these addresses may still guess at a number."""
    judged = 0
    for place in places:
        try:
            service.find(number, letters, address=place, now=clock.now())
        except TooMany:
            continue
        judged += 1
    return judged


def test_however_many_addresses_a_number_is_not_guessed_at_for_long(siti, cast):
    submitted(siti, cast)
    number = only_claim().case.number
    places = [f"10.0.{place // 10}.1" for place in range(600)]
    assert guessed(number, places) == 500
    with time_machine.travel("2026-11-22T07:31:00Z"):
        assert guessed(number, ["10.9.9.9"], only_claim().secret) == 1


def test_all_addresses_of_one_ipv6_connection_are_one(siti, cast):
    submitted(siti, cast)
    number = only_claim().case.number
    assert guessed(number, [f"2001:db8:0:1::{place:x}" for place in range(1, 31)]) == 10
    assert guessed(number, ["2001:db8:0:2::1"]) == 1


def test_who_knows_the_letters_may_look_as_often_as_they_like(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    for _ in range(15):
        assert track(visitor, claim.case.number, claim.secret).status == 200


def test_an_address_that_tries_many_numbers_waits(visitor, cast):
    for _ in range(20):
        track(visitor, new_number(), "AAAAAAAA")
    assert track(visitor, new_number(), "AAAAAAAA").status == 429
    assert Throttle.select().where(Throttle.kind == "track-address").count() == 1


@pytest.mark.parametrize(("state", "holder", "words"), [
    ("PERLU_PERBAIKAN", "Anda", "Perbaiki bagian yang ditandai"),
    ("MENUNGGU_WAWANCARA", "Anda", "Pilih waktu wawancara"),
    ("DISETUJUI", "Bagian pembayaran", "Uangnya dikirim lewat bank.")])
def test_each_state_says_who_has_it_and_what_next(siti, visitor, cast, state, holder, words):
    submitted(siti, cast)
    granted = {"approved": 1, "approved_by": cast.dewi, "approved_at": clock.now()}
    claim = moved(only_claim(), state, **(granted if state == "DISETUJUI" else {}))
    page = track(visitor, claim.case.number, claim.secret)
    assert f"Sekarang di {holder}" in page.words()
    assert words in page.words()


def test_a_claims_receipt_is_checked_without_what_it_is_about(siti, visitor, cast):
    submitted(siti, cast)
    claim = only_claim()
    page = visitor.open(f"/periksa/{claim.case.number}")
    words = page.words()
    assert "Pendaftaran pencairan" in words
    assert "S••• R•••" in words
    assert STATES["DIAJUKAN"][0] in words
    for secret in ("4.250.000", "medis", "MED", "8123", "BCA", claim.secret, "Siti"):
        assert secret not in words
    assert here() not in page.text


def test_the_pages_are_light(app, siti, cast):
    submitted(siti, cast)
    claim = only_claim()
    for path in ("/lacak", "/bantuan", f"/periksa/{claim.case.number}"):
        line = Line(app)
        assert line.weigh(path)[0] <= 10, path
    line = Line(app)
    form, = line.receive("/lacak").xpath("//main//form")
    fields = {**dict(form.form_values()), "number": claim.case.number, "secret": claim.secret}
    assert line.weigh("/lacak", method="POST", data=fields)[0] <= 10
