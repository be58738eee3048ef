"""Has it changed for the better or for the worse, by more than chance and mood move a score?"""

from dataclasses import dataclass
from enum import StrEnum


class Course(StrEnum):
    IMPROVED = "improved"
    NO_CLEAR_CHANGE = "no_clear_change"
    WORSE = "worse"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Limits:
    """The known important difference, in hundredths of a point; one of both is enough.

    ``percent`` of the first score counts for a change for the better only, which is what it was
    found for, and where the change is ``at_least`` so large: 30 % of a very low score is less
    than anybody can tell.
    """

    absolute: int | None = None
    percent: float | None = None
    at_least: int = 0


def limits_of(important: dict | None) -> Limits:
    """The limits that a document gives; none where it gives none."""
    important = important or {}
    percent = important.get("percent")
    return Limits(
        absolute=_hundredths(important.get("absolute")),
        percent=percent["value"] if percent else None,
        at_least=_hundredths(important.get("percent_at_least")) or 0,
    )


def item_limits_of(important: dict | None) -> Limits:
    """The limit of a single item."""
    return Limits(absolute=_hundredths((important or {}).get("single_item")))


def course_of(first: int | None, last: int | None, limits: Limits, *, higher_is_better: bool) -> Course:
    """Compare two scores in hundredths; without both, or without a limit, nothing can be told."""
    if first is None or last is None or (limits.absolute is None and limits.percent is None):
        return Course.CANNOT_BE_TOLD
    gain = last - first if higher_is_better else first - last
    if gain > 0 and (_reaches(gain, limits.absolute) or _reaches_percent(gain, first, limits)):
        return Course.IMPROVED
    if gain < 0 and _reaches(-gain, limits.absolute):
        return Course.WORSE
    return Course.NO_CLEAR_CHANGE


def _reaches(size: int, limit: int | None) -> bool:
    return limit is not None and size >= limit


def _reaches_percent(gain: int, first: int, limits: Limits) -> bool:
    if limits.percent is None or first <= 0:
        return False
    return gain >= limits.at_least and gain * 100 >= limits.percent * first


def _hundredths(threshold: dict | None) -> int | None:
    return None if threshold is None else round(threshold["value"] * 100)
