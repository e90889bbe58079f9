"""How the end of a membership is told to the worker. Pure."""

from webapp.cases.words import KINDS, OBJECTION_STATES
from webapp.clock import show_moment
from webapp.formats import show_date
from webapp.models.cases import GRANTED, OBJECTION, REQUEST, SWITCH, UPHELD
from webapp.models.deactivations import DISPUTED, RESTORED, SCHEDULED
from webapp.receipts.signing import show_number
from webapp.requests.words import STATES

BRANCH = "Kantor cabang"


def filer_of(report):
    """Who filed it, as the worker is told: the company, or the branch by its name."""
    return report.branch.name if report.branch_id else report.membership.company.name


def undoer_of(report):
    """Who took it back: the company or the branch; "" while nobody did."""
    if not report.undone_by_id:
        return ""
    return BRANCH if report.undone_by.is_staff else report.membership.company.name


def said_of(report):
    """What somebody said by filing it, a sentence without its full stop."""
    who = filer_of(report)
    where = f" di {report.membership.company.name}" if report.branch_id else ""
    if report.reason == "SLH":
        return f"{who} mengakhiri kepesertaan Anda{where} karena salah data"
    if report.reason == "MGL":
        return f"{who} melaporkan Anda meninggal dunia"
    if report.branch_id:
        return f"{who} menonaktifkan kepesertaan Anda{where} per {show_date(report.last_day)}"
    tense = "akan berhenti" if report.state == SCHEDULED else "berhenti"
    return f"{who} melaporkan Anda {tense} bekerja per {show_date(report.last_day)}"


def status_of(report):
    """(word, tone) of a standing report that is disputed; None for others."""
    return ("Disanggah", "warning") if report and report.state == DISPUTED else None


def history_of(membership, reports, objections):
    """What happened to a membership, the oldest first: items of the ``timeline`` macro.

    :param reports: what was filed about it, the oldest first.
    :param objections: to any of these.
    """
    items = [{"when": show_date(membership.started_on),
              "title": f"Mulai bekerja di {membership.company.name}"}]
    for report in reports:
        items.append({"when": show_moment(report.filed_at), "title": said_of(report),
                      "text": f"Tanda terima {show_number(report.receipt.number)}"})
        items += _afterwards(report, [row for row in objections
                                      if row.deactivation_id == report.id])
    items[-1]["current"] = True
    return items


def matters_of(requests, objections):
    """What is or was asked about a membership, the newest first: kind, number, state (word, tone),
    when it began and the case's id."""
    rows = [(row.case, STATES[row.state]) for row in requests]
    rows += [(row.case, OBJECTION_STATES[row.state]) for row in objections]
    return [{"kind": KINDS[case.kind], "number": case.number, "state": state,
             "opened_at": case.opened_at, "id": case.public_id, "page": PAGES[case.kind]}
            for case, state in sorted(rows, key=lambda row: row[0].id, reverse=True)]


PAGES = {REQUEST: "requests.case", OBJECTION: "objections.case",     # endpoints
         SWITCH: "switch.case"}


def _afterwards(report, objections):
    for row in objections:
        if row.asked_at:
            yield {"when": show_moment(row.asked_at), "title": "Anda menyanggah laporan itu"}
        if row.state == GRANTED and report.state == RESTORED:
            yield {"when": show_moment(row.decided_at),
                   "title": "Sanggahan dikabulkan, kepesertaan Anda aktif lagi"}
        if row.state == UPHELD:
            yield {"when": show_moment(row.decided_at), "title": "Sanggahan tidak dikabulkan"}
    if report.undone_at:
        yield {"when": show_moment(report.undone_at),
               "title": f"{undoer_of(report)} membatalkan laporan itu", "text": report.undo_reason}
