"""Makes the environment of a throw-away site, and starts the attack in it."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.with_postgres import cluster
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
#: Never the caller's own: a database, a broker or a mail server of his would be attacked.
OURS = ("REHAB_", "EMAIL_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DJANGO_")


def environment(folder: str, database: str) -> dict[str, str]:
    """Return production settings for a folder and a database that are gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    own = {
        "DJANGO_SETTINGS_MODULE": "scripts.hostile.settings",
        "DEBUG": "0",
        "REHAB_ENV_FILE": os.devnull,
        "REHAB_VAR_DIR": folder,
        "REHAB_DEMO": "0",
        "SECRET_KEY": "for one run of the hostile requests only, and thrown away",
        "SITE_URL": "https://rehab.example",
        "PORT": str(free_port()),
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "ERROR",
        "PYTHONUNBUFFERED": "1",
    }
    return kept | own | ({"DATABASE_URL": database} if database else {})


def main(arguments: list[str]) -> int:
    own = argparse.ArgumentParser(add_help=False)
    own.add_argument("--migrated", type=Path, help="an SQLite file to begin with: saves to migrate one")
    options, arguments = own.parse_known_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rehab-hostile-"))
        if options.migrated:
            shutil.copyfile(options.migrated, Path(folder, "rehab.sqlite3"))
        server = stack.enter_context(cluster()) if "--postgresql" in arguments else None
        database = server.create_database("hostile") if server else ""
        command = [sys.executable, "-m", "scripts.hostile.run", *arguments]
        return subprocess.call(command, cwd=ROOT, env=environment(folder, database))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
