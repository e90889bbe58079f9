"""How a receipt's QR looks: one scan opens the check page, and carries the signed text along.

The text stands behind ``#``: a browser never sends that part, and whoever checks offline has it.
"""

import re
from urllib.parse import quote

import zxingcpp
from markupsafe import Markup

QUIET_ZONE = 4     # modules of white around the code, as the standard asks


def check_url(receipt, base_url):
    """The public address that tells a receipt's present state."""
    return f"{base_url}/periksa/{receipt.number}"


def qr_content(receipt, base_url):
    """What the QR code of a receipt says."""
    return f"{check_url(receipt, base_url)}#{quote(receipt.text, safe=';:+*')}"


def qr_of(receipt, base_url):
    """The QR code as inline SVG: one path of horizontal strokes."""
    code = zxingcpp.create_barcode(qr_content(receipt, base_url), zxingcpp.BarcodeFormat.QRCode,
                                   ec_level="M")
    image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    modules, side = bytes(image).translate(_DARK_IS_ONE), image.shape[0]
    edge = side + 2 * QUIET_ZONE
    return Markup(  # noqa: S704 (made of numbers)
        f'<svg class="qr" viewBox="0 0 {edge} {edge}" role="img" aria-label="Kode QR tanda terima">'
        f'<path fill="#fff" d="M0 0h{edge}v{edge}H0z"/>'
        f'<path stroke="#000" d="M{QUIET_ZONE} {QUIET_ZONE}.5{_strokes(modules, side)}"/></svg>')


def _strokes(modules, side):
    """Eight modules at a time by table: a code has thousands, and its receipt waits for it."""
    padding = b"0" * (-side % 8)
    back = f"m-{side + len(padding)} 1"
    rows = (modules[at:at + side] + padding for at in range(0, side * side, side))
    return back.join("".join([_EIGHT[row[at:at + 8]] for at in range(0, len(row), 8)])
                     for row in rows)


def _drawn(bits):
    """Strokes over the dark runs of eight modules, moves over the light ones."""
    return "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0"
                   for run in re.findall("1+|0+", bits))


_DARK_IS_ONE = bytes.maketrans(b"\x00\xff", b"10")
_EIGHT = {f"{number:08b}".encode(): _drawn(f"{number:08b}") for number in range(256)}
