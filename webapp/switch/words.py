"""How a switch is told to its worker: where it stands, who has it, what comes next. Pure."""

import json
from datetime import datetime

from webapp.clock import show_moment
from webapp.formats import show_date, show_rupiah
from webapp.models.cases import AT_BRANCH, AT_COMPANY
from webapp.models.cases import WITHDRAWN as TAKEN_BACK
from webapp.models.switches import (
    APPROVED,
    AWAITING_PAYMENT,
    DONE,
    DRAFT,
    OTHER_WORK,
    REFUSED,
    RETURNED,
    REVIEWED,
    SUBMITTED,
    TRANSPORT,
    WITHDRAWN,
)
from webapp.requests import words as requests

STATES = {
    DRAFT: ("Belum dikirim", "quiet"), SUBMITTED: ("Menunggu perusahaan", "info"),
    REVIEWED: ("Diperiksa kantor cabang", "info"), RETURNED: ("Perlu perbaikan", "warning"),
    APPROVED: ("Disetujui", "good"), AWAITING_PAYMENT: ("Menunggu iuran pertama", "warning"),
    DONE: ("Aktif", "good"), REFUSED: ("Ditolak", "danger"), WITHDRAWN: ("Dibatalkan", "quiet"),
}
SECTORS = {TRANSPORT: "Angkutan: ojek, sopir, kurir", OTHER_WORK: "Pekerjaan lain"}
REASONS = ("RSG", "PKW", "PHK", "PSN")     # whoever leaves Indonesia does not go on here
# Of what is asked of the company: its form came along, and it is taken back with the switch.
WITH_THE_SWITCH = (requests.FORM_SENT, requests.TAKEN_BACK)
_PARTS = {"jkk": "Jaminan kecelakaan kerja (JKK)", "jkm": "Jaminan kematian (JKM)",
          "jht": "Jaminan hari tua (JHT)"}


def status_of(switch):
    """(word, tone) of where it stands: once it is sent, with whom it waits.

    :param switch: with its case.
    """
    if switch.state == SUBMITTED and switch.case.holder != AT_COMPANY:
        return ("Ditangani kantor cabang", "info") if switch.case.holder == AT_BRANCH else (
            "Menunggu kepesertaan berakhir", "warning")
    return STATES[switch.state]


def state_of(switch):
    """The same as it stands within a sentence."""
    word = status_of(switch)[0]
    return f"{word[0].lower()}{word[1:]}"


def parts_of(parts):
    """What an amount is made of: pairs of words and rupiah, in words.

    :param parts: a ``Bill``, or ``contributions.amounts.Parts``.
    """
    rows = [(label, show_rupiah(getattr(parts, name))) for name, label in _PARTS.items()
            if getattr(parts, name)]
    if parts.discount:
        rows.append(("Potongan sementara", f"-{show_rupiah(parts.discount)}"))
    return rows


def at_branch_since(switch):
    """When the branch got it, or None."""
    moment = json.loads(switch.parameters).get("at branch", {}).get("at")
    return moment and datetime.fromisoformat(moment)


def corrected_at(switch):
    """When what staff marked was put right, the last time; or None."""
    moment = json.loads(switch.parameters).get("corrected", {}).get("at")
    return moment and datetime.fromisoformat(moment)


def steps_of(switch, asked, own, today, who=requests.READER):
    """What happened to a switch that was sent, the oldest first, and what is next: items of the
    ``timeline`` macro.

    :param switch: with its case.
    :param asked: what it asks the company (``requests.queries.request_of``), or None.
    :param own: the membership that came of it, or None.
    :param who: how whoever reads it calls the worker.
    """
    items = [_item(switch.submitted_at, "Peralihan ke Mandiri dikirim")]
    if asked:
        is_over = asked.state == TAKEN_BACK or asked.case.holder not in (AT_COMPANY, AT_BRANCH)
        went = [step for step in requests.steps_of(asked, today, who)[1:]
                if not (step.get("current") and (is_over or switch.state != SUBMITTED))]
        items += [step for step in went if step["title"] not in WITH_THE_SWITCH]
    steps = [(at_branch_since(switch), f"Kantor cabang menerima peralihan {who}", None),
             (switch.returned_at, "Kantor cabang meminta perbaikan", None),
             (corrected_at(switch), "Perbaikan dikirim", None)]
    if switch.decided_at:
        done = "menolak" if switch.state == REFUSED else "menyetujui"
        steps.append((switch.decided_at, f"Kantor cabang {done}", None))
    if switch.state == WITHDRAWN:
        steps.append((switch.case.closed_at, "Peralihan dibatalkan", None))
    happened = sorted((step for step in steps if step[0]), key=lambda step: step[0])
    items += [_item(*step) for step in happened]
    if own:
        items.append({"when": show_date(own.started_on), "title": "Kepesertaan mandiri mulai"})
    return [*items, *_now(switch, today, who)]


def due_of(switch, today):
    """Until when whoever has it has time, in words that begin a sentence; empty where there is no
    such day."""
    return f"P{requests.clock_of(switch.case, today)[1:]}" if switch.case.due_on else ""


def _now(switch, today, who):
    """What is under way, the last item of a timeline."""
    case = switch.case
    title = {REVIEWED: "Petugas memeriksa", RETURNED: f"{who} memperbaiki",
             AWAITING_PAYMENT: f"{who} membayar iuran pertama"}.get(switch.state)
    if switch.state == SUBMITTED and case.holder not in (AT_COMPANY, AT_BRANCH):
        title = "Menunggu kepesertaan di perusahaan berakhir"
    if title:
        yield {"title": title, "current": True, "when": due_of(switch, today) or "Sekarang"}


def _item(moment, title, text=None):
    return {"when": show_moment(moment), "title": title, "text": text}
