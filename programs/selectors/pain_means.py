"""Pain at rest and on waking as means by week, and how they moved since the start."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programs.measures.pain import (
    ENOUGH_DAYS,
    IMPORTANT,
    LIMITS,
    Baseline,
    PainChange,
    Scores,
    Week,
    pain_change,
    weeks_of,
)
from programs.models import Enrolment
from programs.selectors.evidence import Source, evidence_of
from programs.selectors.measure_words import COURSES, TOO_EARLY, ChangeWords, course_words, number_words

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of the programme; both means in words, with the number of days in each."""

    first: datetime.date
    last: datetime.date
    rest: str
    waking: str


@dataclass(frozen=True, slots=True)
class PainMeans:
    """``weeks`` newest first, the newest ones and the first week only."""

    rest: ChangeWords
    waking: ChangeWords
    weeks: tuple[WeekRow, ...]
    basis: str


def pain_means(enrolment: Enrolment, today: datetime.date, sources: dict[str, Source]) -> PainMeans:
    """From all entries so far (one query)."""
    entries = enrolment.entries.filter(date__lte=today).values_list("date", "rest", "morning")
    rest = {date: score for date, score, _waking in entries}
    waking = {date: score for date, _rest, score in entries}
    began = enrolment.started_on
    span = {"began": began, "today": today}
    return PainMeans(
        rest=_words(pain_change(rest, **span, intake=enrolment.intake_pain)),
        waking=_words(pain_change(waking, **span, intake=enrolment.baseline_morning)),
        weeks=_weeks(rest, waking, began, today),
        basis=evidence_of(IMPORTANT["absolute"], sources).words,
    )


def _weeks(rest: Scores, waking: Scores, began: datetime.date, today: datetime.date) -> tuple[WeekRow, ...]:
    both = list(zip(weeks_of(rest, began, today), weeks_of(waking, began, today), strict=True))
    shown = both if len(both) <= WEEKS_SHOWN else [both[0], *both[1 - WEEKS_SHOWN :]]
    rows = [
        WeekRow(at_rest.first, at_rest.last, _mean(at_rest), _mean(on_waking)) for at_rest, on_waking in shown
    ]
    return tuple(reversed(rows))


def _mean(week: Week) -> str:
    """The mean with its number of days; few days are said to be few."""
    if week.mean is None:
        return _("not recorded")
    given = {"mean": number_words(round(week.mean, -1)), "days": week.recorded}
    if not week.is_enough:
        return _("%(mean)s (%(days)d of 7 days: too few to tell)") % given
    return _("%(mean)s (%(days)d of 7 days)") % given


def _words(change: PainChange) -> ChangeWords:
    tag = COURSES[change.course]
    if change.is_early:
        words = _("The first week is compared with a later one, from the second week on.")
        return ChangeWords(TOO_EARLY, words)
    if not change.now.is_enough:
        few = {"days": change.now.recorded, "enough": ENOUGH_DAYS}
        words = _("The last seven days have %(days)d scores. At least %(enough)d are needed to tell.") % few
        return ChangeWords(tag, words)
    if change.baseline is Baseline.NONE:
        return ChangeWords(tag, _("The first week has too few scores to compare with."))
    words = course_words(change.course, change.start, change.now.mean, LIMITS)
    return ChangeWords(tag, f"{words} {_since(change)}")


def _since(change: PainChange) -> str:
    if change.baseline is Baseline.INTAKE:
        return _("Compared with the score at the start, because the first week has too few days.")
    return _("The first week compared with the last seven days.")
