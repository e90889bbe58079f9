"""Sixty-four clients that send one byte now and then do not keep the others waiting."""

import socket
import statistics
import threading
import time
from contextlib import contextmanager

from tests.faults.browser import Browser

CLIENTS, EVERY_SECONDS, ASKED = 64, 0.05, 200
MOST_TIMES_SLOWER, FLOOR_SECONDS = 10, 0.005     # an idle answer may be too fast to compare with

HEADERS = b"GET /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-Slow: slow\r\n" * 500
BODY = (b"POST /masuk HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 6000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + b"a=" * 3000)


def test_a_healthy_request_hardly_notices_sixty_four_slow_headers_and_bodies(street):
    port = street.ports[0]
    healthy = street.desks[0].browser.another([port])
    idle = ninety_fifth(healthy)
    with slow_clients(port) as still_there:
        busy = ninety_fifth(healthy)
        assert still_there() == CLIENTS, "the server sent the slow ones away"
    assert busy <= MOST_TIMES_SLOWER * max(idle, FLOOR_SECONDS)
    assert Browser([port]).get("/healthz").status == 200


def ninety_fifth(browser):
    """Seconds within which 95 of 100 requests are answered."""
    taken = []
    for _ in range(ASKED):
        begun = time.monotonic()
        assert browser.get("/perusahaan").status == 200
        taken.append(time.monotonic() - begun)
    return statistics.quantiles(taken, n=20)[-1]


@contextmanager
def slow_clients(port):
    """Half of them drip headers, half a body, until the end of the block."""
    sockets = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(CLIENTS)]
    texts = [HEADERS if place % 2 else BODY[:140] for place in range(CLIENTS)]
    sent, over = [20] * CLIENTS, threading.Event()
    for connection, text in zip(sockets, texts, strict=True):
        connection.sendall(text[:20] if text is HEADERS else BODY[:140])

    def drip():
        while not over.wait(EVERY_SECONDS):
            for place, connection in enumerate(sockets):
                whole = HEADERS if texts[place] is HEADERS else BODY[120:]
                try:
                    connection.send(whole[sent[place]:sent[place] + 1])
                    sent[place] += 1
                except OSError:
                    sent[place] = -1
    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield lambda: sum(place > 0 for place in sent)
    finally:
        over.set()
        thread.join()
        for connection in sockets:
            connection.close()
