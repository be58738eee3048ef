"""The table that says the same as the pain chart, cell by cell, and its key."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.charts.facts import SERIES, ChartFacts, DayFacts, StepFrom
from programs.charts.weeks import Spread, WeekFacts, weeks_of_days
from programs.presentation import NOT_RECORDED, SESSIONS
from programs.selectors.chart_marks import MARK_WORDS
from programs.selectors.day_words import day_month, weekday_day_month, weekday_full_day
from programs.selectors.progress_rows import ONE_DAY, Said

NO_SESSION = "–"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One day, its cells in words.

    ``is_empty``: nothing was reported. ``is_missing``: nor will it be, the day is over.
    """

    date: datetime.date
    when: str
    step: int
    morning: str
    rest: str
    session: str
    during: str
    after: str
    extra: str
    mark: str
    is_empty: bool
    is_missing: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of a long time: ``cells`` in the order of the series."""

    first: datetime.date
    when: str
    steps: str
    cells: tuple[str, ...]
    missing: int
    marks: str


def day_rows(
    facts: ChartFacts, said: dict[datetime.date, Said], marks: dict[datetime.date, str], today: datetime.date
) -> tuple[ChartRow, ...]:
    """Newest first."""
    spans_years = facts.days[0].date.year != facts.days[-1].date.year
    when = weekday_full_day if spans_years else weekday_day_month
    rows = [_day(day, said.get(day.date), facts.steps, marks, today, when) for day in facts.days]
    return tuple(reversed(rows))


def _day(day: DayFacts, entry: Said | None, steps, marks, today: datetime.date, when) -> ChartRow:
    no_session = entry is not None and not entry.did_something
    return ChartRow(
        date=day.date,
        when=when(day.date),
        step=step_on(steps, day.date).number,
        morning=_cell(day.morning),
        rest=_cell(day.rest),
        session=str(SESSIONS[entry.session] if entry else NOT_RECORDED),
        during=NO_SESSION if no_session else _cell(day.during),
        after=NO_SESSION if no_session else _cell(day.after),
        extra="; ".join(_extra(day)),
        mark=str(MARK_WORDS[marks[day.date]]) if day.date in marks else "",
        is_empty=entry is None,
        is_missing=day.is_missing,
        is_today=day.date == today,
    )


def step_on(steps: Sequence[StepFrom], date: datetime.date) -> StepFrom:
    return next((step for step in reversed(steps) if step.date <= date), steps[0])


def _cell(score: int | None) -> str:
    return str(NOT_RECORDED) if score is None else str(score)


def _extra(day: DayFacts):
    if day.is_flare:
        yield _("flare")
    if day.notes:
        yield _("noted in a flare: %(scores)s") % {"scores": ", ".join(map(str, day.notes))}


def week_rows(facts: ChartFacts, marks: dict[datetime.date, str]) -> tuple[WeekRow, ...]:
    """Newest first."""
    return tuple(_week(week, facts.steps, marks) for week in reversed(weeks_of_days(facts.days)))


def _week(week: WeekFacts, steps: Sequence[StepFrom], marks: dict[datetime.date, str]) -> WeekRow:
    dates = [week.first + ONE_DAY * n for n in range(7)]
    numbers = sorted({step_on(steps, date).number for date in dates})
    return WeekRow(
        first=week.first,
        when=week_words(week.first),
        steps=", ".join(map(str, numbers)),
        cells=tuple(_spread(week.spreads[name]) for name in SERIES),
        missing=week.missing,
        marks="; ".join(f"{day_month(date)}: {MARK_WORDS[marks[date]]}" for date in dates if date in marks),
    )


def week_words(monday: datetime.date) -> str:
    """From Monday to Sunday."""
    first, last = day_month(monday), date_format(monday + ONE_DAY * 6, "j M Y")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _spread(spread: Spread | None) -> str:
    """Lowest, middle and highest, and how many days they are of."""
    if spread is None:
        return str(NOT_RECORDED)
    words = f"{spread.lowest} – {spread.median:g} – {spread.highest}"
    days = ngettext("%(count)s day", "%(count)s days", spread.days) % {"count": spread.days}
    return f"{words} ({days})"
