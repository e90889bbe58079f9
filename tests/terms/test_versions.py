"""Versions of the terms: read from files, the right one for a day, sealed by a digest."""

import hashlib
from datetime import date

import pytest

from webapp.terms import versions
from webapp.terms.versions import Malformed

TEXT = """Syarat dan Ketentuan

# Data
Isi data
yang benar.

Perbarui jika berubah.

# Sandi
Jangan dibagikan.
"""


@pytest.fixture
def folder(tmp_path):
    """Two versions: from January 2026 and from March 2027."""
    (tmp_path / "2027-03-01.txt").write_text(TEXT.replace("dibagikan", "diberikan"))
    (tmp_path / "2026-01-01.txt").write_text(TEXT)
    return tmp_path


@pytest.fixture
def held(folder):
    """They hold during the test."""
    shipped = versions.all_versions()
    versions.use(versions.load(folder))
    yield versions.all_versions()
    versions.use(shipped)


def test_a_file_is_a_title_and_headings_with_paragraphs(folder):
    first, _ = versions.load(folder)
    assert (first.version, first.valid_from, first.language) == (
        "2026-01-01", date(2026, 1, 1), "id")
    assert first.title == "Syarat dan Ketentuan"
    assert first.sections == (
        ("Data", ("Isi data yang benar.", "Perbarui jika berubah.")),
        ("Sandi", ("Jangan dibagikan.",)))


def test_the_digest_is_that_of_the_file_and_changes_with_one_byte(folder):
    before = versions.load(folder)[0].digest
    assert before == hashlib.sha256(TEXT.encode()).hexdigest()
    (folder / "2026-01-01.txt").write_text(TEXT.replace("berubah.", "berubah!"))
    assert versions.load(folder)[0].digest != before
    (folder / "2026-01-01.txt").write_text(TEXT + "\n")
    assert versions.load(folder)[0].digest != before


@pytest.mark.parametrize(("day", "name"), [
    (date(2026, 1, 1), "2026-01-01"), (date(2027, 2, 28), "2026-01-01"),
    (date(2027, 3, 1), "2027-03-01"), (date(2040, 1, 1), "2027-03-01")])
def test_the_current_version_follows_the_calendar(held, day, name):
    assert versions.current(day).version == name


def test_no_version_holds_before_the_first(held):
    with pytest.raises(LookupError):
        versions.current(date(2025, 12, 31))


def test_a_version_is_found_by_its_name_and_kept_after_its_time(held):
    assert versions.version("2026-01-01").sections[1] == ("Sandi", ("Jangan dibagikan.",))
    assert versions.version("2026-01-02") is None
    assert [terms.version for terms in held] == ["2026-01-01", "2027-03-01"]


@pytest.mark.parametrize(("name", "text", "complaint"), [
    ("baru.txt", TEXT, "not named by a day"), ("20260101.txt", TEXT, "not named by a day"),
    ("2026-02-30.txt", TEXT, "not named by a day"), ("2026-01-01.txt", "", "title"),
    ("2026-01-01.txt", "# Data\nIsi.\n", "title"), ("2026-01-01.txt", "Syarat\n", "heading"),
    ("2026-01-01.txt", "Syarat\n\nIsi.\n\n# Data\nIsi.\n", "before its first heading"),
    ("2026-01-01.txt", "Syarat\n\n# Data\n\n# Sandi\nIsi.\n", "without text")])
def test_a_file_that_cannot_be_shown_is_refused_by_name(tmp_path, name, text, complaint):
    (tmp_path / name).write_text(text)
    with pytest.raises(Malformed, match=complaint) as caught:
        versions.load(tmp_path)
    assert str(caught.value).startswith(name)


def test_a_folder_without_terms_is_refused(tmp_path):
    with pytest.raises(Malformed, match="no terms"):
        versions.load(tmp_path)


def test_the_shipped_terms_are_those_that_people_agreed_to():
    """Never edit a version that has held: add another, and its digest here."""
    assert {terms.version: terms.digest for terms in versions.load(versions.FOLDER)} == {
        "2026-01-01": "40ee54c39f0d69198f8f4dbebb0ef886198fd8e2281e692ce1d04661d3866b8d",
    }


def test_the_shipped_terms_say_what_they_must():
    text = " ".join(paragraph for _, paragraphs in versions.version("2026-01-01").sections
                    for paragraph in paragraphs)
    for words in ("NIK", "satu akun", "kode yang kami kirim", "Undang-Undang Nomor 27 Tahun 2022",
                  "Manajemen pelaksana", "Formulir pengaduan", "72 jam", "versi baru"):
        assert words in text
