"""A programme version as the engine sees it: stages, criteria, constants.

The documents that clinics write are YAML (``docs/programme-format.md``);
``programs.engine.document`` turns a checked document into these types.
Sources and grades stay in the document, because no rule reads them.
"""

from dataclasses import dataclass, field

from programs.engine.once import once
from programs.engine.values import StageKind


@dataclass(frozen=True, slots=True)
class Constants:
    """Numbers that the rules use, with the defaults of ``docs/engine.md`` section 6.

    A programme may only make them more conservative than the floor; see
    ``programs.engine.document``.
    """

    red_at: int = 6
    severe_at: int = 7
    flare_delta: int = 2
    rest_cap_days: int = 2
    s0_eased_at: int = 4
    s0_cap_max: int = 6
    cooldown_days: int = 2
    strikes: int = 3
    strikes_window_days: int = 21
    long_gap_days: int = 14
    session_max_age_days: int = 10
    not_better_from_day: int = 28
    not_better_points: int = 2
    not_better_percent: int = 30
    not_better_floor: int = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a programme.

    ``need_sessions``, ``min_days`` and ``min_logged`` are 0 where the stage is
    not left by them (rest and final stages). ``q`` is the highest score, 0-10,
    with which a session or a day still counts.
    """

    key: str
    title: str
    kind: StageKind
    need_sessions: int = 0
    min_days: int = 0
    min_logged: int = 0
    q: int = 2
    per_week: int = 7
    days_between: int = 0
    #: An advance from here waits until a physiotherapist has confirmed it.
    sign_off: bool = False
    #: What the last step asks for in words, shown by D8H_FINAL.
    goal: str = "20-30 minutes, 3-4 times a week"
    is_rest: bool = field(init=False, compare=False, default=False)
    #: Stage S3 and later, in the words of the rules.
    is_running: bool = field(init=False, compare=False, default=False)

    def __post_init__(self):
        # Worked out once, because every rule asks.
        object.__setattr__(self, "is_rest", self.kind is StageKind.REST)
        object.__setattr__(self, "is_running", self.kind in (StageKind.ALTERNATE, StageKind.FINAL))


@dataclass(frozen=True)
class Programme:
    """One frozen version of a programme, its stages in order of progression."""

    key: str
    version: int
    stages: tuple[Stage, ...]
    constants: Constants = field(default_factory=Constants)

    @once
    def positions(self) -> dict[str, int]:
        """Stage key -> position in ``stages``."""
        return {stage.key: position for position, stage in enumerate(self.stages)}

    @once
    def floor(self) -> int:
        """Position of the first stage that is not rest: the gentlest active step."""
        return next(i for i, stage in enumerate(self.stages) if not stage.is_rest)

    @once
    def last(self) -> int:
        """Position of the last stage."""
        return len(self.stages) - 1
