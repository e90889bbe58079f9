"""QR codes as inline SVG: one path of horizontal strokes."""

import re

import zxingcpp
from markupsafe import Markup

QUIET_ZONE = 4     # modules of white around the code, as the standard asks


def drawing(content, label):
    """A QR code that says ``content``; ``label`` is what a screen reader says of it."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    modules, side = bytes(image).translate(_DARK_IS_ONE), image.shape[0]
    edge = side + 2 * QUIET_ZONE
    return Markup(
        '<svg class="qr" viewBox="0 0 {edge} {edge}" role="img" aria-label="{label}">'
        '<path fill="#fff" d="M0 0h{edge}v{edge}H0z"/>'
        '<path stroke="#000" d="M{quiet} {quiet}.5{strokes}"/></svg>').format(
            edge=edge, label=label, quiet=QUIET_ZONE, strokes=_strokes(modules, side))


def _strokes(modules, side):
    """Eight modules at a time by table: a code has thousands, and its page waits for it."""
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
