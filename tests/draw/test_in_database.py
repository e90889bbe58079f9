"""The draw of real rows: made known, computed again, raced, killed and begun anew."""

import subprocess
import sys
import time

import pytest

from bench.wave import fill
from tests.memberships.test_pages import statements_of
from tests.page import in_parallel
from tests.programmes.waving import closed, drawn, fresh, joined, states_in, wave_of, work_on
from webapp import clock
from webapp.models.audit import AuditEntry
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    DRAWING,
    JOINED,
    NOT_CHOSEN,
    REVOKED,
    Applicant,
    Assistance,
    Beneficiary,
    Wave,
)
from webapp.programme_desk import applicant_list, drawing, service
from webapp.programme_desk.drawing import ListChanged, draw, fix_list
from webapp.programme_desk.turns import Work, take_turns


def verify(app, *words):
    """``flask draw verify``."""
    return app.test_cli_runner().invoke(args=["draw", "verify", *map(str, words)])


@pytest.fixture
def wave(app, cast):
    """A wave of three places that eight joined, three of them of one family; drawn."""
    made = wave_of(cast, quota=3)
    for number in range(8):
        joined(made, number, of=min(number, 5))
    return drawn(made, cast)


def test_the_secret_is_held_fast_from_the_start_and_shown_only_with_the_result(cast, visitor):
    made = wave_of(cast)
    page = visitor.open(f"/program/{made.public_id}/undian")
    assert made.commitment in page.text
    assert made.secret not in page.text
    assert visitor.open(f"/program/{made.public_id}/undian.csv").status == 404
    shut = closed(made, cast)
    page = visitor.open(f"/program/{made.public_id}/undian")
    assert shut.digest in page.text
    assert made.secret not in page.text
    done = drawn(shut, cast)
    page = visitor.open(f"/program/{made.public_id}/undian")
    assert (done.commitment, done.digest) == (made.commitment, shut.digest)
    assert made.secret in page.text
    assert done.seed in page.text


def test_the_chosen_stand_in_the_table_of_once_a_lifetime(wave):
    assert sorted(states_in(wave)) == [NOT_CHOSEN] * 5 + [CHOSEN] * 3
    chosen = {row.id for row in Applicant.select().where(Applicant.state == CHOSEN)}
    assert {row.applicant_id for row in Beneficiary.select()} == chosen
    assert (wave.state, wave.chosen, wave.applicants) == (ANNOUNCED, 3, 8)
    assert Assistance.select().count() == 3


def test_the_script_on_the_page_finds_the_published_file_right(wave, visitor, tmp_path):
    """Fetched without signing in, as anybody has them."""
    here = f"/program/{wave.public_id}/undian"
    script = visitor.open(here).select("main pre")[0].text_content()
    answer = visitor.browser.get(f"{here}.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "immutable" in answer.headers["Cache-Control"]
    (tmp_path / "undian.py").write_text(script)
    (tmp_path / "undian.csv").write_bytes(answer.data)
    done = subprocess.run([sys.executable, "-I", "undian.py", "undian.csv"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": cocok\n") == 4
    chosen = {row.number for row in Applicant.select().where(Applicant.state == CHOSEN)}
    lines = answer.get_data(as_text=True).splitlines()
    assert {line.split(";")[0] for line in lines if line.endswith(";LOLOS")} == chosen
    (tmp_path / "undian.csv").write_bytes(answer.data.replace(b";LOLOS", b";BELUM_BERHASIL", 1))
    changed = subprocess.run([sys.executable, "-I", "undian.py", "undian.csv"], cwd=tmp_path,
                             capture_output=True, text=True, check=False)
    assert (changed.returncode, "hasil: BERBEDA" in changed.stdout) == (1, True)


def test_the_published_file_holds_nothing_that_names_a_person(wave, visitor):
    text = visitor.browser.get(f"/program/{wave.public_id}/undian.csv").get_data(as_text=True)
    for row in Applicant.select():
        assert row.family_index not in text
        assert row.worker.nik not in text
        assert "Peserta" not in text


def test_verify_agrees_with_what_was_drawn_and_published(app, wave, visitor, tmp_path):
    answer = verify(app, wave.public_id)
    assert (answer.exit_code, answer.output) == (
        0, "cocok: 8 pendaftar, daftar, rahasia, benih, dan hasil\n")
    path = tmp_path / "undian.csv"
    path.write_bytes(visitor.browser.get(f"/program/{wave.public_id}/undian.csv").data)
    assert verify(app, "--file", path).output == answer.output
    path.write_text(path.read_text().replace("BENIH;", "BENIH;0", 1)[:-2] + "\n")
    changed = verify(app, "--file", path)
    assert (changed.exit_code, "Benih berubah" in changed.output) == (1, True)


CHANGES = {
    "Daftar berubah": lambda wave: Applicant.update(family_index="0" * 32).where(
        Applicant.place == 8).execute(),
    "Daftar berubah: ": lambda wave: Applicant.delete().where(
        Applicant.state == NOT_CHOSEN, Applicant.place == 8).execute(),
    "Hasil berubah pada 1 pendaftar": lambda wave: Applicant.update(state=CHOSEN).where(
        Applicant.place == 8).execute(),
    "Hasil berubah": lambda wave: Applicant.update(place=None, state=JOINED).where(
        Applicant.place == 8).execute(),
    "Benih berubah": lambda wave: Wave.update(seed="0" * 64).execute(),
    "Rahasia berubah": lambda wave: Wave.update(commitment="0" * 64).execute()}


@pytest.mark.parametrize("words", CHANGES)
def test_verify_names_what_was_changed_in_the_database(app, wave, words):
    CHANGES[words](wave)
    answer = verify(app, wave.public_id.hex)
    assert answer.exit_code == 1
    assert words in answer.output


def test_verify_says_when_there_is_nothing_to_compute(app, cast):
    made = wave_of(cast)
    for words, said in (((made.public_id,), "belum diundi"), (("x",), "tidak ada gelombang"),
                        ((), "either a wave or --file")):
        answer = verify(app, *words)
        assert answer.exit_code != 0
        assert said in answer.output


def test_who_was_revoked_after_the_draw_was_chosen_in_it_all_the_same(app, cast, wave):
    chosen = Applicant.get(Applicant.state == CHOSEN)
    service.revoke(chosen, cast.fajar, clock.now(), version=chosen.version, reason="Data palsu.")
    assert Applicant.get_by_id(chosen.id).state == REVOKED
    assert sorted(states_in(wave)).count(CHOSEN) == 2     # nobody moves up
    assert verify(app, wave.public_id).exit_code == 0


def test_who_was_revoked_between_closing_and_draw_is_left_out_and_the_seed_stays(app, cast):
    made = wave_of(cast, quota=2)
    for number in range(4):
        joined(made, number)
    shut = closed(made, cast)
    gone = Applicant.get()
    service.revoke(gone, cast.fajar, clock.now(), version=gone.version, reason="Data palsu.")
    done = drawn(shut, cast)
    assert (done.digest, done.applicants) == (shut.digest, 4)
    assert sorted(states_in(done)) == sorted([NOT_CHOSEN, REVOKED, CHOSEN, CHOSEN])
    assert Applicant.get_by_id(gone.id).place is None
    assert verify(app, done.public_id).exit_code == 0


def test_a_family_that_had_its_two_in_an_earlier_wave_gets_none_in_the_next(app, cast):
    first = wave_of(cast, quota=2)
    for number in range(2):
        joined(first, number, of=7)
    first = drawn(first, cast)
    assert states_in(first) == [CHOSEN, CHOSEN]
    second = wave_of(cast, quota=3)
    for number in range(2, 5):
        joined(second, number)
    late = Applicant.select().where(Applicant.wave == second).first()
    Applicant.update(family_index=Applicant.get().family_index).where(
        Applicant.id == late.id).execute()     # as if it had been let in
    done = drawn(second, cast)
    assert Applicant.get_by_id(late.id).state == NOT_CHOSEN
    assert states_in(done).count(CHOSEN) == 2
    for wave in (first, done):
        assert verify(app, wave.public_id).exit_code == 0


def test_whoever_won_before_is_not_read_for_the_list_of_a_later_wave(cast, monkeypatch):
    first = wave_of(cast, quota=4)
    for number in range(4):
        joined(first, number)
    drawn(first, cast)
    second = wave_of(cast)
    row = joined(second, 4)
    Beneficiary.update(family_index=row.family_index).execute()
    monkeypatch.setattr(applicant_list, "PAGE", 2)
    found = []
    asked = statements_of(lambda: found.extend(applicant_list.listed(second)))
    assert [entry.used for _, entry, _, _ in found] == [4]
    assert asked == 2     # the earlier waves, and a page


def test_results_that_are_being_told_keep_no_other_wave_waiting(cast):
    first = wave_of(cast)
    joined(first, 1)
    shut = closed(first, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    work_on(clock.now())
    assert fresh(first).state == ANNOUNCED
    second = closed(wave_of(cast), cast)
    assert second.digest
    assert fresh(first).told_until == ""


def test_a_draw_that_was_killed_goes_on_to_the_same_result(app, cast, monkeypatch):
    made = wave_of(cast, quota=3)
    for number in range(9):
        joined(made, number)
    shut = closed(made, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    monkeypatch.setattr(drawing, "AT_ONCE", 4)
    written, write = [], drawing._write

    def die_at_the_second(rows):
        if written:
            raise KeyboardInterrupt
        written.append(rows)
        return write(rows)
    monkeypatch.setattr(drawing, "_write", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        draw(fresh(made), clock.now())
    half = Applicant.select().where(Applicant.place.is_null(False)).count()
    assert (half, fresh(made).state) == (4, DRAWING)
    monkeypatch.setattr(drawing, "_write", write)
    while work_on(clock.now()):
        pass
    done = fresh(made)
    assert (done.state, done.chosen) == (ANNOUNCED, 3)
    assert states_in(done).count(CHOSEN) == 3
    assert verify(app, done.public_id).exit_code == 0


def test_nothing_is_drawn_of_a_list_that_was_changed_behind_our_back(app, cast):
    made = wave_of(cast)
    for number in range(3):
        joined(made, number)
    shut = closed(made, cast)
    Applicant.delete().where(Applicant.id == Applicant.get().id).execute()
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    with pytest.raises(ListChanged):
        draw(fresh(made), clock.now())
    working = Work()
    assert [working(clock.now()), working(clock.now())] == [True, False]     # once is enough
    assert fresh(made).state == DRAWING
    assert set(states_in(made)) == {JOINED}


def test_eight_draws_at_once_are_one(app, cast):
    made = wave_of(cast, quota=3)
    for number in range(9):
        joined(made, number)
    shut = closed(made, cast)
    service.begin_draw(shut, cast.fajar, clock.now(), version=shut.version)
    due = fresh(made)
    in_parallel(lambda _: draw(due, clock.now()), 8)
    assert states_in(made).count(CHOSEN) == 3
    assert Beneficiary.select().count() == 3
    assert AuditEntry.select().where(AuditEntry.kind == "wave:announced").count() == 1
    assert verify(app, made.public_id).exit_code == 0


def test_a_wave_that_nobody_joined_is_drawn_too(app, cast):
    done = drawn(wave_of(cast), cast)
    assert (done.state, done.chosen, done.applicants) == (ANNOUNCED, 0, 0)
    assert verify(app, done.public_id).exit_code == 0


def test_five_thousand_are_drawn_in_a_moment(app, cast):
    """``make bench`` draws a million."""
    wave, now = fill(5_000, clock.now()), clock.now()
    began = time.perf_counter()
    fix_list(wave)
    Wave.update(state=DRAWING).where(Wave.id == wave.id).execute()
    draw(fresh(wave), now)
    assert time.perf_counter() - began < 5     # thirty times what it takes
    assert Beneficiary.select().count() == 250
    assert take_turns(now) == 0
    assert verify(app, wave.public_id).output.startswith("cocok: 5000 pendaftar")
