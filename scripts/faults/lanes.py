"""Faults come in lanes beside each other; in each, one after another, drawn from a deck of its own."""

import random
import threading
from collections.abc import Callable

import psycopg
import redis

from scripts.faults.commands import COMMANDS
from scripts.faults.people import AGAIN, PEOPLE
from scripts.faults.quick import CONNECTIONS, PROCESSES
from scripts.faults.run import Run
from scripts.faults.windows import MAIL, SERVICES

AWAY = (psycopg.Error, redis.RedisError, AssertionError, RuntimeError, OSError)
#: Fault, how often it is drawn, and what does it: gives how often the fault was really tried.
Entry = tuple[str, int, Callable[[Run, random.Random], int]]
Plan = tuple[Entry, ...]
#: What is drawn from, and the longest pause between two faults of it, in seconds.
LANES: tuple[tuple[Plan, float], ...] = (
    (PROCESSES, 0.6),
    (CONNECTIONS, 0.3),
    (PEOPLE, 0.2),
    (AGAIN, 0.6),
    (SERVICES, 1.0),
    (MAIL, 0.3),
    (COMMANDS, 12.0),
)
#: What can do nothing, or only wait, while Redis answers nobody.
NEEDS_REDIS = frozenset({"F05", "F06", "F07", "F08", "F09", "F10", "F21", "F29"})


def chosen(plan: Plan, only: set[str]) -> Plan:
    return tuple(entry for entry in plan if not only or entry[0] in only)


class Deck:
    """First every entry once, in a drawn order; then as often as its weight says.

    The same seed draws the same in the same order, but for what was in the way of another and is put
    back. Each fault has dice of its own: however often it throws them, the next fault is the same.
    """

    def __init__(self, seed: int, plan: Plan) -> None:
        self._plan, self._dice = plan, random.Random(f"{seed} {[fault for fault, *_ in plan]}")
        self._waiting = self._dice.sample(plan, len(plan))

    def draw(self, without: frozenset[str] = frozenset()) -> tuple[Entry, random.Random] | None:
        """Return the next entry and its dice; nothing where all of them are to be left out."""
        if all(fault in without for fault, *_ in self._plan):
            return None
        own = random.Random(self._dice.random())
        for entry in self._waiting:
            if entry[0] not in without:
                self._waiting.remove(entry)
                return entry, own
        allowed = [entry for entry in self._plan if entry[0] not in without]
        return self._dice.choices(allowed, [weight for _, weight, _ in allowed])[0], own

    def put_back(self, entry: Entry) -> None:
        """It could not be tried: it comes again, after whatever waits for its first time."""
        if entry not in self._waiting:
            self._waiting.append(entry)


class Lane(threading.Thread):
    """Faults of one deck, one after another until the round is over."""

    def __init__(
        self, run: Run, deck: Deck, gap: float, over: threading.Event, without: frozenset[str]
    ) -> None:
        super().__init__(daemon=True)
        self._run, self._deck, self._gap, self._over, self._without = run, deck, gap, over, without

    def run(self) -> None:
        while drawn := self._deck.draw(self._without):
            entry, dice = drawn
            self._over.wait(dice.uniform(0, self._gap))
            if self._over.is_set():
                return self._deck.put_back(entry)
            times = self._try(entry, dice)
            if times:
                self._run.journal.count(entry[0], times)
            elif not self._run.journal.tried[entry[0]]:
                self._deck.put_back(entry)
        return None

    def _try(self, entry: Entry, dice: random.Random) -> int:
        try:
            return entry[2](self._run, dice)
        except AWAY as error:
            # Another fault is in the way of this one: it was not tried.
            self._run.journal.refused[f"{entry[0]} met {type(error).__name__}"] += 1
            self._over.wait(0.2)
            return 0
