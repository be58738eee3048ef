"""The attack itself, inside Django; ``python -m scripts.hostile`` starts it in its own environment."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (only after Django is set up)
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.services.demo.people import MARA, PETRA, SIGN_INS  # noqa: E402
from rehab import processes  # noqa: E402
from scripts.hostile import people  # noqa: E402
from scripts.hostile.attacks import Attacks  # noqa: E402
from scripts.hostile.campaign import attack  # noqa: E402
from scripts.hostile.crawl import OF_A_KIND, learn  # noqa: E402
from scripts.hostile.places import places  # noqa: E402
from scripts.hostile.site import Envelope, Request, Site  # noqa: E402
from scripts.hostile.wire import Server  # noqa: E402

START_SECONDS = 60
PEOPLE = {
    "runner": SIGN_INS[0].email,
    "newcomer": SIGN_INS[2].email,
    "physiotherapist": PETRA,
    "manager": MARA,
}


def say(text: str) -> None:
    print(text, flush=True)


def prepare() -> None:
    """Fill the throw-away database; nothing runs on it but the pages."""
    call_command("migrate", verbosity=0)
    call_command("load_library", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo", force=True)


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    """Run the web process alone: what jobs change would look like damage."""
    # Two databases need two ways to share: SQLite is for one process.
    program = processes.web(settings.REHAB_BIND, workers=1)
    with log.open("wb") as output:
        process = subprocess.Popen(program.argv, stdout=output, stderr=output, start_new_session=True)
    try:
        server, deadline = Server(settings.PORT), time.monotonic() + START_SECONDS
        while True:
            try:
                server(Request("", "", "", "GET", "/healthz"))
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(log.read_text()) from None
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.hostile")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=500, help="requests between two looks at the tables")
    parser.add_argument("--workers", type=int, default=3, help="requests at a time")
    parser.add_argument("--of-a-kind", type=int, default=OF_A_KIND, help="pages to read of each address")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    options = parser.parse_args()
    say("Preparing a throw-away site ...")
    prepare()
    log = Path(tempfile.gettempdir(), f"rehab-hostile-{os.getpid()}.log")
    with serving(log) as server:
        actors = people.actors({name: User.objects.get(email=email) for name, email in PEOPLE.items()})
        envelope = Envelope(Site.of(settings))
        known = learn(server, envelope, actors, places(), options.of_a_kind)
        forms = ", ".join(f"{name} {len(some)}" for name, some in known.forms.items())
        say(f"{len(known.places)} addresses in the URLconf. Forms: {forms}.")
        attacks = Attacks(envelope, actors, known, options.seed)
        with ThreadPoolExecutor(options.workers) as pool:
            send = partial(pool.map, server)
            report = attack(send, attacks, count=options.requests, every=options.every, say=say)
    say("\n".join(report.lines()))
    if report.errors:
        say(f"The log of the server: {log}")
    else:
        log.unlink()
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
