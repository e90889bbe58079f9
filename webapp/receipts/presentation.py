"""How a receipt's QR looks: one scan opens the check page, and carries the signed text along.

The text stands behind ``#``: a browser never sends that part, and whoever checks offline has it.
"""

from urllib.parse import quote

import segno
from markupsafe import Markup

from webapp.receipts.signing import show_number


def check_url(receipt, base_url):
    """The public address that tells a receipt's present state."""
    return f"{base_url}/periksa/{show_number(receipt.number)}"


def qr_of(receipt, base_url):
    """The QR code as inline SVG."""
    content = f"{check_url(receipt, base_url)}#{quote(receipt.text, safe=';:+')}"
    code = segno.make(content, error="m", micro=False)
    return Markup(code.svg_inline(  # noqa: S704 (made here, of digits and paths)
        omitsize=True, border=4, svgclass="qr", lineclass=None, dark="#000", light="#fff",
        title="Kode QR tanda terima"))
