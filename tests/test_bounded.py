"""The bounded child: what it returns, what ends it, and what it may not see."""

import itertools
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from webapp.bounded import MEBIBYTE, ChildFailed, TookTooMuch, run_bounded, stream_bounded

LIMITS = {"memory_mb": 200, "cpu_seconds": 5, "wall_seconds": 10}


class Refused(ValueError):
    """Stands for the exception a caller declares."""


def add(first, second):
    return first + second


def count_to(last):
    yield from range(last)


def refuse(reason):
    raise Refused(reason)


def count_and_refuse(last):
    yield from range(last)
    raise Refused("at the end")


def fill_memory():
    return len(bytearray(400 * MEBIBYTE))


def spin():
    while True:
        pass


def crash():
    os.abort()


def leave():
    os._exit(0)


def chatter():
    print("noise" * 1000)
    os.write(1, b"more noise")
    return "answer"


def write_file(path, size):
    Path(path).write_bytes(b"x" * size)
    return size


def start_grandchild(path):
    if os.fork() == 0:
        time.sleep(1)
        Path(path).touch()
    time.sleep(30)


def environment():
    return dict(os.environ)


def imported_modules():
    return list(sys.modules)


def one_large_item():
    yield b"x" * (5 * MEBIBYTE)


def test_result_comes_back():
    assert run_bounded(add, 2, 3, **LIMITS) == 5


def test_large_arguments_and_results_come_back():
    content = os.urandom(3 * MEBIBYTE)
    assert run_bounded(add, content, content, **LIMITS) == content + content


def test_none_is_a_result():
    assert run_bounded(time.sleep, 0, **LIMITS) is None


def test_streamed_items_come_in_order():
    assert list(stream_bounded(count_to, 50_000, **LIMITS)) == list(range(50_000))


def test_declared_exception_is_raised_again():
    with pytest.raises(Refused, match="^not this one$"):
        run_bounded(refuse, "not this one", raises=(Refused,), **LIMITS)


def test_declared_exception_comes_after_the_items_before_it():
    items = stream_bounded(count_and_refuse, 3, raises=(Refused,), **LIMITS)
    assert list(itertools.islice(items, 3)) == [0, 1, 2]
    with pytest.raises(Refused):
        next(items)


def test_undeclared_exception_tells_the_place_and_not_the_message():
    with pytest.raises(ChildFailed, match="in refuse") as failure:
        run_bounded(refuse, "3171012345678901", **LIMITS)
    assert "3171012345678901" not in str(failure.value)


@pytest.mark.parametrize(
    ("function", "limits"),
    [
        (fill_memory, {}),
        (spin, {"cpu_seconds": 1}),
        (spin, {"wall_seconds": 0.3}),
        (crash, {}),
        (leave, {}),
    ],
)
def test_limits_end_the_child(function, limits):
    started = time.monotonic()
    with pytest.raises(TookTooMuch):
        run_bounded(function, **(LIMITS | limits))
    assert time.monotonic() - started < 5


def test_files_are_not_written_unless_allowed(tmp_path):
    with pytest.raises(TookTooMuch):
        run_bounded(write_file, str(tmp_path / "none"), 10, **LIMITS)
    assert run_bounded(write_file, str(tmp_path / "some"), 10, file_mb=1, **LIMITS) == 10
    with pytest.raises(TookTooMuch):
        run_bounded(write_file, str(tmp_path / "more"), 2 * MEBIBYTE, file_mb=1, **LIMITS)


def test_time_of_a_slow_caller_does_not_count():
    items = stream_bounded(count_to, 100_000, **(LIMITS | {"wall_seconds": 1.5}))
    assert next(items) == 0
    time.sleep(2)
    assert sum(1 for _ in items) == 99_999


def own_number():
    while True:
        yield os.getpid()


def test_closing_a_stream_ends_the_child():
    items = stream_bounded(own_number, **LIMITS)
    child = next(items)
    items.close()
    with pytest.raises(ProcessLookupError):  # gone, not even a zombie
        os.kill(child, 0)


def test_whatever_the_child_started_ends_with_it(tmp_path):
    with pytest.raises(TookTooMuch):
        run_bounded(start_grandchild, str(tmp_path / "late"), **(LIMITS | {"wall_seconds": 0.5}))
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_printing_does_not_disturb_the_answer():
    assert run_bounded(chatter, **LIMITS) == "answer"


def test_one_streamed_item_cannot_fill_the_parent():
    with pytest.raises(TookTooMuch):
        list(stream_bounded(one_large_item, **LIMITS))


def test_child_does_not_see_the_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "DATABASE_URL" not in run_bounded(environment, **LIMITS)


def test_child_does_not_import_the_application():
    assert not {"flask", "peewee"} & set(run_bounded(imported_modules, **LIMITS))


def test_many_threads_may_ask_at_once():
    sums = []
    threads = [
        threading.Thread(target=lambda n=n: sums.append(run_bounded(add, n, n, **LIMITS)))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == [0, 2, 4, 6, 8, 10, 12, 14]
