"""Logs: one JSON object a line, so that nothing that was sent to us can begin a line of its own.

What is said while a request is being answered carries its id, whoever says it.
"""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from webapp import faults

request_id = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """The moment (UTC), the level, who says it, the text, and what the caller gave as ``fields``:
    ``log.info("…", extra={"fields": {…}})``. Of an exception only its kind and place."""

    def format(self, record):
        """One line, in ASCII."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {"at": moment.isoformat(timespec="milliseconds"), "level": record.levelname,
                "logger": record.name, "text": record.getMessage()}
        if request_id.get():
            line["id"] = request_id.get()
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["fault"] = faults.described(record.exc_info[1])
        return json.dumps(line, default=str)


def to_stderr():
    """Let everything that is logged go there."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
