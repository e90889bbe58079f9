"""How a claim is told to its worker: where it stands, who has it, what comes next. Pure."""

import json
from datetime import datetime
from statistics import median

from webapp.clock import show_moment
from webapp.eligibility.kinds import KINDS
from webapp.formats import show_date, show_rupiah
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    CHECKING,
    DRAFT,
    FAILED,
    INTERVIEW,
    PAID,
    REFUSED,
    RETURNED,
    SUBMITTED,
    WITHDRAWN,
)
from webapp.requests.words import clock_of
from webapp.working_days import working_days_until

STATES = {
    DRAFT: ("Belum dikirim", "quiet"), SUBMITTED: ("Menunggu petugas", "info"),
    CHECKING: ("Diperiksa kantor cabang", "info"), RETURNED: ("Perlu diperbaiki", "warning"),
    INTERVIEW: ("Menunggu wawancara", "warning"), APPROVED: ("Disetujui", "good"),
    PAID: ("Dibayar", "good"), FAILED: ("Pembayaran gagal", "danger"),
    REFUSED: ("Ditolak", "danger"), WITHDRAWN: ("Dibatalkan", "quiet"),
}
MAY_WITHDRAW = (SUBMITTED, CHECKING, RETURNED, INTERVIEW)     # before it is approved
ENOUGH_DECIDED = 20      # below, a usual time says nothing
YOU, BRANCH, PAYING = "Anda", "Kantor cabang", "Bagian pembayaran"
_HOLDERS = {DRAFT: YOU, SUBMITTED: BRANCH, CHECKING: BRANCH, RETURNED: YOU, APPROVED: PAYING,
            FAILED: YOU}
_NEXT = {
    SUBMITTED: "Petugas mengambil pencairan ini, lalu memeriksanya. Anda tidak perlu melakukan "
               "apa-apa.",
    CHECKING: "Petugas memeriksa isian dan dokumen. Anda tidak perlu melakukan apa-apa.",
    RETURNED: "Perbaiki bagian yang ditandai, lalu kirim lagi.",
    FAILED: "Uangnya belum terkirim dan tidak hilang. Sambungkan rekening atau e-wallet yang lain.",
    REFUSED: "Alasannya bisa Anda baca sesudah masuk ke Purna.",
    WITHDRAWN: "Pencairan ini tidak dilanjutkan. Anda bisa mendaftar lagi.",
}


def label_of(claim):
    """What kind of claim it is, in words."""
    return KINDS[claim.kind].label


def amount_of(claim):
    """How much it is about, in words; what was approved, once it was. Empty while nothing is."""
    amount = claim.approved or claim.amount
    return show_rupiah(amount) if amount else ""


def state_of(claim):
    """Its state as it stands within a sentence."""
    word = STATES[claim.state][0]
    return f"{word[0].lower()}{word[1:]}"


def holder_of(claim, is_booked):
    """Who has it now; empty when it is over.

    :param is_booked: whether it has a slot for its interview.
    """
    if claim.state == INTERVIEW:
        return BRANCH if is_booked else YOU
    return _HOLDERS.get(claim.state, "")


def next_of(claim, is_booked, is_at_bank=False):
    """What happens next, and whether the worker must do something; a sentence or two with nothing
    personal in it.

    :param is_at_bank: whether the bank was told to pay.
    """
    if claim.state == INTERVIEW:
        return ("Datang ke kantor cabang pada waktu wawancara yang Anda pilih. Bawa dokumen asli."
                if is_booked else "Pilih waktu wawancara di kantor cabang.")
    if claim.state == CHECKING and awaits_second(claim):
        return ("Satu petugas sudah setuju. Petugas kedua memeriksanya sekali lagi. Anda tidak "
                "perlu melakukan apa-apa.")
    if claim.state == APPROVED:
        return ("Bank sedang mengirim uangnya. Anda tidak perlu melakukan apa-apa." if is_at_bank
                else "Uangnya dikirim lewat bank. Anda tidak perlu melakukan apa-apa.")
    if claim.state == PAID:
        return f"Uang sudah dikirim pada {show_date(claim.paid_on)}."
    return _NEXT.get(claim.state, "")


def interview_to_come(claim):
    """Whether the branch must meet the person and has not arranged it yet."""
    return (claim.needs_interview and not claim.interviewed_at
            and claim.state in (SUBMITTED, CHECKING, RETURNED))


def corrected_at(claim):
    """When the worker put right what staff marked, the last time; None where that never was."""
    moment = json.loads(claim.parameters).get("corrected", {}).get("at")
    return moment and datetime.fromisoformat(moment)


def awaits_second(claim):
    """Whether one of two people has agreed."""
    return bool(claim.needs_second and claim.approved_by_id and not claim.confirmed_by_id)


def due_of(claim, today):
    """Until when whoever has it has time, in words that begin a sentence; empty where there is no
    such day."""
    if claim.state not in (*MAY_WITHDRAW, APPROVED, FAILED) or not claim.case.due_on:
        return ""
    words = clock_of(claim.case, today)
    return f"P{words[1:]}"


def usual_of(decided):
    """How long a branch usually takes: "2 hari kerja"; empty where too little is known.

    :param decided: pairs of dates, sent and decided.
    """
    if len(decided) < ENOUGH_DECIDED:
        return ""
    days = median([working_days_until(sent, done) for sent, done in decided])
    whole = -(-days // 1)     # never sooner than half of them were
    return f"{int(whole)} hari kerja" if whole else "kurang dari 1 hari kerja"


def standing_of(verdict):
    """How a kind of claim stands for a person today, a sentence or two.

    :param verdict: an ``eligibility.judging.Verdict``.
    """
    if verdict.is_eligible:
        return "Bisa diajukan."
    if verdict.opens_on:
        return f"Bisa mulai {show_date(verdict.opens_on)}."
    words = verdict.unmet[0].words
    return f"Belum bisa: {words if words.startswith('Anda') else words[0].lower() + words[1:]}"


def steps_of(claim, today, interview=None, payouts=()):
    """What happened to a claim that was sent, the oldest first, and what is next: items of the
    ``timeline`` macro.

    :param claim: with its case.
    :param interview: its slot, or None.
    :param payouts: what was sent to the bank, with its file.
    """
    steps = [(when, title, text) for when, title, text in _happened(claim, interview, payouts)
             if when]
    steps.sort(key=lambda step: step[0])
    items = [{"when": show_moment(when), "title": title, "text": text}
             for when, title, text in steps]
    if claim.state == PAID:
        items.append({"when": show_date(claim.paid_on), "title": "Uang dikirim", "text": None})
    return [*items, *_now(claim, interview, today)]


def _happened(claim, interview, payouts):
    case = claim.case
    yield claim.submitted_at, "Pencairan didaftarkan", None
    yield claim.returned_at, "Kantor cabang meminta perbaikan", None
    yield corrected_at(claim), "Perbaikan dikirim", None
    if interview:
        yield interview.booked_at, "Waktu wawancara dipilih", None
    yield claim.interviewed_at, "Wawancara selesai", None
    if claim.needs_second:
        yield claim.approved_at, "Petugas pertama setuju", None
        yield claim.confirmed_at, "Petugas kedua setuju", None
    else:
        yield claim.approved_at, "Kantor cabang menyetujui", None
    for payout in payouts:
        yield payout.file.made_at, "Bank diminta membayar", None
        if payout.state == BOUNCED:
            yield payout.reported_at, "Bank menolak pembayaran", payout.problem or None
    yield claim.refused_at, "Kantor cabang menolak", None
    if claim.state == WITHDRAWN:
        yield case.closed_at, "Anda membatalkannya", None


def _now(claim, interview, today):
    """What is under way, the last item of a timeline."""
    due = due_of(claim, today)
    if claim.state == INTERVIEW and interview:
        due = show_moment(interview.starts_at)
    title = {
        SUBMITTED: "Petugas mengambil pencairan ini", RETURNED: "Anda memperbaiki",
        CHECKING: "Petugas kedua memeriksa" if awaits_second(claim) else "Petugas memeriksa",
        INTERVIEW: "Wawancara di kantor cabang" if interview else "Anda memilih waktu wawancara",
        APPROVED: "Bank mengirim uang" if claim.approved else "",
        FAILED: "Anda menyambungkan rekening lain"}.get(claim.state)
    if title:
        yield {"title": title, "current": True, "when": due or "Sekarang"}
