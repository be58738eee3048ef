"""The steps of a guided session in words: what is read, and what a screen reader says."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from programs.engine.session_script import Dose, Step, StepKind, Unit
from programs.selectors.intervals import duration_words
from programs.selectors.prescription import Exercise

_OUTING = (StepKind.WARM_UP, StepKind.RUN, StepKind.WALK, StepKind.COOL_DOWN)
_WAITS = (StepKind.POSITION, StepKind.REST, StepKind.CHANGE_SIDES)


@dataclass(frozen=True, slots=True)
class PlayerStep:
    """One step as the page and its script show it; every text is ready to be shown."""

    kind: str
    seconds: int | None
    title: str
    #: Which of how many: "Run 2 of 5".
    where: str
    detail: str
    #: Said once, when the step begins.
    say: str
    clock: str
    #: In place of the clock, where the step lasts until the runner says so.
    big: str
    unit: str
    #: The word of the button that goes on; empty where only the clock does.
    go_on: str
    exercise: str
    easier: str
    is_optional: bool


def clock(seconds: int) -> str:
    """Seconds as a clock shows them."""
    return f"{seconds // 60}:{seconds % 60:02}"


def in_words(step: Step, exercise: Exercise | None) -> PlayerStep:
    """``exercise`` is the one that the step belongs to, None in an outing."""
    title, where, detail = _title(step, exercise), _where(step), _detail(step, exercise)
    big, unit = _count_words(step.dose) if step.seconds is None and step.dose else ("", "")
    length = duration_words(step.seconds) if step.seconds else " ".join((big, unit)).strip()
    return PlayerStep(
        kind=step.kind.value,
        seconds=step.seconds,
        title=title,
        where=where,
        detail=detail,
        say=" ".join(f"{part.rstrip('.')}." for part in (title, length, where, detail) if part),
        clock=clock(step.seconds) if step.seconds else "",
        big="" if step.kind is StepKind.READY else big,
        unit="" if step.kind is StepKind.READY else unit,
        go_on=_go_on(step),
        exercise=step.exercise,
        easier=exercise.easier if exercise and step.kind is not StepKind.WALK else "",
        is_optional=step.is_optional,
    )


def _title(step: Step, exercise: Exercise | None) -> str:
    match step.kind:
        case StepKind.WARM_UP:
            return gettext("Warm up: walk briskly")
        case StepKind.RUN:
            return gettext("Run")
        case StepKind.COOL_DOWN:
            return gettext("Cool down: walk easily")
        case StepKind.REST:
            return gettext("Rest")
        case StepKind.CHANGE_SIDES:
            return gettext("Change sides")
        case StepKind.WALK if exercise is None:
            return gettext("Walk")
        case StepKind.READY:
            return gettext("Next: %(exercise)s") % {"exercise": exercise.title}
        case StepKind.POSITION:
            return gettext("Get into position")
    return exercise.title


def _where(step: Step) -> str:
    of = {"number": step.number, "count": step.count}
    if step.kind is StepKind.RUN:
        words = gettext("Run %(number)d of %(count)d") % of
        return gettext("%(run)s, if you like") % {"run": words} if step.is_optional else words
    if step.kind is not StepKind.EXERCISE or not step.count:
        return ""
    parts = [gettext("Set %(number)d of %(count)d") % of] if step.count > 1 else []
    if step.side:
        parts.append(gettext("first side") if step.side == 1 else gettext("other side"))
    return capfirst(", ".join(parts))


def _detail(step: Step, exercise: Exercise | None) -> str:
    match step.kind:
        case StepKind.RUN:
            return gettext("Easy: you can talk while you run.")
        case StepKind.WALK if exercise is None:
            return gettext("Let your breath come back.")
        case StepKind.READY:
            return exercise.start
        case StepKind.EXERCISE if step.dose and step.dose.unit is Unit.SECONDS:
            return gettext("Hold, and keep breathing.")
        case StepKind.EXERCISE if step.dose and step.dose.hold_seconds:
            return gettext("Hold each for %(time)s.") % {"time": duration_words(step.dose.hold_seconds)}
        case StepKind.EXERCISE:
            return gettext("Slowly, and keep breathing.")
    return ""


def _count_words(dose: Dose) -> tuple[str, str]:
    """The number as it is shown large, and what it counts."""
    number = f"{dose.least}–{dose.most}" if dose.most > dose.least else str(dose.least)
    if dose.unit is Unit.BREATHS:
        return number, ngettext("slow breath", "slow breaths", dose.most)
    if dose.unit is Unit.REPEATS:
        return number, ngettext("repeat", "repeats", dose.most)
    return number, ngettext("second", "seconds", dose.most)


def _go_on(step: Step) -> str:
    if step.kind is StepKind.READY:
        return gettext("Begin")
    if step.seconds is None:
        return gettext("Done")
    return gettext("Go on now") if step.kind in _WAITS else ""


def is_outing(step: PlayerStep) -> bool:
    """What is walked or run outdoors; nothing of it is done twice or left out."""
    return step.kind in _OUTING
