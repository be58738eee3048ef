"""One diary entry as the engine accepts it: contradictions cannot be built.

INV-21: an entry that contradicts itself raises, it is never repaired. INV-15:
a score that was not recorded is None and stays None.
"""

from dataclasses import dataclass, field

from programs.engine.values import (
    DONE_SOMETHING,
    HIGHEST_SCORE,
    LOWEST_SCORE,
    NEUTRAL_SESSIONS,
    Leg,
    SessionKind,
    Warmup,
)

SCORE_FIELDS = ("morning", "rest", "during", "after")


class InvalidEntry(ValueError):
    """An entry that the engine refuses; ``field`` names the place."""

    def __init__(self, field_name: str, message: str):
        super().__init__(message)
        self.field = field_name


class Nprs(int):
    """A whole number 0-10 on the Numeric Pain Rating Scale; nothing else can exist."""

    def __new__(cls, value: int) -> "Nprs":
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidEntry("score", f"a score is a whole number 0-10, not {value!r}")
        if not LOWEST_SCORE <= value <= HIGHEST_SCORE:
            raise InvalidEntry("score", f"a score is a whole number 0-10, not {value}")
        return super().__new__(cls, value)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was logged on one local date; scores 0-10 or None for not recorded.

    ``missing``: no check-in was made; leg pain may be known from extra notes
    (``daily.py``). ``session`` None means that the runner did not say; ``planned`` matters
    only then and on a missing day. ``stage_shown`` is the key of the stage on
    the runner's page, None where that is not known (replay).
    """

    morning: int | None = None
    rest: int | None = None
    session: SessionKind | None = SessionKind.NONE
    during: int | None = None
    after: int | None = None
    warmup: Warmup = Warmup.NONE
    limp: bool = False
    leg: Leg = Leg.NONE
    red_flags: tuple[str, ...] = ()
    missing: bool = False
    planned: bool = False
    stage_shown: str | None = None
    # Derived once: rules ask them for every day that they look back on.
    logged: bool = field(init=False, default=True, compare=False)
    has_session: bool = field(init=False, default=False, compare=False)
    was_planned: bool = field(init=False, default=False, compare=False)
    below_knee: bool = field(init=False, default=False, compare=False)

    def __post_init__(self):
        _check_scores(self)
        _check_words(self)
        _check_contradictions(self)
        derive = object.__setattr__
        derive(self, "logged", not self.missing)
        derive(self, "has_session", self.session in DONE_SOMETHING)
        unsaid = self.missing or self.session is None
        derive(self, "was_planned", self.planned if unsaid else self.session not in NEUTRAL_SESSIONS)
        derive(self, "below_knee", self.leg is Leg.BELOW_KNEE)


def _check_scores(entry: Entry) -> None:
    for name in SCORE_FIELDS:
        value = getattr(entry, name)
        if value is None:
            continue
        try:
            Nprs(value)
        except InvalidEntry as error:
            raise InvalidEntry(name, f"{name}: {error}") from None


def _check_words(entry: Entry) -> None:
    for name, kind, optional in (
        ("session", SessionKind, True),
        ("warmup", Warmup, False),
        ("leg", Leg, False),
        ("limp", bool, False),
        ("missing", bool, False),
        ("planned", bool, False),
        ("red_flags", tuple, False),
    ):
        value = getattr(entry, name)
        if not isinstance(value, kind) and not (optional and value is None):
            raise InvalidEntry(name, f"{name}: {value!r} is not accepted")


def _check_contradictions(entry: Entry) -> None:
    """Session scores belong to a session; a missing day says nothing, but where a note said that it hurt."""
    if entry.session not in DONE_SOMETHING:
        said = {"during": entry.during is not None, "after": entry.after is not None}
        said |= {"warmup": entry.warmup is not Warmup.NONE, "limp": entry.limp}
        for name, given in said.items():
            if given:
                raise InvalidEntry(name, f"{name} is given but no session was done; correct one of them")
    if entry.missing and (
        entry.morning is not None
        or entry.rest is not None
        or entry.session not in (None, SessionKind.NONE)
        or entry.red_flags
    ):
        raise InvalidEntry("missing", "a missing day cannot hold answers")


#: A date without any entry and without a plan.
NOTHING = Entry(missing=True)
