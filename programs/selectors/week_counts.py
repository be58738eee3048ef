"""Sessions done of those planned, week by week: counts, and no judgement."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from programs.engine.values import SessionKind
from programs.models import DiaryEntry, Enrolment, PlannedSession
from programs.selectors.session_counts import Day, counts, done_of_planned

WEEK = datetime.timedelta(days=7)
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
    on_record = set(
        PlannedSession.objects.filter(enrolment=enrolment, date__range=dates).values_list("date", flat=True)
    )
    days = {date: (reported.get(date), date in on_record) for date in sorted(on_record | reported.keys())}
    days = {date: day for date, day in days.items() if counts(day, is_today=date == today)}
    return tuple(reversed([_week(start, days, today) for start in _mondays(monday, today)]))


def _mondays(monday: datetime.date, today: datetime.date) -> Iterator[datetime.date]:
    while monday <= today:
        yield monday
        monday += WEEK


def _week(monday: datetime.date, days: dict[datetime.date, Day], today: datetime.date) -> Week:
    inside = [day for date, day in days.items() if monday <= date < monday + WEEK]
    pips = tuple(_PIPS.get(session, _OPEN) for session, _ in inside)
    done, planned = done_of_planned(inside)
    return Week(
        first=monday,
        last=monday + WEEK - datetime.timedelta(days=1),
        done=done,
        planned=planned,
        also=_also(pips),
        pips=pips,
        is_current=monday <= today < monday + WEEK,
    )


def _also(pips: tuple[str, ...]) -> str:
    words = {"part": "in part", "stopped": "stopped because of pain"}
    return ", ".join(f"{pips.count(pip)} {said}" for pip, said in words.items() if pip in pips)
