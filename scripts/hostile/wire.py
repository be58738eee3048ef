"""Sends a request byte for byte, as no client library would, and reads the status."""

import contextlib
import socket
from http.client import HTTPException, HTTPResponse

from scripts.hostile.site import Answer, Request

SECONDS = 30


def head(request: Request) -> bytes:
    """Return request line and headers; control characters included, line breaks too."""
    headers = list(request.headers)
    said = {name.lower() for name, _ in headers}
    if not {"content-length", "transfer-encoding"} & said and (request.body or request.method == "POST"):
        headers.append(("Content-Length", str(len(request.body))))
    lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace")


class Server:
    """A real server on a port of loopback."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, request: Request) -> Answer:
        with socket.create_connection(("127.0.0.1", self._port), timeout=SECONDS) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # The server may have answered and hung up before it had read all.
                connection.sendall(head(request) + request.body)
            try:
                answer = HTTPResponse(connection, method=request.method)
                answer.begin()
                return Answer(
                    answer.status, answer.read().decode("utf-8", "replace"), dict(answer.getheaders())
                )
            except (HTTPException, ConnectionResetError):
                return Answer(0)
