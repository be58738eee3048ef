"""From answers to a score, in hundredths so that nothing is lost by rounding on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from programs.measures.items import NOT_APPLICABLE, Answers, Item

SUM, MEAN, PERCENT = "sum", "mean", "percent"
LEFT_OUT, ZERO = "left_out", "zero"


@dataclass(frozen=True, slots=True)
class Score:
    """``answered`` of ``asked`` items count in it."""

    hundredths: int
    answered: int
    asked: int


def score(document: dict, items: Sequence[Item], answers: Answers) -> Score | None:
    """The score, or None where too few items were answered. A missing answer is left out, never zero.

    Raises ValueError for an answer that an item cannot have.
    """
    scoring = document["scoring"]
    for item in items:
        if not item.takes(answers.get(item.key)):
            raise ValueError(f"item {item.key} has no answer {answers[item.key]!r}")
    counted = [item for item in items if _counts(scoring, answers.get(item.key))]
    points = sum(item.points(answers[item.key]) for item in counted)
    if not counted or len(counted) < scoring["min_answered"]:
        return None
    if scoring["method"] == SUM:
        value = Fraction(points)
    elif scoring["method"] == MEAN:
        value = Fraction(points, len(counted))
    else:
        lowest = sum(item.lowest for item in counted)
        value = Fraction(100 * (points - lowest), sum(item.highest for item in counted) - lowest)
    return Score(rounded(value * 100), answered=len(counted), asked=len(items))


def span(document: dict, items: Sequence[Item]) -> tuple[int, int]:
    """The lowest and the highest score that there can be, for the axis of a picture."""
    if document["scoring"]["method"] == PERCENT:
        return 0, 100
    if document["scoring"]["method"] == SUM:
        return sum(item.lowest for item in items), sum(item.highest for item in items)
    return min((item.lowest for item in items), default=0), max((item.highest for item in items), default=10)


def band_of(document: dict, hundredths: int) -> str:
    """The words for a score; empty where the questionnaire has no bands."""
    reached = [band["text"] for band in document.get("bands", ()) if band["from"] * 100 <= hundredths]
    return reached[-1] if reached else ""


def shared(items: Sequence[Item], first: Answers, last: Answers) -> tuple[Item, ...]:
    """Items that were answered both times: only these can be compared."""
    return tuple(item for item in items if _is_answered(item, first) and _is_answered(item, last))


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves upwards; none of these is negative."""
    return int(value + Fraction(1, 2))


def _counts(scoring: dict, answer) -> bool:
    if answer == NOT_APPLICABLE:
        return scoring.get("not_applicable", LEFT_OUT) == ZERO
    return answer is not None


def _is_answered(item: Item, answers: Answers) -> bool:
    answer = answers.get(item.key)
    return answer is not None and item.takes(answer)
