"""A real nginx from the template, before a node that says what it was asked."""

import http.client
import json
import re
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.faults.processes import wait_until

BIG = b"x" * 200_000


class Node(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_GET(self):
        body = json.dumps({"path": self.path, "headers": dict(self.headers.items()),
                           "server": self.server.server_port}).encode()
        length = int(self.headers.get("Content-Length") or 0)
        assert len(self.rfile.read(length)) == length
        self.send_response({"/tidak-ada": 404, "/readyz": self.server.ready}.get(
            self.path.partition("?")[0], 200))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        """Nothing to say."""


@contextmanager
def node_of(edge, number, ready=200):
    """A node that listens, once it is known to."""
    with node_at(edge["nodes"][number], ready):
        wait_until(lambda: ask(edge["ports"]["public"], "/").status == 200, what="a way to it")
        yield


@contextmanager
def node_at(port, ready=200):
    """A node that listens there.

    :param ready: what it answers whoever asks for its readiness.
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), Node)
    server.ready = ready
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def edge(on_loopback, command):
    """nginx and HAProxy, with ``ports`` of the listeners and ``nodes`` behind, none of which
    listens yet."""
    nginx, haproxy = command("nginx", "nginx"), command("haproxy", "haproxy")
    site = on_loopback()
    machine = site.of("edge")[0]
    etc = Path(machine["folders"]["etc"])
    balancing = etc / "haproxy/haproxy.cfg"
    patient = balancing.read_text("utf-8")
    balancing.write_text(re.sub(r"inter \S+ fastinter \S+ downinter \S+", "inter 50ms", patient))
    started = [subprocess.Popen(arguments, stderr=subprocess.DEVNULL) for arguments in (
        [haproxy, "-db", "-f", f"{etc}/haproxy/haproxy.cfg"],
        [nginx, "-c", f"{etc}/nginx/nginx.conf", "-e",
         f"{machine['folders']['log']}/nginx/error.log", "-g", "daemon off;"])]
    machine["nodes"] = [web["ports"]["web"] for web in site.of("web")]
    try:
        wait_until(lambda: is_listening(machine["ports"]["public"]), what="nginx")
        yield machine
    finally:
        for process in started:
            process.terminate()
            process.wait(10)


def is_listening(port):
    try:
        return ask(port, "/").status > 0
    except OSError:
        return False


def ask(port, path, method="GET", body=None, **headers):
    """The answer, read, with its body as ``text``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value
                                            for name, value in headers.items()})
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/cabang", "/cabang/", "/cabang/audit", "/%63abang/audit",
                                  "//cabang", "/CABANG", "/x/../cabang", "/cabang?a=1"])
def test_staff_pages_are_not_at_the_public_listener(edge, path):
    with node_of(edge, 0):
        outside = ask(edge["ports"]["public"], path)
        inside = ask(edge["ports"]["internal"], path)
    assert (outside.status, json.loads(outside.text)["path"].partition("?")[0]) == (
        404, "/tidak-ada")
    assert (inside.status, json.loads(inside.text)["path"].endswith("/tidak-ada")) == (200, False)


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics/web1", "/%6detrics",
                                  "//metrics", "/METRICS/web2", "/x/../metrics/web1",
                                  "/metrics/web1?a=1"])
def test_op_07_figures_are_not_at_the_public_listener(edge, path):
    with node_of(edge, 0):
        outside = ask(edge["ports"]["public"], path)
    assert (outside.status, json.loads(outside.text)["path"].partition("?")[0]) == (
        404, "/tidak-ada")


def test_each_node_is_asked_for_its_own_figures_by_a_name_that_it_answers_for(edge):
    first, second = edge["nodes"]
    with node_of(edge, 0), node_at(second):
        told = [json.loads(ask(edge["ports"]["internal"], f"/metrics/web{n}").text) for n in (1, 2)]
        assert ask(edge["ports"]["internal"], "/metrics").status == 404
        assert ask(edge["ports"]["internal"], "/metrics/web3").status == 200     # the application's
    assert [(one["server"], one["path"]) for one in told] == [
        (first, "/metrics"), (second, "/metrics")]
    assert {one["headers"]["Host"] for one in told} == {edge["hosts"][0]}
    assert {one["headers"]["X-Forwarded-For"] for one in told} == {"127.0.0.1"}


def test_a_request_has_one_id_in_nginx_s_log_and_at_the_node(edge):
    log = Path(edge["folders"]["log"]) / "nginx/access.log"
    with node_of(edge, 0):
        told = json.loads(ask(edge["ports"]["public"], "/", X_Request_Id="0" * 32).text)["headers"]
        given = told["X-Request-Id"]
        wait_until(lambda: given in log.read_text("utf-8"), what="its line")
    line = json.loads(next(line for line in log.read_text("utf-8").splitlines() if given in line))
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert given != "0" * 32
    assert (line["id"], line["method"], line["status"]) == (given, "GET", 200)


def test_readiness_is_not_at_the_public_listener(edge):
    with node_of(edge, 0):
        assert ask(edge["ports"]["public"], "/readyz").status == 404
        assert ask(edge["ports"]["internal"], "/readyz").status == 200


def test_where_a_request_comes_from_is_said_by_nginx_alone(edge):
    with node_of(edge, 0):
        told = json.loads(ask(edge["ports"]["public"], "/", X_Forwarded_For="203.0.113.9",
                              X_Forwarded_Proto="https", X_Forwarded_Host="evil.example",
                              Forwarded="for=203.0.113.9").text)["headers"]
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "http"
    assert {"X-Forwarded-Host", "Forwarded"} & {*told} == set()
    assert told["Host"] == f"127.0.0.1:{edge['ports']['public']}"


def test_a_node_that_does_not_listen_costs_nobody_a_form(edge):
    with node_of(edge, 1):
        answers = [ask(edge["ports"]["public"], "/", "POST", BIG) for _ in range(6)]
    assert {answer.status for answer in answers} == {200}


def test_only_what_takes_files_is_sent_much(edge):
    with node_of(edge, 0):
        taken, refused = [ask(edge["ports"]["public"], path, "POST", BIG * 2)
                          for path in ("/pengaduan", "/masuk")]
    assert (taken.status, refused.status) == (200, 413)
    assert "Kiriman terlalu besar" in refused.text


def test_no_node_at_all_is_a_page_with_a_time_to_come_back(edge):
    answer = ask(edge["ports"]["public"], "/masuk")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Yang sudah tersimpan tidak hilang" in answer.text
    assert len(answer.headers["X-Request-Id"]) == 32
    assert ask(edge["ports"]["public"], "/masuk", "POST", BIG).status == 503


def server_of(edge):
    """Which node answers."""
    return json.loads(ask(edge["ports"]["public"], "/").text)["server"]


def test_nobody_is_sent_to_a_node_that_is_about_to_stop(edge):
    first, second = edge["nodes"]
    with node_of(edge, 0), node_at(second, ready=503):
        wait_until(lambda: [server_of(edge) for _ in range(8)] == [first] * 8, what="the ready one")


def test_where_no_node_is_ready_those_that_live_are_asked(edge):
    with node_of(edge, 0, ready=503):
        assert server_of(edge) == edge["nodes"][0]


def test_static_files_outlive_the_nodes(edge):
    with node_of(edge, 0):
        first = ask(edge["ports"]["public"], "/static/app.0123456789.css")
    again = ask(edge["ports"]["public"], "/static/app.0123456789.css")
    assert (first.status, again.status, again.text) == (200, 200, first.text)
