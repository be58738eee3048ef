"""One run's common ground: the site, the journal, and who is there to act."""

import random
from dataclasses import dataclass
from threading import Thread

from scripts.faults.journal import Journal
from scripts.faults.site import Site
from scripts.faults.zones import SEEN


@dataclass
class Run:
    site: Site
    journal: Journal
    enrolments: list[int]
    own_version: int
    seed: int

    def __post_init__(self) -> None:
        part = max(2, len(self.enrolments) // 20)
        #: Some are kept apart for what spoils or ends an enrolment.
        self.to_poison = self.enrolments[-part:]
        self.to_erase = self.enrolments[-4 * part : -part]
        self.to_act = self.enrolments[: -4 * part]
        self.seen = [pk for pk in self.enrolments[::SEEN] if pk in set(self.to_act)]

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
        return gave


def anybody(run: Run, dice: random.Random) -> int:
    return dice.choice(run.to_act)
