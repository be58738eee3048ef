"""What a run did and found, by fault."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from scripts.faults.repeats import Interruption

KEPT = 40


@dataclass
class Journal:
    """Written to by all lanes. ``saves``: what people were told is saved; "enrolment date" -> score."""

    tried: Counter = field(default_factory=Counter)
    lost: Counter = field(default_factory=Counter)
    doubled: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    why_not: dict[str, str] = field(default_factory=dict)
    saves: dict[str, int] = field(default_factory=dict)
    #: Red flags that were taken, as the act gave them.
    flags: list[dict] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    #: Enrolment -> the stage that cures it.
    poisoned: dict[int, str] = field(default_factory=dict)
    #: Whatever broke off processes that send mails.
    interruptions: list[Interruption] = field(default_factory=list)
    #: Mails that came once more, and how often the one came that came most often.
    repeats: int = 0
    greatest: int = 0
    #: Mails of which the verdict is known: told once.
    judged: set[str] = field(default_factory=set)
    decisions: int = 0
    #: The longest that anything waited after the faults of a round were over.
    settled_after: float = 0.0
    simulated_settling: float = 0.0
    _number: int = 0
    _now: Counter = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, fault: str, times: int = 1) -> None:
        with self._lock:
            self.tried[fault] += times
            self._now[fault] += times

    def another(self) -> int:
        """A number that no other call gives."""
        with self._lock:
            self._number += 1
            return self._number

    def begin_round(self) -> None:
        self._now.clear()

    def charge(self, kind: str, where: str, found: list[str], fault: str = "") -> None:
        """Write down what is lost, doubled or wrong: for one fault, or for all of this round."""
        if not found:
            return
        counted = self.doubled if kind == "doubled" else self.lost
        with self._lock:
            for one in [fault] if fault else list(self._now):
                counted[one] += len(found)
            self.findings += [f"{where}: {kind}: {what}" for what in found[:KEPT]]

    @property
    def crashes(self) -> str:
        """How many there were, and how many of them met a mail on its way."""
        met = sum(bool(one.met) for one in self.interruptions)
        return f"{len(self.interruptions)} crashes, {met} of which met mails on their way"

    @property
    def is_clean(self) -> bool:
        return not self.findings


#: What it stands for, what must hold. In reliability order.
CATALOGUE = {
    "F01": "kill -9 of a pool child",
    "F02": "kill -9 of a whole worker, or of beat",
    "F03": "workers and beat down for three days",
    "F04": "two beats",
    "F05": "Redis emptied by FLUSHALL",
    "F06": "Redis killed, down for seconds, started again",
    "F07": "Redis frozen: seconds each, a full minute once",
    "F08": "Redis full",
    "F09": "connections to the broker reset",
    "F10": "the broker a black hole",
    "F11": "PostgreSQL crashed (immediate shutdown), recovered",
    "F12": "a connection terminated inside its transaction",
    "F13": "PostgreSQL a black hole, or its connections reset",
    "F14": "mail server down",
    "F15": "mail server busy (450), or greylisting",
    "F16": "addresses refused for good (550)",
    "F17": "mail server slow",
    "F18": "connection dropped after the whole mail",
    "F19": "an answer cut in the middle",
    "F20": "kill -9 of a worker while it mails",
    "F21": "messages delivered two to five times and out of order",
    "F22": "clock back by an hour; one node's clock ahead by three days",
    "F23": "runners change zone at any hour; both clock changes pass",
    "F24": "save pressed twice at once, red flags among what is saved",
    "F25": "a physiotherapist's act beside the close of the day, the end of a pause among them",
    "F26": "an edition published and one retired under those who follow it",
    "F27": "disk of PostgreSQL full",
    "F28": "an account deleted while its work is under way",
    "F29": "poison: enrolments, messages of the broker, mails",
    "F30": "a burst: a mail to everybody due in the same minute",
    "F31": "embedded default: three closers on one SQLite, one killed",
    "F32": "all of them at random, for the whole run",
    "F33": "yesterday's backup restored",
    "F34": "schema changed and migrated under work; a node five minutes ahead; late logs, and late red flags",
}


def table(journal: Journal) -> str:
    """The result of every fault of the catalogue, one line each."""
    lines = [f"{'':4} {'tried':>6} {'lost':>5} {'doubled':>8}"]
    for fault, what in CATALOGUE.items():
        if journal.tried[fault]:
            numbers = f"{journal.tried[fault]:6} {journal.lost[fault]:5} {journal.doubled[fault]:8}"
        else:
            numbers = f"{'-':>6} {'-':>5} {'-':>8}"
            what = f"{what} [not run: {journal.why_not.get(fault, 'not drawn')}]"
        lines.append(f"{fault:4} {numbers}  {what}")
    missing = [fault for fault in CATALOGUE if not journal.tried[fault]]
    lines.append(f"did not come up: {', '.join(missing)}" if missing else "every kind came up")
    total = sum(journal.tried[fault] for fault in CATALOGUE if fault != "F32")
    lines.append(f"{'all':4} {total:6} {sum(journal.lost.values()):5} {sum(journal.doubled.values()):8}")
    return "\n".join(lines)
