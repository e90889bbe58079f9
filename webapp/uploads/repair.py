"""Putting one row right: corrected, taken as suggested, skipped or taken up again.

A row is judged anew by the functions that judged the file. Whoever repairs holds the upload for a
moment: two rows that are made to mean the same worker at once are seen by each other.
"""

import json

from webapp import audit, parameters
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.models.uploads import (
    APPLICABLE,
    APPLIED,
    BAD,
    DONE,
    READY,
    SKIPPED,
    Upload,
    UploadRow,
)
from webapp.uploads import people
from webapp.uploads.damage import read_with_damage
from webapp.uploads.judging import Judge
from webapp.uploads.lines import original_texts, texts_of, typed_in

REPAIRABLE = (READY, DONE)
HOLDING = (*APPLICABLE, APPLIED)     # rows of these states report their worker; others wait


def is_open(upload):
    """Whether rows can be put right now: nobody works on them, and what they said is still kept."""
    return upload.state in REPAIRABLE and upload.headers_sealed is not None


class Closed(Exception):
    """Nothing of this list can be repaired now: it is being applied, or was undone."""


class Stale(Exception):
    """Somebody changed the row after it was shown; ``row`` is what it has become."""

    def __init__(self, row):
        super().__init__()
        self.row = row


def correct(row, user, *, columns, texts, version, now):
    """Put other texts in place of a row's cells, also of one that was skipped. Returns the row as
    it is judged then.

    What is still wrong is kept too: nothing typed is lost.

    :param columns: {field: position} of the file.
    :param texts: {field: text} of all its fields, as a form that showed them sends them.
    :param version: of the row as it was shown.
    :raises Stale: it was changed meanwhile.
    :raises Closed: the list takes no changes now.
    """
    return _rejudge(row, user, lambda content: typed_in(content, columns, texts),
                    columns, version, now)


def take_suggestion(row, user, *, columns, texts, version, now):
    """The same, with what the check suggested. Returns and raises as ``correct``."""
    return _rejudge(row, user,
                    lambda content: typed_in(content, columns, texts) | content["suggestion"],
                    columns, version, now)


def skip(row, user, *, columns, texts, version, now):
    """Leave a row out, with what was typed; it means nobody until it is taken up again. Takes,
    returns and raises as ``correct``."""
    with write_transaction():
        fresh = _held(row, version)
        content, before = fresh.content, texts_of(fresh.content, columns)
        content["typed"] = typed_in(content, columns, texts)
        after = texts_of(content, columns)
        if after != before:     # nobody judged that
            content |= {"suggestion": {}, "suggested": "",
                        "notes": {field: note for field, note in content["notes"].items()
                                  if after.get(field) == before.get(field)}}
        meant, fresh.state, fresh.membership = fresh.membership_id, SKIPPED, None
        _save(fresh, content, user, now)
        _free_twin(fresh, meant, columns, user, now)
        return fresh


def _rejudge(row, user, typed, columns, version, now):
    with write_transaction():
        fresh = _held(row, version)
        content, meant = fresh.content, fresh.membership_id
        content["typed"] = typed(content)
        _judge(fresh, content, columns, user, now)
        _free_twin(fresh, meant, columns, user, now)
        return fresh


def _judge(row, content, columns, user, now):
    """Keep what the row says now, and the verdict on it."""
    leaver = _read(content, columns)
    verdict = _verdict(row, leaver, columns, day_of(now))
    row.state, row.membership = verdict.state, verdict.membership_id
    row.reason = leaver.values.get("reason", "")
    row.last_day = leaver.values.get("last_day")
    _save(row, content | {"notes": verdict.notes, "suggestion": verdict.suggestion,
                          "suggested": verdict.suggested,
                          "note": leaver.values.get("note", "")}, user, now)


def _free_twin(row, meant, columns, user, now):
    """Another row about the worker whom this one meant until now may stand in its place."""
    if not meant or (row.membership_id == meant and row.state in HOLDING):
        return
    twin = (UploadRow.select()
            .where(UploadRow.upload == row.upload_id, UploadRow.id != row.id,
                   UploadRow.membership == meant, UploadRow.state == BAD)
            .order_by(UploadRow.number).first())
    if twin:
        _judge(twin, twin.content, columns, user, now)


def _held(row, version):
    """The row as it is now, nobody else changing any of its list until the transaction ends."""
    held = (Upload.update(version=Upload.version + 1)
            .where(Upload.id == row.upload_id, Upload.state << REPAIRABLE,
                   Upload.headers_sealed.is_null(False)).execute())
    if not held:
        raise Closed
    fresh = UploadRow.get_by_id(row.id)
    if fresh.state == APPLIED:
        raise Closed
    if fresh.version != version:
        raise Stale(fresh)
    return fresh


def _read(content, columns):
    """What the row says now."""
    return read_with_damage(texts_of(content, columns), original_texts(content, columns),
                            content["damage"])


def _verdict(row, leaver, columns, today):
    company = row.upload.company_id
    known = people.people_with(company, filter(None, [leaver.values.get("kpj")]))
    judge = Judge(known.get, lambda values: people.likely(company, values),
                  index_nik=people.index_nik, rules=parameters.rules_on(today), today=today)
    person = known.get(leaver.values.get("kpj"))
    for other in _others_about(person, row) if person else ():
        judge.judge(other.number, _read(other.content, columns))
    return judge.judge(row.number, leaver)


def _others_about(person, row):
    """The first other row of the list that reports the same worker."""
    return (UploadRow.select()
            .where(UploadRow.upload == row.upload_id, UploadRow.id != row.id,
                   UploadRow.membership == person.membership_id, UploadRow.state << HOLDING)
            .order_by(UploadRow.number).limit(1))


def _save(row, content, user, now):
    row.said = json.dumps(content | {"by": user.name, "at": now.isoformat()})
    row.version += 1
    row.save()
    audit.record(Event.UPLOAD_ROW_CHANGED, chain=audit.company_chain(row.upload.company),
                 actor=user, subject=row.upload.public_id, now=now, row=row.number,
                 state=row.state)
