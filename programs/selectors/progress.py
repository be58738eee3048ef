"""The progress page: the chart, the weeks, and what changed and why."""

import datetime
from dataclasses import dataclass

from programs.models import Enrolment
from programs.selectors.pain_chart import PainChart, first_date, pain_chart_for
from programs.selectors.week_counts import Week, weeks_of
from programs.selectors.what_changed import Change, changes_of


@dataclass(frozen=True, slots=True)
class ProgressPage:
    chart: PainChart
    weeks: tuple[Week, ...]
    changes: tuple[Change, ...]
    every_day: bool
    first: datetime.date


def progress_page(
    enrolment: Enrolment, *, today: datetime.date, days: int | None, every_day: bool
) -> ProgressPage:
    """Everything of the last ``days`` local dates, or of all where None. Five queries."""
    first = first_date(enrolment, today, days)
    return ProgressPage(
        chart=pain_chart_for(enrolment, today, days),
        weeks=weeks_of(enrolment, first, today),
        changes=changes_of(enrolment, first, every_day=every_day),
        every_day=every_day,
        first=first,
    )
