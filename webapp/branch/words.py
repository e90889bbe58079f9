"""How the desk calls what it lists."""

from webapp.messages.outbox import is_secret
from webapp.models.cases import (
    CLAIM,
    COMPLAINT,
    CORRECTION,
    DESTINATION,
    OBJECTION,
    RECOVERY,
    REQUEST,
    SWITCH,
    WALK_IN,
)

# As the queue has them, where there is little room.
KINDS = {REQUEST: "Permohonan", OBJECTION: "Sanggahan", CORRECTION: "Koreksi",
         RECOVERY: "Pemulihan akun", WALK_IN: "Di loket",
         CLAIM: "Pencairan", DESTINATION: "Rekening",
         SWITCH: "Mandiri", COMPLAINT: "Pengaduan"}
# What the queue can be narrowed to: in the address → in words.
MINE, UNTAKEN = "saya", "bebas"
SHOWN = {MINE: "Punya saya", UNTAKEN: "Belum diambil", **KINDS}

ROLES = {"worker": "Pekerja", "employer": "Perusahaan"}
STAFF = "Petugas cabang"

# By what a message's kind begins with.
MESSAGES = (("deactivation:filed", "Laporan nonaktif"), ("deactivation:", "Pembatalan laporan"),
            ("case:request", "Permohonan nonaktif"), ("case:objection", "Sanggahan"),
            ("case:correction", "Permintaan koreksi"), ("case:claim", "Pencairan"),
            ("case:destination", "Pemeriksaan rekening"), ("case:switch", "Beralih ke Mandiri"),
            ("bill:", "Iuran"), ("case:complaint", "Pengaduan"), ("case:", "Kabar kasus"),
            ("security:", "Keamanan akun"), ("closure", "Penutupan akun"),
            ("programme:", "Program"), ("assistance:", "Bantuan"),
            ("account:", "Akun"), ("reminder:", "Pengingat"))


def message_words(kind):
    """What a message was about, without a word of its text."""
    if is_secret(kind):
        return "Kode rahasia"
    return next((shown for begins, shown in MESSAGES if kind.startswith(begins)), "Pesan lain")
