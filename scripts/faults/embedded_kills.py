"""SIGKILL in mid-write, again and again, while check-ins come and days close. Started by ``embedded.py``."""

import argparse
import io
import random
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (only after Django is set up)
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from programs.models import Decision, Enrolment, MessageOwed  # noqa: E402
from scripts.faults.embedded_checks import all_promises  # noqa: E402
from scripts.faults.embedded_flags import Frightened, her_physiotherapist  # noqa: E402
from scripts.faults.embedded_people import Poster, browser_of, hurry, runner_with_due_days  # noqa: E402
from scripts.faults.embedded_site import Site  # noqa: E402
from scripts.faults.flags import lost  # noqa: E402
from tests.support.services import free_port  # noqa: E402

POSTERS = 3
#: Newcomers before each kill, and the days of each that are due.
NEWCOMERS, DAYS = 3, 8
CATCH_UP_SECONDS = 90


def say(text: str) -> None:
    print(text, flush=True)


def prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_library", verbosity=0, stdout=io.StringIO())


def kill_again_and_again(
    site: Site, kills: int, chance: random.Random, until: float, frightened: list[Frightened]
) -> tuple[int, int]:
    """Return the number of kills, and of those that met days that were still to be closed.

    Before each one somebody gives a red flag: ``frightened`` are filled with these.
    """
    done = in_mid_write = 0
    while done < kills and time.monotonic() < until:
        for number in range(NEWCOMERS):
            newcomer = runner_with_due_days(f"late{done}-{number}", DAYS)
        her_physiotherapist(newcomer.runner)
        frightened.append(Frightened(newcomer, browser_of(newcomer.runner, site.port), done))
        hurry()
        frightened[-1].start()
        time.sleep(chance.uniform(0.05, 1.2))
        if chance.random() < 0.5:
            site.kill()
            in_mid_write += _is_behind()
            site.start()
        else:
            site.kill_child()
            in_mid_write += _is_behind()
            site.wait()
        done += 1
        if done % 10 == 0:
            say(f"  {done} kills, {Decision.objects.count()} decisions")
    return done, in_mid_write


def _is_behind() -> bool:
    return Enrolment.objects.due_for_close(timezone.now()).exists()


def catch_up() -> None:
    """Let the jobs finish, with the time that a lease would have taken left out."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while time.monotonic() < deadline:
        hurry()
        time.sleep(2)
        if not _is_behind() and not MessageOwed.objects.filter(status="owed").exists():
            return


def posters_of(port: int, seed: int) -> list[Poster]:
    """People who check in all the time, each by a browser of her own."""
    people = [runner_with_due_days(f"poster{number}", 4) for number in range(POSTERS)]
    return [
        Poster(enrolment, browser_of(enrolment.runner, port), seed * 100 + number)
        for number, enrolment in enumerate(people)
    ]


def run(
    site: Site, posters: list[Poster], frightened: list[Frightened], options: argparse.Namespace
) -> tuple[int, int]:
    """Kill while they post, then let the jobs finish; return the kills, and those in mid-write."""
    chance = random.Random(options.seed)  # noqa: S311  (no secret)
    try:
        site.start()
        for poster in posters:
            poster.start()
        until = time.monotonic() + options.seconds
        done = kill_again_and_again(site, options.kills, chance, until, frightened)
        for poster in posters:
            poster.stopping.set()
            poster.join(30)
        for one in frightened:
            one.join(30)
        catch_up()
    finally:
        site.stop()
    return done


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=420)
    options = parser.parse_args()
    say(f"embedded: {options.kills} kills in mid-write, seed {options.seed}")
    prepare()
    site = Site(free_port(), Path(settings.VAR_DIR) / "site.log")
    posters = posters_of(site.port, options.seed)
    frightened: list[Frightened] = []
    kills, in_mid_write = run(site, posters, frightened, options)
    sent = [one for poster in posters for one in poster.sent]
    flags = [one.taken for one in frightened if one.taken]
    broken = all_promises(sent, Path(settings.EMAIL_FILE_PATH), kills) + lost(flags)
    broken += [f"a red flag was answered with {one.other}" for one in frightened if one.other]
    if len(flags) < len(frightened):
        broken.append(f"only {len(flags)} of {len(frightened)} red flags were taken")
    if kills < options.kills:
        broken.append(f"only {kills} of {options.kills} kills within {options.seconds:.0f} s")
    if other := [status for poster in posters for status in poster.other]:
        broken.append(f"answers that were neither taken nor cut off: {other[:10]}")
    taken = sum(one.is_acknowledged for one in sent)
    say(
        f"  {kills} kills, {in_mid_write} with days still to close; {len(sent)} check-ins sent, "
        f"{taken} acknowledged; {len(flags)} red flags; {Decision.objects.count()} decisions; "
        f"{MessageOwed.objects.count()} messages"
    )
    for line in broken:
        say(f"  BROKEN: {line}")
    say(f"  promises broken: {len(broken)}")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
