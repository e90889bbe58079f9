"""Nothing typed is lost when a session ends: the form waits until its owner has signed in again."""

import json
from datetime import timedelta
from uuid import UUID

from flask import request

from webapp.db import write_transaction
from webapp.models.people import KeptInput

KEPT_FOR = timedelta(hours=1)
MAX_CHARACTERS = 20_000
MOST_FORMS = 10          # of one person; the oldest gives way
# Nor is what somebody declares: that is for the one who presses.
NEVER_KEPT = ("csrf_token", "password", "new_password", "repeated", "code", "credential",
              "is_checked", "family_card")


def keep(user, now):
    """Store what was posted for its owner. Returns the URL that shows it again in its form."""
    fields = {name: values for name, values in request.form.lists() if name not in NEVER_KEPT}
    text = json.dumps(fields)
    if len(text) > MAX_CHARACTERS:
        return request.path
    row = KeptInput(user=user, path=request.path[:300], created_at=now)
    row.fields = text
    with write_transaction():
        KeptInput.delete().where(KeptInput.user == user, KeptInput.path == row.path).execute()
        row.save(force_insert=True)
        newest = (KeptInput.select(KeptInput.id).where(KeptInput.user == user)
                  .order_by(KeptInput.id.desc()).limit(MOST_FORMS))
        KeptInput.delete().where(KeptInput.user == user, KeptInput.id.not_in(newest)).execute()
    return f"{request.path}?isian={row.public_id}"


def recall(user, now):
    """What was kept for this page and this user, as a dict of lists; None when nothing was."""
    wanted = request.args.get("isian", type=UUID)
    if not wanted:
        return None
    row = KeptInput.get_or_none(KeptInput.public_id == wanted, KeptInput.user == user,
                                KeptInput.path == request.path,
                                KeptInput.created_at > now - KEPT_FOR)
    return json.loads(row.fields) if row else None


def over(now):
    """The condition that nobody comes back for what was kept."""
    return KeptInput.created_at <= now - KEPT_FOR

