"""A workbook of one sheet in which every cell is text, written row by row.

XlsxWriter keeps every cell and takes ten times as long, all of it holding up the requests beside
it; for ten thousand rows of a payroll export that is seconds and hundreds of megabytes. Text cells
also cannot be formulas, whatever they begin with.
"""

import io
import re
import zipfile
from collections.abc import Iterable

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LARGEST_CELL = 32_767          # of Excel, which calls a workbook with a longer one damaged
_ROWS_AT_ONCE = 200
_WHEN = (1980, 1, 1, 0, 0, 0)   # the same rows are the same bytes

_PARTS = {
    "[Content_Types].xml":
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        '</Types>',
    "_rels/.rels":
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels":
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is text, style 2 text in bold: 49 is the number of the format "@".
    "xl/styles.xml":
        f'<styleSheet xmlns="{_SPREADSHEET}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/>'
        '<xf xfId="0" numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        '</styleSheet>',
}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")     # Excel reads _x0041_ as A


def write(name: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """An XLSX file.

    :param name: of its sheet, at most 31 characters.
    :param header: stays in sight above the rows.
    """
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in (_PARTS | {"xl/workbook.xml": _workbook(name)}).items():
            archive.writestr(_member(path), _HEAD + text)
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w") as sheet:
            for piece in _sheet(header, rows):
                sheet.write(piece.encode())
    return body.getvalue()


def _member(path):
    member = zipfile.ZipInfo(path, _WHEN)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _workbook(name):
    return (f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{_escaped(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>')


def _sheet(header, rows):
    yield (f'{_HEAD}<worksheet xmlns="{_SPREADSHEET}"><sheetViews><sheetView workbookViewId="0">'
           '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
           '</sheetView></sheetViews><sheetFormatPr defaultColWidth="20" defaultRowHeight="15"/>'
           f'<sheetData>{_row(header, 2)}')
    lines = []
    for row in rows:
        lines.append(_row(row, 1))
        if len(lines) == _ROWS_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines) + "</sheetData></worksheet>"


def _row(cells, style):
    return "<row>" + "".join([
        f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_escaped(cell)}</t></is></c>'
        if cell else "<c/>" for cell in cells]) + "</row>"


def _escaped(text):
    text = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", text[:_LARGEST_CELL]))
    return (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            .replace('"', "&quot;"))
