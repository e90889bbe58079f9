"""Assistance of real people, and lists about it as the disburser writes them."""

import hashlib
from datetime import date

from tests.programmes.waving import drawn, joined, wave_of
from webapp.models.programmes import Assistance
from webapp.receipts.signing import show_number


def granted(cast, count=1):
    """So many people who were chosen: their ``Assistance``, in the order of its rows."""
    wave = wave_of(cast, quota=count)
    for number in range(count):
        joined(wave, number)
    drawn(wave, cast)
    return list(Assistance.select().order_by(Assistance.id))


def line(row, state, day=date(2026, 11, 22), note="", amount=None):
    """A line about one assistance."""
    return f"{show_number(row.number)};{state};{day};{amount or row.amount};{note}"


def sealed(text, count, total):
    """The bytes of a list with its control line."""
    body = text.encode()
    return body + f"KONTROL;{count};{total};{hashlib.sha256(body).hexdigest()}\n".encode()


def list_of(*lines, made_on=date(2026, 11, 22)):
    """A whole list of these lines."""
    text = f"HASIL-BANTUAN;1;{made_on}\nnomor;status;tanggal;jumlah;catatan\n"
    text += "".join(f"{one}\n" for one in lines)
    return sealed(text, len(lines), sum(int(one.split(";")[3]) for one in lines))
