"""Last week of runners in plain counts: what was recorded, what was done, what was decided."""

import datetime
import logging
from collections import defaultdict
from dataclasses import dataclass

from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.among import Among
from programs.charts.weeks import monday_of
from programs.engine.values import Outcome, Trigger
from programs.models import Decision, DiaryEntry, Enrolment, PlannedSession
from programs.presentation import tag_of
from programs.selectors.case_rows import FAULTY
from programs.selectors.day_words import weekday_month
from programs.selectors.editions_lived import title_in
from programs.selectors.session_counts import counts, done_of_planned
from programs.shelf import editions

logger = logging.getLogger(__name__)

WEEK = datetime.timedelta(days=7)
ONE_DAY = datetime.timedelta(days=1)
_DECIDED = ("enrolment_id", "date", "decision", "rule", "trigger", "stage_before", "stage_after")


@dataclass(frozen=True, slots=True)
class LastWeek:
    """``days`` are those of the week on which she had the programme; ``pain`` only of days with a score."""

    first: datetime.date
    last: datetime.date
    days: int
    recorded: int
    done: int
    planned: int
    pain: str
    decided: tuple[str, ...]
    stage: str

    @property
    def missing(self) -> int:
        return self.days - self.recorded


def last_weeks(asked: dict[Enrolment, datetime.date]) -> dict[int, LastWeek]:
    """``asked``: enrolment -> the date of the mail; of each the week before that date's. Four queries.

    Without those who began after that week, and those whose rows are at fault.
    """
    weeks = {row: monday_of(date) - WEEK for row, date in asked.items() if row.started_on < monday_of(date)}
    if not weeks:
        return {}
    span = {"date__range": (min(weeks.values()), max(weeks.values()) + WEEK - ONE_DAY)}
    of_them = Among("enrolment", [row.pk for row in weeks])
    said, planned, decided = defaultdict(dict), defaultdict(set), defaultdict(list)
    for pk, date, *rest in DiaryEntry.objects.filter(of_them, **span).values_list(
        "enrolment_id", "date", "rest", "session"
    ):
        said[pk][date] = rest
    for pk, date in PlannedSession.objects.filter(of_them, **span).values_list("enrolment_id", "date"):
        planned[pk].add(date)
    for row in _decisions(of_them, span):
        decided[row.enrolment_id].append(row)
    known = editions(row.edition for rows in decided.values() for row in rows)
    found = {}
    for row, monday in weeks.items():
        try:
            found[row.pk] = _week(row, monday, said[row.pk], planned[row.pk], decided[row.pk], known)
        except FAULTY:
            logger.exception("The week of enrolment %s cannot be told", row.pk)
    return found


def _decisions(of_them: Among, span: dict):
    """What changed something, without what a correction has replaced: of most weeks there is none."""
    told = (
        Decision.objects.in_force()
        .filter(of_them, **span)
        .exclude(decision=Outcome.HOLD, trigger__in=(Trigger.DAY_CLOSE, Trigger.CORRECTION))
    )
    columns = told.annotate(edition=Coalesce("override__version", "version")).order_by("date", "pk")
    return columns.values_list(*_DECIDED, "edition", named=True)


def _week(row: Enrolment, monday: datetime.date, said, planned, decided, known) -> LastWeek:
    first, last = max(monday, row.started_on), monday + WEEK - ONE_DAY
    dates = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    scores = [said[date][0] for date in dates if date in said and said[date][0] is not None]
    days = [(said[date][1] if date in said else None, date in planned) for date in dates]
    done, of_planned = done_of_planned(day for day in days if counts(day))
    return LastWeek(
        first=first,
        last=last,
        days=len(dates),
        recorded=len(scores),
        done=done,
        planned=of_planned,
        pain=_pain(scores),
        decided=tuple(_decided(line, known) for line in decided if first <= line.date <= last),
        stage=title_in(row.version, row.stage),
    )


def _pain(scores: list[int]) -> str:
    """Zeros count, days without a score do not; empty where there is no score at all."""
    if not scores:
        return ""
    given = {"low": min(scores), "high": max(scores), "mean": number_format(sum(scores) / len(scores), 1)}
    if given["low"] == given["high"]:
        return _("{low}/10 each time").format(**given)
    return _("{low} to {high} of 10, on average {mean}").format(**given)


def _decided(line, known) -> str:
    """A day and what was decided for it, with the step that it led to."""
    words = f"{weekday_month(line.date)}: {tag_of(line).label}"
    if line.stage_before == line.stage_after:
        return words
    return f"{words}: {title_in(known[line.edition], line.stage_after)}"
