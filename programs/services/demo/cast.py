"""What a runner of the demonstration is: her diary and what was done for her."""

import datetime
from dataclasses import dataclass

from programs.services.demo.people import DOMAIN, PETRA

S0, S1 = "S0_relative_rest", "S1_walking"
#: Stands for the programme that the clinic of the demonstration publishes itself.
OWN_PROGRAMME = "own"


@dataclass(frozen=True, slots=True)
class Hold:
    """A physiotherapist's hold; days are programme days, day 1 the first."""

    day: int
    until_day: int
    reason: str
    code: str = "conversation"


@dataclass(frozen=True, slots=True)
class StageSet:
    day: int
    stage: str
    reason: str
    code: str = "assessment"


@dataclass(frozen=True, slots=True)
class PauseCleared:
    day: int
    reason: str
    assessed_by: str = ""
    code: str = "assessment"


@dataclass(frozen=True, slots=True)
class Correction:
    """The runner changes the entry of an earlier day; ``word`` as in a diary."""

    day: int
    of_day: int
    word: str


@dataclass(frozen=True, slots=True)
class DemoRunner:
    """``diary`` is a script, None for somebody who has not begun; ``clinician`` an address or None."""

    name: str
    diary: str | None
    stage: str = S1
    intake_pain: int = 5
    baseline: int = 4
    zone: str = "Europe/London"
    clinician: str | None = PETRA
    programme: str = "lbp-acute-default"
    pattern: str = "neither"
    reminder: datetime.time | None = None
    acts: tuple[Hold | StageSet | PauseCleared, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"
