"""Done of planned: what both words mean, for the runner's weeks and the physiotherapist's list alike."""

from collections.abc import Iterable

from programs.engine.values import NEUTRAL_SESSIONS, SessionKind

#: What was said of a day's session, None for nothing, and whether one was planned on record.
Day = tuple[str | None, bool]


def counts(day: Day, *, is_today: bool = False) -> bool:
    """A planned session, also one that was only reported; that of today once something is said of it."""
    said, on_record = day
    if said is None:
        return on_record and not is_today
    return on_record or said not in NEUTRAL_SESSIONS


def done_of_planned(days: Iterable[Day]) -> tuple[int, int]:
    """Of days that count: how many were done in full, and how many there are."""
    said = [session for session, _ in days]
    return said.count(SessionKind.DONE), len(said)
