"""All facts that the engine sees for one enrolment on one local date.

Days are ordinals (``date.toordinal()``), because the rules only count them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from programs.engine.entry import Entry
from programs.engine.programme import Programme
from programs.engine.values import Refer


@dataclass(frozen=True, slots=True)
class Hold:
    """A clinician's hold: no automatic advance up to and including ``until``."""

    until: int
    name: str = "Your physiotherapist"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a clinician did on the decided day, for the reason text."""

    name: str = "Your physiotherapist"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Numbers that a runner is told to call; they differ by country."""

    emergency_number: str = "999"
    urgent_service: str = "NHS 111 or your GP"


@dataclass(frozen=True, slots=True)
class State:
    """Where the runner stands at the start of the decided day.

    ``stage`` is a position in ``Programme.stages``; ``entered`` the day that
    counts as stage-day 1; ``baseline`` and ``intake`` are 0-10, frozen, None
    where never recorded; ``started`` is programme day 1; ``cooldown_until``
    the last easy day; ``refer`` the open referral level of a pause.
    """

    stage: int
    entered: int
    started: int
    baseline: int | None = None
    intake: int | None = None
    refer: Refer = Refer.NONE
    step_backs: tuple[int, ...] = ()
    cooldown_until: int | None = None
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Inputs of one decision.

    ``entries`` maps day -> entry and may be sparse: an absent day is a missing
    day without a plan. Days after ``day`` are never read (INV-19).
    ``first_day`` is the first day that could have been logged; earlier days
    are not missing, they do not exist. ``stage_set`` and ``cleared`` hold a
    clinician's act of this very day; the state already reflects it.
    """

    programme: Programme
    day: int
    state: State
    entries: Mapping[int, Entry]
    first_day: int
    stage_set: Act | None = None
    cleared: Act | None = None
    #: Who confirmed that the present stage may be left; asked for by some stages only.
    signed_off: Act | None = None
    contacts: Contacts = field(default_factory=Contacts)
