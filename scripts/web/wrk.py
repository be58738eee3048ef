"""Asking a page as often as it answers, over four connections, with wrk."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.web.serving import HOST

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 4
MISSING = "wrk is not installed: `apt-get install wrk`, or https://github.com/wg/wrk"
#: A connection that gunicorn has closed between two requests is opened again; more is a fault.
MOST_BROKEN = 0.001


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: requests, seconds, latencies in milliseconds, and answers that were not wanted."""

    requests: int
    seconds: float
    broken: int
    odd: int
    odd_status: int
    p50: float
    p99: float

    @property
    def a_second(self) -> float:
        return self.requests / self.seconds

    @property
    def fault(self) -> str:
        """Why it does not count, or nothing."""
        if self.odd:
            return f"{self.odd} answers of {self.requests} with another status, such as {self.odd_status}"
        if self.broken > max(2, self.requests * MOST_BROKEN):
            return f"{self.broken} broken connections in {self.requests} requests"
        return "" if self.requests else "no answer"


def is_installed() -> bool:
    return shutil.which("wrk") is not None


def drive(
    address: str, seconds: float, cookies: list[str], *, status: int = 200, bodies: list[str] | None = None
) -> Load:
    """Ask for ``seconds``; each request with the next of ``cookies``, and its own of ``bodies`` as a form."""
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "10s"]
    command += ["--duration", f"{max(round(seconds), 1)}s", "--script", str(SCRIPT), address]
    command += ["--", str(status), HOST, "\n".join(cookies or ["none=1"]), "\n".join(bodies or [])]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line = next(line for line in told.splitlines() if line.startswith("JSON "))
    return Load(**json.loads(line.removeprefix("JSON ")))
