"""Copies of our source in which a bug may stand, and the tests that run there."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.planted.bug import Bug

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", "node_modules", ".ruff_cache", ".pytest_cache", ".hypothesis"
)
LONGEST_SECONDS, LONGEST_TEST_SECONDS = 600, 300
OPTIONS = (
    f"--timeout={LONGEST_TEST_SECONDS}",
    "-q",
    "-x",
    "-rfE",
    "--tb=short",
    "--no-header",
    "-p",
    "no:cacheprovider",
    # A test of the stack has a second try (tests/conftest.py), which a bug shall not have.
    "--only-rerun=nothing",
)
#: What pytest returns when it is ended from outside.
INTERRUPTED = 2
UNRUN = "DID NOT RUN"
#: A line of pytest's summary, and the test that it names. An ERROR is none: the test did not run.
FAILED = re.compile(r"^FAILED (tests/.+?)(?: - .*)?$", re.MULTILINE)
#: The first line in which pytest says what was wrong.
WHY = re.compile(r"^E {3}(.+)$", re.MULTILINE)
#: A machine that is too busy catches nothing.
TOO_SLOW = "from pytest-timeout"
#: The smallest test with a database; it has the copy migrated that all others begin with.
FIRST = ("tests/integration/test_leases_given_back.py",)
#: Variables of the caller that would change what the tests do.
OURS = re.compile(r"^(REHAB_|EMAIL_|DATABASE_URL|REDIS_URL|DEBUG|SECRET_KEY|SITE_URL|DJANGO_|PYTEST_)")


@dataclass(frozen=True)
class Verdict:
    """What the tests said of one bug; ``by`` is the first that failed."""

    bug: Bug | None
    status: str
    by: str
    seconds: float
    output: str

    @property
    def why(self) -> str:
        """What the test saw, in short."""
        found = WHY.search(self.output)
        return found[1].strip()[:100] if found else ""

    @property
    def test(self) -> str:
        """The function that failed, whatever it was given."""
        return self.by.partition("[")[0]

    @property
    def is_good(self) -> bool:
        return self.status == ("caught" if self.bug else "passed")


class Tree:
    """One copy; one bug at a time stands in it."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder, self._database = folder, database
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
        self.files = Path(f"{folder}-files")
        self.files.mkdir()

    def prepare(self) -> None:
        """Have the databases migrated, so that this counts for no bug."""
        for on_postgresql in (False, True) if self._database else (False,):
            self.sound(FIRST, on_postgresql=on_postgresql)

    def begin_as(self, first: "Tree") -> None:
        """Take the databases that another copy of the same source has migrated."""
        for made in first.files.glob("template-*") if first is not self else ():
            shutil.copytree(made, self.files / made.name)

    def tried(self, bug: Bug) -> Verdict:
        """Plant a bug, run its tests, and take it out again."""
        file = self._folder / bug.file
        sound = file.read_text()
        file.write_text(bug.planted(self._folder))
        try:
            return self._run(bug, bug.tests, on_postgresql=bug.on_postgresql, remakes=bug.remakes)
        finally:
            file.write_text(sound)

    def sound(self, tests: tuple[str, ...], *, on_postgresql: bool) -> Verdict:
        """Run tests without any bug: one that fails anyway catches nothing."""
        return self._run(None, tests, on_postgresql=on_postgresql, remakes=False)

    def _run(self, bug: Bug | None, tests: tuple[str, ...], *, on_postgresql: bool, remakes: bool) -> Verdict:
        environment = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        # A file that is a second old counts as unchanged for Python's own cache.
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "REHAB_ENV_FILE": os.devnull}
        if on_postgresql:
            environment["DATABASE_URL"] = self._database
        if not remakes:
            # As a process of several: it begins with the copy of a database that is migrated once
            # for all runs of this tree (tests/support/databases.py).
            environment["PYTEST_XDIST_WORKER"] = "gw0"
        began = time.monotonic()
        status, output = self._pytest(tests, environment)
        seconds, named = time.monotonic() - began, FAILED.search(output)
        found = {0: "NOT CAUGHT" if bug else "passed", 1: "caught" if bug else "FAILED"}.get(status, UNRUN)
        if found == "caught" and (named is None or TOO_SLOW in output):
            found = UNRUN
        return Verdict(bug, found, named[1] if named else "", seconds, output)

    def _pytest(self, tests: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str]:
        """Return its status and all that it said."""
        command = [sys.executable, "-m", "pytest", *OPTIONS, f"--basetemp={self.files}/run", *tests]
        with subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running:
            try:
                said, _ = running.communicate(timeout=LONGEST_SECONDS)
            except subprocess.TimeoutExpired:
                # As Ctrl-C: it ends what it has started.
                running.send_signal(signal.SIGINT)
                said, _ = running.communicate()
                return INTERRUPTED, f"{said}\nafter {LONGEST_SECONDS} s"
        return running.returncode, said
