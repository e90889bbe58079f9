"""Each line of a log is one JSON object, names its request, and nobody else can write one."""

import io
import json
import logging
import re
import sys

import pytest

from webapp import db
from webapp.log_lines import JsonLines, request_id

FORGED = "x\r\n{\"level\": \"INFO\", \"text\": \"signed in\"}\u2028\x1b[2J"
GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines():
    """What is logged by anybody, as it would go to stderr; each line is read as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_op_06_nothing_that_was_sent_begins_a_line_of_its_own(lines):
    logging.getLogger("purna.test").warning("asked for %s", FORGED, extra={"fields": {"a": FORGED}})
    line, = lines()
    assert (line["text"], line["a"]) == (f"asked for {FORGED}", FORGED)
    assert re.fullmatch(r"2026-11-22T06:30:00\.\d+\+00:00", line["at"])
    assert (line["level"], line["logger"]) == ("WARNING", "purna.test")


def test_of_an_exception_only_its_kind_and_place(lines):
    try:
        raise ValueError("3171064508900001")
    except ValueError:
        logging.getLogger("waitress").exception("while serving")
    line, = lines()
    assert line["fault"].startswith("ValueError at tests/test_log_lines.py:")
    assert "3171064508900001" not in str(line)


def test_a_request_has_one_line_and_what_is_said_meanwhile_has_its_id(lines, visitor, database):
    answer = visitor.browser.open("/tidak-ada?nik=3171064508900001", method="GET",
                                  headers={"User-Agent": "evil agent", "X-Request-Id": GIVEN})
    line, = lines()
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", None, 404)
    assert line["id"] == answer.headers["X-Request-Id"] != GIVEN
    assert "3171064508900001" not in str(line)
    assert request_id.get() == ""


def test_the_id_is_the_proxy_s_where_there_is_one(lines, app, visitor, monkeypatch):
    monkeypatch.setitem(app.config, "PROXY_HOPS", 1)
    for given in (GIVEN, "no id", "Ff" * 16, f"{GIVEN}\t"):
        visitor.browser.get("/tidak-ada", headers={"X-Request-Id": given})
    ids = [line["id"] for line in lines()]
    assert [name == GIVEN for name in ids] == [True, False, False, False]
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in ids)


def test_a_request_that_met_no_database_has_its_line_too(lines, app, visitor, database, tmp_path):
    db.connect_to(f"sqlite:///{tmp_path}")
    try:
        answer = visitor.browser.get("/program")
    finally:
        db.connect_to(database.url)
    assert answer.status_code == 503
    problem, request = lines()
    assert problem["text"] == "database is away: OperationalError at programmes.waves"
    assert problem["id"] == request["id"] == answer.headers["X-Request-Id"]
    assert request["status"] == 503


def test_lines_are_in_ascii(capsys):
    record = logging.LogRecord("a", logging.INFO, "", 0, "é\u2028", None, None)
    print(JsonLines().format(record), file=sys.stdout)
    assert capsys.readouterr().out.isascii()
