"""Processes are known by id and birth: nobody else's is ever ended."""

import json
import os
import signal
import subprocess
import sys

import pytest

from deploy.processes import Program, Register, Trouble, birth, wait_for
from tests.faults.processes import wait_until


@pytest.fixture
def register(tmp_path):
    register = Register(tmp_path / "processes.json")
    yield register
    for name in register.names():
        register.stop(name, 0.1)


def program(folder, script):
    return Program("one", [sys.executable, "-u", "-c", script], {}, str(folder), folder / "one.log")


def pid_of(folder):
    return json.loads((folder / "processes.json").read_text("ascii"))["one"]["pid"]


def test_a_program_is_started_once_and_ends_when_asked(register, tmp_path):
    sleeper = program(tmp_path, "import time; time.sleep(60)")
    assert register.start(sleeper)
    assert not register.start(sleeper)
    assert register.is_alive("one")
    assert register.stop("one", 10)
    assert (register.is_alive("one"), register.names()) == (False, [])


def test_one_that_does_not_listen_is_ended_all_the_same(register, tmp_path):
    deaf = program(tmp_path, "import signal, time; signal.signal(15, signal.SIG_IGN); "
                             "print('deaf'); time.sleep(60)")
    register.start(deaf)
    wait_until(lambda: "deaf" in deaf.log.read_text(), what="its first word")
    pid = pid_of(tmp_path)
    assert not register.stop("one", 0.3)
    wait_until(lambda: birth(pid) is None, what="its end")


def test_somebody_else_who_has_the_id_by_now_is_left_alone(register, tmp_path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                                start_new_session=True)
    try:
        (tmp_path / "processes.json").write_text(json.dumps({"one": {
            "pid": stranger.pid, "birth": birth(stranger.pid) - 1, "goodbye": signal.SIGTERM}}))
        assert not register.is_alive("one")
        register.kill("one")
        register.stop("one", 0.3)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_who_has_ended_and_only_waits_to_be_noticed_is_gone():
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert birth(process.pid) is None
    process.wait()


def test_what_does_not_come_is_told_with_the_end_of_its_log(tmp_path):
    log = tmp_path / "one.log"
    log.write_text("begun\nno room\n")
    with pytest.raises(Trouble, match=r"a primary did not come within 0 s\. .*\nbegun\nno room"):
        wait_for(lambda: False, 0, "a primary", log)
