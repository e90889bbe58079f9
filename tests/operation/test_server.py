"""The embedded server and its keeper, as processes of their own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.gateways import free_port
from webapp.operation.server import MOST_BODY_BYTES
from webapp.operation.supervisor import NEVER_AGAIN

SLOW_APP = """
import sys, time
from webapp.operation.server import Server

def app(environ, start_response):
    print("begun", flush=True)
    time.sleep(1.5)
    start_response("200 OK", [("Content-Length", "300000")])
    return [b"x" * 300_000]

Server(app, host="127.0.0.1", port=int(sys.argv[1]), threads=2, behind_proxy=False).run()
"""


@pytest.fixture
def port():
    return free_port()


def environment(folder, port):
    return {"PATH": os.environ["PATH"], "FLASK_APP": "wsgi", "PURNA_DATA": str(folder),
            "PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}


def flask(folder, port, *arguments):
    return subprocess.run([sys.executable, "-m", "flask", *arguments], capture_output=True,
                          text=True, timeout=60, env=environment(folder, port))


def connection_to(port):
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.05)


def test_requests_are_logged_larger_ones_not_even_kept_and_the_end_is_clean(tmp_path, port):
    flask(tmp_path, port, "migrate")
    process = subprocess.Popen([sys.executable, "-m", "flask", "serve"], stderr=subprocess.PIPE,
                               env=environment(tmp_path, port), text=True)
    connection = connection_to(port)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read()
    connection.close()
    connection.putrequest("POST", "/masuk")
    connection.putheader("Content-Length", str(MOST_BODY_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=15)[1]
    assert process.returncode == 0
    assert json.loads(said.splitlines()[0])["endpoint"] == "operation.alive"


def test_what_is_being_answered_is_answered_completely(port):
    process = subprocess.Popen([sys.executable, "-c", SLOW_APP, str(port)], text=True,
                               stdout=subprocess.PIPE)
    connection, lengths = connection_to(port), []

    def ask():
        connection.request("GET", "/")
        lengths.append(len(connection.getresponse().read()))
        connection.close()

    asker = threading.Thread(target=ask)
    asker.start()
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGTERM)
    asker.join(15)
    process.communicate(timeout=15)
    assert lengths == [300_000]
    assert process.returncode == 0


def test_a_taken_port_ends_the_server_and_its_keeper_with_one_line(tmp_path, port):
    flask(tmp_path, port, "migrate")
    with socket.create_server(("127.0.0.1", port)):
        alone = flask(tmp_path, port, "serve")
        kept = flask(tmp_path, port, "up")
    assert alone.returncode == kept.returncode == NEVER_AGAIN
    line = f"Purna cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert (alone.stdout, alone.stderr) == ("", line)
    assert kept.stderr.count("cannot listen") == 1
