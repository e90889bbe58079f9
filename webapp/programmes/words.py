"""How a wave, and having joined it, is told: where it stands and what comes next. Pure."""

import json
from datetime import timedelta

from webapp.clock import day_of, show_moment, start_of
from webapp.formats import show_date
from webapp.messages.gsm import shorten
from webapp.models.programmes import (
    ANNOUNCED,
    CHOSEN,
    CLOSED,
    DRAWING,
    DRAWN,
    JOINED,
    NOT_CHOSEN,
    OPEN,
    OVER,
    REVOKED,
    SCHEDULED,
)

APPLICANTS = {JOINED: ("Terdaftar", "info"), CHOSEN: ("Lolos", "good"),
              NOT_CHOSEN: ("Belum berhasil", "quiet"), REVOKED: ("Dicabut", "danger")}
# Of a wave, where there is little room.
WAVES = {SCHEDULED: ("Terjadwal", "info"), OPEN: ("Dibuka", "good"), CLOSED: ("Ditutup", "warning"),
         DRAWING: ("Diseleksi", "warning"), ANNOUNCED: ("Diumumkan", "good"),
         OVER: ("Selesai", "quiet")}
# Why a draw does not go on, as managers read it.
STOPPED = {"list": "Daftar pendaftar tidak sama lagi dengan saat ditutup.",
           "secret": "Rahasia undian tidak sama lagi dengan yang diumumkan.",
           "results": "Ada hasil di data yang tidak berasal dari undian."}
MOST_IN_SMS = 40     # characters of a programme's name
A_MOMENT = timedelta(microseconds=1)


def name_of(wave):
    """What a wave is called: "Kartu Prakerja, Gelombang 3".

    :param wave: with its programme.
    """
    return f"{wave.programme.name}, Gelombang {wave.number}"


def short_name_of(wave):
    """The same where there is little room."""
    return f"{shorten(wave.programme.name, MOST_IN_SMS)} Gelombang {wave.number}"


def end_of(wave):
    """Until when one can join, in words: a day, or the moment where it was closed early."""
    if start_of(day_of(wave.closes_at)) == wave.closes_at:
        return show_date(day_of(wave.closes_at - A_MOMENT))
    return show_moment(wave.closes_at)


def last_day_of(wave):
    """The last day on which one can join."""
    return day_of(wave.closes_at - A_MOMENT)


def is_open(wave, now):
    """Whether one can join at this moment."""
    return wave.state == OPEN and now < wave.closes_at


def state_of(wave, now):
    """(words, tone) of where a wave stands."""
    if wave.state == SCHEDULED:
        is_due = wave.opens_at <= now
        return ("Segera dibuka" if is_due
                else f"Dibuka {show_date(day_of(wave.opens_at))}"), "info"
    if wave.state == OPEN:
        return (f"Dibuka sampai {end_of(wave)}", "good") if is_open(wave, now) else (
            "Sedang ditutup", "warning")
    return {CLOSED: ("Sudah ditutup, menunggu seleksi", "warning"),
            DRAWING: ("Sedang diseleksi", "warning"), ANNOUNCED: ("Sudah diumumkan", "good"),
            OVER: ("Selesai", "quiet")}[wave.state]


def shown_state(applicant, wave):
    """The state of an applicant as it may be shown: no result before all of them are there."""
    if applicant.state in (CHOSEN, NOT_CHOSEN) and wave.state not in DRAWN:
        return JOINED
    return applicant.state


def next_of(applicant, wave, result_by):
    """What an applicant can expect, a sentence or two.

    :param result_by: the moment until which the draw has begun.
    """
    state = shown_state(applicant, wave)
    if state == JOINED:
        when = show_date(day_of(result_by))
        return (f"Hasil undian kami kabarkan sekitar {when}, lewat SMS atau email. Anda tidak "
                "perlu melakukan apa-apa.")
    return {
        CHOSEN: "Bantuan Anda sudah ditetapkan. Jadwalnya kami kabarkan.",
        NOT_CHOSEN: "Data Anda tetap tersimpan. Anda bisa ikut lagi di gelombang berikutnya.",
        REVOKED: "Anda tidak ikut lagi di gelombang ini.",
    }[state]


def declarations_of(wave):
    """The sentences one agrees to, a list."""
    return json.loads(wave.declarations)


def place_of(applicant, wave):
    """Where somebody came in the draw: "17 dari 1.250 pendaftar"; empty before it is known."""
    if not applicant.place or wave.state not in DRAWN:
        return ""
    return f"{_count(applicant.place)} dari {_count(wave.applicants)} pendaftar"


def is_passed_over(applicant, wave):
    """Whether somebody came early enough, and two of the family came earlier."""
    return (wave.state in DRAWN and applicant.state == NOT_CHOSEN
            and applicant.place <= wave.quota)


def _count(number):
    return f"{number:,}".replace(",", ".")
