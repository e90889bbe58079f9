"""What is held about a person, as its owner reads it on a screen or on paper. Pure.

It is made from what the file holds, so that both say the same: a key is its own heading, with a
few exceptions, and a value is written as the rest of the screens write it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from webapp.blocks.words import REASONS as BLOCK_REASONS
from webapp.clock import show_moment
from webapp.deactivation.reasons import REASONS
from webapp.formats import show_date, show_phone, show_rupiah

HEADINGS = {"sesi": "Pernah masuk di", "perangkat_dikenal": "Perangkat yang kami kenali",
            "pengaman": "Cara masuk", "rekening_dan_e_wallet": "Rekening dan e-wallet"}
TERMS = {
    "nik": "NIK", "npp": "NPP", "kpj": "Nomor KPJ", "kpj_yang_disebut": "Nomor KPJ dari Anda",
    "pengingat_ganti_sandi_bulan": "Pengingat ganti sandi, setiap berapa bulan",
    "belum_dibuktikan": "Kontak yang belum dibuktikan", "sha256": "Tanda teks (SHA-256)",
    "dari_alamat": "Dari alamat internet", "nama_peramban": "Peramban selengkapnya",
    "perangkat_orang_lain": "Bukan perangkat sendiri",
    "bank_atau_e_wallet": "Bank atau e-wallet",
}
WORDS = {
    "peran": {"worker": "Pekerja", "employer": "Perusahaan", "officer": "Petugas cabang",
              "supervisor": "Penyelia cabang", "manager": "Manajemen cabang"},
    "sebab_diblokir": {code: reason.label for code, reason in BLOCK_REASONS.items()},
    "lewat": {"sms": "SMS", "email": "Email"},
    "bahasa": {"id": "Indonesia"},
    "sebab_menunggu": {"ponsel": "Nomor ponsel berubah", "email": "Email berubah",
                       "rekening": "Rekening berubah"},
    "sebab": {code: reason.label for code, reason in REASONS.items()},
}
RUPIAH = ("upah", "saldo", "masuk_seluruhnya", "sudah_diambil", "jumlah", "jumlah_disetujui",
          "jumlah_kuitansi", "penghasilan", "dasar_iuran")
NOTHING, NEVER = "Tidak ada", "Belum pernah"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
_PHONE = re.compile(r"\+62\d{8,13}")
_STATE = re.compile(r"[A-Z]+(_[A-Z]+)*")


@dataclass(frozen=True)
class Section:
    """One part.

    :param items: lists of (term, value), both in words; empty where nothing is held.
    """

    heading: str
    items: list


def sections(data):
    """The parts in the order of the file, a list of ``Section``.

    :param data: what ``held_data.everything_about`` gives.
    """
    return [Section(HEADINGS.get(key) or _sentence(key), _items(value))
            for key, value in data.items()]


def _items(part):
    if isinstance(part, list):
        return [_rows(row) for row in part]
    return [_said(part)] if part else []


def _said(part):
    """Every term; it is said of what is not there."""
    return [(_term(key), _in_words(key, value) or _missing(key)) for key, value in part.items()]


def _missing(key):
    return NEVER if key.endswith(("diganti", "diingatkan", "dipasang")) else NOTHING


def _rows(row):
    """The terms of one of many; what it lacks is left out."""
    if not isinstance(row, dict):
        return [("Sejak", _in_words("", row))]
    values = {key: _in_words(key, value) for key, value in row.items()}
    return [(_term(key), value) for key, value in values.items() if value]


def _term(key):
    return TERMS.get(key) or _sentence(key)


def _sentence(key):
    return key.replace("_", " ").capitalize()


def _in_words(key, value):
    """A value as people read it; empty where there is none."""
    if isinstance(value, list):
        return ". ".join(", ".join(f"{term}: {text}" for term, text in _rows(row))
                         for row in value)
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, int):
        return show_rupiah(value) if key in RUPIAH else str(value)
    return _text(key, value or "")


def _text(key, text):
    if text in WORDS.get(key, {}):
        return WORDS[key][text]
    if key == "keadaan" and _STATE.fullmatch(text):
        return _sentence(text)
    if _MOMENT.fullmatch(text):
        return show_moment(datetime.fromisoformat(text))
    if _DAY.fullmatch(text):
        return show_date(date.fromisoformat(text))
    return show_phone(text) if _PHONE.fullmatch(text) else text
