"""The embedded server: takes requests until told to stop, then finishes those it has."""

import signal
import time

import waitress
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from webapp.permissions import MOST_FILE_BYTES

GRACE_SECONDS = 10                        # for requests that are being worked on
MOST_BODY_BYTES = MOST_FILE_BYTES + 65_536     # no view takes more: the rest is not even kept
PAUSE_SECONDS = 0.05


class PortTaken(Exception):
    """The address cannot be listened on; the text says why."""


class Server:
    """One listening server.

    :param app: the WSGI application.
    :param behind_proxy: whether a proxy before us tells where requests come from.
    :raises PortTaken: another process listens there, or the address is not ours.
    """

    def __init__(self, app, *, host, port, threads, behind_proxy):
        self._sockets, self._is_stopping = {}, False
        try:
            self._server = waitress.create_server(
                app, map=self._sockets, host=host, port=port, threads=threads, ident=None,
                channel_timeout=30, connection_limit=1000, asyncore_use_poll=True,
                max_request_body_size=MOST_BODY_BYTES,
                clear_untrusted_proxy_headers=not behind_proxy)
        except OSError as problem:
            raise PortTaken(f"{host}:{port}: {problem.strerror}") from problem

    def run(self):
        """Serve until SIGTERM or SIGINT; returns when all is done, ten seconds later at most."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._is_stopping:
            self._turn(1)
        self._finish()

    def _stop(self, *_):
        self._is_stopping = True
        for listener in self._of(BaseWSGIServer):
            listener.pull_trigger()

    def _finish(self):
        deadline = time.monotonic() + GRACE_SECONDS
        for listener in self._of(BaseWSGIServer):
            listener.del_channel(self._sockets)
            listener.socket.close()     # who comes now is refused, and may ask another process
        while time.monotonic() < deadline:
            channels = self._of(HTTPChannel)
            for channel in channels:
                if not _is_busy(channel):
                    channel.handle_close()
            if not any(_is_busy(channel) for channel in channels):
                break
            self._turn(PAUSE_SECONDS)
        self._server.task_dispatcher.shutdown(timeout=1)

    def _turn(self, seconds):
        self._server.asyncore.loop(timeout=seconds, map=self._sockets, use_poll=True, count=1)

    def _of(self, kind):
        return [thing for thing in list(self._sockets.values()) if isinstance(thing, kind)]


def _is_busy(channel):
    """Whether an answer is being made or has not gone out completely."""
    return bool(channel.requests) or channel.total_outbufs_len > 0
