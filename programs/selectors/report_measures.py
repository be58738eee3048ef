"""Outcome measures on a report: first and last, and what counts as a change."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from programs.measures.pain import pain_change
from programs.models import Enrolment
from programs.papers.report import Measured
from programs.selectors.day_words import day_month
from programs.selectors.measure_results import Result
from programs.selectors.measure_words import ChangeWords, number_words
from programs.selectors.measures import measures_page
from programs.selectors.pain_means import PainMeans

NONE_YET = "–"


def measured(enrolment: Enrolment, today: datetime.date) -> tuple[Measured, ...]:
    """Since the start, whatever time is reported: a change needs its first score."""
    page = measures_page(enrolment, today)
    return (*_pain(enrolment, today, page.pain), *(_result(one) for one in page.results if one.rows))


def _pain(enrolment: Enrolment, today: datetime.date, pain: PainMeans) -> Iterator[Measured]:
    """The first week and the last seven days, as they were compared (one query)."""
    entries = enrolment.entries.filter(date__lte=today).values_list("date", "rest", "morning")
    found = {date: (rest, morning) for date, rest, morning in entries}
    kinds = (
        (_("Pain at rest, mean of a week"), 0, enrolment.intake_pain, pain.rest),
        (_("Pain on waking, mean of a week"), 1, enrolment.baseline_morning, pain.waking),
    )
    for title, at, intake, words in kinds:
        scores = {date: both[at] for date, both in found.items()}
        change = pain_change(scores, began=enrolment.started_on, today=today, intake=intake)
        last = None if change.is_early else change.now.mean
        yield Measured(title, _mean(change.start), _mean(last), _said(words))


def _mean(hundredths: int | None) -> str:
    return NONE_YET if hundredths is None else number_words(round(hundredths, -1))


def _result(result: Result) -> Measured:
    first, last = result.rows[-1], result.rows[0]
    has_two = len(result.rows) > 1
    return Measured(
        title=result.title,
        first=f"{first.score} ({day_month(first.date)})",
        last=f"{last.score} ({day_month(last.date)})" if has_two else NONE_YET,
        change=_said(result.change) if result.change else NONE_YET,
    )


def _said(change: ChangeWords) -> str:
    return f"{change.tag.label}. {change.text}"
