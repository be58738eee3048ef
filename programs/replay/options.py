"""What a person asks of a replay: words of the command line become values, or faults."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from programs.replay import cells
from programs.replay.faults import Faults

DEFAULT_PROGRAMME = "lbp-acute-default"
_DAY_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_DAY_NUMBER_WORDS = "a whole number of days, from 1"
_SCORE_WORDS = "a whole number from 0 to 10"


@dataclass(frozen=True, slots=True)
class Asked:
    """Options as they were typed; None where an option was not given."""

    programme: str = DEFAULT_PROGRAMME
    start_stage: str | None = None
    programme_day: str = "1"
    intake_pain: str | None = None
    baseline_morning: str | None = None
    step_backs: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    symptom: str | None = None
    rest_as_morning: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """The same, checked one by one; days are ordinals."""

    programme_day: int | None
    intake: int | None
    baseline: int | None
    step_backs: tuple[int, ...]
    first: int | None
    last: int | None


def read_options(asked: Asked, faults: Faults) -> Options:
    """Read what does not depend on the diary or on the programme."""

    def value(name: str, text: str | None, read: Callable[[str], int], accepted: str) -> int | None:
        if text is None:
            return None
        try:
            return read(text.strip())
        except cells.NotAccepted:
            faults.option(name, text, accepted)
            return None

    step_backs = [value("--step-back", text, cells.day, cells.DATE_WORDS) for text in asked.step_backs]
    return Options(
        programme_day=value("--programme-day", asked.programme_day, _day_number, _DAY_NUMBER_WORDS),
        intake=value("--intake-pain", asked.intake_pain, cells.score, _SCORE_WORDS),
        baseline=value("--baseline-morning", asked.baseline_morning, cells.score, _SCORE_WORDS),
        step_backs=tuple(sorted({day for day in step_backs if day is not None})),
        first=value("--from", asked.first, cells.day, cells.DATE_WORDS),
        last=value("--to", asked.last, cells.day, cells.DATE_WORDS),
    )


def _day_number(text: str) -> int:
    if not _DAY_NUMBER.fullmatch(text):
        raise cells.NotAccepted(_DAY_NUMBER_WORDS)
    return int(text)
