"""Tables, library and static files, made once for all measurements of a run; and whose turn it is.

`make bench` has them made (``python scripts/prepared.py FOLDER``) and tells its
programs where they are, by a variable; each begins with a copy of its own. A program
that is started alone makes them itself, which takes eight seconds.

In the quick form programs get ready beside each other, and then measure one
by one: each says so when it is ready, and waits until it is told to go on.
"""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from scripts.web.serving import production  # noqa: E402  (only after the path is known)
from scripts.with_postgres import FAST_AND_FORGETFUL, Cluster  # noqa: E402

#: Variables that `make bench` sets: a folder; that a program has to wait for its turn.
PREPARED, TURNS = "BENCH_PREPARED", "BENCH_TURNS"
READY, GO = "ready to measure", "go"
POSTGRESQL, STATIC, SQLITE = "postgresql", "static", "rehab.sqlite3"


def prepared() -> Path | None:
    """The folder of this run, if there is one."""
    return Path(os.environ[PREPARED]) if os.environ.get(PREPARED) else None


def running_server(settings: tuple[str, ...] = FAST_AND_FORGETFUL) -> Cluster:
    """A server that runs, for the caller to remove; with tables and library where they are prepared."""
    server, base = Cluster(settings), prepared()
    try:
        server.create(base and base / POSTGRESQL)
        server.start()
    except BaseException:
        server.remove()
        raise
    return server


def prepare_sqlite(folder: str) -> None:
    """Where they are prepared, put tables and library into the folder that holds the database."""
    if base := prepared():
        shutil.copy(base / SQLITE, folder)


def prepare_tables() -> None:
    """Tables and library, unless this database began with them."""
    if not prepared():
        call_command("migrate", verbosity=0)
        call_command("load_library", stdout=io.StringIO())


def prepare_static() -> None:
    if base := prepared():
        shutil.copytree(base / STATIC, settings.STATIC_ROOT, dirs_exist_ok=True)
    else:
        call_command("collectstatic", interactive=False, verbosity=0)


def wait_for_turn() -> None:
    """Say once that all is ready, and measure nothing until nobody else does; started alone, go on."""
    if os.environ.pop(TURNS, None):
        print(READY, flush=True)
        if sys.stdin.readline().strip() != GO:
            sys.exit("Nobody waits for these figures any more.")


# --- making them ------------------------------------------------------------------------
def make(folder: Path) -> None:
    """All of it; PostgreSQL may be missing, then every program tries for itself.

    Raises CalledProcessError where a command fails, FileNotFoundError without a server.
    """
    folder.chmod(0o755)  # started as root, the server runs as somebody else
    server = Cluster()
    try:
        server.create()
        server.start()
        on_postgresql = _commands(folder, server.url(), "migrate", "load_library", "collectstatic")
        on_sqlite = _commands(folder, "", "migrate", "load_library")
        ended = [process.wait() for process in (on_postgresql, on_sqlite)]
        if any(ended):
            raise subprocess.CalledProcessError(1, "manage.py")
        server.stop()
        server.data.rename(folder / POSTGRESQL)
    finally:
        server.remove()


_CALLS = """
import sys, django
django.setup()
from django.core.management import call_command
for name in sys.argv[1:]:
    call_command(name, **({"interactive": False} if name == "collectstatic" else {}), verbosity=0)
"""


def _commands(folder: Path, url: str, *names: str) -> subprocess.Popen:
    """Several of manage.py in one process, which is begun."""
    ours = production(url, str(folder)) | {"DJANGO_SETTINGS_MODULE": "rehab.settings"}
    command = [sys.executable, "-c", _CALLS, *names]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | ours, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
