"""The draw itself: its order, families, the published file, and that a change shows."""

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.draw import published, recompute_path
from webapp.draw.drawing import Draw
from webapp.draw.listing import Entry, ListDigest, commitment_of, head_of, seed_of
from webapp.draw.verifying import check_file
from webapp.models.programmes import CHOSEN, NOT_CHOSEN, REVOKED

WAVE, SECRET = "0123456789abcdef" * 2, "5e" * 32
NUMBERS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=12, max_size=12)
LISTS = st.lists(st.tuples(NUMBERS, st.integers(0, 3), st.booleans()), max_size=12,
                 unique_by=lambda one: one[0])


def entries_of(rows):
    """Entries by number; people of one family share how many of it were chosen before."""
    return [Entry(number, f"{family:016x}", family % 3) for number, family, _ in sorted(rows)]


def draw_of(entries, quota, revoked=()):
    """(the claims, the rows) of a draw."""
    digest = ListDigest(head_of(WAVE, quota))
    for entry in entries:
        digest.add(entry)
    seed = seed_of(SECRET, digest.hex())
    drawing = Draw(seed)
    for entry in entries:
        if entry.number not in revoked:
            drawing.add(entry, entry.number.encode())
    found = {key.decode(): (place, CHOSEN if is_chosen else NOT_CHOSEN)
             for key, place, is_chosen in drawing.results(quota)}
    rows = [published.Row(entry, *found.get(entry.number, (None, REVOKED))) for entry in entries]
    return published.Claims(WAVE, quota, commitment_of(SECRET), SECRET, digest.hex(), seed), rows


def by_the_words(entries, quota, revoked):
    """The chosen, as the package's documentation says it, without any of its code."""
    listed = f"PURNA-UNDIAN;1;{WAVE};{quota}\n" + "".join(
        f"{number};{family};{used}\n" for number, family, used in entries)
    digest = hashlib.sha256(listed.encode()).digest()
    seed = hashlib.sha256(bytes.fromhex(SECRET) + digest).digest()
    left = sorted((one for one in entries if one.number not in revoked),
                  key=lambda one: hmac.new(seed, one.number.encode(), hashlib.sha256).digest())
    chosen, families = [], []
    for number, family, used in left:
        if len(chosen) < quota and used + families.count(family) < 2:
            chosen.append(number)
            families.append(family)
    return chosen, [one.number for one in left]


@settings(max_examples=60, deadline=None)
@given(LISTS, st.integers(1, 6))
def test_the_chosen_are_those_that_the_rules_name(rows, quota):
    entries = entries_of(rows)
    revoked = {number for number, _, is_revoked in rows if is_revoked}
    _, result = draw_of(entries, quota, revoked)
    chosen, order = by_the_words(entries, quota, revoked)
    assert {row.entry.number for row in result if row.result == CHOSEN} == {*chosen}
    placed = sorted((row for row in result if row.place), key=lambda row: row.place)
    assert [row.entry.number for row in placed] == order
    assert [row.place for row in placed] == list(range(1, len(order) + 1))


def test_the_third_of_a_family_is_passed_over_and_the_next_one_moves_up():
    entries = [Entry(f"{number:012}", "a" * 16, 0) for number in range(5)]
    entries.append(Entry("9" * 12, "b" * 16, 0))
    _, rows = draw_of(entries, 4)
    results = {row.entry.family: [] for row in rows}
    for row in rows:
        results[row.entry.family].append(row.result)
    assert sorted(results["a" * 16]) == [NOT_CHOSEN] * 3 + [CHOSEN] * 2
    assert results["b" * 16] == [CHOSEN]


@pytest.mark.parametrize(("used", "most"), [(0, 2), (1, 1), (2, 0), (7, 0)])
def test_those_of_a_family_who_were_chosen_in_earlier_waves_count(used, most):
    _, rows = draw_of([Entry(f"{number:012}", "a" * 16, used) for number in range(4)], 4)
    assert sum(row.result == CHOSEN for row in rows) == most


def test_leaving_somebody_out_changes_nothing_in_the_order_of_the_others():
    entries = [Entry(f"{number:012}", f"{number:016x}", 0) for number in range(9)]
    _, whole = draw_of(entries, 3)
    first = min(whole, key=lambda row: row.place).entry.number
    _, without = draw_of(entries, 3, {first})

    def order(rows):
        return [row.entry.number for row in sorted(rows, key=lambda row: row.place or 0)
                if row.entry.number != first]
    assert order(without) == order(whole)


def test_a_list_out_of_its_order_is_no_list():
    digest = ListDigest(head_of(WAVE, 1))
    digest.add(Entry("B" * 12, "a" * 16, 0))
    for number in ("A" * 12, "B" * 12):
        with pytest.raises(ValueError, match="out of order"):
            digest.add(Entry(number, "a" * 16, 0))


@pytest.fixture(scope="module")
def text():
    """The published file of a draw of nine, one of them revoked."""
    entries = [Entry(f"{number:012}", f"{number // 4:016x}", 0) for number in range(9)]
    claims, rows = draw_of(entries, 4, {"000000000003"})
    return "".join(published.lines_of(claims, rows))


def differences(text):
    return check_file(lambda: published.Reader(iter(text.splitlines(keepends=True))))[0]


def by_the_script(text, folder):
    """(whether it says that all is well, what it says) of the script, in a fresh interpreter."""
    path = folder / "undian.csv"
    path.write_text(text)
    done = subprocess.run([sys.executable, "-I", recompute_path(), path], capture_output=True,
                          text=True, check=False)
    assert done.stderr == ""
    return done.returncode == 0, done.stdout


def test_what_is_published_is_found_right_by_us_and_by_the_script(text, tmp_path):
    assert differences(text) == []
    is_right, said = by_the_script(text, tmp_path)
    assert is_right
    assert said == "janji: cocok\ndaftar: cocok\nbenih: cocok\nhasil: cocok\n"


def _swapped(text):
    """Two people change places, one of them chosen."""
    lines = text.splitlines()
    chosen = next(line for line in lines if line.endswith(";LOLOS"))
    other = next(line for line in lines if line.endswith(";BELUM_BERHASIL"))
    head, tail = chosen.split(";")[:3], other.split(";")[:3]
    swapped = {chosen: ";".join(head + other.split(";")[3:]),
               other: ";".join(tail + chosen.split(";")[3:])}
    return "\n".join(swapped.get(line, line) for line in lines) + "\n"


def _with_line(text, name, value):
    return "\n".join(f"{name};{value}" if line.startswith(f"{name};") else line
                     for line in text.splitlines()) + "\n"


CHANGES = {
    "daftar": (lambda text: text.replace("000000000008;0000000000000002",
                                         "000000000008;0000000000000003"), "Daftar berubah"),
    "kuota": (lambda text: text.replace(f"{WAVE};4", f"{WAVE};5", 1), "Daftar berubah"),
    "hilang": (lambda text: "\n".join(line for line in text.splitlines()
                                      if not line.startswith("000000000001")) + "\n",
               "Daftar berubah"),
    "hasil": (_swapped, "Hasil berubah pada 2 pendaftar"),
    "benih": (lambda text: _with_line(text, "BENIH", "ab" * 32), "Benih berubah"),
    "rahasia": (lambda text: _with_line(text, "RAHASIA", "cd" * 32), "Rahasia berubah"),
    "kode": (lambda text: _with_line(text, "KODE", "ef" * 32), "Daftar berubah"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_by_us_and_by_the_script(text, tmp_path, what):
    change, words = CHANGES[what]
    changed = change(text)
    assert changed != text
    assert any(words in said for said in differences(changed))
    is_right, said = by_the_script(changed, tmp_path)
    assert not is_right
    assert "BERBEDA" in said


def test_a_changed_result_is_no_changed_list(text):
    said = differences(_swapped(text))
    assert len(said) == 3
    assert not any("Daftar" in one or "Benih" in one for one in said)
    assert "seharusnya urutan" in said[1]


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda text: "", "baris pertamanya lain"),
    (lambda text: text.replace("PURNA-UNDIAN;1", "PURNA-UNDIAN;2"), "baris pertamanya lain"),
    (lambda text: text.replace("nomor;", "nama;"), "Baris 2"),
    (lambda text: text.rpartition("BENIH")[0], "terpotong: baris BENIH"),
    (lambda text: text.replace(";LOLOS", ";MENANG"), "tidak dikenal"),
    (lambda text: text.replace("000000000004;", "00000;"), "Baris 7"),
    (lambda text: text + "000000000009;0000000000000009;0;9;LOLOS\n", "tidak ada pendaftar lagi")])
def test_what_is_no_published_file_is_named_as_such(text, change, sentence):
    with pytest.raises(published.Unreadable, match=sentence):
        differences(change(text))


def test_the_script_stands_alone_and_is_short():
    lines = Path(recompute_path()).read_text().splitlines()
    assert len(lines) <= 40
    imports = [line for line in lines if line.startswith(("import", "from"))]
    assert imports == ["import hashlib", "import hmac", "import sys"]
