"""The project as a person runs it: real processes, each in a session of its own.

Only what was started here is ever signalled, by its own process group.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.stack.stepping import Steps
from tests.support.services import crowding, free_port, kill_group, wait_until

ROOT = Path(__file__).resolve().parents[2]
#: Variables of the caller that would change what is tested.
OURS = re.compile(
    r"^(REHAB_|EMAIL_|DATABASE_URL|REDIS_URL|DEBUG|SECRET_KEY|SITE_URL|PORT|ALLOWED_HOSTS|WEB_|DJANGO_)"
)
STOP_SECONDS = 5.0
CELERY = ("-m", "celery", "--app", "rehab.celery", "--skip-checks")
#: The runners of the day-close tests, and the days of each that are due.
RUNNERS = 60
DAYS = 6


def fair(took: float, crowd: float) -> float:
    """Seconds as they are; beyond the limit what they would have been with a core to itself."""
    return took if took < STOP_SECONDS else took / max(crowd, crowding())


class Running:
    """One started process, its output in a file."""

    def __init__(self, name: str, argv: list, environment: dict[str, str], log: Path) -> None:
        self.name, self._log = name, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        """Wait until the process has written a text; fails at once where it ends before."""

        def written() -> bool:
            if text in self.output:
                return True
            assert self.process.poll() is None, f"{self.name} ended:\n{self.output}"
            return False

        try:
            wait_until(written, seconds, what=f"{self.name} to write {text!r}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output[-4000:]}") from None

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Signal the process alone, wait for its end, and return the seconds it took (``fair``)."""
        crowd, began = crowding(), time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        return fair(time.monotonic() - began, crowd)

    def interrupt(self) -> float:
        """Do what Ctrl-C in a terminal does: SIGINT to the whole group; seconds as of ``stop``."""
        crowd, began = crowding(), time.monotonic()
        kill_group(self.process, signal.SIGINT)
        self.process.wait(timeout=60)
        return fair(time.monotonic() - began, crowd)

    def kill(self) -> None:
        """SIGKILL the whole group at once, as a machine that loses its power."""
        kill_group(self.process)
        self.process.wait(timeout=10)


class Stack:
    """Processes that share one database, one broker and one mail server."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self._folder = folder
        self._started: list[Running] = []
        self._steps: Steps | None = None
        kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        own = {
            "PORT": str(self.port),
            "REHAB_ENV_FILE": os.devnull,
            "REHAB_DEMO": "0",
            "REHAB_VAR_DIR": str(folder),
            "REHAB_TICK_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self.environment = kept | own | environment

    @property
    def database(self) -> str:
        """Return the name of the PostgreSQL database."""
        return urlsplit(self.environment["DATABASE_URL"]).path.lstrip("/")

    def start(self, name: str, *argv: str, **environment: str) -> Running:
        log = self._folder / f"{name}.log"
        running = Running(name, [sys.executable, *argv], self.environment | environment, log)
        self._started.append(running)
        return running

    def up(self, *options: str, **environment: str) -> Running:
        return self.start("up", "manage.py", "up", *options, **environment)

    def worker(self, *options: str, name: str = "worker", concurrency: int = 2) -> Running:
        argv = [*CELERY, "worker", "--concurrency", str(concurrency)]
        return self.start(name, *argv, "--loglevel", "INFO", *options, REMAP_SIGTERM="SIGQUIT")

    def beat(self, name: str = "beat") -> Running:
        return self.start(name, *CELERY, "beat", "--loglevel", "INFO")

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        return self._run(["manage.py", *arguments], check)

    def step(self, *arguments: str) -> object:
        """Take one step of tests/stack/steps.py inside Django, and return what it answers."""
        if self._steps and self._steps.environment != self.environment:
            self._steps.end()
            self._steps = None
        self._steps = self._steps or Steps(self.environment)
        return self._steps.take(*arguments)

    def _run(self, argv: list[str], check: bool) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, (
            f"{argv} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body, or 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict:
        status, body = self.get("/healthz")
        return json.loads(body) if status else {}

    def wait_healthy(self, seconds: float = 40.0) -> None:
        """Wait until a job has run through the queue."""

        def healthy() -> bool:
            ended = [running for running in self._started if running.process.poll() is not None]
            assert not ended, self.logs()
            return self.health().get("jobs") == "ok"

        try:
            wait_until(healthy, seconds, what="a sign of life of the jobs")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def wait_for_a_beat(self, seconds: float = 30.0) -> None:
        """Wait until the jobs show life that is newer than now."""
        before = self.step("heartbeat")
        try:
            wait_until(lambda: self.step("heartbeat") != before, seconds, what="a new sign of life")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def wait_until_gone(self, processes: list[int], seconds: float = 10.0) -> None:
        wait_until(
            lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()],
            seconds,
            what="the end of all",
        )

    def logs(self) -> str:
        return "\n".join(f"--- {running.name}\n{running.output[-3000:]}" for running in self._started)

    def end(self) -> None:
        if self._steps:
            self._steps.end()
        for running in self._started:
            if running.process.poll() is None:
                # The supervisor's children live in sessions of their own: let it end them.
                running.process.terminate()
        for running in self._started:
            try:
                running.process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def stack(folder: Path, **environment: str) -> Iterator[Stack]:
    running = Stack(folder, **environment)
    try:
        yield running
    finally:
        running.end()
