"""The arrows between the rooms run one way."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for path in (ROOT / "webapp").rglob("*.py") if "migrations/0" not in str(path))
SUBJECTS = sorted(path.parent.name for path in (ROOT / "webapp").glob("*/routes.py"))
FLASK = ("flask", "flask_login", "htmx_flask", "werkzeug")
MAY_USE_FLASK = {"application.py", "blueprints.py", "cli.py", "cli_operation.py", "cli_people.py",
                 "code_page.py", "cookies.py", "csrf.py", "downloads.py", "errors.py",
                 "filters.py", "forms.py", "htmx.py", "kept_input.py", "navigation.py",
                 "permissions.py", "request_log.py", "routes.py", "security_headers.py",
                 "static_files.py"}


def imported(path):
    """Every module a file imports, in full."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_imports_only_what_stands_below_it(path):
    modules = set(imported(path))
    if path.name not in MAY_USE_FLASK or path.parent.name == "models":
        assert not {name for name in modules if name.split(".")[0] in FLASK}
    if path.name in ("service.py", "queries.py") or path.parent.name == "models":
        assert not {name for name in modules if name.endswith((".routes", ".forms"))}
    if path.parent.name == "models":
        allowed = ("webapp.models", "webapp.tables", "webapp.db", "webapp.vault")
        assert all(name.startswith(allowed) for name in modules if name.startswith("webapp"))
    for subject in SUBJECTS:
        if path.parent.name != subject and path.name != "blueprints.py":
            assert f"webapp.{subject}.routes" not in modules
            assert f"webapp.{subject}.forms" not in modules


def test_one_module_speaks_htmx_and_two_speak_flask_login():
    users = {name_of(path) for path in FILES for name in imported(path) if name == "htmx_flask"}
    assert users == {"webapp/htmx.py"}


def test_one_module_asks_the_machine_how_late_it_is():
    # The other looks at a file's age, which the same machine has written down.
    asked = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    users = {name_of(path) for path in FILES if asked.search(path.read_text())}
    assert users == {"webapp/clock.py", "webapp/operation/routes.py"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_stay_small(path):
    tree = ast.parse(path.read_text())
    assert len(path.read_text().splitlines()) <= 420
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 45, node.name


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_is_public_says_what_it_does(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not path.read_text().strip()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_nobody_leaves_a_room_called_utils():
    assert not [path for path in FILES if path.stem in ("utils", "helpers", "misc", "common")]
