"""gunicorn as the product starts it, on loopback, with the processor time that it takes."""

import contextlib
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
WORKERS = 2
#: As the proxy in front of it asks.
HOST = "rehab.example"
FORWARDED = {"Host": HOST, "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}
PRODUCT, BARE = "rehab.wsgi:application", "scripts.web.bare:application"


def production(url: str, folder: str) -> dict[str, str]:
    """An environment in which the product runs as for people, on a database of its own."""
    return {
        "REHAB_ENV_FILE": os.devnull,
        "REHAB_VAR_DIR": folder,
        "DATABASE_URL": url,
        "REDIS_URL": "redis://127.0.0.1:1/0",  # pages ask it nothing; two workers need one
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": f"https://{HOST}",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "0",
        "REHAB_DEMO": "0",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One gunicorn with its workers."""

    def __init__(self, argv: tuple[str, ...], port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL)
        self._of_it = psutil.Process(self._process.pid)

    def wait(self, path: str) -> None:
        """Until it answers. Raises RuntimeError where it does not start."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                asked = urllib.request.Request(self.address + path, headers=FORWARDED)  # noqa: S310 - our own
                urllib.request.urlopen(asked, timeout=2).close()  # noqa: S310
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("gunicorn did not start") from None
                time.sleep(0.1)

    def cpu_seconds(self) -> float:
        """Of all its processes so far, those that have ended among them."""
        own = self._of_it.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in self._of_it.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = child.cpu_times()
                total += times.user + times.system
        return total

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def served(argv: tuple[str, ...], application: str, port: int, path: str) -> Iterator[Server]:
    """The product's own command line, for one of the two applications."""
    server = Server(tuple(application if part == PRODUCT else part for part in argv), port)
    try:
        server.wait(path)
        yield server
    finally:
        server.stop()
