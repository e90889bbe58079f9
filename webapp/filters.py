"""How values look in templates."""

from webapp import clock, formats
from webapp.models.deactivations import (
    DISPUTED,
    EFFECTIVE,
    RESTORED,
    SCHEDULED,
    UNDONE,
)
from webapp.models.messages import EXPIRED, FAILED, SENT, WAITING
from webapp.models.workers import ACTIVE, NEW_FOR
from webapp.months import show_month
from webapp.receipts.signing import show_number

# code: (word on screen, tone)
DEACTIVATION_STATES = {
    SCHEDULED: ("Terjadwal", "info"), EFFECTIVE: ("Berlaku", "good"),
    UNDONE: ("Dibatalkan", "quiet"), DISPUTED: ("Disanggah", "warning"),
    RESTORED: ("Dipulihkan", "info"),
}

MESSAGE_STATES = {
    WAITING: ("Menunggu", "info"), SENT: ("Terkirim", "good"), FAILED: ("Gagal", "danger"),
    EXPIRED: ("Kedaluwarsa", "quiet"),
}


def init_app(app):
    """Give templates the formats of ``webapp.formats``."""
    app.jinja_env.filters.update(
        tanggal=formats.show_date, waktu=clock.show_moment, rupiah=formats.show_rupiah,
        samarkan_nik=formats.mask_nik, samarkan_kpj=formats.mask_kpj,
        samarkan_ponsel=formats.mask_phone, samarkan_email=formats.mask_email,
        samarkan_nama=formats.mask_name, ponsel=formats.show_phone,
        nomor=show_number, jumlah=formats.show_count, bulan=show_month,
        status_nonaktif=DEACTIVATION_STATES.__getitem__)
    app.jinja_env.globals.update(membership_status=membership_status,
                                 message_states=MESSAGE_STATES)


def membership_status(membership, today, standing=None):
    """(word, tone) of a membership as lists show it."""
    if membership.status != ACTIVE:
        return "Nonaktif", "quiet"
    if standing and standing.state == SCHEDULED:
        return f"Aktif sampai {formats.show_date(standing.last_day)}", "warning"
    if membership.started_on > today - NEW_FOR:
        return "Baru", "info"
    return "Aktif", "good"
