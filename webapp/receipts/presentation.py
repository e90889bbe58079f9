"""How a receipt's QR looks: one scan opens the check page, and carries the signed text along.

The text stands behind ``#``: a browser never sends that part, and whoever checks offline has it.
"""

from urllib.parse import quote

from webapp import qr


def check_url(receipt, base_url):
    """The public address that tells a receipt's present state."""
    return f"{base_url}/periksa/{receipt.number}"


def qr_content(receipt, base_url):
    """What the QR code of a receipt says."""
    return f"{check_url(receipt, base_url)}#{quote(receipt.text, safe=';:+*')}"


def qr_of(receipt, base_url):
    """The QR code as inline SVG."""
    return qr.drawing(qr_content(receipt, base_url), "Kode QR tanda terima")
