"""What the measurements of pages begin with: their options, and a site that is ready."""

import argparse
from pathlib import Path

from django.conf import settings

from scripts.prepared import prepare_static, prepare_tables

QUICK, FULL = (2, 1), (10, 3)


def asked_for(purpose: str, **more: str) -> argparse.Namespace:
    """Options of the command line, with seconds and rounds as they then are; ``more``: name -> what it is."""
    parser = argparse.ArgumentParser(description=purpose.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--seconds", type=float, help="of each measurement with wrk")
    parser.add_argument("--rounds", type=int, help="of all of them, in turns")
    parser.add_argument("--json", type=Path, help="a file to append the figures to")
    for name, told in more.items():
        parser.add_argument(f"--{name}", help=told)
    options = parser.parse_args()
    seconds, rounds = QUICK if options.quick else FULL
    options.seconds = options.seconds or seconds
    options.rounds = options.rounds or rounds
    return options


def prepare() -> None:
    """Tables, library and static files; the test client may ask."""
    settings.ALLOWED_HOSTS.append("testserver")
    prepare_tables()
    prepare_static()
