"""What those see who tried too often: until when they wait."""

from datetime import timedelta
from math import ceil

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


def said_in(form, moment, make_page):
    """The same in the form that was sent: what was typed stays, and Back leads where it led.

    :param make_page: called with the status; makes the page of the form by ``show``.
    """
    form.form_errors.append(f"Terlalu banyak percobaan. Tunggu {in_words(moment)}, "
                            "lalu coba lagi.")
    response = make_page(429)
    response.headers["Retry-After"] = str(seconds_until(moment))
    return response


def seconds_until(moment):
    """How long to wait, whole seconds, at least one: as Retry-After says it."""
    return max(1, ceil((moment - clock.now()).total_seconds()))


def when(moment):
    """From when on something may be done: a short wait in seconds, a longer one by the clock."""
    if seconds_until(moment) <= 120:
        return f"setelah {in_words(moment)}"
    # The next whole minute: at the one that is shown it is really so.
    moment += timedelta(seconds=59)
    words = clock.show_moment(moment)
    if clock.day_of(moment) == clock.today():
        return words[words.index("pukul"):]
    return f"pada {words}"


def in_words(moment):
    """The same in words: ``45 detik``, ``10 menit``, ``3 jam``."""
    seconds = seconds_until(moment)
    if seconds <= 120:
        return f"{seconds} detik"
    minutes = -(-seconds // 60)
    return f"{minutes} menit" if minutes < 120 else f"{-(-minutes // 60)} jam"
