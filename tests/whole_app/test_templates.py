"""Templates: fragments that stand alone, htmx in the portable subset, plain twins, no inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
ALLOWED = {"hx-get", "hx-post", "hx-target", "hx-swap", "hx-push-url", "hx-trigger",
           "hx-encoding", "hx-sync"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_htmx_stays_in_the_portable_subset(path):
    for tag in re.findall(r"<[a-z][^>]*\bhx-[^>]*>", path.read_text()):
        attributes = set(re.findall(r"\b(hx-[\w:-]+)", tag))
        assert attributes <= ALLOWED, tag
        assert {"hx-target", "hx-swap"} <= attributes, "each carries its own target and swap"
        plain = ("action=" in tag and tag.startswith("<form")) or "href=" in tag or (
            "formaction=" in tag and tag.startswith("<button"))
        assert plain, f"works alone: {tag}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_is_inline(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|<script(?![^>]*src=)", text)
    assert "|safe" not in text


FRAGMENTS = [path for path in TEMPLATES if path.name.startswith("_")
             and path.parent.name not in ("layouts", "errors")]


@pytest.mark.parametrize("path", FRAGMENTS, ids=name_of)
def test_a_fragment_has_one_root_named_after_it(path):
    wanted = path.stem.removeprefix("_").replace("_", "-")
    body = re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text(), flags=re.S).strip()
    first = re.match(r"<\w+[^>]*>", body)
    assert first, body[:80]
    assert f'id="{wanted}"' in first[0]


@pytest.mark.parametrize("path", FRAGMENTS, ids=name_of)
def test_a_fragment_is_used_by_a_page(path):
    assert any(f'"{name_of(path)}"' in other.read_text() for other in TEMPLATES if other != path)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_what_is_imported_is_used(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
    for macros in re.findall(r"{%-? from .*? import (.*?) -?%}", text):
        for macro in macros.removesuffix(" with context").split(","):
            name = macro.split(" as ")[-1].strip()
            assert re.search(rf"\b{name}\(", text), name


def test_no_query_in_a_template():
    for path in TEMPLATES:
        assert not re.search(r"\.(select|where|get_by_id|execute)\(", path.read_text()), path
