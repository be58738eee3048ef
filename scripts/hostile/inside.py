"""Sends to the application inside this process, for tests: no server, no socket."""

from io import BytesIO
from urllib.parse import unquote_to_bytes

from django.core.signals import request_finished
from django.db import close_old_connections
from django.test.client import ClientHandler

from scripts.hostile.site import Answer, Request

BARE = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class Application:
    """What a server does with a request before the application sees it, no more."""

    def __init__(self) -> None:
        self._handler = ClientHandler(enforce_csrf_checks=True)

    def __call__(self, request: Request) -> Answer:
        response = self._handler(environ(request))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        # A server ends the request here and with it a connection that is old. In a test the
        # connection is the test's own, and PostgreSQL would not give its rows back.
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        return Answer(response.status_code, body.decode("utf-8", "replace"), dict(response.headers))


def environ(request: Request) -> dict:
    path, _, query = request.target.partition("?")
    found = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
    }
    for name, value in request.headers:
        if "_" in name:  # as gunicorn: it could not be told from the one with a hyphen
            continue
        key = name.upper().replace("-", "_")
        key = key if key in BARE else f"HTTP_{key}"
        value = value.encode("latin-1", "replace").decode("latin-1")
        found[key] = f"{found[key]},{value}" if key in found and key not in BARE else value
    return found
