"""The page for those who tried too often: until when they wait."""

from webapp import clock
from webapp.errors import problem


def until(moment, back):
    """Say when one may try again: (body, status, headers).

    :param back: where the way back leads.
    """
    seconds = max(1, round((moment - clock.now()).total_seconds()))
    body, status, headers = problem(
        429, "Terlalu banyak percobaan",
        f"Tunggu {_minutes(seconds)}, lalu coba lagi. "
        "Perangkat yang sudah masuk tetap bisa dipakai.", back=back)
    return body, status, {**headers, "Retry-After": str(seconds)}


def _minutes(seconds):
    minutes = -(-seconds // 60)
    return f"{minutes} menit" if minutes < 120 else f"{-(-minutes // 60)} jam"
