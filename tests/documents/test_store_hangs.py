"""A document store that takes connections and never answers: papers wait, nothing else does."""

import socket
import time

import pytest

from tests.faults.harness import at_once
from webapp.documents import store
from webapp.models.documents import Document

ANSWER_SECONDS = 1     # many times what a thread may come late


@pytest.fixture
def hanging(app, monkeypatch):
    """Documents lie in a bucket behind a server that hangs."""
    monkeypatch.setattr(store, "_store", store._store)     # as it was, afterwards
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "x",
                            "ENDPOINT_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}",
                            "ALLOW_HTTP": "true"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        store.use_store("s3://papers/purna", answer_seconds=ANSWER_SECONDS)
        yield


def seconds_to_refusal(act):
    begun = time.perf_counter()
    with pytest.raises(store.StoreTrouble):
        act()
    return time.perf_counter() - begun


def test_a_store_that_hangs_is_given_up(hanging):
    took = seconds_to_refusal(lambda: store.put(Document(), b"surat"))
    assert ANSWER_SECONDS < took < store.ANSWER_SECONDS


def test_a_store_that_hangs_holds_up_some_threads_at_first_and_few_afterwards(hanging, monkeypatch):
    monkeypatch.setattr(store, "_places", store._Places())
    monkeypatch.setattr(store, "PATIENCE_SECONDS", 0.05)

    def held_up(count):
        took = at_once(*[lambda: seconds_to_refusal(lambda: store.get(Document()))] * count)
        return sum(seconds >= ANSWER_SECONDS for seconds in took)

    assert held_up(8) == store.MOST_AT_ONCE
    assert held_up(4) == store.FEW_AT_ONCE
