"""What everybody sees of programmes, with and without an account."""

from uuid import UUID

import pytest

from tests.conftest import settle
from tests.memberships.test_pages import statements_of
from tests.page import Clerk, sms_for_every_name
from tests.programmes.waving import closed, drawn, fresh, joined, person, wave_of
from tests.whole_app.test_weights import Line
from webapp import clock
from webapp.models.messages import Message
from webapp.models.people import IS_CLOSING, Session
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    CLOSED,
    DRAWING,
    NOT_CHOSEN,
    OPEN,
    OVER,
    SCHEDULED,
    Applicant,
    Assistance,
    Programme,
    Wave,
)
from webapp.profile.held_data import everything_about
from webapp.programme_desk import service as desk
from webapp.programmes import messages, words


@pytest.mark.parametrize(("state", "said"), [
    (SCHEDULED, "Segera dibuka"), (OPEN, "Dibuka sampai 29 November 2026"),
    (CLOSED, "Sudah ditutup, menunggu seleksi"), (DRAWING, "Sedang diseleksi"),
    (ANNOUNCED, "Sudah diumumkan"), (OVER, "Selesai")])
def test_where_a_wave_stands_is_said_in_words(app, cast, state, said):
    wave = wave_of(cast)
    wave.state = state
    assert words.state_of(wave, clock.now())[0] == said


def test_the_day_of_a_wave_to_come_is_said(app, cast):
    wave = wave_of(cast, is_open=False)
    before = clock.start_of(clock.today()) - clock.WIB.utcoffset(clock.now())
    assert words.state_of(wave, before)[0] == "Dibuka 22 November 2026"


def test_anybody_reads_the_waves_and_is_led_to_sign_in_to_join(cast, visitor):
    wave = wave_of(cast)
    assert "Kartu Prakerja, Gelombang 1" in visitor.open("/program").words()
    page = visitor.open(f"/program/{wave.public_id}")
    assert "Dibuka sampai 29 November 2026" in page.words()
    assert page.select("main a.button-action")[0].get("href") == (
        f"/masuk?lanjut=/program/{wave.public_id}")
    for path in ("gabung", "batal"):
        assert visitor.open(f"/program/{wave.public_id}/{path}").heading == "Masuk"


def test_who_is_no_worker_sees_the_wave_and_no_way_to_join(cast, ani):
    page = ani.open(f"/program/{wave_of(cast).public_id}")
    assert page.status == 200
    assert not page.select("main a.button-action")


def test_without_waves_the_list_says_so(visitor):
    assert "Belum ada gelombang" in visitor.open("/program").words()


def test_who_is_not_linked_yet_is_told_how(app, cast):
    user, worker = person(1)
    worker.user = None
    worker.save()
    settle(user, clock.now())
    wave = wave_of(cast)
    clerk = Clerk(app).is_signed_in_as(user)
    assert "Kepesertaan belum tersambung" in clerk.open(f"/program/{wave.public_id}").words()
    assert clerk.open(f"/program/{wave.public_id}/gabung").path == f"/program/{wave.public_id}"


def test_a_session_that_may_not_do_everything_yet_shows_nothing_of_its_person(cast, siti):
    wave = wave_of(cast)
    Session.update(stage=IS_CLOSING).execute()
    assert "Usia Anda" not in siti.open(f"/program/{wave.public_id}").words()


def test_public_pages_weigh_at_most_ten_kilobytes(app, cast):
    wave = wave_of(cast, declarations=["Saya tidak sedang bersekolah atau kuliah."])
    for number in range(3):
        joined(wave, number)
    drawn(wave, cast)
    for path in ("/program", f"/program/{wave.public_id}", f"/program/{wave.public_id}/undian"):
        assert Line(app).weigh(path)[0] <= 10, path


def test_the_list_takes_as_many_statements_however_many_waves(cast, siti):
    wave_of(cast)
    Wave.update(state=SCHEDULED).execute()     # whether its time has come is one statement more
    siti.open("/program")
    one = statements_of(lambda: siti.open("/program"))
    for number in range(2, 25):
        later = fresh(Wave.get()).__data__ | {"public_id": UUID(int=number), "number": number,
                                              "state": SCHEDULED}
        del later["id"]
        Wave.insert(later).execute()
    assert statements_of(lambda: siti.open("/program")) == one
    page = siti.open("/program")
    assert len(page.select("main .rows > li")) == 20
    siti.open(page.select("a[rel=next]")[0].get("href"))
    assert len(siti.page.select("main .rows > li")) == 4


@pytest.fixture
def result(app, cast):
    """(the wave drawn, a chosen one, one who was not) and a browser of each."""
    wave = wave_of(cast, quota=1)
    for number in range(3):
        joined(wave, number)
    done = drawn(wave, cast)
    rows = {row.state: row for row in Applicant.select().order_by(Applicant.id)}
    clerks = {}
    for state, row in rows.items():
        settle(row.worker.user, clock.now())
        clerks[state] = Clerk(app).is_signed_in_as(row.worker.user)
    return done, rows, clerks


def test_the_result_is_on_beranda_and_on_the_page_with_its_place(result):
    wave, rows, clerks = result
    card = clerks[CHOSEN].open("/beranda").words("#programme")
    assert "Anda lolos Kartu Prakerja, Gelombang 1" in card
    assert f"Urutan Anda {rows[CHOSEN].place} dari 3 pendaftar" in card
    assert "Bantuan Anda menunggu rekening" in card
    page = clerks[CHOSEN].open(f"/program/{wave.public_id}")
    assert "Bantuan Anda sudah ditetapkan" in page.words()
    assert "Memeriksa undian" in page.words()
    card = clerks[NOT_CHOSEN].open("/beranda").words("#programme")
    assert "Anda belum berhasil di Kartu Prakerja, Gelombang 1" in card
    assert "rekening" not in card
    page = clerks[NOT_CHOSEN].open(f"/program/{wave.public_id}")
    assert f"Urutan Anda {rows[NOT_CHOSEN].place} dari 3 pendaftar" in page.words()
    assert "Data Anda tetap tersimpan" in page.words()


def test_no_result_is_shown_before_all_are_there(app, cast):
    wave = wave_of(cast, quota=1)
    row = joined(wave, 1)
    shut = closed(wave, cast)
    desk.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    Applicant.update(state=CHOSEN, place=1).execute()
    settle(row.worker.user, clock.now())
    clerk = Clerk(app).is_signed_in_as(row.worker.user)
    for path in ("/beranda", "/program", f"/program/{wave.public_id}"):
        page = clerk.open(path)
        assert "erdaftar" in page.words()
        assert "Anda lolos" not in page.words()


def test_everybody_was_told_and_no_sms_holds_a_link(result):
    told = list(Message.select().where(Message.kind == "programme:result"))
    assert len(told) == 6
    assert not any("http" in row.body for row in told)
    assert {row.subject for row in told if row.channel == "email"} == {
        "Anda lolos Kartu Prakerja, Gelombang 1",
        "Hasil undian Kartu Prakerja, Gelombang 1"}


@pytest.mark.parametrize("make", [
    lambda wave, row: messages.joined(wave, row.number), lambda wave, row: messages.withdrawn(wave),
    messages.chosen, messages.not_chosen, lambda wave, row: messages.revoked(wave, "Palsu.")])
def test_every_sms_fits_for_every_name_of_a_programme(make):
    row = Applicant(number="N7K422QDXWMM", place=1_000_000)
    wave = Wave(number=9_999, quota=1, closes_at=clock.now(), state=OPEN)

    def of(name):
        wave.programme = Programme(name=name, grant=10 ** 12)
        return make(wave, row)["sms"]
    for name, sms in sms_for_every_name(of):
        assert len(sms) <= 160, name


def test_what_the_person_downloads_holds_the_wave_and_the_assistance(result):
    held = everything_about(result[1][CHOSEN].worker.user)
    assert held["program_yang_diikuti"][0]["program"] == "Kartu Prakerja, Gelombang 1"
    assert held["bantuan"][0]["jumlah"] == Assistance.get().amount
