"""The processes of the product in a run: kept running as a supervisor keeps them, and killed at will."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.stack.harness import OURS, ROOT
from tests.support.services import kill_group

LOOK_SECONDS = 0.25
#: Asked for in a process of its own: this one has no Django.
PROGRAMS = (
    "import json, os; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'rehab.settings');"
    "import django; django.setup(); from rehab.processes import beat, worker;"
    "print(json.dumps([[p.name, p.argv, p.environment] for p in (worker(2), beat())]))"
)


def plain_environment() -> dict[str, str]:
    """Return the caller's environment without what would change the product."""
    return {name: value for name, value in os.environ.items() if not OURS.match(name)}


def programs(environment: dict[str, str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """Return name, arguments and environment of a worker for all queues, and of beat."""
    command = [sys.executable, "-c", PROGRAMS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [(name, argv, own) for name, argv, own in json.loads(done.stdout.splitlines()[-1])]


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@dataclass
class Program:
    """One process that should be running."""

    name: str
    argv: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None
    is_wanted: bool = True
    #: Ends that nobody asked for, by their status.
    ended: list[int] = field(default_factory=list)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a machine that loses its power: the whole group at once."""
        if self.is_running:
            kill_group(self.process)
            self.process.wait(timeout=10)

    def kill_child(self, number: int) -> bool:
        children = children_of(self.process.pid) if self.is_running else []
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(children[number % len(children)], signal.SIGKILL)
        return True


class Keeper:
    """Starts again what has ended, at once: the product's own supervisor waits longer each time."""

    def __init__(self) -> None:
        self.programs: list[Program] = []
        #: Told of each end, in a thread of its own: it may have to wait.
        self.noticed: Callable[[Program], object] = lambda program: None
        self._lock = threading.Lock()
        self._over = threading.Event()

    def __enter__(self) -> "Keeper":
        threading.Thread(target=self._keep, daemon=True).start()
        return self

    def __exit__(self, *details) -> None:
        self._over.set()
        with self._lock:
            for program in self.programs:
                program.is_wanted = False
                program.kill()

    def add(self, program: Program) -> Program:
        with self._lock:
            # Under the lock, or what keeps them running starts it as well, and nobody would end that one.
            program.start()
            self.programs.append(program)
        return program

    def stop(self, *programs: Program) -> None:
        with self._lock:
            for program in programs:
                program.is_wanted = False
                program.kill()

    def go_on(self, *programs: Program) -> None:
        for program in programs:
            program.is_wanted = True

    def _keep(self) -> None:
        while not self._over.is_set():
            with self._lock:
                for program in self.programs:
                    if program.is_wanted and not program.is_running and not self._over.is_set():
                        if program.process is not None:
                            program.ended.append(program.process.returncode)
                            threading.Thread(target=self.noticed, args=(program,), daemon=True).start()
                        program.start()
            time.sleep(LOOK_SECONDS)
