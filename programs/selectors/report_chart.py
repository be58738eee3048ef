"""The picture of a report: the same facts as on the screen, in the measures of the paper."""

import datetime

from django.utils.translation import gettext as _

from programs.charts.facts import SERIES, ChartFacts, DayFacts
from programs.charts.pain import PainGeometry, pain_geometry
from programs.charts.weeks import MOST_DAYS, PANELS, WeeksGeometry, weeks_geometry
from programs.papers.chart import PAPER
from programs.papers.report import Chart
from programs.selectors.chart_marks import MARK_WORDS, marks_of
from programs.selectors.day_words import full_day, tick_words
from programs.selectors.progress_rows import ProgressRows
from programs.selectors.report_stays import Stay


def chart_of(rows: ProgressRows, stays: list[Stay]) -> Chart:
    """Day by day, or week by week where the time is long."""
    flares = rows.flares()
    facts = ChartFacts(
        days=[_day(rows, date, is_flare=date in flares) for date in rows.dates],
        steps=[stay.step for stay in stays],
        marks=marks_of(rows.lines),
    )
    is_by_week = len(facts.days) > MOST_DAYS
    has_scores = any(getattr(day, name) is not None for day in facts.days for name in SERIES)
    geometry = _geometry(facts, is_by_week=is_by_week) if has_scores else None
    kinds = {mark.kind for mark in facts.marks if rows.first <= mark.date <= rows.today}
    span = {"first": full_day(rows.first), "last": full_day(rows.today)}
    return Chart(
        title=_("Pain from 0 (none) to 10 (worst), %(first)s to %(last)s") % span,
        geometry=geometry,
        names=_names(is_by_week=is_by_week),
        marks={kind: str(words) for kind, words in MARK_WORDS.items() if kind in kinds},
        notes=tuple(_notes(facts, geometry, is_by_week=is_by_week)) if geometry else (),
    )


def _geometry(facts: ChartFacts, *, is_by_week: bool) -> PainGeometry | WeeksGeometry:
    if is_by_week:
        return weeks_geometry(facts, PANELS["wide"], tick_words)
    return pain_geometry(facts, PAPER, tick_words)


def _day(rows: ProgressRows, date: datetime.date, *, is_flare: bool) -> DayFacts:
    """Today is not missing: it is not over."""
    said = rows.said.get(date)
    if said is None:
        return DayFacts(date, is_missing=date < rows.today)
    return DayFacts(
        date,
        rest=said.rest,
        morning=said.morning,
        during=said.during,
        after=said.after,
        is_flare=is_flare,
        notes=said.notes,
    )


def _names(*, is_by_week: bool) -> dict[str, str]:
    """Where a series is named at the end of its line there is little room."""
    if is_by_week:
        return {
            "rest": _("At rest"),
            "morning": _("On waking"),
            "during": _("During a session"),
            "after": _("After it"),
        }
    return {"rest": _("At rest"), "morning": _("Waking"), "during": _("During"), "after": _("After")}


def _notes(facts: ChartFacts, geometry: PainGeometry | WeeksGeometry, *, is_by_week: bool):
    if is_by_week:
        yield _(
            "Each week is drawn as one: the line is the middle score, and the area reaches from the lowest "
            "to the highest."
        )
    if any(day.is_missing for day in facts.days):
        yield _("Grey: no entry; the line breaks.")
    if any(mark.count > 1 for mark in geometry.marks):
        yield _("A number: so many decisions close together.")
    if geometry.unnamed_steps:
        named = ", ".join(f"{band.number} {band.title}" for band in geometry.unnamed_steps)
        yield _("Steps: %(steps)s.") % {"steps": named}
