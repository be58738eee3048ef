"""The catalogue: of each kind of mail to whom it goes, when, until when, and who may turn it off."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from programs.models import MessageKind as Kind

WORKING_DAYS = (1, 2, 3, 4, 5)
#: Every week on the day on which most weeks begin.
MONDAYS = (1,)


class To(StrEnum):
    RUNNER = "runner"
    CLINICIAN = "clinician"


class Until(StrEnum):
    """When it has become wrong to send a mail."""

    END_OF_DATE = "end_of_date"
    A_WEEK = "a_week"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Rule:
    """``wall`` and ``days`` hold for whoever has chosen nothing; without a wall time an event sends it.

    A kind that is not ``may_be_off`` is about safety: always on, always tried again.
    """

    kind: Kind
    to: To
    until: Until
    is_on: bool = True
    may_be_off: bool = True
    wall: datetime.time | None = None
    days: tuple[int, ...] = ()

    @property
    def is_by_the_clock(self) -> bool:
        return self.wall is not None


RULES: dict[str, Rule] = {
    rule.kind: rule
    for rule in (
        # Its time is asked for at the intake; whoever wants none there gets nothing by the clock.
        Rule(Kind.REMINDER, To.RUNNER, Until.END_OF_DATE, wall=datetime.time(18)),
        Rule(Kind.MORNING_AFTER, To.RUNNER, Until.END_OF_DATE, wall=datetime.time(8)),
        Rule(Kind.NUDGE, To.RUNNER, Until.END_OF_DATE, is_on=False, wall=datetime.time(20, 30)),
        # Owed by her own wish for one date; not a choice of its own.
        Rule(Kind.AGAIN, To.RUNNER, Until.END_OF_DATE),
        Rule(Kind.WEEKLY, To.RUNNER, Until.END_OF_DATE, wall=datetime.time(9), days=MONDAYS),
        # In place of a reminder, at its time.
        Rule(Kind.SILENT, To.RUNNER, Until.END_OF_DATE),
        Rule(Kind.ADVANCE, To.RUNNER, Until.A_WEEK),
        Rule(Kind.STEP_BACK, To.RUNNER, Until.A_WEEK),
        Rule(Kind.WRITTEN, To.RUNNER, Until.A_WEEK),
        Rule(Kind.PAUSE, To.RUNNER, Until.NEVER, may_be_off=False),
        Rule(Kind.CLINICIAN_PAUSE, To.CLINICIAN, Until.NEVER, may_be_off=False),
        Rule(Kind.FLAG_UNSEEN, To.CLINICIAN, Until.NEVER, may_be_off=False),
        Rule(Kind.DIGEST, To.CLINICIAN, Until.END_OF_DATE, wall=datetime.time(7, 30), days=WORKING_DAYS),
        Rule(Kind.REVIEWS, To.CLINICIAN, Until.END_OF_DATE, wall=datetime.time(7, 30), days=WORKING_DAYS),
    )
}


def rule_of(kind: str) -> Rule:
    return RULES[kind]


#: Never off, never given up, and sent to an address that has refused mails.
SAFETY = tuple(rule.kind for rule in RULES.values() if not rule.may_be_off)
#: What comes by the clock without a session, and no more once nothing is logged for long: one SILENT instead.
SILENCED = (Kind.REMINDER, Kind.NUDGE, Kind.WEEKLY)
#: What turns a kind off that is the daily reminder in other words.
_OFF_WITH = {Kind.AGAIN: (Kind.REMINDER,), Kind.SILENT: (Kind.REMINDER, Kind.SILENT)}


def choices_behind(kind: str) -> tuple[str, ...]:
    """The choices that all have to be on for this kind; none for a mail of safety."""
    return () if kind in SAFETY else _OFF_WITH.get(kind, (kind,))
