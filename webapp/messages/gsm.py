"""Texts that fit one SMS: the basic alphabet of GSM 03.38, 160 characters of seven bits."""

import unicodedata

LONGEST_SMS = 160     # septets; every character of the basic alphabet is one

BASIC_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")

# Characters that Unicode does not decompose into letters of the alphabet. The extension table's
# [ ] { } \ ^ ~ | € are here too: they would count twice, and some operators lose them.
REPLACEMENTS = str.maketrans({
    "\t": " ", "[": "(", "]": ")", "{": "(", "}": ")", "\\": "/", "|": "/", "^": "'", "~": "-",
    "`": "'", "´": "'", "‘": "'", "’": "'", "‚": ",", "ʼ": "'", "ʿ": "'", "ʾ": "'", "“": '"',
    "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
    "•": "-", "·": ".", "⁄": "/", "×": "x", "€": "EUR", "©": "(c)", "®": "(R)", "ı": "i", "ł": "l",
    "Ł": "L", "đ": "d", "Đ": "D", "œ": "oe", "Œ": "OE",
})


def gsm_text(text):
    """The same text in the basic alphabet; what has no likeness there becomes a question mark."""
    text = unicodedata.normalize("NFC", text).translate(REPLACEMENTS)
    return "".join(character if character in BASIC_ALPHABET else _likeness(character)
                   for character in text)


def shorten(name, most):
    """A name in the basic alphabet and at most ``most`` characters, cut between words if it can."""
    name = " ".join(gsm_text(name).split())
    if len(name) <= most:
        return name
    whole_words = name[:most + 1].rpartition(" ")[0]
    return whole_words or name[:most - 1] + "."


def _likeness(character):
    if unicodedata.category(character) == "Cf":
        return ""     # joiners and direction marks are not seen
    parts = unicodedata.normalize("NFKD", character).translate(REPLACEMENTS)
    return "".join(part for part in parts if part in BASIC_ALPHABET) or "?"
