"""Hostile files through the real route: refused with a sentence, or kept without what was in them;
always in bounded time and memory."""

import io
import re
import resource
import time
import zlib
from pathlib import Path

import httpx
import pikepdf
import pytest
from PIL import Image

from tests.conftest import POSTGRESQL
from tests.papers.conftest import photograph, sent
from tests.papers.hostile import MARKS, NAMES, REFUSED, TAKEN
from webapp.documents import store
from webapp.models.cases import Paper
from webapp.models.documents import Document

pytestmark = pytest.mark.skipif(POSTGRESQL, reason="a file is as hostile on any database")
MOST_SECONDS, MOST_CHILD_KB, MOST_GROWTH_KB = 20, 300 * 1024, 50 * 1024


@pytest.fixture
def hand_in(siti, case):
    """Send a file as Siti does; watched for time and memory."""
    url = f"/kasus/{case.public_id}/berkas"
    token = siti.token()

    def watched(body, name):
        # Made by hand: the test client would spill it to disk.
        sending = httpx.Request("POST", "http://localhost", files={"file": (name, body)},
                                data={"csrf_token": token, "kind": "KTP"})
        sending.read()
        children, before = largest_child(), own_memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")     # the peak is counted anew
        begun = time.perf_counter()
        page = siti.post(url, sending.content, htmx=True,
                         content_type=sending.headers["Content-Type"])
        assert time.perf_counter() - begun < MOST_SECONDS
        # A child begins as this process is, which has run many tests by then.
        assert largest_child() <= max(children, before, MOST_CHILD_KB)
        assert own_memory("VmHWM") - before < MOST_GROWTH_KB
        return page
    return watched


def own_memory(what):
    """Of this process, in kB: the peak or what it has now."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", status)[1])


def largest_child():
    """The most that any child took so far, in kB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def made(recipe):
    return recipe() if callable(recipe) else recipe


def test_there_are_enough_of_them():
    assert len(REFUSED) + len(TAKEN) + len(NAMES) >= 25


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_with_a_sentence(hand_in, name):
    recipe, sentence = REFUSED[name]
    page = hand_in(made(recipe), name)
    assert page.status == 422
    assert sentence in page.errors()["paper-file"]
    assert not Document.select().exists()


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_kept_without_what_was_hidden_in_it(hand_in, name):
    recipe, ending = TAKEN[name]
    page = hand_in(made(recipe), name)
    assert page.status == 200, page.errors()
    document = Paper.get().document
    body = store.get(document)
    assert document.label.endswith(f".{ending}")
    READ[ending](body)
    assert [mark for mark in MARKS if mark in body] == []


def read_jpeg(body):
    with Image.open(io.BytesIO(body)) as image:
        image.load()
        assert image.format == "JPEG"
        assert not image.getexif()
        assert not {"comment", "icc_profile", "xmp", "photoshop"} & set(image.info)
        assert {name for name, _ in image.applist} <= {"APP0"}
    assert body.endswith(b"\xff\xd9")


def read_png(body):
    with Image.open(io.BytesIO(body)) as image:
        image.load()
        assert (image.format, image.mode, image.n_frames) == ("PNG", "RGB", 1)
        assert not image.getexif()
    at, kinds = 8, set()
    while at < len(body):
        kinds.add(body[at + 4:at + 8])
        at += 12 + int.from_bytes(body[at:at + 4])
    assert kinds == {b"IHDR", b"IDAT", b"IEND"}


def read_pdf(body):
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert set(pdf.trailer.keys()) <= {"/Root", "/Size", "/ID"}
        said = b"".join(repr(thing).encode() for thing in pdf.objects)
        drawn = b"".join(unpacked(thing) for thing in pdf.objects
                         if isinstance(thing, pikepdf.Stream))
    assert [mark for mark in MARKS if mark in said + drawn] == []


def unpacked(stream):
    """A stream as it is, and what is packed in it."""
    body = stream.read_raw_bytes()
    return body + (zlib.decompress(body) if body.startswith(b"x") else b"")


READ = {"jpg": read_jpeg, "png": read_png, "pdf": read_pdf}


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_only_a_name(siti, case, name):
    page = siti.post(f"/kasus/{case.public_id}/berkas", {
        "csrf_token": siti.token(), "kind": "KTP", "file": sent(photograph(), name)}, htmx=True)
    assert page.status == 200, page.errors()
    paper = Paper.get()
    assert paper.document.label == NAMES[name]
    assert f"{NAMES[name]}, 1 kB" in page.words("#papers-list")
    answer = siti.browser.get(f"/kasus/{case.public_id}/berkas/{paper.public_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "a=b" not in answer.headers.get("Set-Cookie", "")
    assert answer.data == store.get(paper.document)
