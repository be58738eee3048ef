"""Sessions done of those planned, and minutes run, week by week: counts, and no judgement."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BigIntegerField, DateField, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.statements import Given, Statement
from programs.charts.columns import (
    NARROW,
    WIDE,
    ColumnsGeometry,
    RunWeek,
    SessionWeek,
    runs_geometry,
    sessions_geometry,
)
from programs.charts.weeks import monday_of
from programs.engine.values import SessionKind
from programs.models import PlannedSession
from programs.presentation import NOT_RECORDED
from programs.selectors.chart_table import week_words
from programs.selectors.day_words import tick_words
from programs.selectors.editions_lived import Editions
from programs.selectors.progress_rows import ProgressRows, Said
from programs.selectors.session_counts import counts, done_of_planned
from programs.week_rules import planned_minutes

WEEK = datetime.timedelta(days=7)
#: How a session that was not done in full is drawn; all else is an open one.
_ENDS = {SessionKind.DONE: 0, SessionKind.PARTIAL: 1, SessionKind.STOPPED_PAIN: 2}
_OPEN = 3
NO_RUN = "–"


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday: counts of sessions and minutes, and the same in words for the tables.

    ``has_runs``: a run was reported, whether or not its minutes are known.
    """

    first: datetime.date
    when: str
    is_current: bool
    done: int
    planned: int
    in_part: int
    stopped: int
    run: RunWeek
    has_runs: bool
    minutes: str
    as_planned: str
    longest: str
    unknown: str

    @property
    def ends(self) -> tuple[int, int, int, int]:
        """Done, in part, stopped, and those of which nothing of the kind was said."""
        rest = self.planned - self.done - self.in_part - self.stopped
        return self.done, self.in_part, self.stopped, rest


@dataclass(frozen=True, slots=True)
class WeeksChart:
    """Two pictures, each at two widths, and the weeks of their tables, newest first."""

    weeks: tuple[Week, ...]
    sessions_wide: ColumnsGeometry
    sessions_narrow: ColumnsGeometry
    runs_wide: ColumnsGeometry
    runs_narrow: ColumnsGeometry
    has_sessions: bool
    has_runs: bool
    summary: str
    runs_summary: str


def weeks_chart(rows: ProgressRows) -> WeeksChart:
    """One query."""
    return chart_of(weeks_of(rows))


def chart_of(weeks: tuple[Week, ...]) -> WeeksChart:
    """Pictures of weeks that come newest first."""
    oldest_first = weeks[::-1]
    sessions = [SessionWeek(week.first, week.ends) for week in oldest_first]
    runs = [week.run for week in oldest_first]
    return WeeksChart(
        weeks=weeks,
        sessions_wide=sessions_geometry(sessions, WIDE, tick_words),
        sessions_narrow=sessions_geometry(sessions, NARROW, tick_words),
        runs_wide=runs_geometry(runs, WIDE, tick_words),
        runs_narrow=runs_geometry(runs, NARROW, tick_words),
        has_sessions=any(week.planned for week in weeks),
        has_runs=any(week.has_runs for week in weeks),
        summary=_sessions_summary(weeks),
        runs_summary=_runs_summary(runs),
    )


def _sessions_summary(weeks: tuple[Week, ...]) -> str:
    done, planned = sum(week.done for week in weeks), sum(week.planned for week in weeks)
    words = _("Sessions done: %(done)s of %(planned)s planned. Weeks: %(weeks)s.")
    numbers = words % {"done": done, "planned": planned, "weeks": len(weeks)}
    return f"{numbers} {_('The table after the picture holds every number.')}"


def weeks_of(rows: ProgressRows) -> tuple[Week, ...]:
    """Weeks that touch the time of the rows, newest first. One query."""
    began = max(monday_of(rows.first), rows.enrolment.started_on)
    planned = _planned.rows(enrolment=rows.enrolment.pk, since=began, until=rows.today)
    return weeks_from(rows, {date for (date,) in planned})


@Statement
def _planned() -> QuerySet:
    since, until = Given("since", DateField()), Given("until", DateField())
    of_her = PlannedSession.objects.filter(enrolment=Given("enrolment", BigIntegerField()))
    return of_her.filter(date__gte=since, date__lte=until).order_by().values_list("date")


def weeks_from(rows: ProgressRows, on_record: set[datetime.date]) -> tuple[Week, ...]:
    """``on_record``: dates for which a session was planned."""
    mondays = _mondays(monday_of(rows.first), rows.today)
    return tuple(reversed([_week(rows, monday, on_record) for monday in mondays]))


def _mondays(monday: datetime.date, today: datetime.date) -> Iterator[datetime.date]:
    while monday <= today:
        yield monday
        monday += WEEK


def _week(rows: ProgressRows, monday: datetime.date, on_record: set[datetime.date]) -> Week:
    dates = [monday + datetime.timedelta(days=n) for n in range(7)]
    dates = [date for date in dates if rows.enrolment.started_on <= date <= rows.today]
    said = {date: rows.said[date] for date in dates if date in rows.said}
    days = {date: (said[date].session if date in said else None, date in on_record) for date in dates}
    counted = [day for date, day in days.items() if counts(day, is_today=date == rows.today)]
    ends = [_ENDS.get(session, _OPEN) for session, _on_record in counted]
    done, planned = done_of_planned(counted)
    run, was_planned = _run(monday, list(said.values()), rows.editions)
    return Week(
        first=monday,
        when=week_words(monday),
        is_current=monday <= rows.today < monday + WEEK,
        done=done,
        planned=planned,
        in_part=ends.count(1),
        stopped=ends.count(2),
        run=run,
        has_runs=run.total is not None or run.unknown > 0,
        minutes=_minutes(run.total, run),
        as_planned=_minutes(run.as_planned, run),
        longest=_longest(run, was_planned),
        unknown=str(run.unknown) if run.unknown else NO_RUN,
    )


def _run(monday: datetime.date, said: list[Said], editions: Editions) -> tuple[RunWeek, bool]:
    """Minutes of a week, and whether its longest run is only as planned.

    A session that was done in full on a running step had the minutes that the
    step asks for; of one that was not, nobody knows unless she said so.
    """
    recorded, planned, unknown = [], [], 0
    for entry in said:
        asked = planned_minutes(editions.shown_on(entry.date, entry.stage_shown), entry.stage_shown)
        if entry.run_minutes is not None:
            recorded.append(entry.run_minutes)
        elif asked and entry.session == SessionKind.DONE:
            planned.append(asked)
        elif asked and entry.did_something:
            unknown += 1
    longest = max([*recorded, *planned], default=None)
    run = RunWeek(
        first=monday,
        recorded=sum(recorded) if recorded else None,
        as_planned=sum(planned) if planned else None,
        longest=longest,
        unknown=unknown,
    )
    return run, longest is not None and longest not in recorded


def _minutes(minutes: int | None, run: RunWeek) -> str:
    """A week with a run of unknown length has no number that could be taken for a zero."""
    if minutes is not None:
        return str(minutes)
    return str(NOT_RECORDED) if run.unknown and run.total is None else NO_RUN


def _longest(run: RunWeek, was_planned: bool) -> str:
    if run.longest is None:
        return _minutes(None, run)
    return _("%(minutes)s, as planned") % {"minutes": run.longest} if was_planned else str(run.longest)


def _runs_summary(runs: list[RunWeek]) -> str:
    known = [run for run in runs if run.total is not None]
    if not known:
        return _("No run with known minutes.")
    return ngettext(
        "Minutes run in %(count)s week: %(low)s to %(high)s a week; longest single run %(longest)s minutes.",
        "Minutes run in %(count)s weeks: %(low)s to %(high)s a week; longest single run %(longest)s minutes.",
        len(known),
    ) % {
        "count": len(known),
        "low": min(run.total for run in known),
        "high": max(run.total for run in known),
        "longest": max(run.longest for run in known),
    }
