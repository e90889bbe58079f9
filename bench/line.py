"""One browser's connection, as cheap as it can be: it shares two cores with what it measures."""

import asyncio
import gzip
import re
from urllib.parse import urlencode

import brotli

SECONDS = 30      # nobody waits longer
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
COOKIE = re.compile(r"([^=]+)=([^;]*)")
LIMIT = 1 << 20


class NoAnswer(Exception):
    """The connection was refused, cut or silent."""


class Answer:
    """What came back."""

    def __init__(self, status, headers, cookies, body):
        self.status, self.headers, self.cookies, self._body = status, headers, cookies, body

    @property
    def text(self):
        """The page."""
        return DECODERS[self.headers.get("content-encoding", "")](self._body).decode()

    def link(self, pattern):
        """The first address or value that a pattern finds in the page, or None."""
        found = re.search(pattern, self.text)
        return found and found[1].replace("&amp;", "&")


class Line:
    """A connection that is kept, from a network address of its own.

    :param address: (host, port) of the server. :param source: the address it comes from.
    """

    def __init__(self, address, source):
        self._address, self._source, self._streams = address, source, None

    async def ask(self, method, path, headers, fields=None):
        """Send a request and read the answer. Raises ``NoAnswer``."""
        body = b"" if fields is None else urlencode(fields).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._address[0]}:{self._address[1]}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        if fields is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded",
                      f"Content-Length: {len(body)}"]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        try:
            async with asyncio.timeout(SECONDS):
                return await self._exchange(request)
        except (OSError, EOFError, ValueError, TimeoutError) as problem:
            self.close()
            raise NoAnswer(f"{type(problem).__name__} {problem}") from problem

    def close(self):
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, request):
        if not self._streams:
            self._streams = await asyncio.open_connection(
                *self._address, local_addr=(self._source, 0), limit=LIMIT)
        reader, writer = self._streams
        writer.write(request)
        status, headers, cookies = _head(await reader.readuntil(b"\r\n\r\n"))
        if "chunked" in headers.get("transfer-encoding", ""):
            body = await _chunks(reader)
        elif status in (204, 304):
            body = b""
        else:
            body = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, cookies, body)


def _head(raw):
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    headers, cookies = {}, []
    for line in lines:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip()
        if name == "set-cookie":
            cookies.append(COOKIE.match(value).groups())
        headers[name] = value
    return int(first.split()[1]), headers, cookies


async def _chunks(reader):
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
