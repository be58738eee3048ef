"""`manage.py up` as a process that may be killed: it alone, or with all that it has started."""

import contextlib
import os
import re
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Variables of the caller that would change what is tried.
OURS = re.compile(
    r"^(REHAB_|EMAIL_|DATABASE_URL|REDIS_URL|DEBUG|SECRET_KEY|SITE_URL|PORT|ALLOWED_HOSTS|WEB_|DJANGO_|LOG_)"
)
START_SECONDS = 60


class Site:
    """One server; every start goes on with the same database."""

    def __init__(self, port: int, log: Path, largest_file: int = 0) -> None:
        self.port, self._log, self._largest = port, log, largest_file
        self._process: subprocess.Popen | None = None

    def start(self) -> float:
        """Start, wait until it answers, and return the seconds that took."""
        began = time.monotonic()
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._limit if self._largest else None,  # noqa: PLW1509  (before any thread)
            )
        self.wait()
        return time.monotonic() - began

    def _limit(self) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._largest, self._largest))

    def lift(self) -> None:
        """Let files grow again from the next start on."""
        self._largest = 0

    def wait(self) -> None:
        """Wait until it answers; raises RuntimeError with the end of its log where it does not."""
        deadline = time.monotonic() + START_SECONDS
        while self.status("/healthz") == 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the site does not start:\n{self.log()[-4000:]}")
            time.sleep(0.05)

    def status(self, path: str) -> int:
        """Return the status of a page, or 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def kill(self) -> None:
        """SIGKILL to everything at once, as where a machine loses its power."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)

    def kill_child(self) -> None:
        """SIGKILL to the process that serves and works; the master starts another."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for child in children.read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        return self._log.read_text(errors="replace")
