"""One program of `make bench`: started, made to get ready, let measure; what it printed and what it took."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.prepared import GO, READY, TURNS

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Run:
    """``seconds`` by the clock, but for waiting; ``computed``: of processors, its servers among it."""

    name: str
    options: Sequence[str]
    status: int = 0
    seconds: float = 0.0
    computed: float = 0.0
    figures: list[dict] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if isinstance(found, dict):
            self.figures.append(found)
        elif line.strip():
            self.said.append(line.rstrip())

    def lines(self) -> Iterator[dict]:
        yield from ({"program": self.name, **figure} for figure in self.figures)
        yield from ({"program": self.name, "said": line} for line in self.said)
        yield {
            "program": self.name,
            "options": list(self.options),
            "held": not self.status,
            "seconds": round(self.seconds, 1),
            "computed": round(self.computed, 1),
        }


class Program:
    """A process of it; ``takes_turns``: once all is ready it waits until it may measure."""

    printing = threading.Lock()

    def __init__(self, path: Path, options: Sequence[str], takes_turns: bool = False) -> None:
        self.run, self.is_ready = Run(path.stem, options), False
        self._command = [sys.executable, path, *options]
        self._environment = os.environ | ({TURNS: "1"} if takes_turns else {})
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Until it is ready to measure or, if it takes no turns, to its end; its lines are shown."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=self._environment, **pipes)
        self._go_on()

    def measure(self) -> None:
        """To its end, if it waits for that."""
        if self.is_ready:
            self._process.stdin.write(f"{GO}\n")
            self._process.stdin.flush()
            self._go_on()

    def _go_on(self) -> None:
        began = time.monotonic()
        self.is_ready = self._reads_of_being_ready()
        if not self.is_ready:
            self._end()
        self.run.seconds += time.monotonic() - began

    def _reads_of_being_ready(self) -> bool:
        for line in self._process.stdout:
            if line.strip() == READY:
                return True
            self.run.take(line)
            with self.printing:
                print(f"{self.run.name:10} {line}", end="", flush=True)
        return False

    def _end(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        _, status, used = os.wait4(self._process.pid, 0)
        self.run.status = self._process.returncode = os.waitstatus_to_exitcode(status)
        self.run.computed = used.ru_utime + used.ru_stime
