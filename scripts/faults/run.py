"""One run's common ground: the site, the journal, and who is there to act."""

import datetime
import random
import time
from dataclasses import dataclass
from threading import Thread

from scripts.faults.journal import Journal
from scripts.faults.leases import Leases
from scripts.faults.node import LOOK_SECONDS, Program
from scripts.faults.repeats import CONNECTIONS, Interruption
from scripts.faults.site import Site
from scripts.faults.zones import SEEN

#: Processes of the two nodes that send mails, and the hand of who sends them by hand.
MAILERS = 5


@dataclass
class Run:
    site: Site
    journal: Journal
    enrolments: list[int]
    own_version: int
    seed: int

    def __post_init__(self) -> None:
        self.leases = Leases(self.site.postgres, self.site.clock)
        self.site.keeper.noticed = self._ended_by_itself
        part = max(2, len(self.enrolments) // 20)
        #: Some are kept apart for what spoils or ends an enrolment.
        self.to_poison = self.enrolments[-part:]
        self.to_erase = self.enrolments[-4 * part : -part]
        self.to_act = self.enrolments[: -4 * part]
        self.seen = [pk for pk in self.enrolments[::SEEN] if pk in set(self.to_act)]
        #: Red flags pause for good: most runners go on without.
        self.to_flag = self.to_act[-5 * part :]

    def broke_off(self, began: float, processes: int = 1) -> None:
        """So many processes were broken off since that moment: what they had on its way may come twice."""
        met = self.leases.in_hand()
        most = CONNECTIONS * processes
        self.journal.interruptions.append(Interruption(began, time.monotonic(), met, most))

    def _ended_by_itself(self, program: Program) -> None:
        """Its children end with it, whoever ended it: a watchdog, or a fault that has said so already."""
        if program not in self.site.beats:
            self.broke_off(time.monotonic() - LOOK_SECONDS, MAILERS)

    def pass_time(self, **by: float) -> None:
        """Put the clocks of all forward, or back, beside mails that are on their way."""
        met = self.leases.jump(datetime.timedelta(**by))
        if met.met:
            self.journal.interruptions.append(met)

    @property
    def poisoned(self) -> list[int]:
        return list(self.journal.poisoned)

    def ask(self, fault: str, act: str, hand: int = 0, **arguments) -> dict | None:
        """Have a hand do it. What is refused is counted; what fails is wrong."""
        return self._judge(fault, act, self.site.hands[hand].ask(act, **arguments))

    def ask_both(self, fault: str, act: str, **arguments) -> list[dict | None]:
        """The same from both hands at once."""
        answers: list[dict] = [{}, {}]

        def one(number: int) -> None:
            answers[number] = self.site.hands[number].ask(act, **arguments)

        threads = [Thread(target=one, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [self._judge(fault, act, answer) for answer in answers]

    def _judge(self, fault: str, act: str, answer: dict) -> dict | None:
        if "refused" in answer:
            self.journal.refused[f"{act}: {answer['refused']}"] += 1
            return None
        if "failed" in answer:
            self.journal.charge("wrong", act, [answer["failed"]], fault)
            return None
        gave = answer["gave"]
        if isinstance(gave, dict):
            self.journal.charge("wrong", act, gave.get("wrong", []), fault)
            if "rest" in gave:
                self.journal.saves[f"{gave['enrolment']} {gave['date']}"] = gave["rest"]
            if "flag" in gave:
                self.journal.flags.append(gave["flag"])
        return gave


def anybody(run: Run, dice: random.Random) -> int:
    return dice.choice(run.to_act)
