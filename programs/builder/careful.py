"""Which way of a number is the less careful one: what a difference in a programme makes of its rules."""

from collections.abc import Callable
from dataclasses import fields
from math import inf
from typing import Protocol

from programs.engine.document import CONSTANT_BOUNDS, KIND_ORDER
from programs.engine.document_values import value_of
from programs.engine.programme import Constants


class Where(Protocol):
    """The keys of where a difference is, empty for what lies above."""

    stage: str
    session: str


class Changed(Protocol):
    """A difference, as far as it is read here."""

    place: "Where"
    kind: str
    field: str
    before: object
    after: object


_DEFAULTS = {field.name: field.default for field in fields(Constants)}
#: Numbers of a stage with the way in which they let more happen: 1 for higher.
_LOOSER = {
    "criteria.need_sessions.value": -1,
    "criteria.min_days.value": -1,
    "criteria.min_logged.value": -1,
    "criteria.q.value": 1,
    "sessions_per_week.min": 1,
    "sessions_per_week.max": 1,
    "per_week.max": 1,
    "days_between.value": -1,
    "limits.run_minutes_max.value": 1,
    "limits.single_run_growth_percent.value": 1,
    "limits.week_growth_percent.value": 1,
    "run_walk.warm_up_min": -1,
    "run_walk.cool_down_min": -1,
}
_LEVELS = ("A", "B", "C")
#: Sentences that hold somebody back, and whole thresholds that do.
_WARNINGS = ("stop_if", "not_normal", "entry")
_LIMITS = ("limits.", "criteria.")


def is_less_careful(difference: Changed) -> bool:
    """Does it let a runner do more, or sooner, or with more pain than before?"""
    for concerns, looser in _ANSWERS:
        if concerns(difference):
            return looser(difference)
    return False


def _whole_item(one: Changed) -> bool:
    return one.field == ""


def _item_is_looser(one: Changed) -> bool:
    """A stage that is gone or stands elsewhere; an exercise or a session more asks for no less care."""
    at = one.place
    return bool(at.stage and not at.session) and one.kind in ("removed", "moved")


def _constant(one: Changed) -> str:
    first, _, rest = one.field.partition(".")
    name = rest.partition(".")[0]
    return name if first == "engine" and name in CONSTANT_BOUNDS else ""


def _constant_is_looser(one: Changed) -> bool:
    """The default lies at, or near, the least careful end of what is accepted."""
    name = _constant(one)
    if one.field not in (f"engine.{name}", f"engine.{name}.value"):
        return False
    before, after = (_number(value, _DEFAULTS[name]) for value in (one.before, one.after))
    low, high = CONSTANT_BOUNDS[name]
    lower_is_looser = _DEFAULTS[name] - low < high - _DEFAULTS[name]
    return after < before if lower_is_looser else after > before


def _number(value: object, otherwise: float) -> float:
    """A number, or that of a whole threshold."""
    found = value_of({"it": value}, "it") if isinstance(value, dict) else value
    is_one = isinstance(found, int | float) and not isinstance(found, bool)
    return found if is_one else otherwise


def _numbered(one: Changed) -> bool:
    return one.field in _LOOSER


def _number_is_looser(one: Changed) -> bool:
    way = _LOOSER[one.field]
    if not all(isinstance(value, int | float) for value in (one.before, one.after)):
        # A limit that is gone holds nobody back.
        return one.after is None
    return (one.after - one.before) * way > 0


def _sign_off(one: Changed) -> bool:
    return one.field == "sign_off"


def _sign_off_is_looser(one: Changed) -> bool:
    """A stage may also say no where its programme says yes."""
    return one.before is True or one.after is False


def _warning(one: Changed) -> bool:
    return one.field in _WARNINGS


def _gone(one: Changed) -> bool:
    return one.kind == "removed"


def _limit(one: Changed) -> bool:
    return one.field.startswith(_LIMITS) and one.field.count(".") == 1


def _kind(one: Changed) -> bool:
    return one.field == "kind"


def _kind_is_looser(one: Changed) -> bool:
    ranks = [KIND_ORDER.index(value) for value in (one.before, one.after) if value in tuple(KIND_ORDER)]
    return len(ranks) == 2 and ranks[1] > ranks[0]


def _dose(one: Changed) -> bool:
    return one.field in ("level", "up_to")


def _dose_is_looser(one: Changed) -> bool:
    before, after = (_LEVELS.index(v) if v in _LEVELS else -1 for v in (one.before, one.after))
    return after > before


def _direction(one: Changed) -> bool:
    """An exercise for runners with one direction only, then for all, or for the other."""
    return one.field == "when"


def _direction_is_looser(one: Changed) -> bool:
    return one.before is not None


def _session(one: Changed) -> bool:
    return one.field in ("run_walk", "run_walk.intervals")


def _session_is_looser(one: Changed) -> bool:
    """More running altogether or at a stretch, or a shorter walk between."""
    before, after = _load(one.before), _load(one.after)
    return after[0] > before[0] or after[1] > before[1] or after[2] < before[2]


def _load(intervals: object) -> tuple[float, float, float]:
    """Seconds of running, of the longest run, and of the shortest walk between two runs."""
    if isinstance(intervals, dict):
        intervals = intervals.get("intervals")
    parts = [part for part in intervals if isinstance(part, dict)] if isinstance(intervals, list) else []
    runs = [(_number(part.get("run_seconds"), 0), _number(part.get("repeats"), 1)) for part in parts]
    # After the last run of the last part comes the cool-down.
    between = parts if runs and runs[-1][1] > 1 else parts[:-1]
    walks = [_number(part.get("walk_seconds"), 0) for part in between]
    longest = max((seconds for seconds, _ in runs), default=0)
    return sum(seconds * times for seconds, times in runs), longest, min(walks, default=inf)


#: What a difference is about -> whether it is the less careful way. The first that concerns it answers.
_ANSWERS: tuple[tuple[Callable[[Changed], bool], Callable[[Changed], bool]], ...] = (
    (_whole_item, _item_is_looser),
    (lambda one: bool(_constant(one)), _constant_is_looser),
    (_numbered, _number_is_looser),
    (_limit, _gone),
    (_sign_off, _sign_off_is_looser),
    (_warning, _gone),
    (_kind, _kind_is_looser),
    (_dose, _dose_is_looser),
    (_direction, _direction_is_looser),
    (_session, _session_is_looser),
)
