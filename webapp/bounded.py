"""Run a function in a child process that cannot take more memory or time than it was given.

Files that strangers upload are parsed here, so that a hostile or merely enormous file ends a child
and never the server. The child is a fresh interpreter: the parent has threads, and forking those is
unsafe. It sets its own limits before it reads anything, sees none of the server's environment (and
so none of its secrets), and does not import the application: only the module that holds the
function.
"""

import errno
import importlib
import math
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, BinaryIO, NamedTuple

MEBIBYTE = 1024 * 1024

# One item of a stream is one row or one page. More than this at once would let the child fill the
# parent's memory although the child itself stays within its own.
LARGEST_STREAMED_ITEM = 4 * MEBIBYTE

# What an interpreter and a shared library need to start. Everything else may hold a secret.
PASSED_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")

_FRAME = struct.Struct(">cI")  # kind of frame, bytes that follow
_ITEM, _END, _RAISED, _TOO_MUCH, _FAILED = b"i", b"e", b"r", b"t", b"f"


class TookTooMuch(Exception):
    """The function passed a limit, or its process was killed; the text is for the log."""


class ChildFailed(Exception):
    """The function raised something undeclared: a fault of ours. Holds where, and no values."""


class _Limits(NamedTuple):
    memory_mb: int
    cpu_seconds: int
    wall_seconds: float
    file_mb: int
    largest_item: int


def run_bounded(
    function: Callable[..., Any],
    *args: Any,
    memory_mb: int,
    cpu_seconds: int,
    wall_seconds: float,
    file_mb: int = 0,
    raises: tuple[type[Exception], ...] = (),
) -> Any:
    """Return `function(*args)`, computed in a bounded child process.

    `function` is at the top of a module; it, its arguments and its result can be pickled.
    `memory_mb` bounds the child's address space in MiB, `cpu_seconds` its processor time,
    `wall_seconds` the time this caller waits, `file_mb` every file it writes (0: it writes none).

    Raises TookTooMuch when a limit was passed, an exception of `raises` when the function raised
    it, and ChildFailed for any other exception.
    """
    limits = _Limits(memory_mb, cpu_seconds, wall_seconds, file_mb, memory_mb * MEBIBYTE)
    with closing(_results(_pack(False, function, args, raises), limits)) as results:
        return next(results)


def stream_bounded(
    function: Callable[..., Any],
    *args: Any,
    memory_mb: int,
    cpu_seconds: int,
    wall_seconds: float,
    file_mb: int = 0,
    raises: tuple[type[Exception], ...] = (),
) -> Iterator[Any]:
    """Yield the items of the iterable `function(*args)` while the child produces them.

    Limits and errors are those of `run_bounded`, but an error may come after some items, and
    `wall_seconds` counts only the time spent waiting for the child, not the caller's own work
    between items. The child waits when it is ahead, so neither side holds more than a few items.
    Closing the iterator ends the child.
    """
    limits = _Limits(memory_mb, cpu_seconds, wall_seconds, file_mb, LARGEST_STREAMED_ITEM)
    return _results(_pack(True, function, args, raises), limits)


# The parent's side


def _pack(streams: bool, function: Callable, args: tuple, raises: tuple) -> bytes:
    # In two layers: the child needs the search path before it can find the function.
    call = pickle.dumps((streams, function, args, raises))
    return pickle.dumps((sys.path, call))


def _results(request: bytes, limits: _Limits) -> Iterator[Any]:
    child = _start(limits)
    try:
        _hand_over(child, request)
        waiting = _Waiting(child.stdout.fileno(), limits.wall_seconds)
        while (item := _next_item(child, waiting, limits.largest_item)) is not None:
            yield item[0]
    finally:
        _end(child)


def _start(limits: _Limits) -> subprocess.Popen:
    # By its path and isolated (-I): the child must not find modules in the working directory, nor
    # take webapp/ itself for a folder of top-level modules.
    command = [sys.executable, "-I", "-B", __file__]
    command += [str(limits.memory_mb), str(math.ceil(limits.cpu_seconds)), str(limits.file_mb)]
    return subprocess.Popen(  # noqa: S603  # the command is ours from end to end
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library's complaint may quote the file: personal data
        env={name: os.environ[name] for name in PASSED_ENVIRONMENT if name in os.environ},
        start_new_session=True,
    )


def _hand_over(child: subprocess.Popen, request: bytes) -> None:
    try:
        with child.stdin as pipe:
            pipe.write(request)
    except BrokenPipeError:
        return  # it died already; reading its answer tells why


def _next_item(child: subprocess.Popen, waiting: "_Waiting", largest: int) -> tuple | None:
    """The next item in a tuple of one, or None at the end."""
    try:
        kind, size = _FRAME.unpack(waiting.read(_FRAME.size))
        if size > largest:
            raise TookTooMuch(f"one item of {size} bytes")
        content = waiting.read(size)
    except EOFError:
        raise TookTooMuch(_cause_of_death(child)) from None
    if kind == _ITEM:
        return (pickle.loads(content),)  # noqa: S301  # written by our own child
    if kind == _END:
        return None
    raise _problem(kind, content)


def _problem(kind: bytes, content: bytes) -> Exception:
    if kind == _RAISED:
        return pickle.loads(content)  # noqa: S301  # written by our own child
    if kind == _TOO_MUCH:
        return TookTooMuch(content.decode())
    return ChildFailed(content.decode())


def _cause_of_death(child: subprocess.Popen) -> str:
    try:
        code = child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "the process closed its answer"
    if code >= 0:
        return f"the process left with code {code}"
    return f"the process was ended by {signal.Signals(-code).name}"


def _end(child: subprocess.Popen) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)  # its own group: whatever it started goes with it
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()
    child.stdout.close()


class _Waiting:
    """Reads a pipe within a budget of waiting time."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self.descriptor = descriptor
        self.seconds = seconds
        self.buffer = bytearray()
        self.readable = select.poll()
        self.readable.register(descriptor, select.POLLIN | select.POLLHUP)

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises EOFError at the pipe's end, TookTooMuch at the budget's."""
        while len(self.buffer) < size:
            self._wait()
            piece = os.read(self.descriptor, 65536)
            if not piece:
                raise EOFError
            self.buffer += piece
        content = bytes(self.buffer[:size])
        del self.buffer[:size]
        return content

    def _wait(self) -> None:
        started = time.monotonic()
        ready = self.seconds > 0 and self.readable.poll(self.seconds * 1000)
        self.seconds -= time.monotonic() - started
        if not ready:
            raise TookTooMuch("no answer within the time allowed")


# The child's side


def _child() -> None:
    memory_mb, cpu_seconds, file_mb = (int(argument) for argument in sys.argv[1:4])
    _limit_itself(memory_mb, cpu_seconds, file_mb)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not land among the answers
    request = sys.stdin.buffer.read()
    _answer(answers, request)
    answers.close()


def _limit_itself(memory_mb: int, cpu_seconds: int, file_mb: int) -> None:
    memory, file_size = memory_mb * MEBIBYTE, file_mb * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold personal data


def _answer(answers: BinaryIO, request: bytes) -> None:
    raises: tuple[type[Exception], ...] = ()
    try:
        sys.path[:], call = pickle.loads(request)  # noqa: S301  # from our own parent
        importlib.invalidate_caches()
        streams, function, args, raises = pickle.loads(call)  # noqa: S301  # from our own parent
        outcome = function(*args)
        for item in outcome if streams else (outcome,):
            _send(answers, _ITEM, pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
        _send(answers, _END, b"")
    except BaseException as problem:  # extension modules raise some outside Exception
        _send(answers, *_told(problem, raises))


def _told(problem: BaseException, raises: tuple[type[Exception], ...]) -> tuple[bytes, bytes]:
    if isinstance(problem, raises):
        return _RAISED, pickle.dumps(problem)
    if isinstance(problem, MemoryError):
        return _TOO_MUCH, b"out of memory"
    if isinstance(problem, OSError) and problem.errno == errno.EFBIG:
        return _TOO_MUCH, b"wrote too large a file"
    # The kind and the places, never the message: it may quote the file.
    places = "".join(traceback.format_tb(problem.__traceback__))
    return _FAILED, f"{type(problem).__name__}\n{places}".encode()


def _send(answers: BinaryIO, kind: bytes, content: bytes) -> None:
    answers.write(_FRAME.pack(kind, len(content)))
    answers.write(content)


if __name__ == "__main__":
    _child()
