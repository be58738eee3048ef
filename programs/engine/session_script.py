"""A session as an ordered list of steps: what to do now, for how long, and what comes next.

A step either has seconds, or none: then it lasts until the runner says that
she is done (sets of repeats, breaths, reading how an exercise goes). No step
asks for more than the stage does: where a dose is a span, its lower end is
taken, and a limit for the running of one day shortens the outing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

#: Our own choices; no source gives these numbers.
POSITION_SECONDS = 10
CHANGE_SECONDS = 10
SHORT_HOLD_SECONDS = 15
SHORT_REST_SECONDS = 15
REST_SECONDS = 30


class StepKind(StrEnum):
    WARM_UP = "warm_up"
    RUN = "run"
    WALK = "walk"
    COOL_DOWN = "cool_down"
    READY = "ready"
    POSITION = "position"
    EXERCISE = "exercise"
    REST = "rest"
    CHANGE_SIDES = "change_sides"


class Unit(StrEnum):
    """What an exercise is counted in."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    REPEATS = "repeats"
    BREATHS = "breaths"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of one set: ``least`` to ``most`` of a unit; repeats may be held."""

    unit: Unit
    least: int
    most: int
    hold_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """``seconds`` is None until the runner says so; ``number`` of ``count`` runs or sets."""

    kind: StepKind
    seconds: int | None
    exercise: str = ""
    number: int = 0
    count: int = 0
    side: int = 0
    dose: Dose | None = None
    #: The stage leaves it to the runner whether she still does this one.
    is_optional: bool = False


def outing_steps(run_walk: dict, *, most_run_seconds: int | None = None) -> tuple[Step, ...]:
    """Warm-up, intervals and cool-down of a ``run_walk`` document.

    ``most_run_seconds`` is the day's limit for all running together: the run
    that reaches it is the last, and the cool-down follows.
    """
    steps = tuple(_within(_intervals(run_walk["intervals"]), most_run_seconds))
    runs = sum(step.kind is StepKind.RUN for step in steps)
    return (
        Step(StepKind.WARM_UP, 60 * run_walk["warm_up_min"]),
        *(replace(step, count=runs) for step in steps),
        Step(StepKind.COOL_DOWN, 60 * run_walk["cool_down_min"]),
    )


def exercise_steps(key: str, amount: dict) -> tuple[Step, ...]:
    """One exercise by its dose; nothing where the stage itself is the dose (jogging)."""
    dose = _dose(amount)
    if dose is None:
        return ()
    if dose.unit is Unit.MINUTES:
        kind = StepKind.WALK if key == "walking" else StepKind.EXERCISE
        return (Step(kind, 60 * dose.least, key, number=1, count=1, dose=dose),)
    sets = _sets(key, amount, dose)
    if dose.unit is not Unit.SECONDS:
        return tuple(sets)
    return (Step(StepKind.READY, None, key, dose=dose), Step(StepKind.POSITION, POSITION_SECONDS, key), *sets)


def _intervals(parts: list[dict]) -> Iterator[Step]:
    number = 0
    for part in parts:
        for repeat in range(1, part["repeats"] + 1):
            beyond = repeat > part.get("repeats_from", part["repeats"])
            if part["run_seconds"]:
                number += 1
                yield Step(StepKind.RUN, part["run_seconds"], number=number, is_optional=beyond)
            if part["walk_seconds"]:
                yield Step(StepKind.WALK, part["walk_seconds"], number=number, is_optional=beyond)


def _within(steps: Iterator[Step], most: int | None) -> Iterator[Step]:
    """The intervals up to the limit of running; what comes after the last run is left out."""
    left = most
    for step in steps:
        if left is not None and step.kind is StepKind.RUN:
            if left < step.seconds:
                if left:
                    yield replace(step, seconds=left)
                return
            left -= step.seconds
        yield step
        if left == 0:
            return


def _dose(amount: dict) -> Dose | None:
    if "minutes" in amount:
        return _span(amount, "minutes", Unit.MINUTES)
    if "reps" in amount:
        return replace(_span(amount, "reps", Unit.REPEATS), hold_seconds=amount.get("hold_seconds", 0))
    if "breaths" in amount:
        return _span(amount, "breaths", Unit.BREATHS)
    return _span(amount, "hold_seconds", Unit.SECONDS) if "hold_seconds" in amount else None


def _span(amount: dict, name: str, unit: Unit) -> Dose:
    return Dose(unit, amount[name], amount.get(f"{name}_max", amount[name]))


def _sets(key: str, amount: dict, dose: Dose) -> Iterator[Step]:
    """Sets and what lies between. One side rests while the other holds, so that needs no rest besides."""
    count, sides = amount.get("sets", 1), (1, 2) if amount.get("per_side") else (0,)
    timed = dose.unit is Unit.SECONDS
    seconds = dose.least if timed else None
    for number in range(1, count + 1):
        for side in sides:
            if timed and side and (number, side) != (1, 1):
                yield Step(StepKind.CHANGE_SIDES, CHANGE_SECONDS, key, number, count, side)
            yield Step(StepKind.EXERCISE, seconds, key, number, count, side, dose)
        if number < count and not (timed and sides[0]):
            yield Step(StepKind.REST, _rest_after(dose), key, number, count)


def _rest_after(dose: Dose) -> int:
    short = dose.unit is Unit.SECONDS and dose.least <= SHORT_HOLD_SECONDS
    return SHORT_REST_SECONDS if short else REST_SECONDS
