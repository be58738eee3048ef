"""A mail server that takes everything and keeps nothing but a count, and the same behind a delay.

    python scripts/smtp_sink.py        prints two ports: at once, and 20 ms a round trip away

For measurements: it is a process of its own and does as little as SMTP allows,
so that whoever sends to it is what is measured. ``XCOUNT`` answers how many mails
came and how many Message-IDs there were; ``XRESET`` forgets them.
"""

import asyncio
import re
import sys

ROUND_TRIP = 0.020
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
seen: list[bytes] = []


class Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport, self._buffer, self._is_body = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            end = b"\r\n.\r\n" if self._is_body else b"\r\n"
            part, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            self._transport.write(self._body(part) if self._is_body else self._answer(part))

    def _body(self, body: bytes) -> bytes:
        self._is_body = False
        found = MESSAGE_ID.search(body)
        seen.append(found[1] if found else b"")
        return b"250 kept\r\n"

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"DATA":
            self._is_body = True
            return b"354 go on\r\n"
        if verb == b"XCOU":
            return b"250 %d %d\r\n" % (len(seen), len(set(seen)))
        if verb == b"XRES":
            seen.clear()
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 sink\r\n"


class FarEnd(asyncio.Protocol):
    """One direction of a long wire: what comes in goes out half a round trip later."""

    def __init__(self) -> None:
        self.other: asyncio.Transport | None = None
        self.waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(ROUND_TRIP / 2, self._forward, data)

    def _forward(self, data: bytes) -> None:
        if self.other is None:
            self.waiting.append(data)
        else:
            self.other.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None:
            asyncio.get_running_loop().call_later(ROUND_TRIP, self.other.close)


def near_end(port: int) -> type[FarEnd]:
    class NearEnd(FarEnd):
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._connecting = asyncio.ensure_future(self._connect())

        async def _connect(self) -> None:
            self.other, far = await asyncio.get_running_loop().create_connection(FarEnd, "127.0.0.1", port)
            far.other = self.transport
            for data in self.waiting:
                self.other.write(data)

    return NearEnd


async def serve() -> None:
    loop = asyncio.get_running_loop()
    sink = await loop.create_server(Sink, "127.0.0.1", 0)
    port = sink.sockets[0].getsockname()[1]
    wire = await loop.create_server(near_end(port), "127.0.0.1", 0)
    print(port, wire.sockets[0].getsockname()[1], flush=True)
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
