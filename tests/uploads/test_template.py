"""The template: our own reader understands it, and Excel leaves its cells alone."""

import re
import zipfile
from io import BytesIO

import pytest

from webapp.deactivation.reasons import REASONS
from webapp.models.uploads import READY, UNUSABLE, VALID, UploadRow
from webapp.spreadsheets import read_sheet
from webapp.uploads import template_file
from webapp.uploads.leaver_list import COLUMNS, LABELS, read_reason

FILLED_IN = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>30145274512</t></is></c>'
    '<c r="D2" t="inlineStr"><is><t>RSG - Mengundurkan diri</t></is></c>'
    '<c r="E2" t="inlineStr"><is><t>31/10/2026</t></is></c></row></sheetData>')


@pytest.fixture
def parts():
    """The members of the file, by name."""
    with zipfile.ZipFile(BytesIO(template_file.build())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def filled_in(parts):
    """The template with one worker in it, as Excel would save it."""
    body = BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, text in parts.items():
            if name.endswith("sheet1.xml"):
                text = text.replace("</sheetData>", FILLED_IN)
            archive.writestr(name, text)
    return body.getvalue()


def test_our_reader_finds_its_columns(tmp_path):
    path = tmp_path / "templat.xlsx"
    path.write_bytes(template_file.build())
    header = COLUMNS.find(read_sheet(path))
    assert dict(header.columns) == {name: LABELS[name] for name in template_file.FIELDS}
    assert list(header.rows) == []


def test_filled_in_and_uploaded_it_is_ready(upload, parts):
    kept = upload("templat-nonaktif.xlsx", filled_in(parts))
    assert kept.state == READY
    assert [(row.number, row.state) for row in UploadRow.select()] == [(2, VALID)]


def test_uploaded_empty_it_says_so(upload):
    kept = upload("templat-nonaktif.xlsx", template_file.build())
    assert (kept.state, "tidak berisi pekerja" in kept.problem) == (UNUSABLE, True)


def test_the_reasons_to_choose_from_are_those_a_list_may_have(parts):
    listed = re.search(r"<formula1>&quot;(.*?)&quot;</formula1>|<formula1>\"(.*?)\"</formula1>",
                       parts["xl/worksheets/sheet1.xml"])
    offered = next(filter(None, listed.groups())).split(",")
    assert [read_reason(choice) for choice in offered] == [
        reason.code for reason in REASONS.values() if reason.in_bulk]


def test_every_column_is_text(parts):
    columns = re.findall(r"<col [^>]*>", parts["xl/worksheets/sheet1.xml"])
    assert len(columns) == len(template_file.FIELDS)
    formats = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="(.*?)"',
                              parts["xl/styles.xml"]))
    cells = parts["xl/styles.xml"].split("<cellXfs")[1]
    used = re.findall(r'<xf numFmtId="(\d+)"', cells)
    assert {formats[used[int(re.search(r'style="(\d+)"', column)[1])]] for column in columns} == {
        "@"}


def test_it_is_small_and_the_same_every_time():
    first = template_file.build()
    template_file.build.cache_clear()
    assert template_file.build() == first
    assert len(first) <= 12_000
