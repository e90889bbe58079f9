"""A document store that takes connections and never answers: papers wait, nothing else does."""

import socket
import time
from contextlib import suppress

import pytest

from tests.complaints.complaining import complain, files
from tests.faults.harness import at_once
from webapp.documents import store
from webapp.models.documents import Document

ANSWER_SECONDS = 1     # many times what a thread may come late


@pytest.fixture
def hanging(app, monkeypatch):
    """Documents lie in a bucket behind a server that hangs; its socket."""
    monkeypatch.setattr(store, "_store", store._store)     # as it was, afterwards
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "x",
                            "ENDPOINT_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}",
                            "ALLOW_HTTP": "true"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        store.use_store("s3://papers/purna", answer_seconds=ANSWER_SECONDS)
        yield deaf


def seconds_to_refusal(act):
    begun = time.perf_counter()
    with pytest.raises(store.StoreTrouble):
        act()
    return time.perf_counter() - begun


def test_a_store_that_hangs_is_given_up(hanging):
    took = seconds_to_refusal(lambda: store.put(Document(), b"surat"))
    assert ANSWER_SECONDS < took < store.ANSWER_SECONDS


@pytest.mark.parametrize("act", [store.get, store.delete])
def test_a_store_that_hangs_holds_up_some_threads_at_first_and_few_afterwards(
        hanging, monkeypatch, act):
    monkeypatch.setattr(store, "_places", store._Places())
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.05)

    def held_up(count):
        took = at_once(*[lambda: seconds_to_refusal(lambda: act(Document()))] * count)
        return sum(seconds >= ANSWER_SECONDS for seconds in took)

    assert held_up(8) == store.MOST_AT_ONCE
    assert held_up(4) == store.FEW_AT_ONCE


def test_a_file_that_the_store_did_not_take_is_not_deleted_there_while_somebody_waits(
        hanging, visitor):
    store.use_store("s3://papers/purna", answer_seconds=0.1)
    page = complain(visitor, files=files("red"))
    assert (page.status, page.heading) == (503, "Layanan sedang terganggu")
    hanging.setblocking(False)
    asked = set()
    with suppress(BlockingIOError):
        while True:
            with hanging.accept()[0] as came:
                asked.add(came.recv(4))
    assert asked == {b"PUT "}
