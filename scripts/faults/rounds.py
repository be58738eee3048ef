"""A round is a simulated day under faults: they come, they end, all settles, and all is checked."""

import random
import threading
import time
from collections.abc import Callable

from scripts.faults.lanes import LANES, Deck, Lane, chosen
from scripts.faults.node import Program
from scripts.faults.repeats import judge
from scripts.faults.run import Run

#: Short steps: somewhere it is nearly always the hour at which days close.
STEPS, STEP_HOURS, AHEAD_HOURS = 12, 2, 4
#: Every so many steps everybody writes.
WRITTEN_EVERY = 2
SETTLE_SECONDS = 60.0
#: Findings shown at once; all of them stand at the end.
MOST_TOLD = 5
#: Where nothing moved for that many seconds, the clock is helped along by a minute: what waits for
#: a lease or for its next try waits minutes.
PATIENCE, HELP, MOST_HELP = 1.5, 60.0, 1800.0


class Rounds:
    def __init__(self, run: Run, only: set[str], say: Callable[[str], None]) -> None:
        self._run, self._only, self._say = run, only, say
        self._verified, self._number, self._told = 0, 0, 0
        self._decks = [(Deck(run.seed, chosen(plan, only)), gap) for plan, gap in LANES]

    def wants(self, fault: str) -> bool:
        return not self._only or fault in self._only

    def one(
        self,
        seconds: float,
        without: frozenset[str] = frozenset(),
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        """One day with faults for so many real seconds, ``without`` some of them, and its check."""
        run, self._number = self._run, self._number + 1
        run.journal.begin_round()
        over = threading.Event()
        lanes = [Lane(run, deck, gap, over, without) for deck, gap in self._decks]
        for lane in lanes:
            lane.start()
        self._pass_a_day(seconds, random.Random(f"{run.seed} {self._number} clock"))
        over.set()
        for lane in lanes:
            lane.join()
        afterwards()
        self.end()

    def _pass_a_day(self, seconds: float, dice: random.Random) -> None:
        """In steps of some hours. At one the clock goes back by an hour for a moment; one is four hours."""
        run, (back, ahead) = self._run, dice.sample(range(STEPS), 2)
        moves = self.wants("F22")
        for step in range(STEPS):
            if step % WRITTEN_EVERY == 0:
                run.site.watcher.sure("write-day")
            is_ahead = moves and step == ahead
            run.pass_time(hours=AHEAD_HOURS if is_ahead else STEP_HOURS)
            if is_ahead:
                run.journal.count("F22")
            pause = dice.uniform(0.5, 1.5) * seconds / STEPS
            if moves and step == back:
                self._go_back(pause)
            else:
                time.sleep(pause)

    def _go_back(self, pause: float) -> None:
        """By an hour, over the hour at which somewhere days have just been closed."""
        time.sleep(pause / 3)
        self._run.pass_time(hours=-1)
        self._run.journal.count("F22")
        time.sleep(pause * 2 / 3)
        self._run.pass_time(hours=1)

    def end(self, name: str = "") -> None:
        """All faults are over: everything must settle within a minute, and be as it should."""
        run = self._run
        for beat in run.site.beats[1:]:
            run.site.keeper.stop(beat)
        where = name or f"round {self._number}"
        self._settle(where)
        self._check(where)
        self._cure()

    def _settle(self, where: str) -> None:
        """Wait until nothing is left to do; a minute at most in which nothing moves."""
        run, began, helped, stuck = self._run, time.monotonic(), 0.0, False
        moved = since_help = began
        before = None
        while not stuck:
            state = run.site.watcher.sure("state", poisoned=run.poisoned)
            if not any(state.values()) and self._is_idle():
                break
            now = time.monotonic()
            if state != before:
                before, moved, since_help = state, now, now
            stuck = now - moved > SETTLE_SECONDS
            if any(state.values()) and now - since_help > PATIENCE and helped < MOST_HELP:
                run.site.clock.jump(seconds=HELP)
                helped, since_help = helped + HELP, now
            time.sleep(0.3)
        if stuck:
            found = [f"{what}: {count}" for what, count in state.items() if count]
            run.journal.charge("stuck", where, found or ["the queue is never empty"])
        run.journal.settled_after = max(run.journal.settled_after, time.monotonic() - began)
        run.journal.simulated_settling = max(run.journal.simulated_settling, helped)

    def _is_idle(self) -> bool:
        """Beat goes on: for a moment there must be nothing in any queue."""
        for _ in range(40):
            if not self._run.site.queued():
                return True
            time.sleep(0.05)
        return False

    def _check(self, where: str) -> None:
        run, journal = self._run, self._run.journal
        found = run.site.watcher.sure(
            "check",
            since=self._verified,
            poisoned=run.poisoned,
            saves=journal.saves,
            overrides=journal.overrides,
            erased=journal.erased,
            flags=journal.flags,
        )
        for kind in ("lost", "doubled", "wrong"):
            journal.charge(kind, where, found[kind])
        self._verified, journal.decisions = found["newest"], found["decisions"]
        self._check_mails(where)
        tried = sum(count for fault, count in journal.tried.items() if fault != "F32")
        dead = sum(len(program.ended) for program in self._programs())
        self._say(
            f"{where}: {run.site.clock.now():%a %d %b %H:%M}, {tried} faults, {journal.decisions} decisions,"
            f" {journal.repeats} mails repeated, {dead} restarts, {len(journal.findings)} findings"
        )
        for finding in journal.findings[self._told :][:MOST_TOLD]:
            self._say(f"  FOUND {finding}")
        self._told = len(journal.findings)

    def _programs(self) -> list[Program]:
        return [*self._run.site.workers, *self._run.site.beats]

    def _check_mails(self, where: str) -> None:
        """None lost that is marked as sent; each repeat has a try, and what broke off the one before."""
        journal = self._run.journal
        rows = self._run.site.watcher.sure("mails")
        verdict = judge(self._run.site.mail.copies(), rows, journal.interruptions)
        journal.repeats, journal.greatest = verdict.repeats, verdict.greatest
        for kind in ("lost", "doubled"):
            found = getattr(verdict, kind)
            journal.charge(kind, where, [what for what in found if what not in journal.judged])
            journal.judged.update(found)

    def _cure(self) -> None:
        """What was poisoned must be caught up with in the next round."""
        for enrolment, stage in list(self._run.journal.poisoned.items()):
            if self._run.ask("F29", "cure", enrolment=enrolment, stage=stage) is not None:
                del self._run.journal.poisoned[enrolment]
