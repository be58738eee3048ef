"""Faults of the embedded default: one process, SQLite, the broker in memory, as `make run` starts it.

    python -m scripts.faults.embedded [--seed N] [--kills 50] [--seconds 420] [--only kills|full]

Two runs, each on a throw-away database of its own: the process is killed (SIGKILL) in
mid-write and started again, and the disk fills up. Each prints what it tried and what it
found; the same seed sends the same answers and kills after the same pauses.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.faults.embedded_disk import small_disk
from scripts.faults.embedded_site import OURS, ROOT

KILLS, SECONDS = 50, 420


def main(
    seed: int = 1,
    seconds: float = SECONDS,
    kills: int = KILLS,
    only: str = "",
    migrated: Path | None = None,
) -> int:
    """Run both and return the number of promises that were not held.

    ``seconds`` bounds the kills; where they run out before 50 kills, that is said and counted.
    They begin with a copy of ``migrated``, which saves to migrate a database.
    """
    broken = 0
    if only != "full":
        with tempfile.TemporaryDirectory(prefix="rehab-embedded-") as folder:
            if migrated:
                shutil.copyfile(migrated, Path(folder, "rehab.sqlite3"))
            arguments = ["--seed", str(seed), "--kills", str(kills), "--seconds", str(seconds)]
            broken += _run("embedded_kills", Path(folder), arguments)
    if only != "kills":
        with small_disk() as (folder, how):
            print(f"embedded: disk full on {how}", flush=True)
            broken += _run("embedded_full", folder, ["--seed", str(seed)])
    return broken


def _run(module: str, folder: Path, arguments: list[str]) -> int:
    """Run one scenario inside Django, in a process with an environment of its own."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.faults.{module}", *arguments],
        cwd=ROOT,
        env=environment(folder),
        check=False,
    )
    print(f"{module}: {time.monotonic() - began:.0f} s, exit {done.returncode}", flush=True)
    # An exit by a signal or an error is one broken promise at least.
    return abs(done.returncode)


def environment(folder: Path) -> dict[str, str]:
    """Return the caller's environment without anything that would change what is tried."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "rehab.settings",
        "REHAB_ENV_FILE": os.devnull,
        "REHAB_VAR_DIR": str(folder),
        "REHAB_DEMO": "0",
        "REHAB_TICK_SECONDS": "1",
        # Small batches: a kill then falls between two of them, or into one.
        "REHAB_BATCH_SIZE": "3",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m scripts.faults.embedded")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--only", choices=("kills", "full"), default="")
    sys.exit(1 if main(**vars(parser.parse_args())) else 0)
