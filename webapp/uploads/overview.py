"""What is said of a list as a whole: how far it is, what would follow, what became of it."""

from datetime import timedelta

from peewee import fn

from webapp.clock import day_of
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import APPLICABLE, CANCELLED, DONE
from webapp.parameters import rules_on
from webapp.uploads import queries, repair, undoing
from webapp.uploads.kinds import (
    CARRIED_OUT,
    KINDS,
    count_waiting,
    file_state,
    heading_of,
    in_words,
    is_at_work,
    shown_first,
)
from webapp.uploads.preview import ACTIVE_AGAIN, sum_up, sum_up_return


def overview(upload, wanted, now):
    """What the page of a list and its summary say, by name.

    :param wanted: the kind of rows to show; None for what has most to say.
    """
    ends = queries.ends_of([upload])
    counts = queries.counts_of([upload], ends)[upload.id]
    shown, undone = wanted or shown_first(counts), _undone(upload, ends)
    back = undone.back if undone else None
    return {"upload": upload, "is_at_work": is_at_work(upload), "counts": counts,
            "by_state": _by_state(counts), "undone": undone, "active_again": back,
            "heading": heading_of(upload, counts), "words": in_words(counts, back),
            "shown": shown, "tabs": [kind for kind in KINDS if counts.get(kind) or kind == shown],
            "preview": _preview(upload, counts, now),
            "done": counts.get(CARRIED_OUT, 0), "may_repair": repair.is_open(upload),
            "waiting": count_waiting(counts) if upload.state == DONE else 0,
            "undo_until": _undo_until(upload, now) if upload.state == DONE else None}


def progress_of(upload):
    """How far the work on a list is, by name: no more than that is counted."""
    if upload.state == CANCELLED:
        return {"upload": upload, "by_state": {},
                "active_again": queries.active_again(upload).count()}
    return {"upload": upload, "by_state": _by_state(queries.counts_of([upload], {})[upload.id])}


def history(uploads):
    """(list, its status, its counts in words) of each."""
    ends = queries.ends_of(uploads)
    counts = queries.counts_of(uploads, ends)
    return [(one, file_state(one, counts[one.id]),
             in_words(counts[one.id], _count_active_again(one, ends[one.id]))) for one in uploads]


def taking_back(upload, now):
    """What would follow from taking a list back now."""
    rows = undoing.undoable(upload, now)
    count = rows.count()
    return sum_up_return(queries.ends_of([upload])[upload.id], back=count, waiting=count,
                         told=queries.count_reachable(rows))


def _by_state(counts):
    sums = {}
    for kind, count in counts.items():
        sums[kind.state] = sums.get(kind.state, 0) + count
    return sums


def _undo_until(upload, now):
    """The last day on which all can be taken back that can be today; None where nothing can."""
    first = undoing.undoable(upload, now).select(fn.MIN(Deactivation.filed_at)).scalar()
    if first is None:
        return None
    filed_on = day_of(first)
    return filed_on + timedelta(days=rules_on(filed_on)["deactivation.undo_days"])


def _undone(upload, ends):
    """What became of a list that was taken back; None of others."""
    if upload.state != CANCELLED:
        return None
    rows = queries.active_again(upload)
    return sum_up_return(ends[upload.id], back=rows.count(),
                         told=queries.count_reachable(rows))


def _count_active_again(upload, ends):
    if upload.state != CANCELLED:
        return None
    return sum(ends.get(state, 0) for state in ACTIVE_AGAIN)


def _preview(upload, counts, now):
    """What would follow; None where nothing can be applied now."""
    if not repair.is_open(upload) or not any(
            counts.get(kind) for kind in KINDS if kind.state in APPLICABLE):
        return None
    today = day_of(now)
    return sum_up(queries.planned_days(upload),
                  told=queries.count_reachable(queries.applicable(upload)),
                  rules=rules_on(today), today=today)
