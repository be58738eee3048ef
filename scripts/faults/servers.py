"""The services of a run: PostgreSQL that survives crashes, Redis, and a mail server with moods."""

import contextlib
import hashlib
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg

from scripts.faults.clock import Clock
from scripts.faults.repeats import Copy
from scripts.with_postgres import Cluster
from tests.support.faulty_smtp import DROP, Cut, FaultySmtp, Slow
from tests.support.services import RedisServer, free_port

#: Small, and as durable as in production: what was committed before a crash is there after it.
DURABLE = (
    "shared_buffers=128MB",
    "max_connections=60",
    "checkpoint_timeout=30",
    "listen_addresses=127.0.0.1",
)

LOOKS = 60
#: Every so manieth address is refused for good while the mood lasts: one of a handful of mails meets it.
REFUSED_SHARE = 12


class Postgres(Cluster):
    """Under the clock of the run, on a socket and on a port for the wire."""

    def __init__(self, clock: Clock, folder: Path | None = None) -> None:
        self.port = free_port()
        super().__init__((*DURABLE, f"port={self.port}"))
        self._clock = clock
        if folder:
            self.data = folder / "data"

    def is_up(self) -> bool:
        return self._process.poll() is None

    def create(self) -> None:
        super().create()
        self._environment |= self._clock.environment("services")

    def tool(self, name: str) -> Path:
        return self._binaries / name

    def dsn(self, name: str) -> str:
        return f"{super().dsn(name)} port={self.port}"

    def url(self, name: str = "postgres") -> str:
        return f"postgres://:{self.port}/{name}?host={self.data}&user=postgres"

    @staticmethod
    def url_over(port: int, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{port}/{name}"

    def ask(self, sql: str, *arguments, name: str = "postgres") -> list[tuple]:
        """Run one statement on a connection of its own."""
        with psycopg.connect(self.dsn(name), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql, arguments or None)
            return cursor.fetchall() if cursor.description else []

    def cut_a_transaction(self, name: str) -> int:
        """Terminate one backend inside a transaction that writes; 0 where none is for a while."""
        cut = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            " AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL ORDER BY random() LIMIT 1"
        )
        with psycopg.connect(self.dsn(name), autocommit=True, connect_timeout=5) as connection:
            for _ in range(LOOKS):
                if connection.execute(cut, [name]).fetchall():
                    return 1
                time.sleep(0.01)
        return 0


class Redis(RedisServer):
    """Told from the parent's environment that its clock is that of the run."""

    def fill(self) -> None:
        self.client.config_set("maxmemory", "1mb")

    def empty_again(self) -> None:
        self.client.config_set("maxmemory", "0")


def _share(address: str, of: int) -> bool:
    """Always the same share of addresses."""
    return hashlib.sha256(address.encode()).digest()[0] % of == 0


class Mail:
    """An SMTP server whose mood changes; everything that it kept is counted by its Message-ID."""

    def __init__(self) -> None:
        self.server = FaultySmtp()
        self.server.act = self._act
        self.mood = "ok"
        #: Times that a mood showed itself.
        self.shown: Counter[str] = Counter()
        self._greylisted: set[str] = set()
        self._lock = threading.Lock()

    @property
    def environment(self) -> dict[str, str]:
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.server.port), "EMAIL_USE_TLS": "0"}

    def came(self) -> Counter[str]:
        return Counter(kept.message_id for kept in list(self.server.kept))

    def copies(self) -> dict[str, list[Copy]]:
        """Message-ID -> every time that it came."""
        found: dict[str, list[Copy]] = {}
        for kept in list(self.server.kept):
            found.setdefault(kept.message_id, []).append(Copy(kept.at, kept.is_answered))
        return found

    @contextlib.contextmanager
    def running(self):
        with self.server.running():
            yield self

    def _act(self, step: str, to: str) -> object:
        answer = self._answer(step, to)
        if answer is not None:
            self.shown[self.mood] += 1
        return answer

    def _answer(self, step: str, to: str) -> object:
        match self.mood, step:
            case "down", "greeting":
                return DROP
            case "slow", "data":
                return Slow(1)
            case "busy", "rcpt":
                return b"450 4.2.1 try again later"
            case "grey", "rcpt":
                return self._first_time(to)
            case "refuses", "rcpt" if _share(to, REFUSED_SHARE):
                return b"550 5.1.1 no such mailbox"
            case "drops", "body":
                return DROP
            case "cut", "data":
                return Cut(b"35")
        return None

    def _first_time(self, to: str) -> bytes | None:
        with self._lock:
            if to in self._greylisted:
                return None
            self._greylisted.add(to)
        return b"451 4.7.1 greylisted, come back later"
