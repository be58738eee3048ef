"""The last two weeks as a small picture: pain as dots with gaps, sessions as marks.

A missing score leaves a gap; it is never drawn as zero and never bridged.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.stored import is_english
from programs.engine.entry import Entry
from programs.engine.values import SessionKind
from programs.presentation import SESSIONS, score_words
from programs.selectors.reading import Reading

DAYS = 14
# The marks of sessions and the letters of days stand below at heights that the template knows.
LEFT, TOP, COLUMN, PLOT = 26, 10, 23, 100
WIDTH = LEFT + DAYS * COLUMN
HEIGHT = TOP + PLOT + 52
MARKS = {
    SessionKind.DONE: "done",
    SessionKind.PARTIAL: "part",
    SessionKind.STOPPED_PAIN: "stopped",
    SessionKind.SKIPPED_PAIN: "left-out",
    SessionKind.SKIPPED: "left-out",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One column; ``y`` is None where no score was recorded. Days before the programme do not exist."""

    date: datetime.date
    x: float
    y: float | None
    left: float
    letter: str
    score: str
    morning: str
    session: str
    mark: str
    exists: bool
    is_today: bool

    @property
    def when(self) -> str:
        return _day_words(self.date, get_language())[1]


@dataclass(frozen=True, slots=True)
class Strip:
    days: tuple[Day, ...]
    lines: tuple[str, ...]
    grid: tuple[tuple[int, float], ...]
    view_box: str
    summary: str
    is_empty: bool

    @property
    def gaps(self) -> list[Day]:
        return [day for day in self.days if day.y is None and day.exists]

    @property
    def newest_first(self) -> list[Day]:
        """Those of the programme."""
        return [day for day in reversed(self.days) if day.exists]


def strip_of(reading: Reading) -> Strip:
    """The fourteen days that end today, as far back as the programme goes."""
    dates = [reading.today - datetime.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    began = reading.enrolment.started_on
    days = tuple(
        _day(column, date, reading.entry(date), exists=date >= began) for column, date in enumerate(dates)
    )
    known = sum(day.y is not None for day in days)
    return Strip(
        days=days,
        lines=tuple(_lines(days)),
        grid=tuple((score, _y(score)) for score in (0, 5, 10)),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        summary=_("Pain at rest of the last {days} days; {known} of them have a score.").format(
            days=DAYS, known=known
        ),
        is_empty=not known,
    )


def _y(score: int) -> float:
    return TOP + PLOT * (10 - score) / 10


def _day(column: int, date: datetime.date, entry: Entry, *, exists: bool) -> Day:
    return Day(
        date=date,
        x=LEFT + (column + 0.5) * COLUMN,
        y=None if entry.rest is None else _y(entry.rest),
        left=LEFT + column * COLUMN,
        letter=_day_words(date, get_language())[0],
        score=score_words(entry.rest),
        morning=score_words(entry.morning),
        session=_("not recorded") if entry.missing else SESSIONS[entry.session],
        mark=MARKS.get(entry.session, ""),
        exists=exists,
        is_today=column == DAYS - 1,
    )


@lru_cache(maxsize=256)
def _day_words(date: datetime.date, language: str) -> tuple[str, str]:
    """One sign of the weekday, S for Sunday, 日 for 星期日; and the day in short words."""
    name = date_format(date, "D")
    return name[0] if is_english() else name[-1], date_format(date, "D j M")


def _lines(days: tuple[Day, ...]) -> list[str]:
    """Points of each unbroken run of scores."""
    runs: list[list[str]] = [[]]
    for day in days:
        if day.y is None:
            runs.append([])
        else:
            runs[-1].append(f"{day.x:g},{day.y:g}")
    return [" ".join(points) for points in runs if len(points) > 1]
