"""Sessions done of those planned, week by week: counts, and no judgement."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from programs.engine.values import SessionKind
from programs.models import DiaryEntry, Enrolment, PlannedSession

WEEK = datetime.timedelta(days=7)
_NOT_PLANNED = (None, SessionKind.NONE)
#: How a session is drawn: filled, half, crossed or empty.
_PIPS = {
    SessionKind.DONE: "done",
    SessionKind.PARTIAL: "part",
    SessionKind.STOPPED_PAIN: "stopped",
}
_OPEN = "open"


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. ``pips`` has one word a session, planned or done, in order of dates."""

    first: datetime.date
    last: datetime.date
    done: int
    planned: int
    also: str
    pips: tuple[str, ...]
    is_current: bool


def weeks_of(enrolment: Enrolment, first: datetime.date, today: datetime.date) -> tuple[Week, ...]:
    """Weeks that touch the time from ``first`` to today, newest first. Two queries."""
    monday = first - datetime.timedelta(days=first.weekday())
    dates = (max(monday, enrolment.started_on), today)
    reported = dict(
        DiaryEntry.objects.filter(enrolment=enrolment, date__range=dates).values_list("date", "session")
    )
    planned = set(
        PlannedSession.objects.filter(enrolment=enrolment, date__range=dates).values_list("date", flat=True)
    )
    planned |= {date for date, session in reported.items() if session not in _NOT_PLANNED}
    return tuple(reversed([_week(start, planned, reported, today) for start in _mondays(monday, today)]))


def _mondays(monday: datetime.date, today: datetime.date) -> Iterator[datetime.date]:
    while monday <= today:
        yield monday
        monday += WEEK


def _week(monday: datetime.date, planned: set, reported: dict, today: datetime.date) -> Week:
    dates = sorted(date for date in planned if monday <= date < monday + WEEK)
    pips = tuple(_PIPS.get(reported.get(date), _OPEN) for date in dates)
    return Week(
        first=monday,
        last=monday + WEEK - datetime.timedelta(days=1),
        done=pips.count("done"),
        planned=len(pips),
        also=_also(pips),
        pips=pips,
        is_current=monday <= today < monday + WEEK,
    )


def _also(pips: tuple[str, ...]) -> str:
    words = {"part": "in part", "stopped": "stopped because of pain"}
    return ", ".join(f"{pips.count(pip)} {said}" for pip, said in words.items() if pip in pips)
