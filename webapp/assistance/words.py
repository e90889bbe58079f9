"""How assistance is told: where it stands, what comes next. Pure."""

from webapp.clock import show_moment
from webapp.formats import show_date
from webapp.models.programmes import CHECKED, DISBURSED, FAILED, GRANTED, HELD, PLANNED

STATES = {
    GRANTED: ("Ditetapkan", "info"), PLANNED: ("Dijadwalkan", "info"),
    CHECKED: ("Dalam pengecekan", "info"), HELD: ("Dana tertahan", "warning"),
    DISBURSED: ("Tersalurkan", "good"), FAILED: ("Gagal", "danger"),
}


def schedule_of(assistance):
    """When it is paid, or was, in words."""
    if assistance.paid_on:
        return f"Dikirim {show_date(assistance.paid_on)}"
    if assistance.scheduled_on:
        return show_date(assistance.scheduled_on)
    return "Belum dijadwalkan"


def next_of(assistance):
    """What comes next, a sentence."""
    return {
        GRANTED: "Jadwalnya kami kabarkan. Anda tidak perlu melakukan apa-apa.",
        PLANNED: "Uangnya dikirim sekitar tanggal itu.",
        CHECKED: "Data Anda dicek sebelum uangnya dikirim. Anda tidak perlu melakukan apa-apa.",
        HELD: "Uangnya tidak hilang. Alasannya ada di riwayat.",
        DISBURSED: "Belum masuk? Tanyakan ke bank Anda, lalu ke kantor cabang.",
        FAILED: "Alasannya ada di riwayat. Tanyakan ke kantor cabang jika keliru.",
    }[assistance.state]


def history_of(steps):
    """The dated steps: items of the ``timeline`` macro."""
    last = len(steps) - 1
    return [{"when": show_moment(step.at), "title": STATES[step.state][0],
             "text": step.note or None, "current": place == last}
            for place, step in enumerate(steps)]
