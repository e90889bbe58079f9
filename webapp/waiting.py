"""The page for those who tried too often: until when they wait."""

from webapp import clock
from webapp.errors import problem


def until(moment, back):
    """Say when one may try again: (body, status, headers).

    :param back: where the way back leads.
    """
    body, status, headers = problem(
        429, "Terlalu banyak percobaan",
        f"Tunggu {in_words(moment)}, lalu coba lagi. "
        "Perangkat yang sudah masuk tetap bisa dipakai.", back=back)
    return body, status, {**headers, "Retry-After": str(seconds_until(moment))}


def seconds_until(moment):
    """How long to wait, whole seconds, at least one: as Retry-After says it."""
    return max(1, round((moment - clock.now()).total_seconds()))


def in_words(moment):
    """The same in words: ``45 detik``, ``10 menit``, ``3 jam``."""
    seconds = seconds_until(moment)
    if seconds <= 120:
        return f"{seconds} detik"
    minutes = -(-seconds // 60)
    return f"{minutes} menit" if minutes < 120 else f"{-(-minutes // 60)} jam"
