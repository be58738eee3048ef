"""The words of the engine: outcomes, refer levels, sessions, scores.

Every value that a diary or a programme may hold is named here once. Strings
are used as they stand in the database and in the YAML documents, so that a
stored decision can be read without this module.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What a decision does with the stage, from least to most conservative."""

    ADVANCE = "advance"
    HOLD = "hold"
    STEP_BACK = "step_back"
    PAUSE_AND_REFER = "pause_and_refer"


class Refer(StrEnum):
    """How soon a clinician is needed."""

    NONE = "none"
    ROUTINE = "routine"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class SessionKind(StrEnum):
    """What became of the day's session; ``NONE`` means none was planned."""

    NONE = "none"
    DONE = "done"
    PARTIAL = "partial"
    STOPPED_PAIN = "stopped_pain"
    SKIPPED = "skipped"
    SKIPPED_PAIN = "skipped_pain"


class Warmup(StrEnum):
    """Soreness in the warm-up (Delaware soreness rules)."""

    NONE = "none"
    RESOLVED = "resolved"
    PERSISTED = "persisted"
    RESOLVED_RETURNED = "resolved_returned"


class Leg(StrEnum):
    """Furthest leg pain of the day."""

    NONE = "none"
    ABOVE_KNEE = "above_knee"
    BELOW_KNEE = "below_knee"


class Site(StrEnum):
    """Where it hurts, from the back downwards."""

    BACK = "back"
    BUTTOCK = "buttock"
    ABOVE_KNEE = "above_knee"
    BELOW_KNEE = "below_knee"
    OTHER = "other"


class Occasion(StrEnum):
    """What an extra pain note is about."""

    REST = "rest"
    DURING = "during"
    AFTER = "after"
    FLARE = "flare"


class StageKind(StrEnum):
    """How the sessions of a stage follow each other."""

    REST = "rest"
    DAILY = "daily"
    ALTERNATE = "alternate"
    FINAL = "final"


class Trigger(StrEnum):
    """What made a decision be taken."""

    DAY_CLOSE = "day_close"
    RED_FLAG = "red_flag"
    CORRECTION = "correction"
    CLINICIAN = "clinician"
    #: Her own statement that she was seen, where no physiotherapist has access.
    RUNNER = "runner"


#: Acts of a person, with the engine's own view beside them.
BY_A_PERSON = frozenset({Trigger.CLINICIAN, Trigger.RUNNER})

OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
REFER_RANK = {refer: rank for rank, refer in enumerate(Refer)}
#: Levels that somebody has to look after now, and that end only after somebody saw the runner.
PRESSING = (Refer.URGENT, Refer.EMERGENCY)

#: Sessions in which something was really done: only these carry session scores.
DONE_SOMETHING = frozenset({SessionKind.DONE, SessionKind.PARTIAL, SessionKind.STOPPED_PAIN})
#: Session values that say nothing about load: no session was due, or it was
#: missed for a reason other than pain.
NEUTRAL_SESSIONS = frozenset({SessionKind.NONE, SessionKind.SKIPPED})

#: Codes of rules that something besides the table asks about.
FLOOR_HOLD = "D5Z_FLOOR"
STILL_PAUSED = "D3_PAUSED"

LOWEST_SCORE = 0
HIGHEST_SCORE = 10


def worse_refer(first: Refer, second: Refer) -> Refer:
    """Return the more pressing of two refer levels."""
    return first if REFER_RANK[first] >= REFER_RANK[second] else second
