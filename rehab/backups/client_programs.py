"""pg_dump, pg_restore and psql: found, new enough, and told where the database is without a word in argv."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from rehab.backups.manifest import BackupError

#: Options of an address as libpq reads them from the environment.
OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
WHERE = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
MOST_WORDS = 600


def environment() -> dict[str, str]:
    """Where the database is, and the password: arguments could be read by everybody on the machine."""
    settings = connection.settings_dict
    told = {variable: str(settings[name]) for name, variable in WHERE.items() if settings.get(name)}
    told |= {
        variable: settings["OPTIONS"][name]
        for name, variable in OPTIONS.items()
        if name in settings["OPTIONS"]
    }
    usual = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return usual | {"LC_ALL": "C.UTF-8", "PGAPPNAME": "rehab backup", "PGCONNECT_TIMEOUT": "10"} | told


def program(name: str) -> str:
    """The path of a client program that is as new as the server. Raises BackupError."""
    path = shutil.which(name)
    server = connection.pg_version // 10_000
    if path is None:
        raise BackupError(
            f"{name} is not installed on this machine. Install the client programs of PostgreSQL {server}, "
            f"on Debian and Ubuntu: apt-get install postgresql-client-{server}"
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", said)
    if not found or int(found[1]) < server:
        raise BackupError(
            f"{name} is of version {found[1] if found else 'unknown'}, and the server of {server}: "
            f"an older one cannot read it. Install the client programs of PostgreSQL {server}, first in PATH."
        )
    return path


class Running:
    """One program of them; what it complains of is kept for the operator."""

    def __init__(self, name: str, *arguments: str, stdin=None, stdout=subprocess.DEVNULL) -> None:
        self.name = name
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the program
        self.process = subprocess.Popen(  # noqa: S603 - found by shutil.which, no word of anybody's in it
            [program(name), *arguments],
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout,
            stderr=self._said,
            env=environment(),
        )

    def failure(self) -> BackupError:
        self._said.seek(0)
        words = " ".join(self._said.read().decode(errors="replace").split())
        return BackupError(f"{self.name} ended with {self.process.poll()}: {words[:MOST_WORDS]}")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._said):
            if stream and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue


@contextmanager
def running(name: str, *arguments: str, stdin=None, stdout=subprocess.DEVNULL) -> Iterator[Running]:
    """Start a program; at the end of the block it is gone, also where something went wrong."""
    started = Running(name, *arguments, stdin=stdin, stdout=stdout)
    try:
        yield started
    finally:
        started.end()
