"""How a receipt's QR looks: one scan opens the check page, and carries the signed text along.

The text stands behind ``#``: a browser never sends that part, and whoever checks offline has it.
"""

import re
from urllib.parse import quote

import zxingcpp
from markupsafe import Markup

from webapp.receipts.signing import show_number

QUIET_ZONE = 4     # modules of white around the code, as the standard asks
_dark_runs = re.compile(rb"\x00+")


def check_url(receipt, base_url):
    """The public address that tells a receipt's present state."""
    return f"{base_url}/periksa/{show_number(receipt.number)}"


def qr_content(receipt, base_url):
    """What the QR code of a receipt says."""
    return f"{check_url(receipt, base_url)}#{quote(receipt.text, safe=';:+*')}"


def qr_of(receipt, base_url):
    """The QR code as inline SVG: one path of horizontal runs of dark modules."""
    code = zxingcpp.create_barcode(qr_content(receipt, base_url), zxingcpp.BarcodeFormat.QRCode,
                                   ec_level="M")
    rows = memoryview(code.to_image(scale=1, add_quiet_zones=False)).tolist()
    side = len(rows) + 2 * QUIET_ZONE
    return Markup(  # noqa: S704 (made of numbers)
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="Kode QR tanda terima">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{_path(rows)}"/></svg>')


def _path(rows):
    """Relative moves: they repeat, so that the page compresses to half of what absolute ones do."""
    parts, at_x, at_y = [], -QUIET_ZONE, -QUIET_ZONE - 0.5
    for y, row in enumerate(rows):
        for run in _dark_runs.finditer(bytes(row)):
            start, end = run.span()
            parts.append(f"m{start - at_x} {y - at_y:g}h{end - start}")
            at_x, at_y = end, y
    return "".join(parts)
