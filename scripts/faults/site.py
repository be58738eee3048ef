"""Everything of a run: services, two nodes with workers, a beat, and hands, in one temporary folder."""

import contextlib
import datetime
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from scripts.faults.clock import Clock, before_both_changes
from scripts.faults.node import ROOT, Keeper, Program, plain_environment, programs
from scripts.faults.servers import Mail, Postgres, Redis
from scripts.faults.wire import Wire
from tests.support.services import kill_group, redis_binary

DATABASE, EMPTY = "rehab", "empty"
LONGEST_ACT_SECONDS = 180
SETTINGS = {
    "REHAB_ENV_FILE": os.devnull,
    "REHAB_DEMO": "0",
    "REHAB_TICK_SECONDS": "1",
    "REHAB_MAIL_SECONDS": "1",
    "REHAB_BATCH_SIZE": "100",
    "REHAB_VISIBILITY_SECONDS": "5",
    "PYTHONUNBUFFERED": "1",
}


class Hand:
    """A process that does acts of people in Django, one at a time."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment, self._log = environment, log
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None

    def ask(self, act: str, **arguments) -> dict:
        """Return ``{"gave": …}``, ``{"refused": …}`` or ``{"failed": …}``."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                self._process.stdin.write(json.dumps([act, arguments]) + "\n")
                self._process.stdin.flush()
                ready, _, _ = select.select([self._process.stdout], [], [], LONGEST_ACT_SECONDS)
                line = self._process.stdout.readline() if ready else ""
            except OSError:
                line = ""
            if not line:
                self.end()
                return {"failed": f"{act}{arguments}: the hand ended or hung, see {self._log.name}"}
            return json.loads(line)

    def sure(self, act: str, **arguments):
        """What it gave, where nothing but that will do."""
        answer = self.ask(act, **arguments)
        if "gave" not in answer:
            raise RuntimeError(f"{act}: {answer}")
        return answer["gave"]

    def _start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scripts.faults.hands"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def end(self) -> None:
        if self._process and self._process.poll() is None:
            kill_group(self._process)
            self._process.wait(timeout=10)


class Site:
    """The services and processes, by name. Node 1 stands beside the services, node 2 behind wires."""

    def __init__(self, folder: Path, start, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self.clock = Clock(folder, start)
        # Redis is started again and again, with the environment of this process.
        for name, value in self.clock.environment("services").items():
            os.environ[name] = value
            stack.callback(os.environ.pop, name)
        self.redis = Redis(redis_binary())
        stack.callback(self.redis.remove)
        self.redis.start()
        self.postgres = Postgres(self.clock)
        stack.callback(self.postgres.remove)
        self.postgres.create()
        self.postgres.start()
        self.postgres.create_database(DATABASE)
        self.mail = stack.enter_context(Mail().running())
        self.database_wire = stack.enter_context(Wire(self.postgres.port))
        self.broker_wire = stack.enter_context(Wire(self.redis.port))
        self.keeper = stack.enter_context(Keeper())
        #: Lets the days of all be written, and looks on.
        self.watcher = self.hand("watcher", self.near("watcher"))
        self.postman = self.hand("postman", self.near("postman"))
        self.hands = [self.hand("hand1", self.near("hand1")), self.hand("hand2", self.far("hand2"))]

    def near(self, role: str, database: str = "") -> dict[str, str]:
        """The environment of a process beside the services."""
        own = {
            "DATABASE_URL": database or self.postgres.url(DATABASE),
            "REDIS_URL": self.redis.url,
            "REHAB_VAR_DIR": str(self.folder / "var"),
        }
        return plain_environment() | SETTINGS | self.mail.environment | own | self.clock.environment(role)

    def far(self, role: str) -> dict[str, str]:
        """The environment of a process that reaches them over wires."""
        over = {
            "DATABASE_URL": Postgres.url_over(self.database_wire.port, DATABASE),
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_wire.port}/0",
        }
        return self.near(role) | over

    def hand(self, name: str, environment: dict[str, str]) -> Hand:
        hand = Hand(environment, self.folder / f"{name}.log")
        self._stack.callback(hand.end)
        return hand

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run a management command to its end, well or not."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.near("hand1") | environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_ACT_SECONDS,
            check=False,
        )

    def migrate(self, schema: Path | None) -> None:
        """Migrate the database of the run, or fill in a dump of one that is; and keep one of it empty."""
        self._empty = schema or self.folder / "empty.sql"
        if schema:
            self._fill(self.postgres, schema)
            return
        if (done := self.manage("migrate", "--verbosity", "0")).returncode:
            raise RuntimeError(done.stderr)
        command = [self.postgres.tool("pg_dump"), "-d", self.postgres.dsn(DATABASE), "-f", self._empty]
        subprocess.run(command, check=True)

    def _fill(self, server: Postgres, dump: Path) -> None:
        into = ("-q", "-v", "ON_ERROR_STOP=1", "-d", server.dsn(DATABASE), "-f", dump)
        subprocess.run([self.postgres.tool("psql"), *into], stdout=subprocess.DEVNULL, check=True)

    def fill_empty(self, other: Postgres) -> None:
        """Give another server a database that is migrated and empty."""
        other.create_database(DATABASE)
        self._fill(other, self._empty)

    def still_clock(self, name: str) -> Clock:
        """A clock for what goes on beside the rounds: it begins at this moment of theirs and never jumps."""
        folder = self.folder / name
        folder.mkdir()
        folder.chmod(0o755)
        return Clock(folder, self.clock.now())

    def start_programs(self) -> None:
        """A worker on each node, and one beat beside the services."""
        (_, worker, bounded), (_, beat, _) = programs(self.near("probe"))
        nodes = {"node1": self.near("node1"), "node2": self.far("node2")}
        self.workers = [
            self._add(node, _named(worker, node), environment | bounded)
            for node, environment in nodes.items()
        ]
        self.beats = [self._add("beat", beat, self.near("beat"))]

    def second_beat(self) -> Program:
        first = self.beats[0]
        return self._add("beat2", first.argv, self.far("beat2"))

    def _add(self, name: str, argv: list[str], environment: dict[str, str]) -> Program:
        program = Program(name, argv, environment, self.folder / f"{name}.log")
        return self.keeper.add(program)

    def queues(self) -> list[str]:
        """The keys of the queues that workers listen to."""
        bound = [key.decode() for key in self.redis.client.scan_iter("rehab:_kombu.binding.*")]
        names = [key.removeprefix("rehab:_kombu.binding.") for key in bound]
        return [f"rehab:{name}" for name in sorted(names) if "." not in name]

    def queued(self) -> int:
        """Messages that wait or are out with a worker, in all queues of the broker."""
        waiting = 0
        for key in self.redis.client.scan_iter("rehab:*"):
            kind = self.redis.client.type(key)
            if kind == b"list":
                waiting += self.redis.client.llen(key)
            elif key.endswith(b"unacked"):
                waiting += self.redis.client.hlen(key)
        return waiting


def _named(argv: list[str], node: str) -> list[str]:
    """The arguments of a worker, under a name of its own."""
    kept = [part for part in argv if part != "--hostname" and not part.endswith("@%h")]
    return [*kept, "--hostname", f"{node}@%h"]


def _remove(folder: Path, keep_logs: bool) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not (keep_logs and path.suffix == ".log"):
            path.unlink()
    if not keep_logs:
        folder.rmdir()


@contextlib.contextmanager
def site(now: datetime.datetime, *, keep_logs: bool = False) -> Iterator[Site]:
    """All of it, and nothing left afterwards, but for the logs where they are asked for."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="rehab-faults-"))
        stack.callback(_remove, folder, keep_logs)
        folder.chmod(0o755)
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        stack.callback(setattr, tempfile, "tempdir", before)
        yield Site(folder, before_both_changes(now), stack)
