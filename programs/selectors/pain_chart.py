"""The pain chart of one enrolment, for its runner and for her physiotherapist alike."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.charts.facts import SERIES, ChartFacts, DayFacts
from programs.charts.frame import NARROW, WIDE
from programs.charts.pain import PainGeometry, pain_geometry
from programs.charts.weeks import MOST_DAYS, PANELS, WeeksGeometry, weeks_geometry
from programs.presentation import NOT_RECORDED
from programs.selectors.chart_marks import MARK_WORDS, marks_of, steps_of
from programs.selectors.chart_table import ChartRow, WeekRow, day_rows, week_rows
from programs.selectors.day_words import full_day, tick_words
from programs.selectors.progress_rows import ProgressRows


@dataclass(frozen=True, slots=True)
class MarkKey:
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class StepKey:
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class PainChart:
    """What ``programs/charts/pain_chart.html`` shows: the picture at two widths, and its table.

    A long time is drawn and listed week by week: then ``is_by_week``, and ``rows`` are weeks.
    """

    title: str
    summary: str
    wide: PainGeometry | WeeksGeometry
    narrow: PainGeometry | WeeksGeometry
    rows: tuple[ChartRow, ...] | tuple[WeekRow, ...]
    mark_keys: tuple[MarkKey, ...]
    steps: tuple[StepKey, ...]
    is_by_week: bool
    has_scores: bool
    has_missing: bool
    has_flares: bool
    has_notes: bool


def pain_chart(rows: ProgressRows) -> PainChart:
    flares = rows.flares()
    facts = ChartFacts(
        days=tuple(_day(rows, date, is_flare=date in flares) for date in rows.dates),
        steps=steps_of(rows),
        marks=marks_of(rows.changes, rows.first),
    )
    marks = {mark.date: mark.kind for mark in facts.marks if rows.first <= mark.date <= rows.today}
    is_by_week = len(facts.days) > MOST_DAYS
    return PainChart(
        title=_("Pain, %(first)s to %(last)s")
        % {"first": full_day(rows.first), "last": full_day(rows.today)},
        summary=_summary(facts.days, marks),
        wide=_geometry(facts, "wide", is_by_week=is_by_week),
        narrow=_geometry(facts, "narrow", is_by_week=is_by_week),
        rows=week_rows(facts, marks) if is_by_week else day_rows(facts, rows.said, marks, rows.today),
        mark_keys=tuple(
            MarkKey(kind, str(words)) for kind, words in MARK_WORDS.items() if kind in marks.values()
        ),
        steps=_step_keys(facts),
        is_by_week=is_by_week,
        has_scores=any(getattr(day, name) is not None for day in facts.days for name in SERIES),
        has_missing=any(day.is_missing for day in facts.days),
        has_flares=any(day.is_flare for day in facts.days),
        has_notes=any(day.notes for day in facts.days),
    )


def _geometry(facts: ChartFacts, size: str, *, is_by_week: bool) -> PainGeometry | WeeksGeometry:
    if is_by_week:
        return weeks_geometry(facts, PANELS[size], tick_words)
    return pain_geometry(facts, WIDE if size == "wide" else NARROW, tick_words)


def _day(rows: ProgressRows, date: datetime.date, *, is_flare: bool) -> DayFacts:
    """Today is not missing: it is not over."""
    entry = rows.said.get(date)
    if entry is None:
        return DayFacts(date, is_missing=date < rows.today)
    return DayFacts(
        date,
        rest=entry.rest,
        morning=entry.morning,
        during=entry.during,
        after=entry.after,
        is_flare=is_flare,
        notes=entry.notes,
    )


def _step_keys(facts: ChartFacts) -> tuple[StepKey, ...]:
    """The steps of these days, each once; of two programmes both have a first one."""
    last = facts.days[-1].date
    until = [*(step.date for step in facts.steps[1:]), last + datetime.timedelta(days=1)]
    shown = {
        (step.number, step.title): None
        for step, end in zip(facts.steps, until, strict=True)
        if step.date <= last and end > facts.days[0].date and end > step.date
    }
    return tuple(StepKey(number, title) for number, title in sorted(shown))


def _summary(days: Sequence[DayFacts], marks: dict[datetime.date, str]) -> str:
    """The picture in sentences, for those who do not see it."""
    missing, kinds = sum(day.is_missing for day in days), list(marks.values())
    parts = [
        ngettext("%(count)s day.", "%(count)s days.", len(days)) % {"count": len(days)},
        _spread(_("Pain at rest"), [day.rest for day in days]),
        _spread(_("Pain on waking"), [day.morning for day in days]),
        _spread(_("Pain in sessions"), [day.during for day in days]),
        _spread(_("Pain after sessions"), [day.after for day in days]),
        ngettext("%(count)s day without an entry.", "%(count)s days without an entry.", missing)
        % {"count": missing},
        *(f"{words}: {kinds.count(kind)}." for kind, words in MARK_WORDS.items() if kind in kinds),
        _("The table after the picture holds every number."),
    ]
    return " ".join(parts)


def _spread(name: str, scores: Sequence[int | None]) -> str:
    known = [score for score in scores if score is not None]
    if not known:
        return f"{name}: {NOT_RECORDED}."
    numbers = {"name": name, "low": min(known), "high": max(known), "newest": known[-1], "count": len(known)}
    return (
        ngettext(
            "%(name)s: recorded on %(count)s day, lowest %(low)s, highest %(high)s, newest %(newest)s.",
            "%(name)s: recorded on %(count)s days, lowest %(low)s, highest %(high)s, newest %(newest)s.",
            len(known),
        )
        % numbers
    )
