"""A client for loopback that waits for nobody: requests as bytes, answers with the time they took."""

import asyncio
import re
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30
MARK = re.compile(rb'name="seen" value="([^"]*)"')
CSRF_SECRET = "loadLOADloadLOADloadLOADloadLO12"  # noqa: S105  (of a throw-away site)


@dataclass
class Person:
    """Somebody with a session; ``mark`` is the state of the day that she last saw in the check-in."""

    cookies: str
    mark: str = ""


@dataclass(frozen=True)
class Ask:
    """One request; a form where there are fields. Right is an answer with ``status``."""

    kind: str
    path: str
    fields: dict[str, str] | None = None
    status: int = 200


@dataclass
class Results:
    """Milliseconds by kind of request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter = field(default_factory=Counter)
    _newest: list[float] = field(default_factory=list)

    def add(self, kind: str, seconds: float) -> None:
        self.times.setdefault(kind, []).append(seconds * 1000)
        self._newest.append(seconds * 1000)

    def since_last(self) -> list[float]:
        """Sorted times since this was asked for the last time."""
        newest, self._newest = sorted(self._newest), []
        return newest

    @property
    def all(self) -> list[float]:
        return sorted(time for times in self.times.values() for time in times)


def percentile(times: list[float], part: float) -> float:
    """Return the time that a part (0 to 1) of the sorted times stays under; 0 where there is none."""
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


class Client:
    """Sends requests to a port of loopback, each over a connection of its own, as a proxy does."""

    def __init__(self, port: int, host: str) -> None:
        self._port, self._host = port, host
        self.results = Results()

    async def send(self, person: Person, ask: Ask, due: float) -> None:
        """Send one request and note how long its answer took since it was due."""
        try:
            status, body = await asyncio.wait_for(self._exchange(person, ask), PATIENCE_SECONDS)
        except (OSError, ValueError, IndexError, TimeoutError) as error:
            self.results.errors[f"{ask.kind}: {type(error).__name__}"] += 1
            return
        self.results.add(ask.kind, time.perf_counter() - due)
        if status != ask.status:
            self.results.errors[f"{ask.kind}: {status}"] += 1
        if ask.kind == "check-in form" and (mark := MARK.search(body)):
            person.mark = mark[1].decode()

    async def _exchange(self, person: Person, ask: Ask) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(self._bytes(person, ask))
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), body

    def _bytes(self, person: Person, ask: Ask) -> bytes:
        body = urllib.parse.urlencode(ask.fields).encode() if ask.fields else b""
        lines = [
            f"{'POST' if ask.fields else 'GET'} {ask.path} HTTP/1.1",
            f"Host: {self._host}",
            f"Referer: https://{self._host}/",
            "X-Forwarded-Proto: https",
            f"Cookie: {person.cookies}",
            "Connection: close",
        ]
        if ask.fields:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


#: Whoever asks next, and what for.
Next = Callable[[], tuple[Person, Ask]]


async def closed_loop(client: Client, following: Next, *, seconds: float, connections: int) -> float:
    """Ask as fast as answers come, and return the answers a second."""
    until = time.perf_counter() + seconds

    async def one() -> None:
        while time.perf_counter() < until:
            await client.send(*following(), due=time.perf_counter())

    await asyncio.gather(*(one() for _ in range(connections)))
    return len(client.results.all) / seconds


async def open_loop(
    client: Client, following: Next, *, seconds: float, rate: float, every: float, tell: Callable[[int], None]
) -> int:
    """Begin ``rate`` requests a second, whatever the answers do; return how many were begun.

    ``tell`` is called every so many seconds with the number of requests under way.
    """
    began = time.perf_counter()
    under_way: set[asyncio.Task] = set()
    sent, told = 0, 0
    while sent < rate * seconds:
        due = began + sent / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(client.send(*following(), due=due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        sent += 1
        if time.perf_counter() - began > (told + 1) * every:
            told += 1
            tell(len(under_way))
    await asyncio.gather(*under_way)
    return sent
