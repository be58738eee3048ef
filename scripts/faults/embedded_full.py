"""The disk is full: writing is refused in words, reading goes on, room is all that it needs.

Started by ``embedded.py``.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (only after Django is set up)
from django.utils import timezone  # noqa: E402

from programs.models import DiaryEntry, Enrolment, EntryRevision  # noqa: E402
from programs.services.open_forms import mark_of  # noqa: E402
from scripts.faults.embedded_checks import all_promises, sqlite_is_whole  # noqa: E402
from scripts.faults.embedded_disk import MEGABYTES, Filling  # noqa: E402
from scripts.faults.embedded_kills import catch_up, prepare, say  # noqa: E402
from scripts.faults.embedded_people import (  # noqa: E402
    Poster,
    Sent,
    browser_of,
    fields_of,
    runner_with_due_days,
)
from scripts.faults.embedded_site import Site  # noqa: E402
from scripts.visitor import Answer  # noqa: E402
from tests.support.services import free_port  # noqa: E402

PAGES = ("/today/", "/check-in/", "/progress/", "/why/", "/safety/", "/something-wrong/")
#: An answer that was refused says what became of it and what to do.
WORDS = ("The site cannot save right now", "reload", "get medical help now")
#: Who was here is noted once a minute: reading must go on also then.
A_MINUTE = 62
MOST_POSTS = 400


@dataclass
class Trial:
    """One site on one small disk; ``broken`` are the promises that were not held."""

    site: Site
    log: Path
    filling: Filling
    poster: Poster
    chance: random.Random
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, words: str) -> None:
        if not holds:
            self.broken.append(words)

    def read(self, when: str) -> None:
        for path in PAGES:
            answer = self.poster.visitor.get(path)
            self.expect(answer.status == 200, f"{when}: GET {path} answers {answer.status}")

    def fill(self) -> None:
        """Take all room, and write until the free pages that the database still has are used up."""
        if self.filling.is_possible:
            self.filling.fill()
        for _ in range(MOST_POSTS):
            if self.poster.send(self.chance).status == 503:
                return
            if self.filling.is_possible:
                self.filling.fill()
        self.broken.append(f"the disk is full, and {MOST_POSTS} check-ins went in")

    def refuse(self, when: str) -> None:
        """What is not taken is refused in words, and nothing of it is written.

        Some still go in: SQLite uses its log anew as soon as that was copied into the database.
        """
        refused = 0
        for number in range(MOST_POSTS):
            before = _entries()
            answer = self.post((number % 10, 10))
            if answer.status == 503:
                refused += 1
                self.expect(_entries() == before, f"{when}: an answer that was refused was written")
                self._said_so(answer, when)
            else:
                self.expect(answer.status == 302, f"{when}: POST answers {answer.status}")
            if refused == 5:
                break
        self.expect(refused > 0, f"{when}: {MOST_POSTS} check-ins went in")
        say(f"  {when}: {refused} of {number + 1} check-ins refused in words")

    def post(self, scores: tuple[int, int]) -> Answer:
        """Send a check-in of today, whatever it holds now; an answer that was taken is remembered."""
        today = timezone.now().date()
        mine = DiaryEntry.objects.filter(enrolment=self.poster.enrolment, date=today).first()
        sent = Sent(self.poster.enrolment.pk, today, scores)
        self.poster.sent.append(sent)
        answer = self.poster.visitor.post(f"/check-in/{today}/", fields_of(scores, mark_of(mine)))
        sent.status = answer.status
        return answer

    def _said_so(self, answer: Answer, when: str) -> None:
        self.expect(dict(answer.headers).get("Retry-After", "").isdigit(), f"{when}: no Retry-After")
        for words in WORDS:
            self.expect(words in answer.body, f"{when}: the page does not say “{words}”")

    def recover(self) -> None:
        """Room is back: the next check-in goes in, by the same process and without a repair."""
        self.filling.make_room()
        began = time.monotonic()
        while self.poster.send(self.chance).status != 302:
            if time.monotonic() - began > 15:
                self.broken.append("no check-in is taken 15 s after there is room again")
                return
            time.sleep(0.5)
        say(f"  room again: a check-in was taken after {time.monotonic() - began:.1f} s")


def _entries() -> list[tuple]:
    revisions = EntryRevision.objects.count()
    entries = DiaryEntry.objects.order_by("pk").values_list("pk", "morning", "rest", "recorded_at")
    return [(revisions,), *entries]


def on_a_tmpfs(trial: Trial) -> None:
    trial.site.start()
    trial.read("before")
    trial.fill()
    # While it is full, days are due and cannot be closed: that counts against nobody.
    trial.read("full")
    trial.refuse("full")
    time.sleep(A_MINUTE)
    trial.read("full for a minute")
    trial.refuse("full for a minute")
    log = trial.log.read_text(errors="replace")
    trial.expect("The database cannot serve" in log, "full: no line of the log says so")
    trial.expect(not Enrolment.objects.exclude(last_error="").exists(), "full: an enrolment is set aside")
    trial.broken += sqlite_is_whole()
    trial.recover()


def by_a_limit(trial: Trial) -> None:
    """Without a disk of our own: no file may grow. The limit goes with the process, so it starts anew."""
    trial.site.start()
    trial.fill()
    trial.refuse("full")
    trial.read("full")
    trial.site.stop()
    trial.site.lift()
    trial.site.start()
    trial.recover()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  (no secret)
    prepare()
    folder = Path(settings.VAR_DIR)
    filling = Filling(folder)
    enrolment = runner_with_due_days("rosa", 3)
    log = folder.parent / f"{folder.name}.log"
    limit = 0 if filling.is_possible else (folder / "rehab.sqlite3").stat().st_size
    site = Site(free_port(), log, largest_file=limit)
    trial = Trial(
        site, log, filling, Poster(enrolment, browser_of(enrolment.runner, site.port), options.seed), chance
    )
    try:
        (on_a_tmpfs if filling.is_possible else by_a_limit)(trial)
        for number in range(3):
            runner_with_due_days(f"late{number}", 4)
        catch_up()
    finally:
        site.stop()
    broken = trial.broken + all_promises(trial.poster.sent, Path(settings.EMAIL_FILE_PATH), 10)
    sent = trial.poster.sent
    refused = sum(one.status == 503 for one in sent)
    say(f"  {MEGABYTES} MB; {len(sent)} check-ins through the form, {refused} refused with 503")
    for line in sorted(set(broken)):
        say(f"  BROKEN: {line}")
    say(f"  promises broken: {len(set(broken))}")
    if not broken:
        log.unlink()
    return len(set(broken))


if __name__ == "__main__":
    sys.exit(main())
